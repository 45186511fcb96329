"""Our series as calendar files. Titles are neutral, and the only addresses are the receiver's and the site's."""

from collections.abc import Iterable
from email.utils import parseaddr

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.links import absolute
from lms.interop.calendar_kit import Address, CalendarEvent, Method, calendar_text
from lms.people.models import User
from workshops.models import Booking, Series, SeriesTutor, Session


def booking_calendar(booking: Booking, *, method: Method) -> str:
    """The sessions of a booking for the person who has it, to take in or to take out."""
    url = absolute(reverse("workshops:series", args=[booking.series.public_id]))
    earlier = Booking.objects.filter(series=booking.series, person=booking.person, pk__lt=booking.pk)
    return _for_one(booking.series, booking.person, method, url, earlier.count())


def tutor_calendar(place: SeriesTutor, *, method: Method) -> str:
    """The sessions for one of the tutors."""
    url = absolute(reverse("workshops:tutor_series", args=[place.series.public_id]))
    earlier = SeriesTutor.objects.filter(series=place.series, person=place.person, pk__lt=place.pk)
    return _for_one(place.series, place.person, method, url, earlier.count())


def feed_of(person: User) -> str:
    """The calendar that the person's private address answers: every session they have a place at or lead."""
    booked = Booking.objects.filter(person=person, state=Booking.State.BOOKED).values("series")
    led = SeriesTutor.objects.filter(person=person, state=SeriesTutor.State.ACCEPTED).values("series")
    running = Series.objects.exclude(state=Series.State.CANCELLED).filter(Q(pk__in=booked) | Q(pk__in=led))
    sessions = Session.objects.filter(series__in=running).select_related("series").order_by("starts_at", "pk")
    url = absolute(reverse("dashboard"))
    return calendar_text(
        [_event(session, url) for session in sessions],
        method=Method.PUBLISH,
        organizer=_site(),
        made_at=clock.now(),
        name=_("My workshop sessions"),
    )


def _for_one(series: Series, person: User, method: Method, url: str, earlier: int) -> str:
    """`earlier` is how often this person had a place here before: each time its entries went in and out again, and a
    calendar takes a newer entry only when its sequence is higher.
    """
    raised_by = 2 * earlier + (1 if method == Method.CANCEL else 0)
    sessions: Iterable[Session] = series.sessions.order_by("number").select_related("series")
    return calendar_text(
        [_event(session, url, raised_by=raised_by) for session in sessions],
        method=method,
        organizer=_site(),
        attendee=Address(person.email, person.display_name),
        made_at=clock.now(),
    )


def _event(session: Session, url: str, *, raised_by: int = 0) -> CalendarEvent:
    series = session.series
    return CalendarEvent(
        uid=session.uid,
        sequence=session.sequence + raised_by,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=series.zone,
        summary=_("Workshop session %(number)s of %(planned)s")
        % {"number": session.number, "planned": series.sessions_planned},
        location=f"{series.venue_name}, {series.venue_address}",
        description=_("See the details: %(url)s") % {"url": url},
    )


def _site() -> Address:
    return Address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], settings.SITE_NAME)
