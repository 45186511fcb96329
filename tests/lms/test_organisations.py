"""Organisations and localities, who coordinates them, roles that need two people, and whom a coordinator may open."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.people.models import Locality, Organisation, Role, RoleProposal, User
from lms.people.queries import holds_role, proposals_answerable_by
from lms.people.services import (
    add_locality,
    add_organisation,
    change_contact_details,
    change_organisation,
    confirm_role,
    decline_proposal,
    end_role,
    give_role,
    propose_role,
)
from tests.factories import OrganisationFactory, RoleFactory, UserFactory

TODAY = date(2027, 1, 4)


@pytest.fixture(autouse=True)
def monday(at):
    at(datetime(2027, 1, 4, 9, tzinfo=UTC))


@pytest.fixture
def noor(cast) -> User:
    """An administrator of the site."""
    return RoleFactory(kind=Role.Kind.ADMINISTRATOR, organisation=cast.organisation).person


@pytest.fixture
def second(cast) -> User:
    """Another coordinator of the same organisation."""
    return RoleFactory(kind=Role.Kind.COORDINATOR, organisation=cast.organisation).person


def proposed(cast, kind=Role.Kind.ADMINISTRATOR, **changes) -> RoleProposal:
    facts = {
        "person": cast.outsider,
        "kind": kind,
        "organisation": cast.organisation,
        "proposed_by": cast.coordinator,
        "starts_on": TODAY,
    }
    return propose_role(**(facts | changes))


# ---------------------------------------------------------------- roles that need two


@pytest.mark.parametrize("kind", Role.NEEDS_TWO)
def test_one_coordinator_alone_gives_no_role_that_opens_doors(cast, second, kind):
    with pytest.raises(RuleBroken, match="Two people give this role"):
        give_role(
            person=cast.outsider,
            kind=kind,
            organisation=cast.organisation,
            given_by=cast.coordinator,
            starts_on=TODAY,
        )
    proposal = proposed(cast, kind)
    assert not holds_role(cast.outsider, kind), "nothing is granted by proposing"

    confirm_role(proposal=proposal, confirmed_by=second)

    role = Role.objects.get(person=cast.outsider)
    assert (role.kind, role.given_by, role.proposal.answered_by) == (kind, cast.coordinator, second)


def test_neither_the_proposer_nor_the_person_nor_a_stranger_confirms(cast, second):
    stranger = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory()).person
    proposal = proposed(cast, Role.Kind.ADMINISTRATOR, person=second)

    for who in (cast.coordinator, second, stranger, cast.lay_tutor, cast.patient):
        with pytest.raises(RuleBroken, match="Somebody else has to confirm"):
            confirm_role(proposal=proposal, confirmed_by=who)
    with pytest.raises(RuleBroken, match="propose you"):
        proposed(cast, person=cast.coordinator)
    with pytest.raises(RuleBroken, match="Only a coordinator"):
        proposed(cast, proposed_by=stranger)
    assert not holds_role(second, Role.Kind.ADMINISTRATOR)


def test_with_an_administrator_only_another_administrator_makes_one(cast, second, noor):
    proposal = proposed(cast)

    with pytest.raises(RuleBroken, match="Somebody else has to confirm"):
        confirm_role(proposal=proposal, confirmed_by=second)
    # The control: while there is none, that same coordinator may.
    end_role(role=Role.objects.get(person=noor), ended_by=second)
    assert list(proposals_answerable_by(second)) == [proposal]
    confirm_role(proposal=proposal, confirmed_by=second)

    assert holds_role(cast.outsider, Role.Kind.ADMINISTRATOR)


def test_an_administrator_confirms_anywhere_and_gives_coordinators_alone(cast, noor):
    elsewhere = OrganisationFactory()
    role = confirm_role(proposal=proposed(cast), confirmed_by=noor)
    assert role.kind == Role.Kind.ADMINISTRATOR
    assert confirm_role(proposal=role.proposal, confirmed_by=noor) == role, "twice is once"

    facts = {"person": cast.outsider, "organisation": elsewhere, "given_by": noor, "starts_on": TODAY}
    give_role(kind=Role.Kind.COORDINATOR, **facts)
    assert holds_role(cast.outsider, Role.Kind.COORDINATOR, organisation=elsewhere)
    for kind in (Role.Kind.ADMINISTRATOR, Role.Kind.AUTHOR, Role.Kind.PATIENT):
        with pytest.raises(RuleBroken, match="Only a coordinator"):
            give_role(kind=kind, **facts)


def test_a_role_is_never_in_force_before_the_second_yes(cast, noor, at):
    proposal = proposed(cast, starts_on=date(2026, 1, 1))
    at(datetime(2027, 1, 6, 9, tzinfo=UTC))

    assert confirm_role(proposal=proposal, confirmed_by=noor).starts_on == date(2027, 1, 6)


def test_no_is_no_and_a_proposal_can_be_taken_back(cast, noor):
    first = proposed(cast)
    assert proposed(cast) == first, "proposed twice is once"
    decline_proposal(proposal=first, declined_by=noor)
    with pytest.raises(RuleBroken, match="answered this already"):
        confirm_role(proposal=RoleProposal.objects.get(), confirmed_by=noor)

    again = proposed(cast)
    decline_proposal(proposal=again, declined_by=cast.coordinator)
    assert RoleProposal.objects.filter(answered_at=None).count() == 0
    assert not holds_role(cast.outsider, Role.Kind.ADMINISTRATOR)


def test_the_database_refuses_one_person_for_two(cast, second):
    role = RoleFactory(person=cast.outsider, kind=Role.Kind.COORDINATOR, organisation=cast.organisation)
    facts = {"organisation": cast.organisation, "starts_on": TODAY, "kind": Role.Kind.COORDINATOR}

    def make(**more):
        with transaction.atomic():
            return RoleProposal.objects.create(**(facts | more))

    outsider, ruth = cast.outsider, cast.coordinator
    for wrong in (
        {"person": ruth, "proposed_by": ruth},
        {"person": outsider, "proposed_by": ruth, "answered_by": ruth, "role": role},
        {"person": outsider, "proposed_by": ruth, "answered_by": outsider, "role": role},
        {"person": outsider, "proposed_by": ruth, "role": role},
        {"person": outsider, "proposed_by": ruth, "kind": Role.Kind.AUTHOR},
    ):
        with pytest.raises(IntegrityError):
            make(**wrong)
    assert make(person=outsider, proposed_by=ruth, answered_by=second, role=role), "the control"


def test_proposing_and_confirming_by_browser(cast, second, signed_in):
    browser = signed_in(cast.coordinator)
    browser.post("/people/", {"who": cast.outsider.email})
    browser.post(
        f"/people/{cast.outsider.public_id}/",
        {
            "kind": "coordinator",
            "starts_on_day": "4",
            "starts_on_month": "1",
            "starts_on_year": "2027",
        },
    )
    proposal = RoleProposal.objects.get()
    answer = {"proposal": str(proposal.public_id), "answer": "yes"}

    assert "Waiting for somebody else to confirm." in browser.get("/people/confirm/").text
    assert browser.post("/people/confirm/", answer, follow=True).text.count("Somebody else has to confirm")
    assert signed_in(cast.lay_tutor).post("/people/confirm/", answer).status_code == 404
    theirs = signed_in(second)
    assert "A role waits for you to confirm it" in theirs.get("/my/").text
    assert theirs.post("/people/confirm/", {"proposal": "x", "answer": "yes"}).status_code == 404
    assert theirs.post("/people/confirm/", answer).url == "/people/confirm/"
    assert holds_role(cast.outsider, Role.Kind.COORDINATOR)


# ---------------------------------------------------------------- organisations and localities


def test_administrators_make_name_and_place_organisations(cast, noor):
    riverside = add_locality(name="Riverside", added_by=noor)
    made = add_organisation(name="Hilltop", added_by=noor, locality=riverside)
    change_organisation(
        organisation=made,
        changed_by=noor,
        name="Hilltop Practice",
        locality=None,
        contact_email="a@example.org",
        contact_phone="1",
    )

    made.refresh_from_db()
    assert (made.name, made.locality, made.contact_phone) == ("Hilltop Practice", None, "1")
    for again in (lambda: add_locality(name="RIVERSIDE", added_by=noor),):
        with pytest.raises(RuleBroken, match="already"):
            again()
    with pytest.raises(RuleBroken, match="Another organisation"):
        add_organisation(name="hilltop practice", added_by=noor)
    assert Entry.objects.filter(actor=noor, act="changed organisation").count() == 1


def test_a_coordinator_changes_only_how_their_own_is_reached(cast, noor):
    other = OrganisationFactory()
    contact = {"contact_email": "b@example.org", "contact_phone": "01632 960222"}

    change_contact_details(organisation=cast.organisation, changed_by=cast.coordinator, **contact)
    with pytest.raises(RuleBroken, match="Only a coordinator"):
        change_contact_details(organisation=other, changed_by=cast.coordinator, **contact)
    for act in (
        lambda: add_organisation(name="Mine", added_by=cast.coordinator),
        lambda: add_locality(name="Mine", added_by=cast.coordinator),
        lambda: change_organisation(
            organisation=cast.organisation, changed_by=cast.coordinator, name="Mine", locality=None, **contact
        ),
    ):
        with pytest.raises(RuleBroken, match="Only an administrator"):
            act()
    assert Organisation.objects.get(pk=cast.organisation.pk).contact_phone == "01632 960222"
    assert not Organisation.objects.filter(name="Mine").exists()


def test_the_pages_of_organisations(cast, noor, signed_in):
    other = OrganisationFactory(name="Hilltop Practice")
    here = f"/people/organisations/{cast.organisation.public_id}/"
    there = f"/people/organisations/{other.public_id}/"
    browser, theirs = signed_in(noor), signed_in(cast.coordinator)

    browser.post("/people/organisations/new-locality/", {"name": "Westport"})
    westport = Locality.objects.get()
    made = browser.post(
        "/people/organisations/new/", {"name": "Quay Practice", "locality": str(westport.public_id)}
    )
    quay = Organisation.objects.get(name="Quay Practice")
    assert made.url == f"/people/organisations/{quay.public_id}/" and quay.locality == westport
    browser.post(f"{there}coordinator/", {"who": cast.outsider.email})
    assert cast.outsider.display_name in browser.get(there).text
    assert holds_role(cast.outsider, Role.Kind.COORDINATOR, organisation=other)

    theirs.post(here, {"name": "Mine now", "contact_phone": "01632 960333"})
    cast.organisation.refresh_from_db()
    assert (cast.organisation.name, cast.organisation.contact_phone) == ("Riverside Clinic", "01632 960333")
    assert "Hilltop Practice" not in theirs.get("/people/organisations/").text
    for page in (there, "/people/organisations/new/", f"{here}coordinator/"):
        assert theirs.get(page).status_code == 404, page


@pytest.mark.django_db(transaction=True)
def test_the_words_of_a_locality_move_into_the_list():
    """A site from before localities were a list keeps what it had, forwards and backwards."""
    before, after = [("people", "0001_initial")], [("people", "0002_help_in")]
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        executor = MigrationExecutor(connection)
        executor.migrate(before)
        old = executor.loader.project_state(before).apps.get_model("people", "Organisation")
        for name, words in (("A", "Riverside"), ("B", " Riverside "), ("C", "Westport"), ("D", "")):
            old.objects.create(name=name, locality=words)
        executor = MigrationExecutor(connection)
        executor.migrate(after)
        new = executor.loader.project_state(after).apps.get_model("people", "Organisation")
        found = {
            one.name: one.locality and one.locality.name for one in new.objects.select_related("locality")
        }

        executor = MigrationExecutor(connection)
        executor.migrate(before)
        words = dict(old.objects.values_list("name", "locality"))
    finally:
        MigrationExecutor(connection).migrate(latest)

    assert found == {"A": "Riverside", "B": "Riverside", "C": "Westport", "D": None}
    assert words == {"A": "Riverside", "B": "Riverside", "C": "Westport", "D": ""}


def test_the_console_names_the_first_people_of_a_site(db):
    words = ["Quay Practice", "ruth@example.org", "Ruth", "Bell", "--locality=Westport", "--administrator"]
    call_command("start_organisation", *words, stdout=StringIO())
    call_command("start_organisation", "Quay Practice", "ann@example.org", "Ann", "Low", stdout=StringIO())

    quay = Organisation.objects.get()
    held = set(Role.objects.in_force().values_list("person__first_name", "kind"))
    assert quay.locality.name == "Westport"
    assert held == {("Ruth", "coordinator"), ("Ruth", "administrator"), ("Ann", "coordinator")}


# ---------------------------------------------------------------- whom a coordinator may open


def test_a_coordinator_opens_their_own_people_and_whom_they_found(cast, signed_in):
    browser = signed_in(cast.coordinator)
    elsewhere = RoleFactory(organisation=OrganisationFactory()).person

    assert browser.get(f"/people/{cast.lay_tutor.public_id}/").status_code == 200
    for stranger in (cast.outsider, elsewhere, cast.patient):
        for page in ("", "vetting/", "help-in/", "second-step/"):
            assert browser.get(f"/people/{stranger.public_id}/{page}").status_code == 404
    assert browser.get(f"/people/{uuid.uuid4()}/").status_code == 404
    looks = Entry.objects.filter(verb="looked", actor=cast.coordinator)
    assert set(looks.values_list("subject", flat=True)) == {cast.lay_tutor.pk}, "what is not shown is no look"

    found = browser.post("/people/", {"who": cast.outsider.email.upper()})
    assert found.url == f"/people/{cast.outsider.public_id}/"
    assert browser.get(found.url).status_code == 200
    assert signed_in(cast.coordinator).get(found.url).status_code == 404, "in that session only"
    assert looks.filter(subject=cast.outsider).count() == 1


def test_people_whose_role_ended_stay_open_for_a_year(cast, signed_in):
    browser = signed_in(cast.coordinator)
    here = f"/people/{cast.lay_tutor.public_id}/"
    roles = Role.objects.filter(person=cast.lay_tutor)

    roles.update(ends_on=TODAY - timedelta(days=364))
    assert browser.get(here).status_code == 200
    roles.update(starts_on=date(2025, 1, 1), ends_on=TODAY - timedelta(days=365))
    assert browser.get(here).status_code == 404


def test_an_address_is_never_in_the_url(cast, signed_in):
    browser = signed_in(cast.coordinator)

    page = browser.get("/people/", {"who": cast.outsider.email, "email": cast.outsider.email}).text

    assert cast.outsider.display_name not in page
    assert 'name="who"' in page and 'method="post"' in page


def test_the_list_is_filtered_and_comes_in_fifties(cast, signed_in):
    for number in range(51):
        RoleFactory(
            person=UserFactory(first_name=f"Lay{number:02}"),
            kind=Role.Kind.PATIENT,
            organisation=cast.organisation,
        )
    browser = signed_in(cast.coordinator)

    first = browser.get("/people/", {"kind": "patient"}).text
    second = browser.get("/people/", {"kind": "patient", "page": "2"}).text

    assert (len(re.findall(r"Lay\d\d", first)), second.count("Lay50")) == (50, 1)
    assert "Ruth" not in first and "Ruth" in browser.get("/people/", {"kind": "coordinator"}).text


def test_a_coordinator_of_two_chooses_for_which(cast, signed_in):
    other = RoleFactory(
        person=cast.coordinator, kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory()
    )
    browser = signed_in(cast.coordinator)
    browser.post("/people/", {"who": cast.outsider.email})

    browser.post(
        f"/people/{cast.outsider.public_id}/",
        {
            "kind": "patient",
            "organisation": str(other.organisation.public_id),
            "starts_on_day": "4",
            "starts_on_month": "1",
            "starts_on_year": "2027",
        },
    )

    assert Role.objects.get(person=cast.outsider).organisation == other.organisation
