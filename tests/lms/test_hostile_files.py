"""Files that mean harm, through the doors that an author has: each refused in plain words, and nothing of it left."""

import random
import tempfile
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.test import Client
from wagtail.images.models import Image

from lms.core.errors import RuleBroken
from lms.people.models import Role
from lms.uploads.archives import Limits, read_archive
from tests.factories import RoleFactory
from tests.hostile.archives import archives, good, nested_zips
from tests.hostile.doors import PAPER_DOORS, PICTURE_DOORS, left_behind
from tests.hostile.papers import acting, papers
from tests.hostile.pictures import pictures, two_in_one

OF_A_PACKAGE = Limits(endings=frozenset(["html", "css", "js", "xml", "txt", "png", "jpg"]))
SENDABLE = [(door, hostile) for door, hostile in zip(PICTURE_DOORS * 100, pictures(), strict=False)] + [
    (door, hostile) for door, hostile in zip(PAPER_DOORS * 100, papers(), strict=False)
]


@pytest.fixture
def disk(settings, tmp_path, monkeypatch):
    """Where uploads and what waits for them would lie, empty."""
    (tmp_path / "tmp").mkdir()
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return tmp_path


@pytest.fixture
def author(db, signed_in) -> Client:
    """The browser of somebody who may send files to the CMS."""
    return signed_in(RoleFactory(kind=Role.Kind.AUTHOR).person)


def is_plain(sentence: str) -> bool:
    """One sentence or a few, for a person: what is the matter, and what to do."""
    return sentence.endswith(".") and 20 < len(sentence) < 240 and not set("<>{}[]%") & set(sentence)


def test_the_corpus_is_as_large_as_promised():
    harms = {str(each) for each in [*pictures(), *papers(), *archives()]}

    assert len(pictures()) >= 100 and len(papers()) >= 70 and len(archives()) >= 50
    assert len(harms) >= 220


@pytest.mark.parametrize(
    ("door", "hostile"), SENDABLE, ids=[f"{door.name.partition('_')[0]}: {harm}" for door, harm in SENDABLE]
)
def test_is_refused_and_nothing_of_it_stays(author, disk, door, hostile):
    said = door.send(author, hostile)

    assert is_plain(said), said
    assert left_behind() == []


def test_without_our_forms_they_get_in(author, disk, settings):
    """The control: the CMS as it comes looks at the beginning of a picture, and at the ending of a document's name."""
    settings.WAGTAILIMAGES_IMAGE_FORM_BASE = "wagtail.images.forms.BaseImageForm"
    settings.WAGTAILDOCS_DOCUMENT_FORM_BASE = "wagtail.documents.forms.BaseDocumentForm"

    taken_pictures = taken(author, PICTURE_DOORS[1], two_in_one())
    taken_papers = taken(author, PAPER_DOORS[1], acting())

    assert (
        len(taken_pictures) >= 15
        and {"JPEG with PHP in its EXIF", "PNG with a zip after its end"} <= taken_pictures
    )
    assert taken_papers == {str(each) for each in acting()}
    assert Image.objects.count() == len(taken_pictures)


def taken(author, door, corpus) -> set[str]:
    found = set()
    for hostile in corpus:
        try:
            if door.send(author, hostile) == "":
                found.add(str(hostile))
        except Exception:  # noqa: S110
            pass
    return found


@pytest.mark.parametrize("hostile", archives(), ids=str)
def test_a_zip_is_refused_and_nothing_of_it_stays(tmp_path, hostile):
    with pytest.raises(RuleBroken) as refused:
        read_archive(file=BytesIO(hostile.make()), limits=OF_A_PACKAGE, into=tmp_path / "here")

    assert is_plain(str(refused.value)), refused.value
    assert list(tmp_path.rglob("*")) == []


def test_a_zip_made_as_a_stream_is_unpacked(tmp_path):
    """Its sizes follow each part: whoever wrote it could not go back."""

    class OneWay(BytesIO):
        def seekable(self):
            return False

    written = OneWay()
    with ZipFile(written, "w", ZIP_DEFLATED) as made:
        made.writestr("index.html", "Words")
        made.writestr("style/page.css", "p {}")

    parts = read_archive(file=BytesIO(written.getvalue()), limits=OF_A_PACKAGE, into=tmp_path / "here")

    assert [part.path.read_text() for part in parts] == ["Words", "p {}"]


def test_a_good_zip_is_unpacked_under_names_made_here(tmp_path):
    parts = read_archive(file=BytesIO(good()), limits=OF_A_PACKAGE, into=tmp_path / "here")

    assert [(part.name, part.path.read_bytes()[:4]) for part in parts] == [
        ("index.html", b"<!do"),
        ("style/page.css", b"p { "),
        ("imsmanifest.xml", b"<?xm"),
        ("empty.txt", b""),
    ]
    assert {part.path.parent for part in parts} == {tmp_path / "here"}
    assert {len(part.path.stem) for part in parts} == {32}


def test_the_usual_way_unpacks_many_of_them(tmp_path):
    """The control: what `extractall` does with the same zips."""
    unpacked = set()
    for number, hostile in enumerate(archives()):
        if "MB" in str(hostile):
            continue
        try:
            with ZipFile(BytesIO(hostile.make())) as archive:
                archive.extractall(tmp_path / str(number))
                unpacked.add(str(hostile))
        except Exception:  # noqa: S110
            pass

    assert {
        "climbs out",
        "the same name twice",
        "billion laughs",
        "a zip within",
        "a page before it",
    } <= unpacked
    assert len(unpacked) >= 25


def test_a_zip_with_any_byte_changed_gives_the_same_parts_or_none(tmp_path):
    """Whatever a change does, nothing else comes out than was put in."""
    whole = good()
    wanted = {
        part.path.read_bytes()
        for part in read_archive(file=BytesIO(whole), limits=OF_A_PACKAGE, into=tmp_path / "0")
    }
    chance = random.Random(7)
    refused = 0
    for number in range(1, 400):
        spoilt = bytearray(whole)
        spoilt[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        try:
            parts = read_archive(file=BytesIO(spoilt), limits=OF_A_PACKAGE, into=tmp_path / str(number))
        except RuleBroken:
            refused += 1
            assert not (tmp_path / str(number)).exists()
        else:
            assert {part.path.read_bytes() for part in parts} <= wanted
    assert refused > 200


def test_nested_zips_are_not_opened(tmp_path):
    with pytest.raises(RuleBroken, match="inner.html"):
        read_archive(file=BytesIO(nested_zips(3)), limits=OF_A_PACKAGE, into=tmp_path / "here")
