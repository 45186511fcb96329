"""Who holds which role, when and where."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import BigIntegerField, CharField, DateField, Exists, OuterRef, QuerySet

from lms.core import clock
from lms.core.acting import acted_by
from lms.core.ready import ReadyQuery
from lms.people.models import Organisation, Role, User

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_role_kinds = ReadyQuery(
    lambda person, day: (
        Role.objects.in_force(on=day)
        .filter(person=person)
        .values_list(
            "kind",
            Exists(Authenticator.objects.filter(user=OuterRef("person"), type__in=SECOND_STEPS)),
        )
    ),
    person=BigIntegerField(),
    day=DateField(),
)


def role_kinds_of(person: Any) -> set[str]:
    """The kinds of role in force today; read once for each request's person. Empty for visitors.

    A carer who acts for somebody has none of that person's roles.
    """
    if not person.is_authenticated or acted_by(person) is not None:
        return set()
    if not hasattr(person, "_role_kinds"):
        rows = _role_kinds(person=person.pk, day=clock.today())
        person._role_kinds = {kind for kind, _has_second_step in rows}
        if rows:
            person._has_second_step = bool(rows[0][1])
    return person._role_kinds


def has_second_step(person: Any) -> bool:
    """Whether the person signs in with more than a password. Known with the roles, where there are any."""
    role_kinds_of(person)
    if not hasattr(person, "_has_second_step"):
        person._has_second_step = Authenticator.objects.filter(user=person, type__in=SECOND_STEPS).exists()
    return person._has_second_step


_holds = ReadyQuery(
    lambda person, kind, day: (
        Role.objects.in_force(on=day).filter(person=person, kind=kind).values_list("pk")[:1]
    ),
    person=BigIntegerField(),
    kind=CharField(),
    day=DateField(),
)


def holds_role(
    person: User, kind: str, *, on: date | None = None, organisation: Organisation | None = None
) -> bool:
    """Whether the person holds the role on the day (today by default), anywhere or in one organisation.

    A clinical role counts only while its registration check has not come up for renewal. A carer who acts for the
    person has no role of theirs.
    """
    if acted_by(person) is not None:
        return False
    if organisation is None:
        return bool(_holds(person=person.pk, kind=kind, day=on or clock.today()))
    roles = Role.objects.in_force(on).filter(person=person, kind=kind)
    return (roles.filter(organisation=organisation) if organisation else roles).exists()


def organisations_coordinated_by(person: User) -> QuerySet[Organisation]:
    """Organisations in which the person is a coordinator today. None for a carer who acts for them."""
    if acted_by(person) is not None:
        return Organisation.objects.none()
    roles = Role.objects.in_force().filter(person=person, kind=Role.Kind.COORDINATOR)
    return Organisation.objects.filter(roles__in=roles).distinct().order_by("name")


def roles_coordinated_by(coordinator: User, person: User) -> QuerySet[Role]:
    """The person's roles, past ones too, in the organisations that the coordinator answers for."""
    return Role.objects.filter(person=person, organisation__in=organisations_coordinated_by(coordinator))


def roles_in_force(person: User) -> QuerySet[Role]:
    """The person's professional roles today, with who confirmed them and for which organisation."""
    return (
        Role.objects.in_force()
        .filter(person=person, kind=Role.Kind.PROFESSIONAL)
        .select_related("organisation", "check_seen__checked_by")
    )
