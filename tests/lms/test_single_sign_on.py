"""Single sign-on, against a real provider in a server of its own; and against one that lies or is not there."""

import base64
import json
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from lms.notifications.models import Message
from lms.people import second_step
from lms.people.models import Audience, Role, User
from lms.people.single_sign_on import OpenIDAdapter
from tests.factories import RoleFactory
from tests.factories.people import PASSWORD, TOTP_SECRET
from tests.lms.test_second_step import ASKED, SET_UP, code_at, no_code_was_used_before  # noqa: F401 (a fixture)
from tests.smtp_sink import free_port

pytestmark = pytest.mark.django_db
BEGIN = "/accounts/oidc/trust/login/"
BACK = "/accounts/oidc/trust/login/callback/"
SIGN_UP = "/accounts/3rdparty/signup/"
PLAIN = "Signing on did not work"


@pytest.fixture(scope="module")
def provider():
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def site_with(address: str) -> dict:
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "trust", "name": "Trust sign-on", "client_id": "site", "secret": "of-the-site",
                    "settings": {"server_url": address, "oauth_pkce_enabled": True},
                }
            ],
        }
    }  # fmt: skip


@pytest.fixture
def site(settings, provider):
    settings.SOCIALACCOUNT_PROVIDERS = site_with(provider)
    return provider


def knows(provider: str, sub: str, **claims) -> None:
    requests.put(f"{provider}/users/{sub}", json=claims, timeout=5).raise_for_status()


def begin(client: Client) -> str:
    answer = client.post(BEGIN)
    assert answer.status_code == 302
    return answer.url


def agree(address: str, sub: str) -> str:
    """The person agrees at the provider: the way back that it names."""
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def sign_on(client: Client, sub: str):
    return client.get(agree(begin(client), sub))


def make_account(client: Client, **changes):
    return client.post(
        SIGN_UP,
        {"first_name": "Amina", "last_name": "Hart", "audience": "patient", "email": "amina@trust.example"}
        | changes,
    )


def test_the_button_stands_where_the_site_has_a_provider(client, site):
    page = client.get("/accounts/login/").content.decode()

    assert "Sign in with Trust sign-on" in page and f'action="{BEGIN}"' in page


def test_without_a_provider_there_is_no_button_and_no_door(client):
    assert "/accounts/oidc/" not in client.get("/accounts/login/").content.decode()
    for address in (BEGIN, BACK):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_a_new_person_signs_up_and_signs_in_again(client, site):
    knows(site, "1", email="amina@trust.example", email_verified=True, given_name="Amina", family_name="Hart")

    assert sign_on(client, "1").url == SIGN_UP
    page = client.get(SIGN_UP)
    assert page.context["form"].initial == {
        "email": "amina@trust.example", "username": "", "first_name": "Amina", "last_name": "Hart",
    }  # fmt: skip
    assert "password" not in page.content.decode().split("<main")[1].split("</main")[0].lower()
    assert make_account(client).url == "/my/"

    person = User.objects.get()
    assert (person.first_name, person.audience, person.email) == (
        "Amina",
        Audience.PATIENT,
        "amina@trust.example",
    )
    assert not person.has_usable_password()
    assert EmailAddress.objects.get().verified
    assert SocialAccount.objects.get().extra_data == {}, "nothing of the provider's answer is kept"

    again = Client()
    assert sign_on(again, "1").url == "/my/"
    assert again.get("/my/").context["user"] == person
    assert User.objects.count() == 1


def test_what_is_sent_to_the_provider(client, site):
    asked = parse_qs(urlsplit(begin(client)).query)

    assert set(asked) == {
        "client_id", "redirect_uri", "scope", "response_type", "state", "nonce", "code_challenge", "code_challenge_method",
    }  # fmt: skip
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert len(asked["nonce"][0]) >= 32 and len(asked["state"][0]) >= 16


def test_nobody_is_sent_off_by_a_link_nor_with_words_of_a_link(client, site):
    assert client.get(BEGIN).url == "/accounts/login/"
    assert client.get("/accounts/3rdparty/").url.startswith("/accounts/login/")

    asked = client.post(f"{BEGIN}?auth_params=redirect_uri%3Dhttps%3A%2F%2Fevil.example&scope=admin").url

    assert "evil.example" not in asked and "admin" not in asked
    assert client.post(f"{BEGIN}?next=https://evil.example/").status_code == 302


@pytest.mark.parametrize("said", [False, "false", "true", 1, None])
def test_an_address_that_is_not_plainly_confirmed_has_to_be_confirmed_here(said, client, site):
    knows(site, f"unconfirmed-{said}", email="amina@trust.example", email_verified=said)

    sign_on(client, f"unconfirmed-{said}")
    assert make_account(client).url == "/accounts/confirm-email/"

    assert not EmailAddress.objects.get().verified
    assert client.get("/my/").status_code == 302
    assert Message.objects.get().template == "confirm_address"


def test_another_address_than_the_confirmed_one_has_to_be_confirmed(client, site):
    knows(site, "other", email="amina@trust.example", email_verified=True)

    sign_on(client, "other")
    make_account(client, email="somebody@example.org")

    assert not EmailAddress.objects.get(email="somebody@example.org").verified


def test_an_account_with_the_same_address_is_not_taken_over(client, site, cast):
    """Even where the provider says that the address is confirmed. Its owner is told how to connect the two."""
    knows(site, "taker", email=cast.patient.email, email_verified=True)

    assert sign_on(client, "taker").url == SIGN_UP
    answer = make_account(client, email=cast.patient.email)

    assert answer.url == "/accounts/confirm-email/", "it looks as for a new address"
    assert client.get("/my/").status_code == 302
    assert not SocialAccount.objects.exists()
    mail = Message.objects.get()
    assert (mail.template, mail.address) == ("account_exists", cast.patient.email)


def test_the_owner_connects_it_signed_in(client, site, cast):
    knows(site, "owner", email="elsewhere@trust.example", email_verified=True)
    client.post("/accounts/login/", {"login": cast.patient.email, "password": PASSWORD})

    assert sign_on(client, "owner").url == "/accounts/3rdparty/"

    assert SocialAccount.objects.get().user == cast.patient
    assert "connected with a single sign-on" in Message.objects.get(template="account_notice").text
    other = Client()
    assert sign_on(other, "owner").url == "/my/"
    assert other.get("/my/").context["user"] == cast.patient
    client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


def test_a_sign_in_from_long_ago_shows_first_that_it_is_still_them(signed_in, site, cast):
    knows(site, "desk", email="desk@trust.example", email_verified=True)
    browser = signed_in(cast.patient)

    assert sign_on(browser, "desk").url == "/accounts/reauthenticate/"

    assert not SocialAccount.objects.exists()


def test_a_sign_on_of_another_account_is_refused(client, site, cast):
    knows(site, "theirs", email="theirs@trust.example", email_verified=True)
    SocialAccount.objects.create(user=cast.outsider, provider="trust", uid="theirs")
    client.post("/accounts/login/", {"login": cast.patient.email, "password": PASSWORD})

    answer = client.get(sign_on(client, "theirs").url)

    assert "This sign-on belongs to another account here." in answer.content.decode()
    assert SocialAccount.objects.get().user == cast.outsider


def test_the_second_step_is_asked_all_the_same(client, site, cast):
    knows(site, "tutor", email=cast.lay_tutor.email, email_verified=True)
    SocialAccount.objects.create(user=cast.lay_tutor, provider="trust", uid="tutor")

    assert sign_on(client, "tutor").url == ASKED
    assert client.get("/my/").status_code == 302
    assert client.post(ASKED, {"code": code_at()}).url == "/my/"


def test_a_role_without_a_second_step_is_led_to_it(client, site):
    person = RoleFactory(kind=Role.Kind.COORDINATOR, second_step=False).person
    knows(site, "new-coordinator", email=person.email, email_verified=True)
    SocialAccount.objects.create(user=person, provider="trust", uid="new-coordinator")

    sign_on(client, "new-coordinator")

    assert client.get("/my/").url == SET_UP


def test_a_closed_account_stays_closed(client, site, cast):
    knows(site, "closed", email=cast.patient.email, email_verified=True)
    SocialAccount.objects.create(user=cast.patient, provider="trust", uid="closed")
    User.objects.filter(pk=cast.patient.pk).update(is_active=False)

    assert sign_on(client, "closed").url == "/accounts/inactive/"
    assert client.get("/my/").status_code == 302


# ------------------------------------------------------- what does not fit together


def refused(answer) -> bool:
    return answer.status_code == 401 and PLAIN in answer.content.decode() and not User.objects.exists()


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(client, site):
    """Somebody else's way back, sent as a link: it would sign the victim in as the attacker."""
    knows(site, "attacker", email="attacker@trust.example", email_verified=True)
    way_back = agree(begin(Client()), "attacker")

    assert refused(client.get(way_back))


@pytest.mark.parametrize(
    "change", [r"state=[^&]+|state=made-up", r"state=[^&]+|", r"code=[^&]+|code=made-up", r"code=[^&]+|"]
)
def test_a_way_back_that_was_changed_is_refused(change, client, site):
    knows(site, "changed", email="changed@trust.example", email_verified=True)
    pattern, instead = change.split("|")

    assert refused(client.get(re.sub(pattern, instead, agree(begin(client), "changed"))))


def test_the_same_way_back_twice_is_refused(client, site):
    knows(site, "twice", email="twice@trust.example", email_verified=True)
    way_back = agree(begin(client), "twice")
    client.get(way_back)

    assert refused(client.get(way_back))


def test_an_answer_to_another_question_is_refused(client, site):
    """The nonce: a token that was made for another sign-on does not fit, though all else does."""
    knows(site, "nonce", email="nonce@trust.example", email_verified=True)
    asked = re.sub(r"nonce=[^&]+", "nonce=of-another-sign-on", begin(client))

    assert refused(client.get(agree(asked, "nonce")))


def test_the_nonce_is_what_refuses_it(client, site, monkeypatch):
    """The negative control: without the comparison the same answer gets in."""
    monkeypatch.setattr("lms.people.single_sign_on.constant_time_compare", lambda one, other: True)
    knows(site, "control", email="control@trust.example", email_verified=True)
    asked = re.sub(r"nonce=[^&]+", "nonce=of-another-sign-on", begin(client))

    assert client.get(agree(asked, "control")).url == SIGN_UP


def test_two_answers_about_two_people_are_refused(client, site, monkeypatch):
    knows(site, "one", email="one@trust.example", email_verified=True)
    monkeypatch.setattr(
        OpenIDAdapter, "_fetch_user_info", lambda self, token: {"sub": "two", "email": "two@trust.example"}
    )

    assert refused(sign_on(client, "one"))


def forged(payload: dict, algorithm: str) -> str:
    def part(value: dict) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': algorithm, 'kid': 'made-up'})}.{part(payload)}.{'' if algorithm == 'none' else 'c2ln'}"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
def test_a_token_that_the_provider_did_not_sign_is_refused(algorithm, client, site, monkeypatch):
    real = OpenIDAdapter.get_access_token_data

    def tampered(self, *args, **kwargs):
        data = real(self, *args, **kwargs)
        payload = json.loads(base64.urlsafe_b64decode(data["id_token"].split(".")[1] + "=="))
        return data | {"id_token": forged(payload | {"sub": "somebody-else"}, algorithm)}

    monkeypatch.setattr(OpenIDAdapter, "get_access_token_data", tampered)
    knows(site, "forged", email="forged@trust.example", email_verified=True)

    assert refused(sign_on(client, "forged"))


@pytest.mark.parametrize("token", [None, "", "not.a.token", {"a": 1}])
def test_a_token_that_is_none_is_refused(token, client, site, monkeypatch):
    real = OpenIDAdapter.get_access_token_data
    monkeypatch.setattr(
        OpenIDAdapter,
        "get_access_token_data",
        lambda self, *a, **k: real(self, *a, **k) | {"id_token": token},
    )
    knows(site, "none", email="none@trust.example", email_verified=True)

    assert refused(sign_on(client, "none"))


def test_who_changes_their_mind_is_told_that_nothing_happened(client, site):
    answer = requests.post(begin(client), data={"action": "deny"}, allow_redirects=False, timeout=5)
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    assert "access_denied" in answer.headers["Location"]

    page = client.get(f"{BACK}?error=access_denied&state={state}", follow=True)

    assert page.status_code == 200 and "You stopped signing on" in page.content.decode()


# ------------------------------------------------------------- a provider that is not there


def test_a_provider_that_is_down_gives_a_plain_page(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = site_with(f"http://localhost:{free_port()}")

    assert refused(client.post(BEGIN))
    assert refused(client.get(f"{BACK}?code=1&state=2"))


def test_a_provider_that_goes_down_on_the_way_gives_a_plain_page(client, site, settings):
    knows(site, "way", email="way@trust.example", email_verified=True)
    way_back = agree(begin(client), "way")
    settings.SOCIALACCOUNT_PROVIDERS = site_with(f"http://localhost:{free_port()}")

    assert refused(client.get(way_back))


@pytest.mark.parametrize("said", [b"", b"<html>", b"[]", b"null", b'{"issuer": 5}', b'"word"'])
def test_a_provider_that_talks_nonsense_gives_a_plain_page(said, client, site, monkeypatch):
    def get(self, *args, **kwargs):
        answer = requests.Response()
        answer.status_code, answer._content = 200, said
        return answer

    monkeypatch.setattr(requests.Session, "get", get)

    assert refused(client.post(BEGIN))


def test_a_provider_that_hangs_is_not_waited_for(client, settings):
    import socket

    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.5
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings.SOCIALACCOUNT_PROVIDERS = site_with(f"http://127.0.0.1:{deaf.getsockname()[1]}")
        began = time.monotonic()

        assert refused(client.post(BEGIN))

        assert time.monotonic() - began < 5


def test_no_server_is_fetched_that_an_app_in_the_database_names(client, site):
    from allauth.socialaccount.models import SocialApp

    SocialApp.objects.create(
        provider="openid_connect", provider_id="evil", name="Evil", client_id="x",
        settings={"server_url": "http://evil.example"},
    )  # fmt: skip

    assert client.post("/accounts/oidc/evil/login/").status_code == 404
    assert client.post(BEGIN).url.startswith(site)


def test_the_second_step_of_a_patient_counts_too(client, site, cast):
    second_step.keep_secret(cast.patient, TOTP_SECRET)
    SocialAccount.objects.create(user=cast.patient, provider="trust", uid="patient")
    knows(site, "patient", email=cast.patient.email, email_verified=True)

    assert sign_on(client, "patient").url == ASKED
