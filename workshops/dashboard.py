"""What the dashboard says about workshops: my next session; and for tutors what waits for them. Two queries at most."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from lms.core import clock
from lms.home.cards import Card, register_cards
from lms.people.models import User
from workshops.models import Booking, SeriesTutor
from workshops.queries.calendar import Coming, coming_places
from workshops.queries.team import kinds_of, tutor_places

TODAY, WAITED_FOR, COMING = 10, 20, 50


def cards(user: User) -> list[Card]:
    """My places, then my tutoring where I am a tutor."""
    found = [_place(place) for place in coming_places(user)]
    if kinds_of(user):
        for place in tutor_places(user):
            found += _tutoring(place)
    return found


def _place(place: Coming) -> Card:
    waiting = place.state == Booking.State.WAITING
    return Card(
        urgency=COMING if waiting else _urgency(place.next_start),
        section=_("Workshops"),
        title=_("You are on a waiting list") if waiting else _session_title(place),
        text=_("%(when)s, %(venue)s")
        % {"when": _words(place.next_start, ZoneInfo(place.zone)), "venue": place.venue_name},
        action=_("See your place") if not waiting else _("See the waiting list"),
        url=reverse("workshops:series", args=[place.series_public_id]),
    )


def _tutoring(place: SeriesTutor) -> Iterator[Card]:
    series = place.series
    page = reverse("workshops:tutor_series", args=[series.public_id])
    venue = {"venue": series.venue_name}
    if place.state == SeriesTutor.State.INVITED:
        yield _tutor_card(
            _("You are invited to lead a series"), _when(place, first=True), _("See and answer"), page
        )
        return
    if place.due_number:
        register = reverse("workshops:register", args=[series.public_id, place.due_number])
        title = _("Mark the register of session %(number)s") % {"number": place.due_number}
        yield _tutor_card(title, series.venue_name, _("Open the register"), register)
    elif place.next_start is None and not place.has_confirmed and series.state == "open":
        yield _tutor_card(_("Did the series take place?"), _("At %(venue)s") % venue, _("Confirm it"), page)
    if place.next_start is not None:
        yield _tutor_card(
            _("You lead session %(number)s of %(planned)s")
            % {"number": place.next_number, "planned": series.sessions_planned},
            _("%(when)s, %(venue)s") % {"when": _when(place), **venue},
            _("Open the series"),
            page,
            urgency=_urgency(place.next_start),
        )


def _tutor_card(title: str, text: str, action: str, url: str, urgency: int = WAITED_FOR) -> Card:
    return Card(urgency=urgency, section=_("Tutoring"), title=title, text=text, action=action, url=url)


def _session_title(place: Coming) -> str:
    return _("Your session %(number)s of %(planned)s") % {
        "number": place.next_number,
        "planned": place.sessions_planned,
    }


def _when(row: SeriesTutor, *, first: bool = False) -> str:
    return _words(row.first_start if first else row.next_start, row.series.tzinfo)


def _words(moment: datetime, zone: ZoneInfo) -> str:
    start = moment.astimezone(zone).replace(tzinfo=None)
    return _("%(day)s, %(time)s") % {
        "day": date_format(start, "l j F"),
        "time": time_format(start.time()),
    }


def _urgency(start) -> int:
    return TODAY if start - clock.now() < timedelta(hours=24) else COMING


register_cards("workshops", cards)
