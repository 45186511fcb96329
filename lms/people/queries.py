"""Answers about people, roles and ties. Nothing here changes anything."""

from datetime import date
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import BigIntegerField, CharField, DateField, Exists, OuterRef, Prefetch, Q, QuerySet

from lms.core import clock
from lms.core.ready import ReadyQuery, Slot
from lms.people.models import CareTie, Consent, Organisation, Role, User

_role_kinds = ReadyQuery(
    lambda person, day: Role.objects.in_force(on=day).filter(person=person).values_list("kind"),
    person=BigIntegerField(),
    day=DateField(),
)


def role_kinds_of(person: Any) -> set[str]:
    """The kinds of role in force today; read once for each request's person. Empty for visitors."""
    if not person.is_authenticated:
        return set()
    if not hasattr(person, "_role_kinds"):
        person._role_kinds = {kind for (kind,) in _role_kinds(person=person.pk, day=clock.today())}
    return person._role_kinds


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

    A clinical role counts only while its registration check has not come up for renewal.
    """
    if organisation is None:
        return bool(_holds(person=person.pk, kind=kind, day=on or clock.today()))
    roles = Role.objects.in_force(on).filter(person=person, kind=kind)
    return (roles.filter(organisation=organisation) if organisation else roles).exists()


def organisations_coordinated_by(person: User) -> QuerySet[Organisation]:
    """Organisations in which the person is a coordinator today."""
    roles = Role.objects.in_force().filter(person=person, kind=Role.Kind.COORDINATOR)
    return Organisation.objects.filter(roles__in=roles).distinct().order_by("name")


def ties_of(person: User) -> QuerySet[CareTie]:
    """Ties in force of which the person is one of the two."""
    return (
        CareTie.objects.in_force()
        .filter(Q(patient=person) | Q(professional=person))
        .select_related("patient", "professional")
        .order_by("-accepted_at", "-pk")
    )


def invitations_to(person: User) -> QuerySet[CareTie]:
    """Open invitations addressed to an email address that the person has confirmed."""
    addresses = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    open_ones = CareTie.objects.filter(accepted_at=None, ended_at=None).exclude(invited_by=person)
    wanted = Q()
    for address in addresses:
        wanted |= Q(invited_email__iexact=address)
    if not wanted:
        return open_ones.none()
    return open_ones.filter(wanted).select_related("invited_by").order_by("created_at")


def ties_sharing(professional: User, what: str) -> QuerySet[CareTie]:
    """Ties over which a patient shares `what` with this professional at this moment.

    Read at each request, never cached: consent that ended a second ago is ended. A professional whose role
    has ended, or whose registration check is due, sees nothing.
    """
    if not holds_role(professional, Role.Kind.PROFESSIONAL):
        return CareTie.objects.none()
    return ties_with_consent(professional, what)


def ties_with_consent(professional: User | Slot, what: str) -> QuerySet[CareTie]:
    """As `ties_sharing`, where the professional's role was looked up already in this request."""
    agreed = Consent.objects.in_force().filter(tie=OuterRef("pk"), what=what)
    return CareTie.objects.in_force().filter(Exists(agreed), professional=professional)


_consents = ReadyQuery(
    lambda tie: Consent.objects.in_force().filter(tie=tie).order_by().values_list("what"),
    tie=BigIntegerField(),
)


def consents_of(tie: CareTie) -> set[str]:
    """The keys of what is shared over the tie now: asked each time, never kept."""
    return {what for (what,) in _consents(tie=tie.pk)}


def invitation_answerable_by(person: User, public_id: UUID) -> CareTie | None:
    """The invitation that is addressed to the person, or that they are one of the two of by now."""
    open_ones = invitations_to(person).filter(public_id=public_id)
    answered = CareTie.objects.filter(Q(patient=person) | Q(professional=person), public_id=public_id)
    return open_ones.first() or answered.first()


def roles_coordinated_by(coordinator: User, person: User) -> QuerySet[Role]:
    """The person's roles, past ones too, in the organisations that the coordinator answers for."""
    return Role.objects.filter(person=person, organisation__in=organisations_coordinated_by(coordinator))


def invitations_sent_by(person: User) -> QuerySet[CareTie]:
    """Invitations of the person that nobody has answered yet."""
    return CareTie.objects.filter(invited_by=person, accepted_at=None, ended_at=None).order_by("-created_at")


def roles_in_force(person: User) -> QuerySet[Role]:
    """The person's professional roles today, with who confirmed them and for which organisation."""
    return (
        Role.objects.in_force()
        .filter(person=person, kind=Role.Kind.PROFESSIONAL)
        .select_related("organisation", "check_seen__checked_by")
    )


def person_by_email(email: str) -> User | None:
    """The person who confirmed this address, if there is one."""
    return User.objects.filter(
        emailaddress__email__iexact=email.strip(), emailaddress__verified=True, is_active=True
    ).first()


def people_of(organisations: QuerySet[Organisation]) -> QuerySet[User]:
    """People who hold a role in these organisations today, with those roles, by name."""
    roles = Role.objects.in_force().filter(organisation__in=organisations).select_related("organisation")
    return (
        User.objects.filter(pk__in=roles.values("person"))
        .order_by("first_name", "last_name", "pk")
        .prefetch_related(Prefetch("roles", queryset=roles, to_attr="roles_today"))
    )
