"""Who works with whom, and what they share at this moment."""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet

from lms.core.ready import ReadyQuery, Slot
from lms.people.models import CareTie, Consent, Role, User
from lms.people.queries.roles import holds_role


def ties_of(person: User) -> QuerySet[CareTie]:
    """Ties in force of which the person is one of the two."""
    return (
        CareTie.objects.in_force()
        .filter(Q(patient=person) | Q(professional=person))
        .select_related("patient", "professional")
        .order_by("-accepted_at", "-pk")
    )


def invitations_to(person: User) -> QuerySet[CareTie]:
    """Open invitations to an email address that the person has confirmed, or to their sign-in name."""
    addresses = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    open_ones = CareTie.objects.filter(accepted_at=None, ended_at=None).exclude(invited_by=person)
    wanted = Q()
    for address in addresses:
        wanted |= Q(invited_email__iexact=address)
    if person.sign_in_name:
        wanted |= Q(invited_name=person.sign_in_name)
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


def invitations_sent_by(person: User) -> QuerySet[CareTie]:
    """Invitations of the person that nobody has answered yet."""
    return CareTie.objects.filter(invited_by=person, accepted_at=None, ended_at=None).order_by("-created_at")
