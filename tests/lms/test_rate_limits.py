"""Every door that signs somebody in can be tried only so often: in every process, and for each address behind a proxy."""

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory

from lms.core.limits import free, limited, limited_door
from lms.people import second_step
from lms.settings import base
from tests import migrated
from tests.browser.conftest import new_database  # noqa: F401 (a fixture)
from tests.browser.site import PYTHON, ROOT
from tests.factories import UserFactory
from tests.factories.people import PASSWORD, TOTP_SECRET
from tests.lms.test_second_step import ASKED, sign_in
from tests.smtp_sink import free_port

TOO_MANY = "There were many tries"


@pytest.fixture
def limits(settings, db):
    """The site's own limits, which the other tests run without."""
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    settings.MFA_RATE_LIMITS = base.MFA_RATE_LIMITS
    settings.DOOR_LIMITS = base.DOOR_LIMITS
    yield
    cache.clear()


def tries_until_refused(press, most: int = 60) -> int:
    """How many tries the door takes before it says to wait."""
    for number in range(most):
        answer = press(number)
        if answer.status_code == 429 or TOO_MANY in answer.content.decode():
            return number
    return most


def from_elsewhere(number: int) -> Client:
    return Client(REMOTE_ADDR=f"198.51.100.{number % 250}")


def test_signing_in_as_one_person_from_everywhere(limits):
    person = UserFactory()

    def press(number):
        return from_elsewhere(number).post(
            "/accounts/login/", {"login": person.email, "password": "wrong words"}
        )

    assert tries_until_refused(press) == 5
    right = Client().post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert TOO_MANY in right.content.decode(), "the right password is not tried either"


def test_signing_in_as_many_people_from_one_address(limits):
    def press(number):
        return Client().post(
            "/accounts/login/", {"login": f"person{number}@example.org", "password": "wrong words"}
        )

    assert tries_until_refused(press) == 10


def test_an_address_that_nobody_has_is_limited_alike(limits):
    def press(number):
        return from_elsewhere(number).post(
            "/accounts/login/", {"login": "nobody@example.org", "password": "wrong"}
        )

    assert tries_until_refused(press) == 5


def test_signing_up_from_one_address(limits):
    assert (
        tries_until_refused(lambda number: Client().post("/accounts/signup/", {"email": f"{number}"})) == 20
    )


def test_asking_for_a_new_password(limits):
    def one_address(number):
        return from_elsewhere(number).post("/accounts/password/reset/", {"email": "amina@example.org"})

    def one_place(number):
        return Client().post("/accounts/password/reset/", {"email": f"person{number}@example.org"})

    assert tries_until_refused(one_address) == 5
    cache.clear()
    assert tries_until_refused(one_place) == 20


def test_trying_links_for_a_new_password(limits):
    assert (
        tries_until_refused(lambda number: Client().post(f"/accounts/password/reset/key/1-made{number}up/"))
        == 20
    )


def test_trying_links_that_confirm_an_address(limits):
    assert (
        tries_until_refused(lambda number: Client().post(f"/accounts/confirm-email/made-{number}-up/")) == 20
    )


def test_signing_in_with_a_passkey(limits):
    assert (
        tries_until_refused(
            lambda number: Client().post("/accounts/2fa/webauthn/login/", {"credential": "{}"})
        )
        == 10
    )


@pytest.mark.parametrize("code", ["{:06}", "{:08}"], ids=["of an app", "on paper"])
def test_the_code_of_the_second_step(code, limits):
    """Counted for the person, though each try comes from elsewhere and begins anew with the right password."""
    person = UserFactory()
    second_step.keep_secret(person, TOTP_SECRET)

    def press(number):
        browser = from_elsewhere(number)
        assert sign_in(browser, person) == ASKED
        return browser.post(ASKED, {"code": code.format(number)})

    assert tries_until_refused(press) == 5


def test_showing_that_it_is_still_you(limits, signed_in):
    person = UserFactory()
    second_step.keep_secret(person, TOTP_SECRET)

    def password(number):
        return signed_in(person).post("/accounts/reauthenticate/", {"password": f"wrong {number}"})

    def code(number):
        return signed_in(person).post("/accounts/2fa/reauthenticate/", {"code": f"{number:06}"})

    assert tries_until_refused(password) == 5
    cache.clear()
    assert tries_until_refused(code) == 5


def test_changing_the_password(limits, signed_in):
    person = UserFactory()

    def press(number):
        return signed_in(person).post("/accounts/password/change/", {"oldpassword": f"wrong {number}"})

    assert tries_until_refused(press) == 5


def test_adding_addresses(limits, signed_in):
    person = UserFactory()

    def press(number):
        return signed_in(person).post(
            "/accounts/email/", {"action_add": "", "email": f"new{number}@example.org"}
        )

    assert tries_until_refused(press) == 10


@pytest.mark.parametrize(
    "door", ["/accounts/oidc/trust/login/", "/accounts/oidc/trust/login/callback/?state=1&code=2"]
)
def test_single_sign_on(door, limits, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "trust", "name": "Trust", "client_id": "site", "secret": "s",
                    "settings": {"server_url": f"http://localhost:{free_port()}"},
                }
            ]
        }
    }  # fmt: skip
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.2

    def press(number):
        return Client().get(door) if "callback" in door else Client().post(door)

    assert tries_until_refused(press) == 30


def test_a_door_of_our_own(limits, rf):
    """What `limited` promises to any door that asks: each address, each key; and a right answer frees the key."""

    def tried(key: str, place: str = "192.0.2.1") -> bool:
        return limited(rf.get("/", REMOTE_ADDR=place), "printed_code", key)

    assert [tried("amina", f"192.0.2.{number}") for number in range(7)] == [False] * 5 + [True] * 2
    assert not tried("joe"), "another name is another count"
    free(rf.get("/"), "printed_code", "AMINA ")
    assert not tried("amina", "192.0.2.99")
    assert [tried(f"person{number}", "192.0.2.50") for number in range(12)] == [False] * 10 + [True] * 2
    with pytest.raises(KeyError):
        limited(rf.get("/"), "a door that nobody named", "")


def test_a_door_that_is_closed_says_how_long(limits, settings):
    settings.DOOR_LIMITS = {"knock": "1/m/ip"}
    view = limited_door("knock")(lambda request: HttpResponse("in"))
    request = RequestFactory().get("/")

    assert view(request).status_code == 200
    page = Client().post("/accounts/2fa/webauthn/login/", {"credential": "{}"})
    for _number in range(10):
        page = Client().post("/accounts/2fa/webauthn/login/", {"credential": "{}"})
    assert page.status_code == 429
    assert "Wait five minutes, then try again." in page.content.decode()
    assert view(request).status_code == 429


def test_without_limits_nothing_would_be_refused(settings, db):
    """The negative control: the same tries with the limits switched off."""
    cache.clear()
    person = UserFactory()

    def press(number):
        return Client().post("/accounts/login/", {"login": person.email, "password": "wrong words"})

    assert tries_until_refused(press, most=40) == 40


# ------------------------------------------------- two real processes, and a proxy before them


@pytest.fixture(scope="module")
def database(new_database):  # noqa: F811
    url = new_database()
    env = environment(url)
    if url.startswith("sqlite"):
        migrated.lay_copy(Path(url.removeprefix("sqlite:///")))
    subprocess.run([PYTHON, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=env, check=True)
    return url


def environment(url: str, **more: str) -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": "tests.limits_site", "DATABASE_URL": url} | more


@contextmanager
def two_processes(url: str, folder, **more: str):
    """The same site in two processes that know of each other only by way of the database; their two addresses."""
    running, bases = [], []
    try:
        for number in range(2):
            port = free_port()
            log = (folder / f"{number}.log").open("w")
            bases.append(f"http://127.0.0.1:{port}")
            words = [
                "-m",
                "gunicorn",
                "lms.wsgi:application",
                "--bind",
                f"127.0.0.1:{port}",
                "--workers",
                "1",
            ]
            running.append(
                subprocess.Popen(
                    [sys.executable, *words], cwd=ROOT, env=environment(url, **more), stdout=log, stderr=log
                )
            )
        for address in bases:
            wait_for(f"{address}/healthz", folder)
        yield bases
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)


def wait_for(address: str, folder) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            if requests.get(address, timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise AssertionError("\n".join(path.read_text() for path in folder.glob("*.log")))


def wrong_tries(bases: list[str], *, login: str, most: int, headers=lambda number: {}) -> int:
    """Wrong passwords, in turn at each process, until one says to wait: how many were tried."""
    sessions = {base: requests.Session() for base in bases}
    tokens = {}
    for address, session in sessions.items():
        page = session.get(f"{address}/accounts/login/", timeout=30, headers=headers(0)).text
        tokens[address] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    for number in range(most):
        address = bases[number % len(bases)]
        answer = sessions[address].post(
            f"{address}/accounts/login/",
            data={
                "csrfmiddlewaretoken": tokens[address], "login": login.format(number), "password": "wrong words"
            },
            headers=headers(number),
            timeout=30,
        )  # fmt: skip
        assert answer.status_code in (200, 429), answer.status_code
        if answer.status_code == 429 or TOO_MANY in answer.text:
            return number
    return most


def test_limits_hold_across_processes_and_behind_a_proxy(database, tmp_path, figure):
    """Shared: five for a person, whichever process answers. Behind one proxy, what a browser writes counts for nothing."""
    behind = {"TRUSTED_PROXY_COUNT": "1"}
    with two_processes(database, tmp_path, **behind) as bases:
        shared = wrong_tries(bases, login="amina@example.org", most=12, headers=forwarded("203.0.113.1"))
        spoofed = wrong_tries(
            bases, login="spoof{}@example.org", most=15, headers=forwarded("203.0.113.2", spoof=True)
        )
        beside = wrong_tries(bases, login="beside{}@example.org", most=3, headers=forwarded("203.0.113.3"))

    assert (shared, spoofed, beside) == (5, 10, 3)
    figure("sign-in limit: tries as one person over 2 processes", shared, "tries", bar="= 5")
    figure("sign-in limit: tries behind a proxy, a new forged address each", spoofed, "tries", bar="= 10")


def test_a_cache_of_its_own_for_each_process_would_count_double(database, tmp_path, figure):
    """The control of the shared cache; and with no proxy counted, everybody behind one is one."""
    with two_processes(database, tmp_path, CACHE_OF_ITS_OWN="1", TRUSTED_PROXY_COUNT="0") as bases:
        doubled = wrong_tries(bases, login="joe@example.org", most=14)
        one = wrong_tries(bases, login="a{}@example.org", most=25, headers=forwarded("203.0.113.4"))
        another = wrong_tries(bases, login="b{}@example.org", most=3, headers=forwarded("203.0.113.5"))

    assert doubled == 10
    assert one < 20 and another == 0, "one bucket for all who come through the proxy"
    figure("sign-in limit, control: a cache for each process", doubled, "tries", bar="= 10")
    figure(
        "sign-in limit, control: tries of a second address behind an uncounted proxy",
        another,
        "tries",
        bar="= 0",
    )


def forwarded(address: str, *, spoof: bool = False):
    """The header as one proxy of ours passes it on: what the browser wrote, then the address it came from."""
    return lambda number: {"X-Forwarded-For": f"192.0.2.{number}, {address}" if spoof else address}
