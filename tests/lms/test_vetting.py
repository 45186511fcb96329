"""Vetting of tutors: a decision before the role, a role that pauses when it is due, and a page that says what comes up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.people.dashboard import cards
from lms.people.models import Role, User, VettingCheck
from lms.people.queries import holds_role, role_kinds_of, roles_with_checks_due
from lms.people.services import give_role, record_registration_check, record_vetting
from tests.factories import OrganisationFactory, RoleFactory
from tests.factories.people import VettingFactory

TODAY = date(2027, 1, 4)


@pytest.fixture(autouse=True)
def monday(at):
    at(datetime(2027, 1, 4, 9, tzinfo=UTC))


def vetted(cast, person, **changes) -> VettingCheck:
    facts = {
        "person": person,
        "organisation": cast.organisation,
        "kind": "dbs_enhanced",
        "decision": "may",
        "seen_on": TODAY,
        "renew_on": date(2030, 1, 4),
        "checked_by": cast.coordinator,
    }
    return record_vetting(**(facts | changes))


def given(cast, person, kind=Role.Kind.LAY_TUTOR, **changes) -> Role:
    facts = {
        "person": person,
        "kind": kind,
        "organisation": cast.organisation,
        "given_by": cast.coordinator,
        "starts_on": TODAY,
    }
    return give_role(**(facts | changes))


@pytest.mark.parametrize("kind", Role.NEEDS_VETTING)
def test_no_tutor_without_a_decision(cast, kind):
    check = record_registration_check(
        person=cast.outsider,
        organisation=cast.organisation,
        register="Nursing register",
        number="12A",
        seen_on=TODAY,
        renew_on=date(2028, 1, 4),
        checked_by=cast.coordinator,
    )
    for made in (
        {},
        {"decision": "may_not"},
        {"organisation": OrganisationFactory(), "direct": True},
    ):
        if made.pop("direct", False):
            VettingFactory(person=cast.outsider, organisation=made["organisation"])
        elif made:
            vetted(cast, cast.outsider, **made)
        with pytest.raises(RuleBroken, match="vetting"):
            given(cast, cast.outsider, kind, check=check)
    assert not holds_role(cast.outsider, kind)

    vetted(cast, cast.outsider)
    assert given(cast, cast.outsider, kind, check=check).vetting.decision == "may"
    assert holds_role(cast.outsider, kind)


def test_other_roles_need_none(cast):
    for kind in (Role.Kind.PATIENT, Role.Kind.AUTHOR, Role.Kind.LAY_REVIEWER):
        assert given(cast, cast.outsider, kind).vetting is None


def test_no_check_needed_says_why(cast):
    with pytest.raises(RuleBroken, match="why no check is needed"):
        vetted(cast, cast.outsider, kind="not_needed")

    check = vetted(cast, cast.outsider, kind="not_needed", reason="Only with another tutor, in public rooms.")

    assert check.reason == "Only with another tutor, in public rooms."
    assert given(cast, cast.outsider)
    assert vetted(cast, cast.outsider, reason="Something a check showed").reason == "", (
        "kept for nothing else"
    )


def test_the_role_pauses_on_the_day_and_comes_back_with_the_renewal(cast, signed_in):
    vetted(cast, cast.outsider, renew_on=date(2027, 3, 1))
    given(cast, cast.outsider)

    assert holds_role(cast.outsider, Role.Kind.LAY_TUTOR, on=date(2027, 2, 28))
    assert not holds_role(cast.outsider, Role.Kind.LAY_TUTOR, on=date(2027, 3, 1))

    vetted(cast, cast.outsider)
    assert holds_role(cast.outsider, Role.Kind.LAY_TUTOR, on=date(2027, 3, 1))


def test_a_paused_tutor_finds_the_tutors_pages_shut(cast, signed_in):
    assert signed_in(cast.lay_tutor).get("/workshops/tutor/").status_code == 200

    VettingCheck.objects.filter(person=cast.lay_tutor).update(renew_on=TODAY)

    assert signed_in(cast.lay_tutor).get("/workshops/tutor/").status_code == 404


def test_a_tutor_role_from_before_vetting_pauses(cast):
    """Nothing recorded is not a yes."""
    Role.objects.filter(person=cast.lay_tutor).update(vetting=None)

    assert role_kinds_of(User.objects.get(pk=cast.lay_tutor.pk)) == set()
    assert cast.lay_tutor in [role.person for role in roles_with_checks_due(cast.coordinator)]


def test_a_no_ends_the_role_today(cast):
    other = RoleFactory(person=cast.lay_tutor, organisation=OrganisationFactory())
    vetted(cast, cast.lay_tutor, decision="may_not")

    assert not holds_role(cast.lay_tutor, Role.Kind.LAY_TUTOR, organisation=cast.organisation)
    assert holds_role(cast.lay_tutor, Role.Kind.LAY_TUTOR, organisation=other.organisation)
    assert Entry.objects.filter(subject=cast.lay_tutor, act="ended role", actor=cast.coordinator).count() == 1


def test_only_a_coordinator_of_the_place_decides_and_not_about_themselves(cast):
    elsewhere = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory()).person
    for who, sentence in ((elsewhere, "Only a coordinator"), (cast.lay_tutor, "Only a coordinator")):
        with pytest.raises(RuleBroken, match=sentence):
            vetted(cast, cast.outsider, checked_by=who)
    with pytest.raises(RuleBroken, match="another coordinator"):
        vetted(cast, cast.coordinator)
    for days in ({"seen_on": TODAY + timedelta(days=1)}, {"renew_on": TODAY}):
        with pytest.raises(RuleBroken):
            vetted(cast, cast.outsider, **days)
    assert VettingCheck.objects.filter(person=cast.outsider).count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"renew_on": date(2026, 1, 5)},
        {"kind": "not_needed"},
        {"decision": "perhaps"},
        {"checked_by": "themselves"},
    ],
)
def test_the_database_refuses_what_cannot_be(cast, changes):
    if changes.get("checked_by"):
        changes = {"checked_by": cast.outsider}
    with pytest.raises(IntegrityError), transaction.atomic():
        VettingFactory(person=cast.outsider, organisation=cast.organisation, **changes)

    assert VettingFactory(person=cast.outsider, organisation=cast.organisation).pk, "the control"


def test_what_comes_up_within_sixty_days_is_on_the_page_and_on_the_dashboard(cast, signed_in):
    later = RoleFactory(organisation=cast.organisation).person
    VettingCheck.objects.filter(person=cast.lay_tutor).update(renew_on=TODAY + timedelta(days=60))
    VettingCheck.objects.filter(person=later).update(renew_on=TODAY + timedelta(days=61))
    elsewhere = RoleFactory(organisation=OrganisationFactory()).person
    VettingCheck.objects.filter(person=elsewhere).update(renew_on=TODAY)

    assert [role.person for role in roles_with_checks_due(cast.coordinator)] == [cast.lay_tutor]
    page = signed_in(cast.coordinator).get("/people/").text
    assert "Vetting: by 5 March 2027." in page
    card = next(card for card in cards(cast.coordinator) if "Checks" in card.title)
    assert card.text == "1 role has a check that is due within 60 days."
    assert list(cards(cast.lay_tutor)) == []


def test_the_cards_cost_one_query_and_only_who_coordinates_pays(cast):
    for person, queries in ((cast.coordinator, 1), (cast.lay_tutor, 0), (cast.patient, 0)):
        role_kinds_of(person)
        with CaptureQueriesContext(connection) as captured:
            list(cards(person))
        assert len(captured) == queries
    for _one in range(3):
        RoleFactory(organisation=cast.organisation)
    VettingCheck.objects.update(renew_on=TODAY)
    with CaptureQueriesContext(connection) as captured:
        assert len(list(cards(cast.coordinator))) == 1
    assert len(captured) == 1


def test_the_page_says_what_is_missing(cast, signed_in):
    browser = signed_in(cast.coordinator)
    browser.post("/people/", {"who": cast.outsider.email})
    form = {
        "kind": "lay_tutor",
        "starts_on_day": "4",
        "starts_on_month": "1",
        "starts_on_year": "2027",
    }
    here = f"/people/{cast.outsider.public_id}/"

    assert "Record first what was decided about their vetting." in browser.post(here, form).text
    recorded = browser.post(
        f"{here}vetting/",
        {
            "kind": "not_needed",
            "decision": "may",
            "reason": "Never alone with anybody.",
            "seen_on_day": "4",
            "seen_on_month": "1",
            "seen_on_year": "2027",
            "renew_on_day": "4",
            "renew_on_month": "1",
            "renew_on_year": "2028",
        },
    )
    assert recorded.url == here
    assert browser.post(here, form).status_code == 302
    assert "No check is needed for these duties" in browser.get(here).text
    assert holds_role(cast.outsider, Role.Kind.LAY_TUTOR)
