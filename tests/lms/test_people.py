"""Roles, checks, ties and consent, as the people in them would tell it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.people import sharing
from lms.people.models import CareTie, Consent, RegistrationCheck, Role
from lms.people.queries import holds_role, invitations_to, ties_of, ties_sharing
from lms.people.services import (
    accept_tie,
    end_role,
    end_tie,
    give_consent,
    give_role,
    invite_to_tie,
    record_registration_check,
    record_vetting,
    withdraw_consent,
)
from lms.people.sharing import Shareable, register_shareable
from tests.factories import OrganisationFactory, RoleFactory, UserFactory


@pytest.fixture(autouse=True)
def a_thing_to_share(monkeypatch):
    """One more thing that can be shared, in these tests only."""
    monkeypatch.setattr(sharing, "_shareables", dict(sharing._shareables))
    register_shareable(Shareable("test.thing", "A thing", "They may see the thing."))


def a_check(cast, person, **changes):
    facts = {
        "person": person,
        "organisation": cast.organisation,
        "register": "Nursing register",
        "number": "12A",
        "seen_on": date(2026, 1, 5),
        "renew_on": date(2036, 1, 5),
        "checked_by": cast.coordinator,
    }
    return record_registration_check(**(facts | changes))


def vetted(cast, person, **changes):
    facts = {
        "person": person,
        "organisation": cast.organisation,
        "kind": "dbs_enhanced",
        "decision": "may",
        "seen_on": date(2026, 1, 5),
        "renew_on": date(2036, 1, 5),
        "checked_by": cast.coordinator,
    }
    return record_vetting(**(facts | changes))


def test_clinical_role_needs_a_registration_check(cast):
    vetted(cast, cast.outsider)
    with pytest.raises(RuleBroken, match="professional register first"):
        give_role(
            person=cast.outsider,
            kind=Role.Kind.CLINICAL_TUTOR,
            organisation=cast.organisation,
            given_by=cast.coordinator,
            starts_on=date(2026, 1, 5),
        )

    give_role(
        person=cast.outsider,
        kind=Role.Kind.CLINICAL_TUTOR,
        organisation=cast.organisation,
        given_by=cast.coordinator,
        starts_on=date(2026, 1, 5),
        check=a_check(cast, cast.outsider),
    )

    assert holds_role(cast.outsider, Role.Kind.CLINICAL_TUTOR)


def test_database_refuses_a_clinical_role_without_a_check(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.create(
            person=cast.outsider,
            kind=Role.Kind.PROFESSIONAL,
            organisation=cast.organisation,
            starts_on=date(2026, 1, 5),
        )


def test_a_check_of_somebody_else_does_not_count(cast):
    with pytest.raises(RuleBroken, match="professional register first"):
        give_role(
            person=cast.outsider,
            kind=Role.Kind.PROFESSIONAL,
            organisation=cast.organisation,
            given_by=cast.coordinator,
            starts_on=date(2026, 1, 5),
            check=a_check(cast, cast.patient),
        )


def test_role_pauses_when_the_check_is_due(cast):
    RegistrationCheck.objects.filter(person=cast.professional).update(renew_on=date(2026, 2, 1))

    assert holds_role(cast.professional, Role.Kind.PROFESSIONAL, on=date(2026, 1, 31))
    assert not holds_role(cast.professional, Role.Kind.PROFESSIONAL, on=date(2026, 2, 1))


def test_only_a_coordinator_of_the_organisation_gives_roles(cast):
    elsewhere = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory()).person

    for stranger in (elsewhere, cast.patient, cast.lay_tutor):
        with pytest.raises(RuleBroken, match="Only a coordinator"):
            give_role(
                person=cast.outsider,
                kind=Role.Kind.LAY_TUTOR,
                organisation=cast.organisation,
                given_by=stranger,
                starts_on=date(2026, 1, 5),
            )
    with pytest.raises(RuleBroken, match="another coordinator"):
        give_role(
            person=cast.coordinator,
            kind=Role.Kind.LAY_TUTOR,
            organisation=cast.organisation,
            given_by=cast.coordinator,
            starts_on=date(2026, 1, 5),
        )

    assert not holds_role(cast.outsider, Role.Kind.LAY_TUTOR)


def test_role_given_twice_is_one_role_and_ends_today(cast):
    facts = {
        "person": cast.outsider,
        "kind": Role.Kind.LAY_TUTOR,
        "organisation": cast.organisation,
        "given_by": cast.coordinator,
        "starts_on": date(2026, 1, 5),
    }
    vetted(cast, cast.outsider)
    role = give_role(**facts)

    assert give_role(**facts) == role

    end_role(role=role, ended_by=cast.coordinator)

    assert not holds_role(cast.outsider, Role.Kind.LAY_TUTOR)


def tied(patient, professional) -> CareTie:
    tie = invite_to_tie(inviter=patient, email=professional.email, as_professional=False)
    return accept_tie(tie=tie, person=professional)


def test_patient_and_professional_tie_up_and_share_only_what_is_agreed(cast):
    tie = tied(cast.patient, cast.professional)

    assert list(ties_of(cast.patient)) == [tie]
    assert not ties_sharing(cast.professional, "test.thing").exists()

    give_consent(tie=tie, person=cast.patient, what="test.thing")

    assert list(ties_sharing(cast.professional, "test.thing")) == [tie]

    withdraw_consent(tie=tie, person=cast.patient, what="test.thing")

    assert not ties_sharing(cast.professional, "test.thing").exists()
    assert Consent.objects.get().withdrawn_at is not None


def test_sharing_ends_with_the_tie_and_with_the_role(cast):
    tie = tied(cast.patient, cast.professional)
    give_consent(tie=tie, person=cast.patient, what="test.thing")

    Role.objects.filter(person=cast.professional).update(ends_on=date(2026, 1, 6))
    assert not ties_sharing(cast.professional, "test.thing").exists()
    Role.objects.filter(person=cast.professional).update(ends_on=None)
    assert ties_sharing(cast.professional, "test.thing").exists()

    end_tie(tie=tie, person=cast.professional)
    assert not ties_sharing(cast.professional, "test.thing").exists()


def test_only_the_patient_agrees_to_share(cast):
    tie = tied(cast.patient, cast.professional)

    with pytest.raises(RuleBroken, match="Only the person whose words"):
        give_consent(tie=tie, person=cast.professional, what="test.thing")


def test_signed_up_professional_without_a_role_cannot_tie(cast):
    tom = UserFactory(first_name="Tom", audience="professional")
    tie = invite_to_tie(inviter=cast.patient, email=tom.email, as_professional=False)

    with pytest.raises(RuleBroken, match="coordinator needs to confirm"):
        accept_tie(tie=tie, person=tom)
    with pytest.raises(RuleBroken, match="coordinator needs to confirm"):
        invite_to_tie(inviter=tom, email=cast.patient.email, as_professional=True)


def test_an_invitation_is_for_its_address_only(cast):
    tie = invite_to_tie(inviter=cast.patient, email=cast.professional.email, as_professional=False)
    other = RoleFactory(kind=Role.Kind.PROFESSIONAL, organisation=cast.organisation).person

    assert list(invitations_to(cast.professional)) == [tie]
    assert list(invitations_to(other)) == []
    with pytest.raises(RuleBroken, match="no longer open"):
        accept_tie(tie=tie, person=other)


def test_an_unconfirmed_address_receives_no_invitation(cast):
    invite_to_tie(inviter=cast.patient, email=cast.professional.email, as_professional=False)
    cast.professional.emailaddress_set.update(verified=False)

    assert list(invitations_to(cast.professional)) == []


def test_audit_rows_cannot_be_changed(cast):
    tied(cast.patient, cast.professional)
    entry = Entry.objects.first()

    for change in (entry.save, entry.delete, Entry.objects.all().delete):
        with pytest.raises(TypeError, match="append-only"):
            change()
