"""One door for signing in; it tells nobody who has an account; and a sign-in ends when it should."""

import re
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import hashers
from django.contrib.auth import views as django_views
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from lms.core.policy import declared_policy
from lms.notifications.models import Message
from lms.people import second_step
from lms.people.device_words import device_in_words
from lms.people.sessions import BEGAN, SEEN
from tests.architecture.test_house import views_of
from tests.factories import UserFactory
from tests.factories.people import PASSWORD, TOTP_SECRET

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "seven green bottles on a wall"
DAY = 24 * 60 * 60


@pytest.fixture(autouse=True)
def nothing_was_tried_before():
    cache.clear()


# ----------------------------------------------------------------- one door

SIGNS_IN = re.compile(r"log_?in|password|authenticate|passwd|set_pass", re.IGNORECASE)
ALLAUTHS = "allauth guards its own pages"


def dotted(view) -> str:
    found = getattr(view, "view_class", None) or getattr(view, "func", view)
    return f"{found.__module__}.{getattr(found, '__qualname__', '')}"


def could_sign_in(route: str, view) -> bool:
    found = getattr(view, "view_class", None)
    by_class = isinstance(found, type) and issubclass(
        found,
        (
            django_views.LoginView, django_views.PasswordChangeView, django_views.PasswordResetView,
            django_views.PasswordResetConfirmView,
        ),
    )  # fmt: skip
    return by_class or bool(SIGNS_IN.search(route) or SIGNS_IN.search(dotted(view)))


def test_every_view_that_could_sign_somebody_in_is_the_one_door_or_closed():
    seen, open_ones = 0, []
    for route, view, namespaces in views_of(get_resolver().url_patterns):
        if not could_sign_in(route, view):
            continue
        seen += 1
        whose = declared_policy(view, namespaces)
        is_ours = hasattr(view, "policy")
        is_a_table = "django.contrib.admin.options" in dotted(view) or dotted(view).startswith(
            "django.views.generic"
        )
        if whose is not None and whose != ALLAUTHS and not is_ours and not is_a_table:
            open_ones.append(f"{route}: {dotted(view)}")

    assert open_ones == []
    assert seen > 25, "the walk found the doors"


def test_a_door_that_somebody_leaves_open_would_be_found():
    """The negative control of the walk: a package's sign-in page of no policy is not shown; with one it is found."""
    view = django_views.LoginView.as_view()

    assert could_sign_in("anything/", view)
    assert declared_policy(view) is None
    assert declared_policy(view, ["admin"]) is None


def reset_link_of_the_cms(person) -> str:
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    return f"/cms/password_reset/confirm/{uid}/{default_token_generator.make_token(person)}/"


def test_the_cms_and_the_admin_set_no_password_even_with_a_good_link(client):
    person = UserFactory(is_staff=True, is_superuser=True)
    link = reset_link_of_the_cms(person)
    words = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    for address in (link, link.rsplit("/", 2)[0] + "/set-password/", "/cms/password_reset/done/"):
        assert client.get(address).status_code == 404
        assert client.post(address, words).status_code == 404
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_nobody_sets_a_password_in_the_cms_their_own_or_anothers(signed_in):
    boss, person = UserFactory(is_staff=True, is_superuser=True), UserFactory()
    second_step.keep_secret(boss, TOTP_SECRET)
    browser = signed_in(boss)
    words = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "password-new_password1": NEW_PASSWORD}

    for address in ("/cms/account/", f"/cms/users/{person.pk}/", "/cms/users/add/"):
        page = browser.get(address)
        assert page.status_code in (200, 404), address
        assert 'type="password"' not in page.content.decode(), address
        browser.post(address, words)
    assert browser.get(f"/django-admin/people/user/{person.pk}/password/").status_code == 404
    assert browser.get("/django-admin/password_change/").url == "/accounts/password/change/"
    for one in (boss, person):
        one.refresh_from_db()
        assert one.check_password(PASSWORD)


@pytest.mark.parametrize("address", ["/cms/login/", "/django-admin/login/", "/_util/login/"])
def test_a_right_password_at_another_door_signs_nobody_in(address, client):
    person = UserFactory(is_staff=True, is_superuser=True)

    client.post(address, {"username": person.username, "password": PASSWORD, "this_is_the_login_form": 1})

    assert client.get("/my/").status_code == 302


# ------------------------------------------------- a known and an unknown address look alike

CHANGES_EACH_TIME = re.compile(
    r'(name="(?:csrfmiddlewaretoken|once|whose)" value=")[^"]*|(nonce=")[^"]*', re.IGNORECASE
)
# The tokens themselves (which cookies are set is compared), and the second in which the answer was given.
NOT_COMPARED = {"set-cookie", "expires"}


def seen_by_the_browser(answer, address: str) -> tuple:
    """All that somebody outside can see of an answer, without what is new each time and what they typed themselves."""
    body = CHANGES_EACH_TIME.sub(r"\1", answer.content.decode()).replace(address, "<address>")
    headers = {
        name: value.replace(address, "<address>")
        for name, value in answer.headers.items()
        if name.lower() not in NOT_COMPARED
    }
    return answer.status_code, headers, sorted(answer.cookies), body


def all_seen(door, address: str) -> tuple[list[tuple], int]:
    """What the press and the page it leads to show; and how often something was written to the database."""
    browser = Client()
    with CaptureQueriesContext(connection) as asked:
        first = door(browser, address)
    writes = [sql["sql"].split()[0] for sql in asked if re.match("INSERT|UPDATE|DELETE", sql["sql"])]
    seen = [seen_by_the_browser(first, address)]
    if first.status_code == 302:
        seen.append(seen_by_the_browser(browser.get(first.url), address))
    return seen, len(writes)


def sign_in(browser, address):
    return browser.post("/accounts/login/", {"login": address, "password": "not the right words"})


def sign_up(browser, address):
    said = {"audience": "patient", "first_name": "Amina", "last_name": "Hart", "password1": NEW_PASSWORD}
    return browser.post("/accounts/signup/", said | {"email": address})


def reset(browser, address):
    return browser.post("/accounts/password/reset/", {"email": address})


def add_address(browser, address):
    browser.post("/accounts/login/", {"login": "adds@example.org", "password": PASSWORD})
    return browser.post("/accounts/email/", {"action_add": "", "email": address})


@pytest.mark.parametrize("door", [sign_in, sign_up, reset, add_address], ids=lambda door: door.__name__)
def test_a_known_and_an_unknown_address_look_alike(door, figure):
    UserFactory(email="amina.known@example.org")
    UserFactory(email="adds@example.org")
    seen_known, writes_known = all_seen(door, "amina.known@example.org")
    EmailAddress.objects.filter(user__email="adds@example.org", primary=False).delete()
    cache.clear()
    seen_unknown, writes_unknown = all_seen(door, "joe.unknown@example.org")

    assert seen_known == seen_unknown
    if door in (sign_in, reset):  # a new account or address is more rows than a mail
        assert writes_known == writes_unknown
    figure(
        f"known and unknown address at {door.__name__}: bytes that differ", 0, "bytes", bar="= 0", database=""
    )


def test_an_answer_that_tells_would_be_found(settings):
    """The negative control: without the guard against it, signing up with a known address shows."""
    UserFactory(email="amina.known@example.org")
    settings.ACCOUNT_PREVENT_ENUMERATION = False

    known, _writes = all_seen(sign_up, "amina.known@example.org")
    unknown, _writes = all_seen(sign_up, "joe.unknown@example.org")

    assert known != unknown


def test_an_unknown_address_costs_a_password_too(monkeypatch):
    """So that the time does not tell either."""
    made = []
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda self, password, salt: made.append(1) or "md5$salt$of"
    )
    UserFactory(email="amina.known@example.org")
    for address in ("amina.known@example.org", "joe.unknown@example.org"):
        made.clear()
        sign_in(Client(), address)
        assert len(made) >= 1, address


# ----------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("seven green", False),
        ("seven greens", True),
        ("password1234", False),
        ("aaaaaaaaaaaaaaaaaaaa quiet", True),
        ("كلمات طويلة جدا للدخول", True),
        ("x" * 900, True),
    ],
)
def test_long_and_not_common_is_all_a_password_has_to_be(password, is_good):
    sign_up_with = {
        "audience": "patient",
        "first_name": "Amina",
        "last_name": "Hart",
        "email": "new@example.org",
    }

    answer = Client().post("/accounts/signup/", sign_up_with | {"password1": password})

    assert (answer.status_code == 302) is is_good


# ----------------------------------------------------------------- sign-ins, and their end


def signed_in_by_the_door(person, agent: str = "Firefox/1 (Android; Mobile)") -> Client:
    browser = Client(headers={"user-agent": agent})
    assert browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).url == "/my/"
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/privacy/").status_code == 200


@pytest.fixture
def two(cast):
    """Amina's phone and her computer."""
    return signed_in_by_the_door(cast.patient), signed_in_by_the_door(
        cast.patient, "Chrome/1 (Windows NT 10.0)"
    )


def test_the_list_says_where_one_is_signed_in(two, cast):
    signed_in_by_the_door(cast.outsider, "Safari/1 (iPad)")
    page = two[0].get("/people/account/devices/").content.decode()

    assert "Firefox on an Android phone" in page and "Chrome on a Windows computer" in page
    assert "iPad" not in page
    assert page.count("Sign out there") == 1 and page.count("This device") == 1
    assert "127.0.0.1" not in page


def test_signing_out_one_other_device(two, cast):
    other = UserSession.objects.get(user=cast.patient, user_agent__contains="Windows")

    two[0].post("/people/account/devices/", {"end": other.pk})

    assert [is_in(browser) for browser in two] == [True, False]


def test_somebody_elses_sign_in_is_not_mine_to_end(two, cast):
    theirs = signed_in_by_the_door(cast.outsider)
    number = UserSession.objects.get(user=cast.outsider).pk

    two[0].post("/people/account/devices/", {"end": number})

    assert is_in(theirs)


def test_signing_out_all_others_and_everywhere(two, cast):
    third = signed_in_by_the_door(cast.patient)
    two[0].post("/people/account/devices/", {"end": "others"})
    assert [is_in(two[0]), is_in(two[1]), is_in(third)] == [True, False, False]

    fourth = signed_in_by_the_door(cast.patient)
    assert two[0].post("/people/account/devices/", {"end": "all"}).url == "/accounts/login/"

    assert [is_in(two[0]), is_in(fourth)] == [False, False]
    assert not UserSession.objects.filter(user=cast.patient).exists()


def test_changing_the_password_ends_the_other_sign_ins(two, cast):
    two[0].post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    assert [is_in(browser) for browser in two] == [True, False]
    assert "Your password was changed." in Message.objects.get(template="account_notice").text


def test_a_new_password_by_mail_ends_all_sign_ins(two, cast):
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": cast.patient.email})
    link = re.search(rf"{settings.SITE_URL}(/accounts/password/reset/key/\S+)", Message.objects.get().text)[1]

    form = browser.get(link).url
    browser.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert [is_in(one) for one in two] == [False, False]
    assert not is_in(browser), "the link sets a password; it signs nobody in"
    assert "This link is no longer good" in browser.get(link).content.decode(), "a link is good once"


@pytest.fixture
def later(monkeypatch):
    """`later(seconds)` moves the real time on; sign-ins do not go by the site's clock."""
    moment = [time.time()]
    monkeypatch.setattr("lms.people.sessions.time.time", lambda: moment[0])

    def move(seconds: float) -> None:
        moment[0] += seconds

    return move


@pytest.mark.parametrize(
    ("who", "away", "stays"),
    [
        ("patient", 13 * 3600, True),
        ("patient", 14 * DAY - 60, True),
        ("patient", 14 * DAY, False),
        ("coordinator", 12 * 3600 - 60, True),
        ("coordinator", 12 * 3600, False),
        ("lay_tutor", 13 * 3600, False),
    ],
)
def test_a_sign_in_that_nobody_uses_ends(who, away, stays, cast, signed_in, later):
    browser = signed_in(getattr(cast, who))
    later(away)

    assert is_in(browser) is stays
    if not stays:
        assert (
            "You were away for a while, so we signed you out."
            in browser.get("/accounts/login/").content.decode()
        )


def test_every_sign_in_ends_after_thirty_days(cast, signed_in, later):
    browser = signed_in(cast.patient)
    for _day in range(29):
        later(DAY)
        assert is_in(browser)
    later(DAY)

    assert not is_in(browser)


def test_without_the_limits_it_would_go_on(cast, signed_in, later, settings):
    """The negative control."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SessionLimits" not in name]
    browser = signed_in(cast.coordinator)
    later(40 * DAY)

    assert is_in(browser)


def test_being_there_is_noted_once_in_ten_minutes(cast, later):
    browser = signed_in_by_the_door(cast.patient)
    began = browser.session[BEGAN]

    def writes() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert is_in(browser)
        return len([sql for sql in asked if re.match("INSERT|UPDATE|DELETE", sql["sql"])])

    later(9 * 60)
    assert writes() == 0
    later(2 * 60)
    before = UserSession.objects.get(user=cast.patient).last_seen_at
    assert writes() == 2
    assert writes() == 0
    assert UserSession.objects.get(user=cast.patient).last_seen_at - before < timedelta(minutes=1)
    assert browser.session[SEEN] == began + 11 * 60 and browser.session[BEGAN] == began


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1",
            "Safari on an iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/120 Mobile Safari/537",
            "Chrome on an Android phone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/120 Safari/537 Edg/120",
            "Edge on a Windows computer",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko Firefox/120.0", "Firefox on a Linux computer"),
        ("curl/8", "A browser we do not know"),
        ("", "A browser we do not know"),
    ],
)
def test_a_device_in_words(agent, words):
    assert device_in_words(agent) == words
