"""The second step: needed by all but patients, wherever they go; codes of an app, codes on paper; and losing it."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.notifications.models import Message
from lms.people import second_step
from lms.people.models import Role
from lms.people.services import end_role
from lms.people.services.second_step import reset_second_step
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.people import PASSWORD, TOTP_SECRET

pytestmark = pytest.mark.django_db
SET_UP = "/people/account/second-step/"
ASKED = "/accounts/2fa/authenticate/"


@pytest.fixture(autouse=True)
def no_code_was_used_before():
    """Codes that were used are remembered by person; people of the next test have the same numbers."""
    cache.clear()


def code_at(steps: int = 0, secret: str = TOTP_SECRET) -> str:
    """What the app shows now, or so many half minutes away."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def wrong_code() -> str:
    known = {code_at(steps) for steps in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in known)


def sign_in(client: Client, person) -> str:
    return client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).url


def without_second_step(kind: str, **more):
    return RoleFactory(kind=kind, second_step=False, **more).person


EVERY_ROLE = sorted(set(Role.Kind.values) - {"patient"})


@pytest.mark.parametrize("kind", EVERY_ROLE)
def test_whoever_holds_a_role_is_led_to_set_up_their_second_step(kind, signed_in):
    browser = signed_in(without_second_step(kind))

    for address in (
        "/my/",
        "/privacy/",
        "/coaching/",
        "/certificates/",
        "/workshops/mine/",
        "/cms/",
        "/cms/pages/",
    ):
        answer = browser.get(address)
        assert (answer.status_code, answer.headers.get("Location")) == (302, SET_UP), address
    page = browser.get(SET_UP)
    assert page.status_code == 200
    assert "a password alone is not enough" in page.content.decode()


@pytest.mark.parametrize("kind", EVERY_ROLE)
def test_with_a_second_step_the_doors_open(kind, signed_in):
    """The control of the gate, and that it is the second step that counts."""
    browser = signed_in(RoleFactory(kind=kind).person)

    assert browser.get("/my/").status_code == 200
    assert browser.get(SET_UP).url == "/my/"


def test_what_stays_open_before(signed_in):
    browser = signed_in(without_second_step("coordinator"))

    for address in (
        "/", "/help-now/", "/learn/", "/workshops/", "/people/account/", "/people/account/devices/",
        "/accounts/2fa/", "/accounts/email/", "/accounts/password/change/", "/accounts/logout/",
    ):  # fmt: skip
        assert browser.get(address).status_code == 200, address


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
@pytest.mark.parametrize("address", ["/cms/", "/django-admin/", "/django-admin/people/user/", "/cms/pages/"])
def test_the_admins_are_guarded_for_staff_without_a_role(flag, address, signed_in):
    person = UserFactory(**{flag: True})

    answer = signed_in(person).get(address)

    assert (answer.status_code, answer.url) == (302, SET_UP)


def test_staff_with_a_second_step_get_in(signed_in):
    person = UserFactory(is_staff=True, is_superuser=True)
    second_step.keep_secret(person, TOTP_SECRET)

    assert signed_in(person).get("/django-admin/").status_code == 200
    assert signed_in(person).get("/cms/").status_code == 200


def test_without_the_gate_they_would_walk_in(signed_in, settings):
    """The negative control of all of the above."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SecondStep" not in name]
    browser = signed_in(without_second_step("coordinator"))

    assert browser.get("/people/").status_code == 200


def test_a_patient_needs_none_and_pays_nothing(signed_in, cast):
    browser = signed_in(cast.patient)
    browser.get("/my/")

    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/my/").status_code == 200

    assert [
        query["sql"] for query in asked if 'FROM "mfa_authenticator"' in query["sql"].split("EXISTS")[0]
    ] == []
    assert len([query for query in asked if "people_role" in query["sql"]]) == 1


def test_a_role_that_has_ended_asks_for_nothing(signed_in, cast):
    person = without_second_step("lay_tutor", organisation=cast.organisation)
    end_role(role=person.roles.get(), ended_by=cast.coordinator)

    assert signed_in(person).get("/my/").status_code == 200


def test_a_role_given_while_signed_in_counts_at_the_next_request(signed_in, cast):
    browser = signed_in(cast.patient)
    assert browser.get("/privacy/").status_code == 200

    RoleFactory(person=cast.patient, kind="author", organisation=cast.organisation, second_step=False)

    assert browser.get("/privacy/").url == SET_UP


def test_what_was_typed_is_kept_and_the_way_on_leads_back(signed_in):
    browser = signed_in(without_second_step("professional"))
    mark = browser.get("/people/account/").content.decode().split('name="whose" value="')[1].split('"')[0]

    answer = browser.post("/privacy/people/invite/", {"email": "amina@example.org", "whose": mark})

    assert answer.url == SET_UP
    person = Role.objects.get(kind="professional").person
    second_step.keep_secret(person, TOTP_SECRET)
    assert browser.get(SET_UP).url == "/privacy/people/invite/"
    assert "amina@example.org" in browser.get("/privacy/people/invite/").content.decode()


def test_signing_in_asks_for_the_code(client, cast):
    assert sign_in(client, cast.lay_tutor) == ASKED
    assert client.get("/my/").url == "/accounts/login/?next=/my/"

    refused = client.post(ASKED, {"code": wrong_code()})
    assert "This code is not right." in refused.content.decode()
    assert client.get("/my/").status_code == 302

    assert client.post(ASKED, {"code": code_at()}).url == "/my/"
    assert client.get("/my/").status_code == 200


def test_a_patient_who_chose_a_second_step_is_asked_too(client, cast):
    second_step.keep_secret(cast.patient, TOTP_SECRET)

    assert sign_in(client, cast.patient) == ASKED


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_is_good_once_within_its_tolerance(steps, cast, monkeypatch):
    """A clock half a minute out is forgiven. The same digits a second time are not, nor those of a minute ago."""
    moment = [time.time()]
    monkeypatch.setattr(time, "time", lambda: moment[0])
    code = code_at(steps)

    def try_it() -> bool:
        browser = Client()
        assert sign_in(browser, cast.lay_tutor) == ASKED
        return browser.post(ASKED, {"code": code}).status_code == 302

    assert try_it()
    assert not try_it()
    moment[0] += 31
    assert not try_it()


def test_a_code_from_long_ago_or_not_yet_is_refused(client, cast):
    sign_in(client, cast.lay_tutor)

    for steps in (-3, 3):
        assert client.post(ASKED, {"code": code_at(steps)}).status_code == 200


def test_the_whole_set_up(client, django_capture_on_commit_callbacks):
    """From the gate by way of the app to the codes on paper, and back to where one was going."""
    person = without_second_step("lay_tutor")
    elsewhere = Client()
    for browser in (client, elsewhere):
        assert sign_in(browser, person) == "/my/"
    assert client.get("/privacy/").url == SET_UP
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode() and "data:image/svg+xml;base64," in page.content.decode()

    assert "not right" in client.post("/accounts/2fa/totp/activate/", {"code": "12"}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/2fa/totp/activate/", {"code": code_at(secret=secret)})

    assert answer.url == "/accounts/2fa/recovery-codes/"
    codes = client.get(answer.url)
    assert len(codes.context["unused_codes"]) == 10
    assert all(code in codes.content.decode() for code in codes.context["unused_codes"])
    again = client.get(answer.url).content.decode()
    assert not [code for code in codes.context["unused_codes"] if code in again], "shown once"
    assert client.get(SET_UP).url == "/privacy/"
    assert client.get("/privacy/").status_code == 200
    assert elsewhere.get("/people/account/").status_code == 302, "what began with a password alone has ended"
    assert Message.objects.filter(template="account_notice", to=person).count() == 1
    assert "An app with codes was set up" in Message.objects.get(template="account_notice").text


def test_a_code_on_paper_is_good_once(client, cast, django_capture_on_commit_callbacks):
    sign_in(client, cast.lay_tutor)
    client.post(ASKED, {"code": code_at()})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/recovery-codes/generate/")
    code = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"][3]
    client.post("/accounts/logout/")

    sign_in(client, cast.lay_tutor)
    assert client.post(ASKED, {"code": code}).url == "/my/"
    client.post("/accounts/logout/")
    sign_in(client, cast.lay_tutor)
    assert client.post(ASKED, {"code": code}).status_code == 200
    assert client.get("/my/").status_code == 302


def test_changing_it_asks_again_whether_it_is_still_you(signed_in, cast):
    """A browser left open on a desk changes nothing."""
    browser = signed_in(cast.lay_tutor)

    for address in (
        "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/webauthn/add/",
    ):  # fmt: skip
        assert browser.get(address).url.startswith("/accounts/reauthenticate/"), address
    assert browser.post("/accounts/email/", {"action_add": "", "email": "new@example.org"}).url.startswith(
        "/accounts/reauthenticate/"
    )

    again = browser.get("/accounts/2fa/totp/deactivate/").url
    assert browser.post(again, {"password": "not-their-password"}).status_code == 200
    assert browser.post(again, {"password": PASSWORD}).url == "/accounts/2fa/totp/deactivate/"
    assert browser.get("/accounts/2fa/totp/deactivate/").status_code == 200


def test_taking_the_last_one_away_leads_back_to_the_gate(client, cast):
    sign_in(client, cast.lay_tutor)
    client.post(ASKED, {"code": code_at()})

    client.post("/accounts/2fa/totp/deactivate/")

    assert client.get("/my/").url == SET_UP
    assert Role.objects.in_force().filter(person=cast.lay_tutor).exists(), "the role is theirs all the same"


def test_secrets_are_encrypted_where_they_lie(cast, settings):
    kept = Authenticator.objects.get(user=cast.lay_tutor).data["secret"]

    assert TOTP_SECRET not in kept
    assert second_step.decrypt(kept) == TOTP_SECRET


def test_a_new_key_opens_what_the_old_one_closed(cast, settings):
    old = second_step.encrypt("of the key made from SECRET_KEY")
    settings.MFA_KEYS = ["first-key-of-the-site-0123456789"]
    first = second_step.encrypt("of the first key")
    settings.MFA_KEYS = ["second-key-of-the-site-012345678", "first-key-of-the-site-0123456789"]

    assert second_step.decrypt(first) == "of the first key"
    assert second_step.decrypt(old) == "of the key made from SECRET_KEY"
    settings.MFA_KEYS = ["another-key"]
    with pytest.raises(second_step.InvalidToken):
        second_step.decrypt(first)


@pytest.fixture
def lost(cast, client):
    """A lay tutor who is signed in on one device, and has lost the phone with the app."""
    sign_in(client, cast.lay_tutor)
    client.post(ASKED, {"code": code_at()})
    return client


def test_a_coordinator_opens_the_way_for_somebody_who_lost_it(cast, lost):
    assert (
        reset_second_step(person=cast.lay_tutor, by=cast.coordinator, reason="Called back, knew her dates")
        == 1
    )

    assert not Authenticator.objects.filter(user=cast.lay_tutor).exists()
    assert lost.get("/my/").url == "/accounts/login/?next=/my/"
    assert sign_in(lost, cast.lay_tutor) == "/my/"
    assert lost.get("/my/").url == SET_UP
    entry = Entry.objects.get(act="reset second step")
    assert (entry.actor, entry.subject, entry.purpose) == (
        cast.coordinator, cast.lay_tutor, "Called back, knew her dates",
    )  # fmt: skip
    mail = Message.objects.get(template="second_step_reset")
    assert mail.to == cast.lay_tutor and "tell another coordinator now" in mail.text


def test_who_may_not_reset(cast):
    elsewhere = RoleFactory(kind="coordinator", organisation=OrganisationFactory()).person
    for by, person, sentence in [
        (cast.coordinator, cast.coordinator, "Ask another coordinator"),
        (elsewhere, cast.lay_tutor, "Only a coordinator of an organisation"),
        (cast.lay_tutor, cast.clinical_tutor, "Only a coordinator of an organisation"),
        (cast.coordinator, cast.patient, "Only a coordinator of an organisation"),
        (cast.clinical_tutor, cast.coordinator, "Only a coordinator of an organisation"),
    ]:
        with pytest.raises(RuleBroken, match=sentence):
            reset_second_step(person=person, by=by, reason="Called back")
    with pytest.raises(RuleBroken, match="how you made sure"):
        reset_second_step(person=cast.lay_tutor, by=cast.coordinator, reason="  ")
    assert Authenticator.objects.filter(user=cast.lay_tutor).exists()


def test_another_coordinator_resets_a_coordinators(cast):
    second = RoleFactory(kind="coordinator", organisation=cast.organisation).person

    assert reset_second_step(person=cast.coordinator, by=second, reason="Stood before me") == 1
