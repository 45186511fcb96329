"""Who may act for whom. Nothing here changes anything."""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Prefetch, Q, QuerySet

from lms.people.models import CarerTie, Consent, User


def carers_of(person: User) -> QuerySet[CarerTie]:
    """The person's carers now, each with `agreed`: the consents in force. Two queries."""
    return _with_agreed(CarerTie.objects.in_force().filter(person=person)).select_related("carer")


def people_cared_for(carer: User) -> QuerySet[CarerTie]:
    """For whom this person may act now, each with `agreed`. Two queries."""
    return _with_agreed(CarerTie.objects.in_force().filter(carer=carer)).select_related("person")


def carer_invitations_sent_by(person: User) -> QuerySet[CarerTie]:
    """The person's invitations that nobody has answered yet."""
    return _open().filter(person=person).order_by("-created_at")


def carer_invitations_to(person: User) -> QuerySet[CarerTie]:
    """Open invitations to a confirmed address, or to the sign-in name, of this person."""
    names = set(EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True))
    if person.sign_in_name:
        names.add(person.sign_in_name)
    wanted = Q(pk__in=[])
    for name in names:
        wanted |= Q(invited_as__iexact=name)
    return _open().filter(wanted).exclude(person=person).select_related("person").order_by("created_at")


def carer_tie_visible_to(person: User, public_id: UUID) -> CarerTie | None:
    """The tie, if the person is one of its two, or invited by it, or has invited; None for everybody else."""
    own = CarerTie.objects.filter(Q(person=person) | Q(carer=person), public_id=public_id)
    invited = carer_invitations_to(person).filter(public_id=public_id)
    return own.select_related("person", "carer").first() or invited.first()


def _open() -> QuerySet[CarerTie]:
    return CarerTie.objects.filter(accepted_at=None, ended_at=None)


def _with_agreed(ties: QuerySet[CarerTie]) -> QuerySet[CarerTie]:
    agreed = Prefetch("consents", Consent.objects.in_force(), to_attr="agreed")
    return ties.prefetch_related(agreed).order_by("-accepted_at", "-pk")
