"""A course as one file: out of one installation, into another, and out again the same."""

import json
import zipfile
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.images import ImageFile
from django.core.management import CommandError, call_command
from PIL import Image as Drawn
from wagtail.images import get_image_model
from wagtail.models import Page

from courses.interfaces.course_files import BrokenCourse, as_json, sha256, write_course
from courses.models import (
    CarriedPage,
    CarriedPicture,
    CourseVersion,
    CurriculumPage,
    CurriculumPair,
    GlossaryTerm,
    LessonPage,
    LessonPair,
    ModulePage,
    Pairing,
    VersionLesson,
)
from courses.services.exporting import export_course
from courses.services.importing import import_course
from courses.services.loading import load_curricula
from courses.services.versions import make_version
from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.people.models import Audience
from tests.factories.courses import (
    block,
    choice_block,
    consultation_block,
    make_curriculum,
    make_lesson,
    make_module,
    text_block,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def picture(colour: str = "red"):
    drawn = BytesIO()
    Drawn.new("RGB", (20, 10), colour).save(drawn, "PNG")
    return get_image_model().objects.create(
        title="A square",
        description="Red all over",
        file=ImageFile(BytesIO(drawn.getvalue()), name="square.png"),
    )


@pytest.fixture
def courses():
    """Both sides with a pair, a picture, an explained word, links between pages and a version."""
    patients = make_curriculum(
        audience=Audience.PATIENT, title="For patients", slug="theirs", who_for="You.", hours="12.5"
    )
    professionals = make_curriculum(audience=Audience.PROFESSIONAL, title="For professionals", slug="ours")
    modules = [
        make_module(patients, title="Preparing", slug="preparing", number=3),
        make_module(professionals, title="Agreeing", slug="agreeing", number=3),
    ]
    term = GlossaryTerm.objects.create(term="Pacing", explanation="Resting before you are worn out.")
    first = make_lesson(modules[0], choice_block(), consultation_block(), title="First", slug="first")
    second = make_lesson(
        modules[0],
        text_block(f'<p data-block-key="a1">See <a id="{first.pk}" linktype="page">the first</a>.</p>'),
        block("image", {"image": picture().pk, "alt": "A square", "decorative": False, "caption": ""}),
        block("glossary", {"terms": [{"type": "item", "value": str(term.pk), "id": "t1"}]}),
        title="Second", slug="second", completion="pass", pass_mark=60, open_to_visitors=True, fixed=True,
    )  # fmt: skip
    make_lesson(modules[0], title="A draft", slug="draft", published=False)
    other = make_lesson(modules[1], title="Theirs", slug="theirs")
    patients.refresh_from_db()
    patients.start_here = second
    patients.save_revision().publish()
    CurriculumPair.objects.create(
        patient_curriculum=patients, professional_curriculum=professionals, together="The same visits."
    )
    pairing = Pairing.objects.create(
        number=3, moment="The first minutes", patient_module=modules[0], professional_module=modules[1]
    )
    LessonPair.objects.create(
        pairing=pairing, patient_lesson=second, professional_lesson=other, moment="A list"
    )
    make_version(curriculum=CurriculumPage.objects.get(pk=patients.pk))
    return CurriculumPage.objects.get(pk=patients.pk), CurriculumPage.objects.get(pk=professionals.pk)


def wipe() -> None:
    """As on another installation: nothing of any course is there."""
    VersionLesson.objects.all()._raw_delete("default")
    CourseVersion.objects.all()._raw_delete("default")
    for course in CurriculumPage.objects.all():
        Page.objects.get(pk=course.pk).delete()
    get_image_model().objects.all().delete()
    GlossaryTerm.objects.all().delete()
    CarriedPicture.objects.all().delete()


def bring(content: bytes, **more):
    return import_course(file=BytesIO(content), **more)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(content: bytes, part: str, change) -> bytes:
    """The file as somebody would write it who knew how: with digests that fit."""
    parts = parts_of(content)
    manifest = json.loads(parts.pop("manifest.json"))
    value = json.loads(parts[part])
    change(value)
    parts[part] = as_json(value)
    return write_course(about={name: manifest[name] for name in ("course", "title", "language")}, parts=parts)


def everything() -> tuple:
    return (
        list(Page.objects.order_by("pk").values_list("pk", "title", "path", "latest_revision_id", "live")),
        list(Pairing.objects.values_list("pk")),
        list(get_image_model().objects.values_list("pk")),
        list(GlossaryTerm.objects.values_list("pk")),
        CourseVersion.objects.count(),
        CarriedPage.objects.count(),
    )


# ---------------------------------------------------------------- round and round


def test_out_and_in_and_out_again_gives_the_same_bytes(courses):
    theirs, ours = export_course(course=courses[0]), export_course(course=courses[1])
    assert export_course(course=courses[0]) == theirs, "the same course gives the same bytes"
    wipe()

    first = bring(theirs)
    assert first.made == ["For patients", "Preparing", "First", "Second", "A draft"]
    assert first.left_out == [
        "The course of the other side is not here yet.",
        "The moment “The first minutes” waits for its other side.",
    ]
    second = bring(ours)
    assert second.left_out == [] and Pairing.objects.get().lesson_pairs.get().moment == "A list"

    assert export_course(course=first.course) == theirs
    assert export_course(course=second.course) == ours


def test_what_comes_in_is_a_draft_with_its_links_pictures_and_words(courses, client):
    content = export_course(course=courses[0])
    wipe()

    course = bring(content).course

    assert not Page.objects.descendant_of(course, inclusive=True).live().exists()
    assert client.get("/theirs/").status_code == 404
    lesson = LessonPage.objects.get(slug="second").get_latest_revision_as_object()
    first = LessonPage.objects.get(slug="first")
    assert f'id="{first.pk}"' in lesson.body[0].value.source
    assert lesson.body[1].value["image"] == get_image_model().objects.get()
    assert lesson.body[2].value["terms"][0] == GlossaryTerm.objects.get(term="Pacing")
    assert (lesson.completion, lesson.pass_mark, lesson.open_to_visitors, lesson.fixed) == (
        "pass",
        60,
        True,
        True,
    )
    assert course.get_latest_revision_as_object().start_here_id == lesson.pk
    version = CourseVersion.objects.get()
    assert (version.number, version.title, version.lessons.count()) == (1, "For patients", 2)
    assert Entry.objects.filter(act="imported a course").count() == 1


def test_a_second_import_changes_nothing(courses):
    content = export_course(course=courses[0])
    wipe()
    bring(content)
    before = everything()

    again = bring(content)

    assert (again.made, again.changed, again.edited_here, again.unchanged) == ([], [], [], 5)
    assert everything() == before


def test_into_the_installation_it_came_from_it_changes_nothing(courses):
    content = export_course(course=courses[0])
    before = everything()[:4]

    again = bring(content)

    assert (again.made, again.changed, again.edited_here, again.unchanged, again.left_out) == (
        [],
        [],
        [],
        5,
        [],
    )
    assert everything()[:4] == before


def test_new_words_come_as_drafts_and_pages_edited_here_are_left_and_named(courses):
    content = export_course(course=courses[0])
    wipe()
    bring(content)
    for slug in ("first", "second"):
        LessonPage.objects.get(slug=slug).get_latest_revision().publish()
    edited = LessonPage.objects.get(slug="second")
    edited.title = "Mended here"
    edited.save_revision()

    newer = changed(content, "modules/01/01.json", lambda page: page["fields"].update(title="First, anew"))
    newer = changed(newer, "modules/01/02.json", lambda page: page["fields"].update(title="Second, anew"))
    carried = bring(newer)

    assert (carried.changed, carried.edited_here, carried.unchanged) == (["First, anew"], ["Mended here"], 3)
    first = LessonPage.objects.get(slug="first")
    assert (first.live, first.title, first.draft_title) == (True, "First", "First, anew")
    assert LessonPage.objects.get(slug="second").draft_title == "Mended here"


def test_words_loaded_from_the_content_files_travel_too():
    load_curricula()
    course = CurriculumPage.objects.get(audience=Audience.PATIENT)
    content = export_course(course=course)
    wipe()

    carried = bring(content)

    def told(file: bytes) -> dict[str, bytes]:
        """Without the pairs: the other side is not here."""
        return {
            name: part for name, part in parts_of(file).items() if name not in ("pairs.json", "manifest.json")
        }

    assert told(export_course(course=carried.course)) == told(content)
    assert bring(content).unchanged == len(carried.made)


def test_the_loader_leaves_a_page_that_came_in_a_file():
    load_curricula()
    course = CurriculumPage.objects.get(audience=Audience.PATIENT)
    content = export_course(course=course)
    newer = changed(content, "course.json", lambda page: page["fields"].update(strapline="Otherwise."))
    assert bring(newer).changed == [course.title]

    loaded = load_curricula()

    assert loaded.changed == [] and loaded.edited_here == [course.slug]


# ---------------------------------------------------------------- what does not come along


def test_nothing_of_anybody_is_in_the_file(courses, cast):
    from courses.services import enrol

    enrol(learner=cast.patient, curriculum=courses[0])
    whole = b"".join(parts_of(export_course(course=courses[0], exporter=None)).values()).decode(
        errors="replace"
    )

    for word in (cast.patient.email, "Amina", str(cast.patient.public_id)):
        assert word not in whole


def test_a_link_to_a_page_that_is_not_here_is_taken_away_and_said(courses):
    patients, professionals = courses
    lesson = LessonPage.objects.get(slug="first")
    lesson.body = [("text", f'<p>See <a id="{professionals.pk}" linktype="page">the others</a>.</p>')]
    lesson.save_revision().publish()
    content = export_course(course=patients)
    wipe()

    carried = bring(content)

    assert "“First” links to a page that is not here. The words stay, the link is gone." in carried.left_out
    assert "<a>the others</a>" in LessonPage.objects.get(slug="first").body[0].value.source.replace(
        " rel=", ""
    )


def test_the_same_picture_is_not_kept_twice(courses):
    content = export_course(course=courses[0])
    bring(content)

    assert get_image_model().objects.count() == 1


# ---------------------------------------------------------------- what is refused, whole


def without(name: str):
    return lambda value: value.pop(name)


BROKEN = {
    "a name is missing": ("modules/01/01.json", without("key"), "modules/01/01.json, key: this is missing."),
    "a name too many": (
        "modules/01/module.json", lambda page: page.update(live=True),
        "modules/01/module.json, live: this name is not known.",
    ),
    "a field of another kind": (
        "modules/01/01.json", lambda page: page["fields"].update(minutes="five"),
        "modules/01/01.json, fields.minutes: this is of another kind than it should be.",
    ),
    "a field out of bounds": (
        "modules/01/01.json", lambda page: page["fields"].update(minutes=9000), "modules/01/01.json, fields.minutes: ",
    ),
    "a title too long": (
        "modules/01/01.json", lambda page: page["fields"].update(title="x" * 256),
        "modules/01/01.json, fields.title: ",
    ),
    "a NUL": (
        "modules/01/01.json", lambda page: page["fields"].update(title="a\x00b"),
        "modules/01/01.json, fields.title: this is of another kind than it should be.",
    ),
    "a block that is not known": (
        "modules/01/01.json", lambda page: page["body"][0].update(type="script"),
        "modules/01/01.json, body[0].type: this is no type of a page.",
    ),
    "words that are a list": (
        "modules/01/01.json", lambda page: page["body"][0]["value"].update(question=["x"]),
        "modules/01/01.json, body[0].value.question: this is no kind of a page.",
    ),
    "words too long for their block": (
        "modules/01/01.json", lambda page: page["body"][0]["value"].update(question="x" * 601),
        "modules/01/01.json, body[0].value.question: ",
    ),
    "a way through a talk that leads nowhere": (
        "modules/01/01.json",
        lambda page: page["body"][1]["value"]["nodes"][0]["value"]["choices"][0]["value"].update(next="nowhere"),
        "modules/01/01.json, body[1].value.nodes[0].value: At “hello”",
    ),
    "a picture that is not there": (
        "modules/01/02.json", lambda page: page["body"][1]["value"].update(image="0" * 64),
        "modules/01/02.json: the picture 000",
    ),
    "two pages with one key": (
        "modules/01/02.json", lambda page: page.update(key=None), "modules/01/02.json, key: this is of another kind",
    ),
    "another language": ("course.json", lambda page: page.update(key="x"), "course.json, key: "),
    "a version without its words": (
        "versions.json", lambda all: all[0]["lessons"][0]["words"]["content"].update(title="Otherwise"),
        "versions.json, [0].lessons[0].words: these words were changed after they were written.",
    ),
    "a pair of nothing": ("pairs.json", without("moments"), "pairs.json, moments: this is missing."),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_refused_whole_and_the_place_is_named(courses, what, own_media):
    content = export_course(course=courses[0])
    wipe()
    part, change, sentence = BROKEN[what]
    before, files = everything(), sorted(own_media.rglob("*"))

    with pytest.raises(RuleBroken) as refused:
        bring(changed(content, part, change))

    assert str(refused.value.message).startswith(sentence)
    assert everything() == before and sorted(own_media.rglob("*")) == files


def zipped(parts: dict[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def test_a_part_that_was_changed_lost_or_added_is_named(courses):
    parts = parts_of(export_course(course=courses[0]))
    name = "modules/01/01.json"

    for wrong, sentence in (
        (parts | {name: parts[name] + b" "}, f"{name}: this part was changed after it was written."),
        ({one: content for one, content in parts.items() if one != name}, f"{name}: this part is missing."),
        (parts | {"more.json": b"{}"}, "more.json: the manifest does not name this part."),
        (
            {one: content for one, content in parts.items() if one != "manifest.json"},
            "manifest.json: this part is",
        ),
    ):
        with pytest.raises(BrokenCourse) as refused:
            bring(zipped(wrong))
        assert str(refused.value.message).startswith(sentence)


def test_json_that_is_none_is_named_by_its_line(courses):
    parts = parts_of(export_course(course=courses[0]))
    broken = parts["course.json"].replace(b'"fields": {', b'"fields": {,')
    manifest = json.loads(parts["manifest.json"])
    manifest["files"]["course.json"] = sha256(broken)

    with pytest.raises(BrokenCourse, match=r"course\.json, line \d+: this is no JSON\."):
        bring(zipped(parts | {"course.json": broken, "manifest.json": as_json(manifest)}))


@pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 50_000, "NaN", "\xff"])
def test_hostile_json_is_no_json(courses, deep):
    parts = parts_of(export_course(course=courses[0]))
    manifest = json.loads(parts["manifest.json"])
    content = deep.encode("latin-1")
    manifest["files"]["course.json"] = sha256(content)

    with pytest.raises(BrokenCourse, match="this is no JSON"):
        bring(zipped(parts | {"course.json": content, "manifest.json": as_json(manifest)}))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\x00" * 40])
def test_what_is_no_zip_is_refused(content):
    with pytest.raises(RuleBroken):
        bring(content)


def test_a_picture_that_is_none_is_refused(courses):
    parts = parts_of(export_course(course=courses[0]))
    wipe()
    name = next(one for one in parts if one.startswith("pictures/"))
    hostile = b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"
    manifest = json.loads(parts["manifest.json"])
    manifest["files"][name] = sha256(hostile)

    with pytest.raises(BrokenCourse, match=name):
        bring(zipped(parts | {name: hostile, "manifest.json": as_json(manifest)}))
    assert not get_image_model().objects.exists()


def test_an_address_that_is_taken_is_named(courses):
    content = export_course(course=courses[0])
    wipe()
    make_curriculum(slug="theirs")

    with pytest.raises(BrokenCourse, match=r"course\.json, fields\.slug"):
        bring(content)
    assert CurriculumPage.objects.count() == 1 and not ModulePage.objects.exists()


def test_hostile_words_lose_their_script(courses):
    content = export_course(course=courses[0])
    wipe()
    bring(
        changed(
            content,
            "modules/01/02.json",
            lambda page: page["body"][0].update(value="<p>Hello<script>alert(1)</script></p>"),
        )
    )

    assert (
        LessonPage.objects.get(slug="second").get_latest_revision_as_object().body[0].value.source
        == "<p>Hello</p>"
    )


def test_who_may_not_edit_carries_nothing(courses, cast):
    content = export_course(course=courses[0])

    with pytest.raises(PermissionDenied):
        export_course(course=courses[0], exporter=cast.coordinator)
    with pytest.raises(PermissionDenied):
        bring(content, importer=cast.coordinator)


# ---------------------------------------------------------------- by command


def test_by_command_out_and_in(courses, tmp_path):
    file, said = tmp_path / "course.zip", StringIO()
    call_command("export_curriculum", "theirs", file, stdout=said)
    wipe()

    call_command("import_curriculum", file, stdout=said)

    assert "Pages made 5, changed 0, unchanged 0." in said.getvalue()
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(CommandError, match="Nothing was brought in"):
        call_command("import_curriculum", file)
    with pytest.raises(CommandError, match="There is no course"):
        call_command("export_curriculum", "nothing", file)
