"""When something the site stands on is away: the database, the mail server, room on the disk. Real processes.

The long versions, with the real times of waiting, are in tests/drills/test_outages.py.
"""

import errno
import os
import re
import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.db import OperationalError
from django.test import Client

from tests.processes import SESSION_FOR, Line, within
from tests.smtp_sink import Sink, free_port

PERSON = (
    SESSION_FOR
    + 'print(json.dumps(session_for("amina@example.org", first_name="Amina", audience="patient")))'
)
QUIET_SECONDS = 10  # within which the site is back


SIGN_UP = "/accounts/signup/"


def sign_up(visitor, number: int):
    return visitor.post(SIGN_UP, person(number))


def person(number: int) -> dict[str, str]:
    return {
        "audience": "patient",
        "first_name": "Amina",
        "last_name": "Hart",
        "email": f"amina{number}@example.org",
        "password1": "seven green bottles",
    }


def says_plainly_that_it_rests(answer) -> bool:
    """The page for an outage: who to call, and nothing of how the house is built."""
    return (
        answer.status == 503
        and answer.headers["Retry-After"] == "30"
        and "We will be back soon" in answer.text
        and all(f'"{way}"' in answer.text for way in ("tel:999", "tel:111", "tel:116123", "sms:85258"))
        and not re.search(r"Traceback|OperationalError|sqlite|psycopg|File &quot;", answer.text)
    )


# ---------------------------------------------------------------- the database


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("server closed the connection"), 503),
        (OSError(errno.ENOSPC, "No space left on device"), 503),
        (PermissionError(errno.EACCES, "Permission denied"), 500),
        (ValueError("a mistake of ours"), 500),
    ],
)
def test_an_outage_is_told_from_a_mistake_of_ours(error, status, monkeypatch, django_assert_num_queries):
    def broken(request):
        raise error

    monkeypatch.setattr("lms.home.views.render", lambda *args, **kwargs: broken(None))
    browser = Client(raise_request_exception=False)

    with django_assert_num_queries(0):
        answer = browser.get("/help-now/")

    assert answer.status_code == status
    assert "Traceback" not in answer.content.decode()


@pytest.mark.django_db
def test_the_site_says_so_while_its_database_is_away_and_comes_back_by_itself(new_site, figure):
    """The database goes away under a site that serves, and comes back: nobody has to restart anything."""
    away = database_that_goes(new_site)
    with away as (site, go_away, come_back):
        visitor = site.visitor(site.facts)
        site.start_web()
        if site.env["DATABASE_URL"].startswith("postgres"):
            assert visitor.get("/my/").status == 200  # its connections are open

        go_away()
        during = [visitor.get(path) for path in ("/my/", "/coaching/", "/privacy/", "/workshops/")]
        alive, ready = site.visitor().get("/healthz"), site.visitor().get("/readyz")
        come_back()
        back = within(QUIET_SECONDS, lambda: visitor.get("/my/").status == 200)

    assert [says_plainly_that_it_rests(answer) for answer in during] == [True] * 4
    assert (alive.status, ready.status) == (200, 503)
    assert back is not None, "it did not come back"
    figure("database stopped: back without a restart", round(back, 1), "s", bar="< 10", note="short")


@contextmanager
def database_that_goes(new_site):
    """PostgreSQL: the line to the server is cut. SQLite: the disk it lies on is not there when the first visitor comes."""
    site = new_site(PERSON)
    url = urlsplit(site.env["DATABASE_URL"])
    if url.scheme == "sqlite":
        file = Path(url.path.replace("//", "/"))
        home, gone = site.folder / "disk", site.folder / "unplugged"
        home.mkdir()
        os.rename(file, home / "db.sqlite3")
        site.env["DATABASE_URL"] = f"sqlite:///{home / 'db.sqlite3'}"
        yield site, lambda: home.rename(gone), lambda: gone.rename(home)
        return
    line = Line(url.hostname, url.port)
    line.open()
    site.env["DATABASE_URL"] = site.env["DATABASE_URL"].replace(f":{url.port}/", f":{line.port}/")
    try:
        yield site, line.cut, line.open
    finally:
        line.cut()


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_an_outage_too(new_site):
    site = new_site()
    url = urlsplit(site.env["DATABASE_URL"])
    if url.scheme == "sqlite":
        return  # a file is no server that could hang
    line = Line(url.hostname, url.port)
    line.hangs = True
    line.open()
    site.env["DATABASE_URL"] = site.env["DATABASE_URL"].replace(f":{url.port}/", f":{line.port}/")
    site.start_web()

    answer = site.visitor().get("/workshops/")
    line.cut()

    assert says_plainly_that_it_rests(answer)
    assert answer.seconds < 10


@pytest.mark.django_db
def test_readers_and_writers_wait_for_a_writer_who_takes_long(new_site):
    """SQLite has one writer at a time: others queue, and readers do not notice."""
    site = new_site(PERSON)
    if not site.env["DATABASE_URL"].startswith("sqlite"):
        return
    visitor = site.visitor(site.facts)
    site.start_web()
    visitor.get("/my/")
    writer = sqlite3.connect(site.env["DATABASE_URL"].removeprefix("sqlite:///"), check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(sign_up(site.visitor(), 1)))
    waiting.start()

    read = visitor.get("/my/")
    waiting.join(timeout=2)
    answered_before = list(answers)
    writer.rollback()
    waiting.join()

    assert (read.status, answered_before) == (200, [])
    assert [answer.status for answer in answers] == [302]


# ---------------------------------------------------------------- mail


@pytest.mark.django_db
@pytest.mark.parametrize("mail_server", ["refuses", "hangs"])
def test_nobody_waits_for_the_mail_server_and_no_mail_is_lost(new_site, mail_server, figure):
    port = free_port()
    dead = Line("127.0.0.1", 1)
    dead.port, dead.hangs = port, True
    if mail_server == "hangs":
        dead.open()
    site = new_site(EMAIL_PORT=str(port))
    site.start_web()
    site.start_worker()

    answers = [sign_up(site.visitor(), number) for number in range(3)]
    wanted = 3 if mail_server == "refuses" else 1  # one that hangs holds the worker up for ten seconds
    tried = "SELECT COUNT(*) FROM notifications_message WHERE last_error <> ''"
    assert within(30, lambda: site.rows(tried)[0][0] >= wanted), site.logs()
    dead.cut()
    with running_sink_at(port) as sink:
        # As if the time to wait were over: the long version waits for it.
        site.script(
            "from datetime import timedelta\n"
            "from django.utils import timezone\n"
            "from lms.notifications.models import Message\n"
            "from lms.notifications.tasks import sweep\n"
            "Message.objects.unsent().update(leased_until=timezone.now() - timedelta(days=1))\n"
            "print(sweep())"
        )
        assert within(30, lambda: len(sink.mails) >= 3), site.logs()

    slowest = max(answer.seconds for answer in answers)
    assert [answer.status for answer in answers] == [302] * 3
    assert sorted(mail["To"] for mail in sink.mails) == [f"amina{number}@example.org" for number in range(3)]
    assert len({mail["Message-ID"] for mail in sink.mails}) == 3
    figure(f"mail server {mail_server}: slowest request", round(slowest, 2), "s", bar="< 5", note="short")


@contextmanager
def running_sink_at(port: int):
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
