"""What is drawn once and shown to many: it is never out of date, and holds nothing of a person's."""

import re
from dataclasses import replace

import pytest
from django.core.cache import caches
from django.template.loader import render_to_string
from django.test import Client

from lms.core import clock
from lms.people import crisis
from lms.people.models import Role
from lms.people.services import end_role
from lms.ui.drawn import drawn_once, fill, gap

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_memory():
    caches["process"].clear()


def token_in(page) -> str:
    return re.search(r'action="/accounts/logout/"><input[^>]*value="(\w+)"', page.text)[1]


def test_another_crisis_number_shows_at_the_next_request(client, monkeypatch):
    assert "tel:999" in client.get("/help-now/").text
    lines = crisis.NATIONS["england"]
    newer = replace(lines, emergency=replace(lines.emergency, number="112", what="Call 112 now"))

    monkeypatch.setitem(crisis.NATIONS, "england", newer)
    page = client.get("/help-now/").text

    assert page.count("tel:112") == 2  # on the page, and at its foot
    assert "tel:999" not in page


def test_a_role_that_ended_shows_at_the_next_request(cast, signed_in):
    browser, tutoring = signed_in(cast.lay_tutor), '<a href="/workshops/tutor/"'
    assert tutoring in browser.get("/help-now/").text
    assert tutoring not in signed_in(cast.patient).get("/help-now/").text

    end_role(role=Role.objects.get(person=cast.lay_tutor), ended_by=cast.coordinator)

    assert tutoring not in browser.get("/help-now/").text
    assert tutoring in signed_in(cast.clinical_tutor).get("/help-now/").text


def test_a_role_whose_last_day_has_come_ends_on_that_day(cast, signed_in):
    browser = signed_in(cast.lay_tutor)
    assert browser.get("/workshops/tutor/").status_code == 200

    Role.objects.filter(person=cast.lay_tutor).update(ends_on=clock.today())

    assert browser.get("/workshops/tutor/").status_code == 404


def test_each_person_gets_a_form_of_their_own_to_sign_out(cast):
    browsers = [Client(enforce_csrf_checks=True) for _ in range(2)]
    for browser, person in zip(browsers, (cast.patient, cast.outsider), strict=True):
        browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    tokens = [token_in(browser.get("/help-now/")) for browser in browsers]

    theirs = browsers[1].post("/accounts/logout/", {"csrfmiddlewaretoken": tokens[0]})
    own = [
        browser.post("/accounts/logout/", {"csrfmiddlewaretoken": token})
        for browser, token in zip(browsers, tokens, strict=True)
    ]

    assert theirs.status_code == 403
    assert [answer.status_code for answer in own] == [302, 302]


def test_the_frame_says_where_one_is(client):
    for path in ("/workshops/", "/learn/", "/workshops/", "/about/privacy/"):
        here = re.findall(r'<li><a href="([^"]*)" aria-current="page">', client.get(path).text)

        assert here == [path]


def test_signed_in_or_not_is_told_apart(cast, signed_in, client):
    for _ in range(2):
        assert "/accounts/logout/" in signed_in(cast.patient).get("/help-now/").text
        assert "/accounts/logout/" not in client.get("/help-now/").text


def test_another_name_of_the_site_shows_at_the_next_request(client, settings):
    client.get("/help-now/")

    settings.SITE_NAME = "Onwards & upwards"

    assert "<span>Onwards &amp; upwards</span>" in client.get("/help-now/").text


def test_nothing_of_a_person_stays_in_memory(cast, signed_in):
    cast.patient.first_name = "Canarymoss"
    cast.patient.save()
    browser = signed_in(cast.patient)

    pages = [browser.get(path) for path in ("/my/", "/help-now/", "/workshops/", "/people/account/")]

    assert "Hello Canarymoss" in pages[0].text
    kept = repr(caches["process"]._kept)
    assert "layouts/_header.html" in kept
    for secret in ("Canarymoss", cast.patient.email, token_in(pages[0]), browser.cookies["sessionid"].value):
        assert secret not in kept


def test_with_several_languages_the_switch_comes_back_to_this_page(client, settings):
    values = {"languages": [("en", "English"), ("fr", "French")], "is_signed_in": False, "address": "/a/?b=1"}

    assert 'name="next" value="/a/?b=1"' in render_to_string("layouts/_header.html", values)


def test_what_fills_a_gap_is_never_read_as_a_gap():
    pieces = drawn_once("test", lambda: f"<p>{gap('words')}</p>")

    assert fill(pieces, lambda kind, about: gap("secret")) == f"<p>{gap('secret')}</p>"
    assert fill(drawn_once("test", lambda: "other"), lambda kind, about: "mine") == "<p>mine</p>"
    assert fill(drawn_once("test", lambda: "other", about=object()), lambda kind, about: "") == "other"
