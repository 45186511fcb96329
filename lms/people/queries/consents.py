"""What somebody agreed to at this moment. Asked at each request; no answer is kept."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Q, QuerySet

from lms.people.models import CarerTie, CareTie, Consent, User
from lms.people.sharing import outdated


def agrees(person: Any, what: str) -> Exists:
    """For a query's filter or annotation: whether `person` (an OuterRef, or somebody) agrees to a purpose now."""
    return Exists(Consent.objects.in_force().filter(person=person, what=what, tie=None, carer_tie=None))


def has_agreed(person: User, what: str) -> bool:
    """Whether the person agrees to this purpose now. One query."""
    return _to_all().filter(person=person, what=what).exists()


def who_agree(people: Iterable[int], what: str) -> set[int]:
    """Of these people (primary keys), those who agree to the purpose now. One query for any number."""
    return set(_to_all().filter(person__in=list(people), what=what).values_list("person_id", flat=True))


def purposes_of(person: User) -> set[str]:
    """The keys of all purposes, over no tie, that the person agrees to now. One query."""
    return set(_to_all().filter(person=person).values_list("what", flat=True))


def asked_again(person: User, *, tie: CareTie | None = None, carer_tie: CarerTie | None = None) -> set[str]:
    """What the person agreed to in words that no longer count, and has not ended: they are asked again.

    No query while the registry has nothing of the kind.
    """
    if not outdated():
        return set()
    changed = Q(pk__in=[])
    for key, counts_from in outdated():
        changed |= Q(what=key, version__lt=counts_from)
    held = Consent.objects.filter(changed, person=person, tie=tie, carer_tie=carer_tie, withdrawn_at=None)
    return set(held.values_list("what", flat=True))


def consent_history(person: User) -> QuerySet[Consent]:
    """Everything that the person ever agreed to, over ties and to carers too, newest first."""
    return Consent.objects.filter(person=person).select_related("tie__professional", "carer_tie__carer")


def _to_all() -> QuerySet[Consent]:
    return Consent.objects.in_force().filter(tie=None, carer_tie=None)
