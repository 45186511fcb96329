"""Which series there are, and who may see which. Nothing here changes anything."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    BigIntegerField,
    Count,
    DateTimeField,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from courses.models import CurriculumPage
from courses.queries.outlines import curricula
from lms.core import clock
from lms.core.ready import ReadyQuery, Slot
from lms.people.models import User
from lms.people.queries import organisations_coordinated_by
from lms.people.shown import with_shown
from workshops.models import Booking, Series, SeriesTutor, Session


def programmes() -> QuerySet[CurriculumPage]:
    """The published curricula, with no more of them than their names."""
    return curricula().only("title", "translation_key", "audience", "outline_stamp__stamp")


def with_dates(series: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `first_start` and `last_end`, aware."""
    sessions = Session.objects.filter(series=OuterRef("pk")).order_by("number")
    return series.annotate(
        first_start=Subquery(sessions.values("starts_at")[:1]),
        last_end=Subquery(sessions.reverse().values("ends_at")[:1]),
    )


def with_seats(series: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `booked_count` and `waiting_count`."""
    return series.annotate(
        booked_count=_bookings(Booking.State.BOOKED), waiting_count=_bookings(Booking.State.WAITING)
    )


def _bookings(state: str) -> Coalesce:
    counted = Booking.objects.filter(series=OuterRef("pk"), state=state).order_by().values("series")
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)


def whole(series: QuerySet[Series]) -> QuerySet[Any]:
    """All that a list or a page of series shows: dates, seats, sessions, and `active_team`. Three queries."""
    team = with_shown(SeriesTutor.objects.filter(state__in=SeriesTutor.ACTIVE).select_related("person"))
    return (
        with_seats(with_dates(series))
        .select_related("curriculum", "organisation")
        .prefetch_related("sessions", Prefetch("team", team, to_attr="active_team"))
    )


def open_series(*, programme: str = "", format: str = "") -> QuerySet[Series]:
    """Series that can be booked or waited for now, soonest first. `programme` is a curriculum's translation key."""
    started = Session.objects.filter(series=OuterRef("pk"), starts_at__lte=clock.now())
    found = Series.objects.filter(~Exists(started), state=Series.State.OPEN)
    if programme:
        found = found.filter(curriculum__translation_key=programme)
    if format:
        found = found.filter(format=format)
    return whole(found).order_by("first_start", "pk")


def series_visible_to(person: User | AnonymousUser) -> QuerySet[Series]:
    """Series whose public page this person may open.

    Anybody sees open ones. The others are seen by those who have a place or lead, and by the organisation's coordinators.
    """
    seen: Any = Q(state=Series.State.OPEN)
    if person.is_authenticated:
        seen |= Exists(Booking.objects.filter(series=OuterRef("pk"), person=person, state__in=Booking.ACTIVE))
        seen |= Exists(
            SeriesTutor.objects.filter(series=OuterRef("pk"), person=person, state__in=SeriesTutor.ACTIVE)
        )
        seen |= Q(organisation__in=organisations_coordinated_by(person))
    return Series.objects.filter(seen)


def series_coordinated_by(person: User) -> QuerySet[Series]:
    """All series of the organisations the person coordinates today."""
    return Series.objects.filter(organisation__in=organisations_coordinated_by(person))


def booking_of(person: User | AnonymousUser, series: Series) -> Booking | None:
    """The person's place or turn on the series, if they have one."""
    if not person.is_authenticated:
        return None
    return series.bookings.filter(person=person, state__in=Booking.ACTIVE).first()


def turn_of(booking: Booking) -> int:
    """The place in the waiting list, from 1."""
    ahead = Booking.objects.filter(series_id=booking.series_id, state=Booking.State.WAITING)
    earlier = Q(booked_at__lt=booking.booked_at) | Q(booked_at=booking.booked_at, pk__lt=booking.pk)
    return ahead.filter(earlier).count() + 1


def bookings_of(person: User) -> QuerySet[Booking]:
    """The person's places and turns on series that are not over, soonest first, with `next_start` and its number."""
    return _bookings_of(person, clock.now()).select_related("series")


def own_states(person: User, series: Iterable[Series]) -> dict[int, str]:
    """Where the person has a place or waits, among these series: the booking's state by the series' key."""
    mine = Booking.objects.filter(person=person, state__in=Booking.ACTIVE, series__in=list(series))
    return dict(mine.values_list("series_id", "state"))


def _bookings_of(person: User | Slot, now: datetime | Slot) -> QuerySet[Any]:
    to_come = Session.objects.filter(series=OuterRef("series"), ends_at__gt=now).order_by("number")
    return (
        Booking.objects.filter(
            person=person, state__in=Booking.ACTIVE, series__state__in=Series.BEFORE_CLOSING
        )
        .annotate(
            next_start=Subquery(to_come.values("starts_at")[:1]),
            next_number=Subquery(to_come.values("number")[:1]),
        )
        .filter(next_start__isnull=False)
        .order_by("next_start", "pk")
    )


class Coming(NamedTuple):
    """A place or a turn, with what a card says of it."""

    state: str
    next_start: datetime
    next_number: int
    series_public_id: UUID
    sessions_planned: int
    venue_name: str
    zone: str


_coming = ReadyQuery(
    lambda person, now: _bookings_of(person, now).values_list(
        "state",
        "next_start",
        "next_number",
        "series__public_id",
        "series__sessions_planned",
        "series__venue_name",
        "series__zone",
    ),
    person=BigIntegerField(),
    now=DateTimeField(),
)


def coming_places(person: User) -> list[Coming]:
    """As `bookings_of`, with no more of the series than a card needs. One query."""
    return [Coming._make(row) for row in _coming(person=person.pk, now=clock.now())]
