"""Writes iCalendar files (RFC 5545, RFC 5546). Knows no app: it takes plain values and gives text.

What clients need and validators do not ask for: a VTIMEZONE for every zone used, lines folded by octets and ended by
CRLF, METHOD in the calendar as well as in the MIME type, one UID an event for its whole life, and a SEQUENCE that rises.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
PRODUCT = "-//Two Doors//Workshops//EN"


class Method(StrEnum):
    """What the receiver does with the file: take it in, take it out, or only read it."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True)
class CalendarEvent:
    """One meeting. `starts_at` and `ends_at` are aware; `zone` is the zone whose clocks it keeps."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    location: str = ""
    description: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class Address:
    """An email address with the name to show."""

    email: str
    name: str = ""


def calendar_text(
    events: Sequence[CalendarEvent],
    *,
    method: Method,
    organizer: Address,
    made_at: datetime,
    attendee: Address | None = None,
    name: str = "",
) -> str:
    """A whole calendar file as text with CRLF line ends.

    REQUEST and CANCEL need the one attendee the file goes to; PUBLISH names none. No other address is written.
    """
    if (attendee is None) != (method == Method.PUBLISH):
        raise ValueError("A request or a cancellation goes to one attendee; a published calendar to none.")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    if name:
        calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(_event(event, method, organizer, attendee, made_at))
    if events:
        # Without dates the zone's rules are written from 1970 to 2038.
        first = min(event.starts_at for event in events).date() - timedelta(days=1)
        last = max(event.ends_at for event in events).date() + timedelta(days=1)
        calendar.add_missing_timezones(first_date=first, last_date=last)
    return calendar.to_ical().decode("utf-8")


def _event(
    event: CalendarEvent, method: Method, organizer: Address, attendee: Address | None, made_at: datetime
) -> Event:
    zone = ZoneInfo(event.zone)
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", made_at)
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", _plain(event.summary))
    if event.location:
        entry.add("location", _plain(event.location))
    if event.description:
        entry.add("description", _plain(event.description))
    entry.add("class", "PRIVATE")
    is_off = event.cancelled or method == Method.CANCEL
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    entry.add("organizer", _address(organizer))
    if attendee is not None:
        person = _address(attendee)
        person.params["partstat"] = vText("ACCEPTED")
        person.params["rsvp"] = vText("FALSE")
        entry.add("attendee", person, encode=False)
    return entry


def _address(address: Address) -> vCalAddress:
    value = vCalAddress(f"mailto:{address.email}")
    if address.name:
        value.params["cn"] = vText(" ".join(_plain(address.name).split()))
    return value


def _plain(text: str) -> str:
    """The text without control characters: one of them could end a line where no line ends."""
    return CONTROL.sub(" ", text.replace("\r\n", "\n"))
