"""What every page's frame promises: policy headers, health, no other host, nothing inline."""

import json
import re

import pytest
from django.db import connection, transaction
from django.test import Client

from lms.notifications.models import Message

PUBLIC_PAGES = [
    "/help-now/",
    "/about/accessibility/",
    "/about/privacy/",
    "/about/contact/",
    "/about/who-reads/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_public_page_is_strict_about_scripts(path):
    page = Client().get(path)
    html = page.content.decode()

    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert re.findall(r'\sstyle="|\son[a-z]+="', html) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//(?!testserver)[^"]*"', html) == []
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert "999" in html or "/help-now/" in html


@pytest.mark.django_db
def test_pages_of_a_person_are_not_stored(cast, signed_in):
    page = signed_in(cast.patient).get("/privacy/")

    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_help_now_has_the_numbers_of_the_nation():
    html = Client().get("/help-now/").content.decode()

    for number in ("999", "111", "116 123", "85258"):
        assert number in html


def test_process_is_up(client):
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_site_is_ready(client):
    answer = client.get("/readyz")

    assert (answer.status_code, json.loads(answer.content)) == (
        200,
        {"database": "ok", "migrations": "ok", "cache": "ok", "queue": "ok"},
    )


@pytest.mark.django_db
def test_site_is_not_ready_without_its_queue(client):
    before = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_q_ormq RENAME TO away")
    answer = client.get("/readyz")
    transaction.savepoint_rollback(before)

    assert answer.status_code == 503
    assert json.loads(answer.content)["queue"] != "ok"


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_kindly(client):
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "<h1" in answer.content.decode()


@pytest.mark.django_db
def test_nobody_gets_mail_from_looking_around(client):
    for path in PUBLIC_PAGES:
        client.get(path)

    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_the_bar_says_once_where_we_are(cast, signed_in):
    def current(path: str) -> list[str]:
        html = signed_in(cast.lay_tutor).get(path).content.decode()
        return re.findall(r'<a href="([^"]+)" aria-current="\w+"', html)

    assert current("/workshops/") == ["/workshops/"]
    assert current("/workshops/tutor/schedule/") == ["/workshops/tutor/"]
    assert current("/people/account/") == ["/people/account/"]
