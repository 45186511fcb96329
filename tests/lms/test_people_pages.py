"""The pages on which people are helped in, tie up, and stop sharing."""

import uuid
from datetime import UTC, datetime

import pytest

from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.notifications.models import Message
from lms.people import sharing
from lms.people.models import CareTie, Consent, Role, User
from lms.people.queries import holds_role
from lms.people.services import MOST_INVITATIONS_A_DAY, end_tie
from lms.people.sharing import Shareable, register_shareable
from tests.factories import OrganisationFactory, RoleFactory


@pytest.fixture(autouse=True)
def a_thing_to_share(monkeypatch):
    """One more thing that can be shared, in these tests only."""
    monkeypatch.setattr(sharing, "_shareables", dict(sharing._shareables))
    register_shareable(Shareable("test.thing", "A thing", "They may see the thing."))


ROLE_FORM = {
    "kind": "clinical_tutor",
    "starts_on_day": "5",
    "starts_on_month": "1",
    "starts_on_year": "2026",
    "register": "Nursing register",
    "number": "12A3456E",
    "seen_on_day": "4",
    "seen_on_month": "1",
    "seen_on_year": "2026",
    "renew_on_day": "4",
    "renew_on_month": "1",
    "renew_on_year": "2036",
}


VETTING_FORM = {
    "kind": "dbs_enhanced",
    "decision": "may",
    "seen_on_day": "4",
    "seen_on_month": "1",
    "seen_on_year": "2026",
    "renew_on_day": "4",
    "renew_on_month": "1",
    "renew_on_year": "2036",
}


def find(browser, person):
    """Found by exact address, the person may be opened."""
    return browser.post("/people/", {"who": person.email or person.sign_in_name}, follow=True)


def test_coordinator_finds_a_person_and_gives_a_checked_role(cast, signed_in):
    browser = signed_in(cast.coordinator)

    found = find(browser, cast.outsider)
    assert cast.outsider.display_name in found.text
    browser.post(f"/people/{cast.outsider.public_id}/vetting/", VETTING_FORM)
    answer = browser.post(f"/people/{cast.outsider.public_id}/", ROLE_FORM)

    assert answer.status_code == 302
    role = Role.objects.get(person=cast.outsider)
    assert (role.kind, role.given_by, role.check_seen.number) == (
        "clinical_tutor",
        cast.coordinator,
        "12A3456E",
    )


def test_clinical_role_without_the_check_names_each_missing_field(cast, signed_in):
    browser = signed_in(cast.coordinator)
    find(browser, cast.outsider)
    page = browser.post(
        f"/people/{cast.outsider.public_id}/", ROLE_FORM | {"register": "", "number": ""}
    ).text

    assert "Write which professional register you looked at." in page
    assert "Write the registration number you saw." in page
    assert not Role.objects.filter(person=cast.outsider).exists()


def test_coordinator_sees_no_sign_of_who_is_a_patient(cast, signed_in):
    page = find(signed_in(cast.coordinator), cast.outsider).text

    assert cast.outsider.display_name in page
    assert "I live with a condition" not in page
    assert Entry.objects.filter(subject=cast.outsider, verb="looked", actor=cast.coordinator).count() == 1


@pytest.mark.parametrize("who", ["patient", "professional", "lay_tutor", "clinical_tutor", "outsider"])
def test_coordinators_pages_are_not_there_for_others(cast, signed_in, who):
    browser = signed_in(getattr(cast, who))

    assert browser.get("/people/").status_code == 404
    assert browser.post(f"/people/{cast.outsider.public_id}/", ROLE_FORM).status_code == 404
    assert not Role.objects.filter(person=cast.outsider).exists()


def test_coordinator_cannot_end_a_role_of_another_organisation(cast, signed_in):
    role = RoleFactory(person=cast.outsider, kind=Role.Kind.LAY_TUTOR, organisation=OrganisationFactory())
    browser = signed_in(cast.coordinator)
    find(browser, cast.outsider)

    browser.post(f"/people/{cast.outsider.public_id}/", {"end": role.pk})

    assert holds_role(cast.outsider, Role.Kind.LAY_TUTOR)


def invited(cast, signed_in) -> CareTie:
    signed_in(cast.patient).post("/privacy/people/invite/", {"email": cast.professional.email})
    return CareTie.objects.get()


def test_two_people_tie_up_share_and_stop_by_browser(cast, signed_in):
    tie = invited(cast, signed_in)
    patient, professional = signed_in(cast.patient), signed_in(cast.professional)

    assert "Amina" in professional.get("/privacy/people/").content.decode()
    professional.post(f"/privacy/people/{tie.public_id}/answer/", {"accept": "1"})
    here = f"/privacy/people/{tie.public_id}/"
    assert "Riverside Clinic" in patient.get(here).content.decode(), "who confirmed the role is shown"
    patient.post(here, {"do": "share", "what": "test.thing"})
    assert Consent.objects.in_force().get().words == "They may see the thing."
    patient.post(here, {"do": "stop", "what": "test.thing"})
    assert not Consent.objects.in_force().exists()
    patient.post(here, {"do": "end"})

    assert patient.get(here).status_code == 404
    assert professional.get(here).status_code == 404


def test_outsider_can_neither_see_nor_answer_a_tie(cast, signed_in):
    tie = invited(cast, signed_in)
    outsider = signed_in(cast.outsider)

    assert outsider.post(f"/privacy/people/{tie.public_id}/answer/", {"accept": "1"}).status_code == 404
    assert outsider.get(f"/privacy/people/{tie.public_id}/").status_code == 404
    assert outsider.get(f"/privacy/people/{uuid.uuid4()}/").status_code == 404
    # The control: the one it was meant for gets through by the same request.
    answer = signed_in(cast.professional).post(f"/privacy/people/{tie.public_id}/answer/", {"accept": "1"})
    assert answer.status_code == 302 and CareTie.objects.in_force().get() == tie


def test_inviting_says_the_same_whether_an_account_exists_or_not(cast, signed_in):
    browser = signed_in(cast.patient)

    known = browser.post("/privacy/people/invite/", {"email": cast.professional.email}, follow=True)
    unknown = browser.post("/privacy/people/invite/", {"email": "nobody@example.org"}, follow=True)

    sentence = "We have sent the invitation."
    assert sentence in known.content.decode() and sentence in unknown.content.decode()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "Enter their email address"),
        ("nurse", "email address"),
        ("a@" + "b" * 300 + ".org", "email address"),
        ("nurse\x00@example.org", ""),
        ("<b>@example.org", ""),
    ],
)
def test_a_bad_address_gets_a_sentence(cast, signed_in, value, sentence):
    page = signed_in(cast.patient).post("/privacy/people/invite/", {"email": value})

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert CareTie.objects.count() == 0


def test_person_changes_their_name_but_not_their_role(cast, signed_in):
    signed_in(cast.patient).post(
        "/people/account/",
        {"first_name": "Aminah", "last_name": "Hart", "audience": "professional", "is_staff": "1"},
    )

    person = User.objects.get(pk=cast.patient.pk)
    assert (person.first_name, person.audience, person.is_staff) == ("Aminah", "professional", False)
    assert not person.roles.exists()


def test_a_role_of_another_organisation_is_not_there_to_end(cast, signed_in):
    """The same answer as for a number that no role has."""
    role = RoleFactory(person=cast.outsider, kind=Role.Kind.LAY_TUTOR, organisation=OrganisationFactory())
    own = RoleFactory(person=cast.outsider, kind=Role.Kind.LAY_TUTOR, organisation=cast.organisation)
    here, browser = f"/people/{cast.outsider.public_id}/", signed_in(cast.coordinator)

    answers = [browser.post(here, {"end": end}).status_code for end in (role.pk, 987654321, "x", own.pk)]

    assert answers == [404, 404, 404, 302]


def test_finding_somebody_is_a_look_that_they_see(cast, signed_in):
    find(signed_in(cast.coordinator), cast.outsider)

    looks = Entry.objects.filter(subject=cast.outsider, verb="looked")
    assert [look.actor for look in looks] == [cast.coordinator]


def test_somebody_without_a_name_is_not_called_by_their_address(cast, signed_in):
    User.objects.filter(pk=cast.lay_tutor.pk).update(first_name="", last_name="")

    page = signed_in(cast.coordinator).get("/people/").text

    assert "No name given" in page and cast.lay_tutor.email not in page


def test_invitations_have_an_end_for_today(cast, signed_in, at):
    at(datetime(2026, 3, 2, 9, tzinfo=UTC))
    browser = signed_in(cast.patient)
    for number in range(MOST_INVITATIONS_A_DAY):
        browser.post("/privacy/people/invite/", {"email": f"nurse{number}@example.org"})

    refused = browser.post("/privacy/people/invite/", {"email": "one-more@example.org"})

    assert "You can send more tomorrow." in refused.text
    assert CareTie.objects.count() == MOST_INVITATIONS_A_DAY
    at(datetime(2026, 3, 3, 10, tzinfo=UTC))
    assert browser.post("/privacy/people/invite/", {"email": "one-more@example.org"}).status_code == 302


def test_an_invitations_subject_says_nobodys_words(cast, signed_in):
    User.objects.filter(pk=cast.patient.pk).update(first_name="Buy now at", last_name="evil.example")

    signed_in(cast.patient).post("/privacy/people/invite/", {"email": "nurse@example.org"})

    assert Message.objects.get().subject == "Somebody would like to work with you"


def test_a_stranger_cannot_end_a_tie_by_any_way(cast, signed_in):
    tie = invited(cast, signed_in)

    with pytest.raises(RuleBroken):
        end_tie(tie=tie, person=cast.outsider)

    assert end_tie(tie=tie, person=cast.professional).ended_at is not None
