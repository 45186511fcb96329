"""The mails that workshops send. Subjects and calendar titles are neutral: they never name a course or a condition."""

from collections.abc import Iterable

from django.urls import reverse

from lms.core import clock
from lms.core.links import absolute
from lms.interop.calendar_kit import Method
from lms.notifications.services import File, queue_message
from lms.people.models import User
from workshops.interfaces.calendar import booking_calendar, tutor_calendar
from workshops.models import Booking, Series, SeriesTutor, Session
from workshops.words import kind_words, led_by_words, rule_words, session_words, when_words


def tell_booked(booking: Booking, *, came_free: bool = False) -> None:
    """The place is theirs: dates, place, and a calendar file that puts them in."""
    _queue(
        "place_came_free" if came_free else "booking_confirmed",
        booking.person,
        booking.series,
        files=[_file(booking_calendar(booking, method=Method.REQUEST), Method.REQUEST)],
    )


def tell_cancelled(booking: Booking, *, had_place: bool, series_cancelled: bool = False) -> None:
    """The place or the turn is given back. Where there was a place, a calendar file takes the sessions out again."""
    files = []
    if had_place:
        files = [_file(booking_calendar(booking, method=Method.CANCEL), Method.CANCEL)]
    _queue(
        "series_cancelled" if series_cancelled else "booking_cancelled",
        booking.person,
        booking.series,
        files=files,
    )


def tell_invited(place: SeriesTutor, team: Iterable[SeriesTutor]) -> None:
    """Somebody is asked to lead; they learn with whom."""
    partners = [other for other in team if other.pk != place.pk]
    _queue(
        "tutor_invitation",
        place.person,
        place.series,
        kind=kind_words(place.kind),
        partner=led_by_words(partners),
        inviter=place.invited_by.display_name,
        url=_tutor_url(place.series),
    )


def tell_withdrawn(place: SeriesTutor) -> None:
    """A tutor stepped back after the series had opened: their sessions come out of their calendar."""
    _queue(
        "tutor_withdrawn",
        place.person,
        place.series,
        files=[_file(tutor_calendar(place, method=Method.CANCEL), Method.CANCEL)],
    )


def tell_answer(place: SeriesTutor, partner: User) -> None:
    """A partner declined or stepped back, without a reason."""
    _queue(
        "tutor_place_free",
        partner,
        place.series,
        kind=kind_words(place.kind),
        name=place.person.display_name,
        url=_tutor_url(place.series),
    )


def tell_open(series: Series, team: Iterable[SeriesTutor]) -> None:
    """Both tutors learn that booking has begun, with a calendar file."""
    places = list(team)
    for place in places:
        _queue(
            "series_open",
            place.person,
            series,
            led_by=led_by_words(places),
            url=_tutor_url(series),
            files=[_file(tutor_calendar(place, method=Method.REQUEST), Method.REQUEST)],
        )


def tell_paused(booking: Booking) -> None:
    """A tutor stepped back; places are kept while another is found."""
    _queue("series_paused", booking.person, booking.series)


def tell_certificate(person: User, series: Series) -> None:
    _queue("certificate_ready", person, series, url=absolute(reverse("certificates:mine")))


def tell_over(booking: Booking) -> None:
    """The series is over for somebody whom the rule gives no certificate. Kind; blames nobody."""
    _queue("series_over", booking.person, booking.series, url=absolute(reverse("workshops:find")))


def _queue(
    template: str, person: User, series: Series, files: list[File] | None = None, **extra: str
) -> None:
    sessions: list[Session] = list(series.sessions.order_by("number").select_related("series"))
    context = {
        "title": series.title,
        "when": when_words(sessions),
        "sessions": [session_words(session) for session in sessions],
        "venue_name": series.venue_name,
        "venue_address": series.venue_address,
        "access_notes": series.access_notes,
        "rule": rule_words(series),
        "organisation": series.organisation.name,
        "organisation_email": series.organisation.contact_email,
        "organisation_phone": series.organisation.contact_phone,
        "url": absolute(reverse("workshops:series", args=[series.public_id])),
    }
    coming = [session.starts_at for session in sessions if session.starts_at > clock.now()]
    queue_message(
        template=template,
        to=person,
        context=context | extra,
        files=files or [],
        not_after=min(coming, default=None),
    )


def _file(content: str, method: Method) -> File:
    name = "cancelled.ics" if method == Method.CANCEL else "workshop.ics"
    return File(name, f"text/calendar; method={method.value}", content)


def _tutor_url(series: Series) -> str:
    return absolute(reverse("workshops:tutor_series", args=[series.public_id]))
