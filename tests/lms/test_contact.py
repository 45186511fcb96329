"""How somebody is reached: their own choice, or a coordinator's with them; and never a way that cannot reach them."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.people.models import Contact, Role
from lms.people.services.contact import change_contact
from tests.factories import OrganisationFactory, RoleFactory, UserFactory

MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
ADDRESS = "12 Mill Lane\nRiverside\nRV1 2AB"


@pytest.fixture
def amina(cast):
    """A patient of the coordinator's organisation."""
    RoleFactory(person=cast.patient, kind="patient", organisation=cast.organisation)
    return cast.patient


def test_a_person_chooses_letters_in_large_print(amina, signed_in, at):
    at(MONDAY)
    said = {"way": "letter", "address": ADDRESS, "large_print": "on", "once": uuid.uuid4()}

    answer = signed_in(amina).post("/privacy/needs/contact/", said, follow=True)

    contact = Contact.objects.get(person=amina)
    assert (contact.way, contact.address, contact.large_print) == ("letter", ADDRESS, True)
    assert (contact.may_leave_message, contact.changed_by, contact.changed_at) == (False, amina, MONDAY)
    assert "12 Mill Lane" in answer.content.decode()
    assert Entry.objects.get(act="changed way of contact").actor == amina


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"way": "letter"}, "Enter the address that we can write to."),
        ({"way": "call"}, "Enter a phone number that we can call."),
        ({"way": "call", "phone": "later"}, "Enter a phone number, like 01632 960 001."),
        ({"way": "call", "phone": "- - - - - -"}, "Enter a phone number, like 01632 960 001."),
        (
            {"way": "letter", "address": "\n".join("abcdefg")},
            "Use six lines or fewer, so that the address fits an envelope.",
        ),
        ({"way": "pigeon"}, "Choose one of the answers"),
        ({}, "Choose how we reach you."),
    ],
)
def test_a_way_that_cannot_reach_them_is_refused_beside_its_field(amina, signed_in, said, sentence):
    answer = signed_in(amina).post("/privacy/needs/contact/", said)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Contact.objects.exists()


def test_who_has_no_email_is_not_reached_by_email(db):
    person = UserFactory(email="", confirmed=False)

    with pytest.raises(RuleBroken, match="no email address here"):
        change_contact(person=person, by=person, way="mail")

    assert change_contact(person=person, by=person, way="call", phone="01632 960 001").way == "call"


@pytest.mark.parametrize("facts", [{"way": "letter"}, {"way": "call"}, {"way": "pigeon"}])
def test_the_database_refuses_it_too(amina, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(person=amina, **facts)


def test_their_coordinator_may_change_it_and_the_person_sees_that(amina, cast, signed_in):
    browser = signed_in(cast.coordinator)
    page = f"/people/{amina.public_id}/contact/"
    said = {"way": "call", "phone": "01632 960 001", "best_time": "mornings", "once": uuid.uuid4()}

    first, again = browser.post(page, said), browser.post(page, said)
    browser.get(page)

    assert (first.status_code, again.status_code) == (302, 302)
    assert Contact.objects.get(person=amina).changed_by == cast.coordinator
    assert Entry.objects.filter(act="changed way of contact", subject=amina).count() == 1
    looked = signed_in(amina).get("/privacy/looked/").content.decode()
    assert "To change how we reach you, with you" in looked


def test_another_organisations_coordinator_may_not(amina, cast, signed_in):
    other = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory()).person
    page = f"/people/{amina.public_id}/contact/"

    assert signed_in(other).get(page).status_code == 404
    assert signed_in(other).post(page, {"way": "call", "phone": "01632 960 001"}).status_code == 404
    with pytest.raises(RuleBroken, match="one of their coordinators"):
        change_contact(person=amina, by=other, way="call", phone="01632 960 001")
    # The control: the same page opens for the coordinator of their own.
    assert signed_in(cast.coordinator).get(page).status_code == 200


def test_when_the_role_has_ended_so_has_the_help(amina, cast, signed_in):
    Role.objects.filter(person=amina, kind="patient").update(ends_on="2026-02-01")

    assert signed_in(cast.coordinator).get(f"/people/{amina.public_id}/contact/").status_code == 404
