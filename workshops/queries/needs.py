"""What helps the people of a series take part, as their tutors may see it now."""

from collections.abc import Iterable

from lms.people.models import Needs, NeedsMet
from lms.people.queries.needs import needs_seen_by_tutors
from workshops.models import Booking, Series, Session


def occasion_of(session: Session) -> str:
    """The name under which it is noted whether needs were met at a session."""
    return f"workshops.session:{session.pk}"


def needs_shown(series: Series, bookings: Iterable[Booking]) -> dict[int, Needs]:
    """By booking, what people wrote down once for all: of those who said yes for this series and agree now.

    Nobody's once the series is closed. One query at most.
    """
    sharing = {booking.person_id: booking.pk for booking in bookings if booking.shares_needs}
    if not sharing or series.state not in Series.BEFORE_CLOSING:
        return {}
    return {sharing[person]: needs for person, needs in needs_seen_by_tutors(sharing).items()}


def needs_words(series: Series, bookings: Iterable[Booking], shown: dict[int, Needs]) -> dict[int, str]:
    """By booking, one line for the tutors: what was written down, and what was said when booking."""
    if series.state not in Series.BEFORE_CLOSING:
        return {}
    lines = {}
    for booking in bookings:
        flag = shown[booking.pk].flag if booking.pk in shown else ""
        if flag or booking.needs:
            lines[booking.pk] = " · ".join(words for words in (flag, booking.needs) if words)
    return lines


def answers_at(session: Session, bookings: Iterable[Booking]) -> dict[int, NeedsMet]:
    """By booking, what was noted for this session already. One query."""
    people = {booking.person_id: booking.pk for booking in bookings}
    rows = NeedsMet.objects.filter(occasion=occasion_of(session), person__in=people)
    return {people[row.person_id]: row for row in rows}
