"""The way to be erased: shown first what goes and stays, asked once more who it is, and a word to type."""

import pytest

from lms.audit.services import record_act
from lms.people.models import Role, User
from lms.rights.models import Erasure, Hold
from tests.factories import RoleFactory, UserFactory
from tests.factories.people import PASSWORD


def proved(browser, address: str, data: dict[str, str]):
    answer = browser.post(address, data)
    assert answer.status_code == 302 and answer.url.startswith("/accounts/reauthenticate/")
    return browser.post(answer.url, {"password": PASSWORD})


def test_it_says_what_goes_and_what_stays_and_asks_who_it_is(cast, signed_in):
    browser = signed_in(cast.patient)
    page = browser.get("/privacy/your-data/erase/").content.decode()
    assert "What goes" in page and "What stays, and why" in page
    assert "A number stays, without a name or an address" in page
    assert "Your email addresses" in page

    answer = proved(browser, "/privacy/your-data/erase/", {"word": "Erase"})

    assert answer.status_code == 302 and answer.url == "/privacy/your-data/erase/"
    assert Erasure.objects.get(person=cast.patient).how == Erasure.Asked.SELF
    assert "You will be erased" in browser.get("/privacy/your-data/erase/").content.decode()
    browser.post("/privacy/your-data/erase/call-back/")
    assert Erasure.objects.get(person=cast.patient).called_back_at is not None


def test_a_wrong_word_or_no_proof_erases_nobody(cast, signed_in):
    browser = signed_in(cast.patient)

    answer = browser.post("/privacy/your-data/erase/", {"word": "yes"})

    assert "Type the word erase, with nothing else." in answer.content.decode()
    answer = signed_in(cast.patient).post("/privacy/your-data/erase/", {"word": "erase"})
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert not Erasure.objects.exists()


def test_what_stands_in_the_way_is_said_above_the_form(cast, signed_in):
    browser = signed_in(cast.patient)
    Hold.objects.create(person=cast.patient, reason="A court asks for it.", placed_by=cast.coordinator)

    answer = proved(browser, "/privacy/your-data/erase/", {"word": "erase"})

    assert "We must keep your data for now. The reason: A court asks for it." in answer.content.decode()


@pytest.fixture
def without_email(cast):
    person = UserFactory(email="", first_name="Nell", username="nell-1", confirmed=False)
    RoleFactory(person=person, kind=Role.Kind.PATIENT, organisation=cast.organisation)
    return person


def test_a_coordinator_helps_who_has_no_email(cast, signed_in, without_email):
    browser = signed_in(cast.coordinator)
    address = f"/records/people/{without_email.public_id}/erase/"
    assert "Erase the data of Nell" in browser.get(address).content.decode()

    browser.post(address, {"how": "letter"})
    assert not Erasure.objects.exists(), "not sure who asks"
    browser.post(address, {"how": "letter", "sure": "on"})
    found = Erasure.objects.get(person=without_email)
    assert (found.asked_by, found.how) == (cast.coordinator, "letter")
    browser.post(address, {"call_back": "1"})
    found.refresh_from_db()
    assert found.called_back_at is not None


def test_nobody_is_erased_by_a_coordinator_who_can_ask_themselves_or_is_elsewhere(
    cast, signed_in, without_email
):
    browser = signed_in(cast.coordinator)
    stranger = UserFactory(email="", username="stranger-1", confirmed=False)

    for person in (cast.patient, cast.professional, stranger):
        assert browser.get(f"/records/people/{person.public_id}/erase/").status_code == 404
    address = f"/records/people/{without_email.public_id}/erase/"
    assert signed_in(cast.professional).post(address, {"how": "letter", "sure": "on"}).status_code == 404
    assert User.objects.filter(is_active=False).count() == 0


def test_what_others_did_to_somebodys_account_is_told_to_them(cast, signed_in):
    record_act(actor=cast.coordinator, act="gave role", subject=cast.patient, obj=cast.patient)
    record_act(actor=cast.patient, act="ended role", subject=cast.patient)
    record_act(actor=cast.coordinator, act="marked register", subject=cast.patient)

    page = signed_in(cast.patient).get("/privacy/looked/").content.decode()

    assert f"{cast.coordinator.display_name} gave you a role." in page
    assert "ended a role" not in page and "marked register" not in page
    assert "gave you a role" not in signed_in(cast.outsider).get("/privacy/looked/").content.decode()
