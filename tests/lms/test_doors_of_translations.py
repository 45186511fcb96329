"""The pages on which courses are translated, each tried as each role with a translation that is there."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail_localize.models import StringTranslation

from lms.people.models import Organisation, Role
from tests.factories.courses import make_curriculum, make_lesson, make_module
from tests.factories.languages import WELSH, begin, speak, word
from tests.factories.people import RoleFactory
from tests.factories.signing import Desk

pytestmark = pytest.mark.django_db


class World:
    def __init__(self, settings, cast) -> None:
        (self.welsh,) = speak(settings, WELSH)
        self.desk = Desk(cast.organisation)
        self.lesson = make_lesson(make_module(make_curriculum(slug="course"), slug="m"), title="A quiet word")
        self.sent = begin(self.lesson, self.welsh)
        self.page = type(self.lesson).objects.get(locale=self.welsh)
        strings = self.sent.source.stringsegment_set.all()
        self.segment = strings.get(string__data="A quiet word")

    def addresses(self) -> dict[str, str]:
        number = self.sent.pk
        return {
            "submit": reverse("wagtail_localize:submit_page_translation", args=[self.lesson.pk]),
            "update": reverse("wagtail_localize:update_translations", args=[self.sent.source_id]),
            "edit": reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
            "preview": reverse("wagtail_localize:preview_translation", args=[number]),
            "print": reverse("wagtail_localize:preview_translation", args=[number, "print"]),
            "download": reverse("wagtail_localize:download_pofile", args=[number]),
            "alias": reverse("wagtail_localize:convert_to_alias", args=[self.page.pk]),
            "report": reverse("wagtail_localize:translations_report"),
            "results": reverse("wagtail_localize:translations_report_results"),
            "string": reverse("wagtail_localize:edit_string_translation", args=[number, self.segment.pk]),
            "upload": reverse("upload_sentences", args=[number]),
            "stop": reverse("wagtail_localize:stop_translation", args=[number]),
            "machine": reverse("wagtail_localize:machine_translate", args=[number]),
        }


@pytest.fixture
def world(settings, cast):
    return World(settings, cast)


ONLY_SENT = {"string": 405, "upload": 405, "stop": 405, "machine": 405}


def test_they_open_for_authors(world, signed_in):
    browser = signed_in(world.desk.author)

    answers = {name: browser.get(path).status_code for name, path in world.addresses().items()}

    assert answers == dict.fromkeys(answers, 200) | ONLY_SENT


@pytest.mark.parametrize("name", ["patient", "professional", "lay_tutor", "coordinator", "reviewer"])
def test_nobody_else_finds_them(world, cast, signed_in, name):
    person = world.desk.lived if name == "reviewer" else getattr(cast, name)
    browser = signed_in(person)

    for path in world.addresses().values():
        for answer in (browser.get(path), browser.post(path, {}), browser.put(path, {})):
            assert answer.status_code == 404, path
    assert not StringTranslation.objects.exists()


def test_whoever_is_signed_out_is_sent_to_sign_in(world, client):
    for name, path in world.addresses().items():
        answer = client.get(path)
        assert answer.status_code == 302 and "/accounts/login/" in answer.url, name


def test_an_author_writes_a_sentence_and_no_machine_does(world, signed_in):
    browser = signed_in(world.desk.author)
    where = world.addresses()

    kept = browser.put(where["string"], "value=Gair+tawel", content_type="application/x-www-form-urlencoded")

    assert kept.status_code == 201 and json.loads(kept.content)["data"] == "Gair tawel"
    assert StringTranslation.objects.get().last_translated_by == world.desk.author
    assert "Gair tawel" in browser.get(where["preview"]).text
    assert browser.post(where["machine"]).status_code == 404
    assert "Machine" not in browser.get(where["edit"]).text


def test_the_permission_is_the_authors_and_goes_with_the_role(world, cast):
    author = world.desk.author

    assert author.has_perm("wagtail_localize.submit_translation")
    for person in (cast.patient, cast.professional, cast.coordinator, world.desk.lived, world.desk.clinical):
        assert not person.has_perm("wagtail_localize.submit_translation")


def upload(browser, world, content: bytes, **more):
    return browser.post(
        world.addresses()["upload"],
        {"file": SimpleUploadedFile("words.po", content), "next": "/cms/"} | more,
    )


def test_sentences_come_in_as_a_file(world, signed_in):
    browser = signed_in(world.desk.author)
    word(world.sent, "A quiet word", "Gair tawel")
    file = browser.get(world.addresses()["download"]).content
    StringTranslation.objects.all().delete()

    answer = upload(browser, world, file)

    assert answer.url == "/cms/"
    assert StringTranslation.objects.get().data == "Gair tawel"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"PK\x03\x04 not words",
        b'msgid "a\nmsgstr',
        b'msgid "a"\nmsgstr "b"\n',
        b"x" * 1_000_001,
    ],
    ids=["empty", "no text", "a zip", "cut off", "of no page", "large"],
)
def test_a_file_that_is_no_such_file_is_a_sentence(world, signed_in, content):
    browser = signed_in(world.desk.author)

    answer = upload(browser, world, content)

    assert answer.status_code == 302
    said = browser.get("/cms/").text
    assert any(words in said for words in ("could not be read", "valid PO file", "different translation"))
    assert not StringTranslation.objects.exists()


def test_no_file_at_all_is_a_sentence(world, signed_in):
    browser = signed_in(world.desk.author)

    assert browser.post(world.addresses()["upload"], {"next": "/cms/"}).status_code == 302
    assert "could not be read" in browser.get("/cms/").text


def test_an_author_by_mistake_would_be_seen(world, cast, signed_in):
    """The control for the pages above: with the role, they open."""
    RoleFactory(person=cast.outsider, kind=Role.Kind.AUTHOR, organisation=Organisation.objects.first())

    assert signed_in(cast.outsider).get(world.addresses()["report"]).status_code == 200
