"""Who has a place, who came, who may read that. Nothing here changes anything."""

from django.db.models import Count, QuerySet

from workshops.models import Attendance, Booking, Series, Session


def roster(series: Series) -> QuerySet[Booking]:
    """Those who have a place, in the order of their first names."""
    return (
        series.bookings.filter(state=Booking.State.BOOKED)
        .select_related("person")
        .order_by("person__first_name", "person__last_name", "pk")
    )


def waiting_list(series: Series) -> QuerySet[Booking]:
    """Those who wait, first come first."""
    return (
        series.bookings.filter(state=Booking.State.WAITING)
        .select_related("person")
        .order_by("booked_at", "pk")
    )


def marks_in(session: Session) -> dict[int, str]:
    """The mark of each booking in this session's register."""
    return dict(session.marks.values_list("booking_id", "mark"))


def marks_by_session(series: Series) -> dict[int, int]:
    """How many who have a place are marked, for each session's primary key."""
    counted = (
        Attendance.objects.filter(session__series=series, booking__state=Booking.State.BOOKED)
        .values("session")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {row["session"]: row["n"] for row in counted}


def first_gap(series: Series) -> tuple[Session, int] | None:
    """The first session whose register has gaps, with the number of people without a mark; None when all is marked."""
    people = series.bookings.filter(state=Booking.State.BOOKED).count()
    marked = marks_by_session(series)
    for session in series.sessions.order_by("number"):
        gap = people - marked.get(session.pk, 0)
        if gap:
            return session, gap
    return None
