"""No line of any log says anything about anybody: a canary is put wherever a person's words can go, and sought in the logs."""

import logging
import socket
import sys
from contextlib import suppress

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from django.utils.log import AdminEmailHandler

from lms.core.log import PlainFormatter, steps, without_the_personal
from tests.factories.people import PASSWORD
from tests.processes import PYTHON, SmallSite, within

# In four shapes: a name, an address, a word of a sentence, and what stands in the place of a token.
CANARY = "quetzal"
NAME, ADDRESS, WORDS = "Quetzal", "quetzal@feathers.example", "my Quetzal is worried"
TOKEN = "quetzal0quetzal0quetzal0quetzal0"
HEADERS = {
    "User-Agent": f"{NAME}/1.0",
    "Referer": f"http://127.0.0.1/{TOKEN}/?word={NAME}",
    "X-Forwarded-For": NAME,
    "Accept-Language": NAME,
    "X-Request-ID": TOKEN,
}


def walk(site: SmallSite) -> list[int]:
    """Put the canary everywhere, the errors included; what each was answered with."""
    answers = []
    for path in (
        f"/?word={NAME}",
        f"/{TOKEN}/?word={NAME}",
        f"/nowhere/{TOKEN}",
        f"/accounts/confirm-email/{TOKEN}/",
        f"/accounts/password/reset/key/1-{TOKEN}/",
        f"/certificates/verify/{TOKEN}/",
        f"/calendar/{TOKEN}.ics",
        f"/coaching/?next={TOKEN}",
        f"/workshops/?near={NAME}%00",
        f"/static/{TOKEN}.css",
        f"/media/{TOKEN}.jpg",
        f"/documents/1/{TOKEN}",
        f"/fault/{TOKEN}/?word={NAME}",
        f"/cms/?word={NAME}",
    ):
        visitor = site.visitor(TOKEN)
        answers.append(visitor.get(path, **HEADERS).status)
    visitor = site.visitor()
    person = {"audience": "patient", "first_name": NAME, "last_name": NAME, "email": ADDRESS}
    answers += [
        visitor.post("/accounts/signup/", person | {"password1": f"{TOKEN} password"}, **HEADERS).status,
        visitor.post("/accounts/signup/", person | {"password1": NAME}, **HEADERS).status,
        visitor.post("/accounts/login/", {"login": ADDRESS, "password": TOKEN}, **HEADERS).status,
        visitor.post("/accounts/password/reset/", {"email": ADDRESS}, **HEADERS).status,
        visitor.send("/accounts/login/", {"login": ADDRESS, "csrfmiddlewaretoken": TOKEN}, **HEADERS).status,
        visitor.send("/accounts/login/", {f"{NAME}{number}": WORDS for number in range(2100)}).status,
        visitor.send(f"/fault/{TOKEN}/", {"word": WORDS}, **HEADERS).status,
        visitor.ask("GET", "/", headers={"Host": f"{NAME}.example"}).status,
        visitor.ask(f"{NAME.upper()}", "/").status,
    ]
    for broken in (
        f"GET /{TOKEN} HTTP/9.9\r\n\r\n",
        f"{NAME}\r\n\r\n",
        f"GET / HTTP/1.1\r\n{NAME}\x00: {NAME}\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", site.port), timeout=5) as line:
            line.sendall(broken.encode())
            line.settimeout(2)
            with suppress(OSError):
                line.recv(1000)
    return answers


FAILING_TASK = (
    "from django_q.tasks import async_task\n"
    f"async_task('tests.faulty.fail', {WORDS!r})\n"
    f"async_task('tests.faulty.not_there', {ADDRESS!r})\nprint(0)"
)


def lines_with_the_canary(site: SmallSite) -> list[str]:
    return [line for line in site.logs().splitlines() if CANARY in line.lower()]


@pytest.mark.django_db
def test_no_log_says_anything_about_anybody(new_site, figure):
    site = new_site(FAILING_TASK, DJANGO_SETTINGS_MODULE="tests.faulty", LOG_LEVEL="info")
    site.env["ACCESS_LOG"] = str(site.folder / "access.log")
    site.start_web()
    site.start_worker()

    answers = walk(site)
    assert within(40, lambda: "Failed" in (site.folder / "worker.log").read_text()), site.logs()
    site.end("web")

    found = lines_with_the_canary(site)
    access, errors = (site.folder / "access.log").read_text(), (site.folder / "web.log").read_text()
    assert {200, 400, 403, 404, 500, 302} <= set(answers), answers
    assert found == []
    # They still say what is needed to mend it.
    assert "GET /certificates/verify/<str:token>/ 404" in access
    assert "POST /fault/<str:token>/ 500" in access
    assert "POST /fault/<str:token>/ 500 builtins.KeyError" in errors
    assert "tests.faulty:" in errors and "builtins.ValueError\n  led to" in errors
    assert "Somebody typed … in 5 ms" in errors
    figure(
        "logs: lines that name the canary", len(found), "lines", bar="= 0", note=f"{len(answers)} requests"
    )


@pytest.mark.django_db
def test_logs_as_they_come_say_it_all(new_site):
    """The negative control: the same walk, with the logs that Django and gunicorn bring."""
    site = new_site(DJANGO_SETTINGS_MODULE="tests.faulty", LOGS_AS_THEY_COME="1")
    server = [PYTHON, "-m", "gunicorn", "lms.wsgi:application", "--threads", "4", "--access-logfile"]
    site.start("web", *server, str(site.folder / "access.log"), "--bind", f"127.0.0.1:{site.port}")
    site.wait_until_up()

    walk(site)
    site.end("web")

    found = "\n".join(lines_with_the_canary(site))
    assert f"/fault/{TOKEN}/?word={NAME}" in found
    assert f"{NAME}/1.0" in found
    assert f"Somebody typed {NAME}" in found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Sent to amina@example.org", "Sent to …"),
        ("Fetched https://x.example/y?z=1 twice", "Fetched … twice"),
        ("Not Found: /certificates/verify/abc/", "Not Found: …"),
        (
            "Failed 'lms.notifications.tasks.send' (april-may)",
            "Failed 'lms.notifications.tasks.send' (april-may)",
        ),
        ("Could not read 'my knee hurts'", "Could not read '…'"),
        ('Field "Amina Hart" is wrong', 'Field "…" is wrong'),
        ("key d3a50f91a13cea9bafe025de8fd87a00 used", "key … used"),
        ("Worker exiting (pid: 12)", "Worker exiting (pid: 12)"),
    ],
)
def test_what_may_be_personal_is_hidden(text, shown):
    assert without_the_personal(text) == shown


def formatted(**facts) -> str:
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "%s", ("Amina",), None)
    record.__dict__.update(facts)
    return PlainFormatter().format(record).partition(" ")[2]


def test_a_request_is_named_by_its_route_only():
    request = RequestFactory().get("/certificates/verify/secret/?q=amina")

    assert formatted(request=request, status_code=404) == "ERROR django.request: GET (no route) 404"


def test_an_exception_is_told_by_its_steps_and_never_by_its_text():
    try:
        try:
            int("my knee hurts")
        except ValueError as error:
            raise LookupError("Amina") from error
    except LookupError:
        told = formatted(exc_info=sys.exc_info())

    assert "knee" not in told and "Amina" not in told
    assert told.splitlines()[0] == "ERROR django.request: …"
    assert told.splitlines()[-1] == "  builtins.LookupError"
    assert f"  {__name__}:" in told and "  builtins.ValueError" in told


def test_a_fault_of_the_set_up_keeps_its_words():
    assert steps(ImproperlyConfigured("Set SECRET_KEY.")).endswith("ImproperlyConfigured: Set SECRET_KEY.")


def test_no_error_is_mailed_to_anybody():
    """A mail about an error would carry the request: what was typed, the cookies, the address."""
    handlers = [
        handler
        for logger in [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
        for handler in logger.handlers
    ]

    assert not settings.ADMINS and not settings.MANAGERS
    assert not any(isinstance(handler, AdminEmailHandler) for handler in handlers)


@pytest.mark.django_db
def test_who_signed_in_and_who_could_not_is_logged_without_a_name(client, caplog, cast, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    cache.clear()
    caplog.set_level(logging.INFO, "lms.security")

    client.post("/accounts/login/", {"login": cast.patient.email, "password": "not-this-one-at-all"})
    client.post("/accounts/login/", {"login": cast.patient.email, "password": PASSWORD})
    client.post("/accounts/logout/")
    for _try in range(3):
        client.post("/accounts/login/", {"login": "nobody@example.org", "password": "x" * 12})

    lines = [PlainFormatter().format(record).split(": ", 1)[1] for record in caplog.records]
    assert "sign-in refused" in lines
    assert f"signed in: person {cast.patient.pk}" in lines
    assert f"signed out: person {cast.patient.pk}" in lines
    assert "POST /accounts/login/ 429" in lines
    assert not [line for line in lines if "example.org" in line or "Amina" in line]
