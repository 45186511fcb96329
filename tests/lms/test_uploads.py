"""What may come in: written again, under a name made here, by each of the CMS's doors; and how it is given out."""

from io import BytesIO
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.admin.panels import get_edit_handler
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.forms import get_image_form
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction, UploadedFile

from courses.models import Recording
from lms.core.errors import RuleBroken
from lms.people.models import Role
from lms.uploads.names import ending_of, name_to_keep
from lms.uploads.papers import check_pdf
from lms.uploads.pictures import clean_picture
from tests.factories import RoleFactory
from tests.hostile import Hostile
from tests.hostile.bits import gif, jpeg_with, pdf, photo, picture, segment
from tests.hostile.doors import PAPER_DOORS, PICTURE_DOORS
from tests.hostile.papers import note, with_change
from tests.lms.test_hostile_files import author, disk  # noqa: F401

pytestmark = pytest.mark.django_db
STILL = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"
KINDS = [("PNG", "png"), ("JPEG", "jpeg"), ("WEBP", "webp"), ("GIF", "gif")]


def a_file(kind: str, ending: str, make) -> Hostile:
    """Not hostile at all, but sent in the same way."""
    return Hostile("none", f"My photo (2).{ending}", f"image/{kind.lower()}", make)


A_PNG = a_file("PNG", "png", lambda: picture("PNG"))
A_PDF = Hostile("none", "A leaflet 1.2.pdf", "application/pdf", pdf)


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize("door", PICTURE_DOORS, ids=lambda door: door.name)
@pytest.mark.parametrize(("kind", "ending"), KINDS)
def test_a_picture_of_each_kind_comes_in_by_every_door(author, disk, door, kind, ending):  # noqa: F811
    assert door.send(author, a_file(kind, ending, lambda: picture(kind))) == ""

    kept = Image.objects.get()
    with Pillow.open(kept.file.path) as opened:
        assert (opened.format, opened.size) == (kind, (40, 30))
    assert kept.file.name.startswith("original_images/my-photo-2-")
    assert len(kept.file.name) == len("original_images/my-photo-2-") + 8 + len(Path(kept.file.name).suffix)
    assert UploadedFile.objects.count() == 0


@pytest.mark.parametrize(("kind", "ending"), KINDS[:3])
def test_where_a_photo_was_taken_is_gone_and_it_stands_upright(kind, ending):
    sent = photo(kind)

    clean = clean_picture(name=f"a.{ending}", content_type=f"image/{ending}", content=sent)

    assert b"51.5N" in sent and b"51.5N" not in clean.content
    with Pillow.open(BytesIO(clean.content)) as opened:
        assert opened.size == (30, 40), "it lay on its side, and says so no longer"
        assert dict(opened.getexif()) == {}
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(opened.info)


def test_words_and_profiles_of_a_picture_are_gone():
    words = b"made by somebody"
    with_comment = jpeg_with(
        segment(0xFE, words), segment(0xED, words), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + words)
    )
    gif_comment = gif(extra=b"\x21\xfe" + bytes([len(words)]) + words + b"\0")

    for kind, sent in [
        ("jpeg", with_comment),
        ("gif", gif_comment),
        ("png", picture("PNG", icc_profile=words * 9)),
    ]:
        clean = clean_picture(name=f"a.{kind}", content_type=f"image/{kind}", content=sent)
        assert words not in clean.content


def test_what_can_be_seen_stays_the_same():
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        sent = picture("PNG", mode=mode)
        clean = clean_picture(name="a.png", content_type="image/png", content=sent)
        before, after = Pillow.open(BytesIO(sent)), Pillow.open(BytesIO(clean.content))
        assert (before.mode, list(before.get_flattened_data())) == (
            after.mode,
            list(after.get_flattened_data()),
        )


def test_a_see_through_colour_stays_see_through():
    image, sent = Pillow.new("P", (8, 8), 3), BytesIO()
    image.putpalette([0, 0, 0] * 256)
    image.save(sent, "PNG", transparency=3)

    clean = clean_picture(name="a.png", content_type="image/png", content=sent.getvalue())

    assert Pillow.open(BytesIO(clean.content)).convert("RGBA").getpixel((0, 0))[3] == 0


def test_the_second_picture_of_a_phone_is_left_behind():
    first, second = Pillow.new("RGB", (40, 30), "red"), Pillow.new("RGB", (40, 30), "blue")
    sent = BytesIO()
    first.save(sent, "MPO", save_all=True, append_images=[second])

    clean = clean_picture(name="a.jpg", content_type="image/jpeg", content=sent.getvalue())

    opened = Pillow.open(BytesIO(clean.content))
    assert (opened.format, getattr(opened, "n_frames", 1)) == ("JPEG", 1)
    assert opened.getpixel((20, 15))[0] > 200


def test_when_the_title_is_wrong_what_is_put_aside_is_the_clean_picture(author, disk):  # noqa: F811
    """The CMS keeps the file of the request until the title is right: it must not be the one that was sent."""
    sent = photo("JPEG")
    door = PICTURE_DOORS[1]

    door.send(author, a_file("JPEG", "jpg", lambda: sent), title="t" * 300)

    aside = UploadedFile.objects.get()
    with aside.file.open() as kept:
        content = kept.read()
    assert b"51.5N" not in content and content != sent
    assert aside.file.name.startswith("wagtail_uploads/my-photo-2-")
    answer = author.post(
        reverse("wagtailimages:create_multiple_from_uploaded_image", args=[aside.pk]),
        {f"uploaded-image-{aside.pk}-title": "A title", f"uploaded-image-{aside.pk}-collection": "1"},
    )
    assert answer.json()["success"]
    with Image.objects.get().file.open() as kept:
        assert kept.read() == content
    assert UploadedFile.objects.count() == 0


def test_a_picture_is_looked_at_again_when_it_is_changed(author, disk):  # noqa: F811
    PICTURE_DOORS[0].send(author, A_PNG)
    kept = Image.objects.get()
    address = reverse("wagtailimages:edit", args=[kept.pk])
    hostile = SimpleUploadedFile("a.png", b"<svg><script>alert(1)</script></svg>", content_type="image/png")

    page = author.post(address, {"title": "Other", "file": hostile})

    assert "This file is not the PNG picture that its name says." in page.content.decode()
    assert Image.objects.get().file.name == kept.file.name
    other = SimpleUploadedFile("b.jpg", photo(), content_type="image/jpeg")
    assert author.post(address, {"title": "Other", "file": other, "collection": "1"}).status_code == 302
    assert Image.objects.get().file.name.startswith("original_images/b-")


# ---------------------------------------------------------------- documents


@pytest.mark.parametrize("door", PAPER_DOORS, ids=lambda door: door.name)
def test_a_pdf_comes_in_by_every_door(author, disk, door):  # noqa: F811
    assert door.send(author, A_PDF) == ""

    kept = Document.objects.get()
    assert kept.file.name.startswith("documents/a-leaflet-12-") and kept.file.name.endswith(".pdf")
    with kept.file.open() as content:
        assert content.read() == pdf(), "it is kept as it was sent"


def test_pdfs_as_programs_make_them_come_in():
    for make in [
        pdf,
        lambda: pdf(30),
        with_change(lambda document: None, packed=False),
        with_change(lambda document: None, linearize=True),
        with_change(note("Link", A={"/S": "/URI"})),
        with_change(opens_on_a_page),
    ]:
        check_pdf(name="a.pdf", content_type="application/pdf", content=make())


def opens_on_a_page(document) -> None:
    document.Root.OpenAction = [document.pages[0].obj, "/Fit"]
    document.Root.PageMode = "/UseOutlines"


def test_a_pdf_of_our_own_press_comes_in():
    from lms.documents import render_pdf

    made = render_pdf(template="documents/base.html", context={}, title="A letter")

    check_pdf(name="a.pdf", content_type="application/pdf", content=made)


def test_one_sentence_is_said_about_a_document(author, disk):  # noqa: F811
    said = PAPER_DOORS[0].send(author, Hostile("none", "a.html", "text/html", lambda: b"<p>"))

    assert said == "This kind of file cannot be used here. Save it as a PDF, and choose that."


def test_a_document_put_aside_was_looked_at(author, disk):  # noqa: F811
    hostile = Hostile("none", "a.pdf", "application/pdf", lambda: b"<html>")

    assert PAPER_DOORS[1].send(author, hostile, title="t" * 300).startswith("This file is not the PDF")
    assert UploadedFile.objects.count() == 0
    PAPER_DOORS[1].send(author, A_PDF, title="t" * 300)
    assert UploadedFile.objects.get().file.name.startswith("wagtail_uploads/a-leaflet-12-")


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.png", "png"), ("A.PNG", "png"), ("Dr. Smith.jpg", "jpg"), ("12.03.2026.pdf", "pdf"), ("v1.2.pdf", "pdf"),
        ("été à la mer.webp", "webp"), ("写真.png", "png"), ("a", ""), (".png", ""),
    ],
)  # fmt: skip
def test_the_ending_of_a_name(name, ending):
    assert ending_of(name) == ending


@pytest.mark.parametrize(
    "name", ["a.php.png", "a.b\0.png", "a\u202eb.png", "a/b.png", "a\\b.png", "a:b.png", "a\n.png"]
)
def test_a_name_with_two_meanings_is_refused(name):
    with pytest.raises(RuleBroken):
        ending_of(name)


def test_the_name_that_is_kept_is_made_here():
    kept = {name_to_keep("../../Étude <b>.png", "png") for _number in range(50)}

    assert len(kept) == 50
    assert all(
        name.startswith("etude-b-") and name.isascii() and len(name) == len("etude-b-") + 12 for name in kept
    )
    assert name_to_keep("写真.png", "png").startswith("file-")


# ---------------------------------------------------------------- closed doors


def test_every_field_for_files_is_one_that_looks_first():
    """Whoever adds a field for files comes by here. The profile picture's form is never shown."""
    from django.apps import apps
    from django.db.models import FileField

    fields = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, FileField)
    }

    assert fields == {
        "wagtailimages.Image.file",
        "wagtailimages.Rendition.file",  # made by the site
        "wagtaildocs.Document.file",
        "wagtailcore.UploadedFile.file",  # put aside after it was looked at
        "wagtailusers.UserProfile.avatar",
        "courses.Recording.file",
        "courses.Recording.captions",
    }
    form = get_edit_handler(Recording).get_form_class()()
    looking = {name: type(form.fields[name]).__name__ for name in ("file", "captions")}
    assert looking == {"file": "RecordingField", "captions": "CaptionsField"}
    assert type(get_image_form(Image)().fields["file"]).__name__ == "PictureField"


def test_the_profile_picture_is_closed(author, disk):  # noqa: F811
    address = reverse("wagtailadmin_account")
    upload = SimpleUploadedFile("a.png", picture(), content_type="image/png")

    assert 'type="file"' not in author.get(address).content.decode()
    author.post(address, {"avatar-avatar": upload, "theme-theme": "light"})

    assert list(disk.rglob("*.png")) == []


def test_redirects_are_not_read_from_a_file(signed_in, disk):  # noqa: F811
    browser = signed_in(RoleFactory(kind=Role.Kind.ADMINISTRATOR).person)
    upload = SimpleUploadedFile("a.csv", b"/old,/new\n", content_type="text/csv")

    for name in ("start_import", "process_import"):
        for answer in (
            browser.get(reverse(f"wagtailredirects:{name}")),
            browser.post(reverse(f"wagtailredirects:{name}"), {"import_file": upload}),
        ):
            assert answer.status_code == 404
    assert Redirect.objects.count() == 0


def test_no_button_leads_to_the_import(rf):
    from wagtail.contrib.redirects.views import IndexView

    view = IndexView()
    view.setup(rf.get("/"))

    urls = [button.url for button in view.header_more_buttons]
    assert reverse("wagtailredirects:start_import") not in urls
    assert len(urls) == 2, "the two exports stay"


def test_the_django_admin_has_no_form_for_files():
    assert not [
        model
        for model in admin.site._registry
        for field in model._meta.get_fields()
        if hasattr(field, "upload_to")
    ]


def test_a_file_is_let_go_where_none_is_expected():
    def sent_to(path: str):
        upload = SimpleUploadedFile("a.png", picture())
        request = RequestFactory().post(path, {"word": "kept", "file": upload})
        return list(request.FILES), dict(request.POST)

    assert sent_to("/cms/images/add/") == (["file"], {"word": ["kept"]})
    assert sent_to("/accounts/signup/") == ([], {"word": ["kept"]})
    assert sent_to("/coaching/plans/new/") == ([], {"word": ["kept"]})


def test_all_files_of_a_request_share_the_room_of_one(settings):
    from lms.uploads.limits import MOST_BYTES

    half = bytes(MOST_BYTES * 2 // 5)
    request = RequestFactory().post(
        "/cms/images/add/", {name: SimpleUploadedFile(f"{name}.png", half) for name in ("a", "b", "c")}
    )

    kept = {name: (len(file.read()), file.size > MOST_BYTES) for name, file in request.FILES.items()}

    assert kept == {"a": (len(half), False), "b": (len(half), False), "c": (0, True)}


def test_a_file_on_the_disk_is_never_taken():
    """The control: were uploads kept on the disk again, the form would stop working at once."""
    upload = TemporaryUploadedFile("a.png", "image/png", 100, None)
    form = get_image_form(Image)

    with pytest.raises(ImproperlyConfigured, match="FILE_UPLOAD_HANDLERS"):
        form({"title": "x"}, {"file": upload}).is_valid()


# ---------------------------------------------------------------- giving out


@pytest.fixture
def kept_picture(author, disk):  # noqa: F811
    PICTURE_DOORS[0].send(author, A_PNG)
    return Image.objects.get()


@pytest.fixture
def kept_paper(author, disk):  # noqa: F811
    PAPER_DOORS[0].send(author, A_PDF)
    return Document.objects.get()


def test_a_picture_is_given_out_so_that_nothing_in_it_can_act(client, kept_picture):
    for address in (kept_picture.file.url, kept_picture.get_rendition("max-20x20").url):
        answer = client.get(address)

        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == STILL
        assert answer.headers["Cache-Control"] == "public, max-age=604800, immutable"
        assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert client.post(kept_picture.file.url).status_code == 405


def test_nothing_else_among_the_media_is_given_out(client, kept_paper):
    for name in ("original_images/run.html", "images/a.svg", "elsewhere/a.png", "images/a.PDF", "a.png"):
        default_storage.save(name, BytesIO(b"<script>alert(1)</script>"))
    made = [
        kept_paper.file.url, "/media/original_images/run.html", "/media/images/a.svg", "/media/elsewhere/a.png",
        "/media/images/a.PDF", "/media/a.png", "/media/images/", "/media/images/../elsewhere/a.png",
        "/media/images/%2e%2e/elsewhere/a.png", "/media/images//etc/a.png", "/media/images/a%00.png", "/media/",
    ]  # fmt: skip

    assert {address: client.get(address).status_code for address in made} == dict.fromkeys(made, 404)


def test_a_document_is_saved_and_not_opened_on_the_site(client, kept_paper):
    answer = client.get(kept_paper.url)

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == STILL


@pytest.fixture
def apart(settings):
    """A site whose files come from a host of their own."""
    settings.MEDIA_HOST = "files.example.org"
    settings.MEDIA_ORIGIN = "https://files.example.org"
    settings.MEDIA_URL = "https://files.example.org/media/"
    settings.ALLOWED_HOSTS = ["testserver", "files.example.org"]
    return Client(headers={"host": "files.example.org"})


def test_the_files_host_gives_out_files_without_cookies(apart, author, kept_picture, kept_paper):  # noqa: F811
    apart.cookies = author.cookies
    path = kept_picture.file.url.removeprefix("https://files.example.org")

    for address in (path, kept_paper.url):
        answer = apart.get(address)
        assert (answer.status_code, dict(answer.cookies)) == (200, {})
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Content-Security-Policy"] == STILL
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_files_host_gives_out_nothing_else(apart, author, kept_paper):  # noqa: F811
    apart.cookies = author.cookies
    addresses = [
        "/", "/my/", "/cms/", "/accounts/login/", "/healthz", "/static/css/site.css", "/media", "/documents/",
        "/media/nothing.png", "/documents/authenticate_with_password/1/", "/search/?query=a",
    ]  # fmt: skip

    assert {path: apart.get(path).status_code for path in addresses} == dict.fromkeys(addresses, 404)
    assert apart.post(kept_paper.url).status_code == 404


def test_the_sites_own_host_sends_those_who_want_files_there(apart, client, kept_picture, kept_paper):
    path = kept_picture.file.url.removeprefix("https://files.example.org")

    assert kept_picture.file.url.startswith("https://files.example.org/media/original_images/")
    for address in (path, kept_paper.url):
        answer = client.get(address)
        assert answer.status_code in (301, 302)
        assert answer.headers["Location"] == f"https://files.example.org{address}"


def test_a_document_of_a_closed_collection_stays_on_the_sites_own_host(apart, author, client, kept_paper):  # noqa: F811
    closed = Collection.get_first_root_node().add_child(name="Closed")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    kept_paper.collection = closed
    kept_paper.save()

    assert apart.get(kept_paper.url).status_code == 404
    assert client.get(kept_paper.url).headers["Location"].startswith("/accounts/login/")
    assert author.get(kept_paper.url).status_code == 200


def test_pages_may_show_pictures_of_the_files_host():
    import os
    import subprocess
    import sys

    from django.conf import settings

    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "lms.settings.production", "SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "example.org",
        "SITE_URL": "https://example.org", "MEDIA_HOST": "Files.example.org",
    }  # fmt: skip
    asked = "from lms.settings import base as b; print(b.MEDIA_URL, b.ALLOWED_HOSTS, b.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )

    assert done.stdout.strip() == (
        "https://files.example.org/media/ ['example.org', 'files.example.org'] "
        "[\"'self'\", 'data:', 'https://files.example.org']"
    ), done.stderr


def test_the_control_a_pdf_that_acts_differs_only_in_its_act():
    plain = with_change(lambda document: None)()
    acting = with_change(
        lambda document: document.Root.__setitem__("/Names", document.make_indirect({"/JavaScript": {}}))
    )()

    check_pdf(name="a.pdf", content_type="application/pdf", content=plain)
    with pytest.raises(RuleBroken, match="does more than a sheet of paper"):
        check_pdf(name="a.pdf", content_type="application/pdf", content=acting)


@pytest.mark.parametrize(("name", "is_safe"), [
    ("", True), ("files.clinic.example", True), ("clinic.example", False), ("clinic.example:8000", False),
    ("https://files.clinic.example", False),
])  # fmt: skip
def test_a_files_host_that_is_the_sites_own_is_refused(settings, name, is_safe):
    from lms.core.checks import RULES

    wanted = {"SITE_URL": "https://clinic.example", "MEDIA_HOST": name, "ALLOWED_HOSTS": ["clinic.example"]}
    rule = next(rule for rule in RULES if rule.__name__ == "_address")

    reasons = list(rule(wanted, {"TRUSTED_PROXY_COUNT": "1"}))

    assert reasons == (
        []
        if is_safe
        else [
            "MEDIA_HOST must be a name other than SITE_URL's, without https:// before it and nothing after it."
        ]
    )
