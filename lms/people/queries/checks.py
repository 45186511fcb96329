"""Which checks hold, which come up for renewal, and which roles wait for a second person."""

from datetime import timedelta

from django.db.models import Exists, Q, QuerySet

from lms.core import clock
from lms.people.models import Organisation, Role, RoleProposal, User, VettingCheck
from lms.people.queries.roles import organisations_coordinated_by, role_kinds_of

DUE_WITHIN = timedelta(days=60)


def vetting_in_force(person: User, organisation: Organisation) -> VettingCheck | None:
    """The newest decision in the organisation, if it is a yes whose renewal is still to come."""
    newest = VettingCheck.objects.filter(person=person, organisation=organisation).first()
    if newest is None or newest.decision != VettingCheck.Decision.MAY or newest.renew_on <= clock.today():
        return None
    return newest


def vetting_of(person: User, organisations: QuerySet[Organisation]) -> QuerySet[VettingCheck]:
    """All that these organisations decided about the person's vetting, newest first."""
    return VettingCheck.objects.filter(person=person, organisation__in=organisations).select_related(
        "organisation", "checked_by"
    )


def roles_with_checks_due(coordinator: User) -> QuerySet[Role]:
    """Roles in the coordinator's organisations whose check is due within sixty days, or over already; soonest first."""
    by = clock.today() + DUE_WITHIN
    coordinates = Role.objects.in_force().filter(person=coordinator, kind=Role.Kind.COORDINATOR)
    return (
        Role.objects.held()
        .filter(
            Q(kind__in=Role.NEEDS_CHECK, check_seen__renew_on__lte=by)
            | Q(kind__in=Role.NEEDS_VETTING, vetting=None)
            | Q(kind__in=Role.NEEDS_VETTING, vetting__renew_on__lte=by),
            organisation__in=coordinates.values("organisation"),
        )
        .select_related("person", "organisation", "check_seen", "vetting")
        .order_by("vetting__renew_on", "check_seen__renew_on", "pk")
    )


def proposals_answerable_by(person: User) -> QuerySet[RoleProposal]:
    """Proposed roles that this person may confirm: never their own, nor what they proposed themselves."""
    waiting = (
        RoleProposal.objects.filter(answered_at=None)
        .exclude(person=person)
        .exclude(proposed_by=person)
        .select_related("person", "organisation", "proposed_by")
    )
    if Role.Kind.ADMINISTRATOR in role_kinds_of(person):
        return waiting
    administrators = Role.objects.in_force().filter(kind=Role.Kind.ADMINISTRATOR)
    return waiting.filter(
        Q(kind=Role.Kind.COORDINATOR) | (Q(kind=Role.Kind.ADMINISTRATOR) & ~Exists(administrators)),
        organisation__in=organisations_coordinated_by(person),
    )


def proposals_made_by(person: User) -> QuerySet[RoleProposal]:
    """The person's own proposals that nobody has answered yet."""
    return RoleProposal.objects.filter(answered_at=None, proposed_by=person).select_related(
        "person", "organisation"
    )
