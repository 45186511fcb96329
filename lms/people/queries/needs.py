"""What helps somebody take part, and who may know it now. Consent is asked for at each request."""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet

from lms.core import clock
from lms.people.models import Needs, NeedsMet, User
from lms.people.needs_sharing import NEEDS_WITH_COORDINATORS, NEEDS_WITH_TUTORS
from lms.people.queries.consents import agrees
from lms.people.queries.contact import people_helped_by


def needs_of(person: User) -> Needs | None:
    """What the person, or a coordinator with their say-so, wrote down. For the person's own eyes."""
    return Needs.objects.filter(person=person).first()


def needs_seen_by_tutors(people: Iterable[int]) -> dict[int, Needs]:
    """Of these people (primary keys), what those need who agree now that tutors see it. One query.

    That the viewer is their tutor, and that they said yes for this very workshop, is the caller's to ask.
    """
    rows = Needs.objects.filter(agrees(OuterRef("person"), NEEDS_WITH_TUTORS.key), person__in=list(people))
    return {row.person_id: row for row in rows}


def needs_seen_by_coordinator(coordinator: User) -> QuerySet[Needs]:
    """Needs of the people this coordinator helps, of those who agree now that coordinators see them."""
    return Needs.objects.filter(
        agrees(OuterRef("person"), NEEDS_WITH_COORDINATORS.key), person__in=people_helped_by(coordinator)
    )


def people_to_ask_again(coordinator: User) -> QuerySet[User]:
    """People whose needs this coordinator may see, and whom it is time to ask again."""
    return User.objects.filter(
        pk__in=needs_seen_by_coordinator(coordinator).values("person"), ask_needs_on__lte=clock.today()
    ).order_by("ask_needs_on", "pk")


def times_needs_met(person: User) -> QuerySet[NeedsMet]:
    """At which sessions and by which messages the person's needs were met, or not; newest first."""
    return NeedsMet.objects.filter(person=person).select_related("recorded_by")
