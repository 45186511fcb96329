"""Places: book, wait, give back. Places are counted only while the series' row is held."""

from django.contrib.humanize.templatetags.humanize import ordinal
from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import User
from workshops.models import Booking, Series, SeriesTutor
from workshops.services.messages import tell_booked, tell_cancelled
from workshops.services.needs import agree_that_tutors_see

BOOKED, WAITING = Booking.State.BOOKED, Booking.State.WAITING


@transaction.atomic
def book_place(*, series: Series, person: User, needs: str = "", shares_needs: bool = False) -> Booking:
    """Book a place. Mails the dates with a calendar file. Booking twice is booking once.

    Refuses a series that is not open, has started or is full, one for the other curriculum's people, and its own tutors.
    `needs` is what would help the person take part, in their words; only the tutors see it. With `shares_needs` the
    person also agrees that the tutors see what they wrote down once for all.
    """
    series = _locked(series)
    booking = _active_booking(series, person)
    if booking is not None and booking.state == BOOKED:
        return booking
    _require_bookable(series, person)
    if booking is not None:
        raise RuleBroken(_("You are on the waiting list already. We tell you when a place comes free."))
    if free_places(series) <= 0:
        turn = ordinal(series.bookings.filter(state=WAITING).count() + 1)
        raise RuleBroken(
            _("All places are taken now. You can join the waiting list: you would be %(turn)s.")
            % {"turn": turn}
        )
    booking = Booking.objects.create(
        series=series, person=person, state=BOOKED, needs=needs, shares_needs=shares_needs
    )
    if shares_needs:
        agree_that_tutors_see(person)
    record_act(actor=person, act="booked place", subject=person, obj=booking)
    tell_booked(booking)
    return booking


@transaction.atomic
def join_waiting_list(
    *, series: Series, person: User, needs: str = "", shares_needs: bool = False
) -> Booking:
    """Wait for a place on a full series. The first who waits gets the first place that comes free. Twice is once.

    Refuses as `book_place` does, and while a place is free.
    """
    series = _locked(series)
    booking = _active_booking(series, person)
    if booking is not None:
        return booking
    _require_bookable(series, person)
    if free_places(series) > 0:
        raise RuleBroken(_("A place has come free. You can book it now."))
    booking = Booking.objects.create(
        series=series, person=person, state=WAITING, needs=needs, shares_needs=shares_needs
    )
    if shares_needs:
        agree_that_tutors_see(person)
    record_act(actor=person, act="joined waiting list", subject=person, obj=booking)
    return booking


@transaction.atomic
def cancel_booking(*, series: Series, person: User) -> None:
    """Give back a place or a turn. Mails the person; the first who waits gets the place and a mail. Twice is once.

    Refuses once the series has started: the place stays on the register.
    """
    series = _locked(series)
    booking = _active_booking(series, person)
    if booking is None:
        return
    if _has_started(series) and booking.state == BOOKED:
        raise RuleBroken(_("This series has started. Tell your tutors if you cannot come any more."))
    had_place = booking.state == BOOKED
    booking.state = Booking.State.CANCELLED
    booking.save(update_fields=["state"])
    record_act(actor=person, act="cancelled booking", subject=person, obj=booking)
    tell_cancelled(booking, had_place=had_place)
    fill_free_places(series)


def fill_free_places(series: Series) -> list[Booking]:
    """Give free places to those who wait, in order, with a mail each. The caller holds the series' row.

    Does nothing while the series is not open or once it has started.
    """
    if series.state != Series.State.OPEN or _has_started(series):
        return []
    free = free_places(series)
    if free <= 0:
        return []
    lucky = list(
        series.bookings.filter(state=WAITING).select_related("person").order_by("booked_at", "pk")[:free]
    )
    for booking in lucky:
        booking.state = BOOKED
        booking.save(update_fields=["state"])
        booking.series = series
        record_act(actor=None, act="place came free", subject=booking.person, obj=booking)
        tell_booked(booking, came_free=True)
    return lucky


def free_places(series: Series) -> int:
    """Places left. Only true for as long as the caller holds the series' row."""
    return series.capacity - series.bookings.filter(state=BOOKED).count()


def _locked(series: Series) -> Series:
    """On PostgreSQL the row is locked; on SQLite the transaction began IMMEDIATE, so there is one writer."""
    return (
        Series.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation", "curriculum")
        .get(pk=series.pk)
    )


def _active_booking(series: Series, person: User) -> Booking | None:
    booking = series.bookings.filter(person=person, state__in=Booking.ACTIVE).first()
    if booking is not None:
        booking.series, booking.person = series, person
    return booking


def _has_started(series: Series) -> bool:
    return series.sessions.filter(starts_at__lte=clock.now()).exists()


def _require_bookable(series: Series, person: User) -> None:
    if series.state == Series.State.INVITING and series.opened_at:
        raise RuleBroken(_("Booking is paused while we look for a tutor. Try again in a few days."))
    if series.state != Series.State.OPEN:
        raise RuleBroken(_("This series is not open for booking. Look for another one."))
    if _has_started(series):
        raise RuleBroken(_("This series has started. Look for one that starts later."))
    if series.curriculum.audience != person.audience:
        raise RuleBroken(_("This series is for the other programme. Look for one of yours."))
    if series.team.filter(person=person, state__in=SeriesTutor.ACTIVE).exists():
        raise RuleBroken(_("You lead this series, so you cannot book a place on it."))
