"""What a certificate says. Frozen as plain values when it is issued, read back the same for ever.

Whoever issues passes a mapping with the keys below; the holder's and the organisation's names are added here.
A key that does not apply is left out, and the paper leaves its line out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_date


@dataclass(frozen=True)
class Tutor:
    """One of the two who delivered. `side` is "lay" or "clinical"; neither stands above the other."""

    name: str
    side: str = ""


@dataclass(frozen=True)
class Facts:
    """A certificate's facts.

    course: title as it then was · course_version: its edition · mode: a sentence such as "Two-tutor workshop"
    sessions_attended, sessions_planned: whole numbers (for a tutor: delivered, planned)
    hours_workshop, hours_elearning, hours_participatory: hours without breaks
    starts_on, ends_on: dates · place: where · rule: the completion rule that was met, as a sentence
    tutors: [{"name": …, "side": "lay" | "clinical"}, …] in the order to print
    outcomes: sentences that say what was learned
    cpd: true for professionals, who get hours by kind and a box for their reflection
    """

    recipient: str
    organisation: str
    course: str
    course_version: str = ""
    mode: str = ""
    sessions_attended: int | None = None
    sessions_planned: int | None = None
    hours_workshop: Decimal | None = None
    hours_elearning: Decimal | None = None
    hours_participatory: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    place: str = ""
    rule: str = ""
    tutors: tuple[Tutor, ...] = ()
    outcomes: tuple[str, ...] = ()
    cpd: bool = False
    language: str = "en"

    @property
    def hours_total(self) -> Decimal | None:
        known = [hours for hours in (self.hours_workshop, self.hours_elearning) if hours is not None]
        return _tidy(sum(known, Decimal(0))) if known else None

    @property
    def initials(self) -> str:
        """First letters of the first and the last word of the name: enough to compare, too little to know."""
        words = [word for word in self.recipient.split() if word[0].isalpha()]
        return " ".join(f"{word[0].upper()}." for word in (words[:1] + words[1:][-1:]))


def read_facts(stored: Mapping[str, Any]) -> Facts:
    """Facts out of what was stored. Keys that this version does not know are passed over."""
    return Facts(
        recipient=_words(stored, "recipient"),
        organisation=_words(stored, "organisation"),
        course=_words(stored, "course"),
        course_version=_words(stored, "course_version"),
        mode=_words(stored, "mode"),
        sessions_attended=_whole(stored, "sessions_attended"),
        sessions_planned=_whole(stored, "sessions_planned"),
        hours_workshop=_hours(stored, "hours_workshop"),
        hours_elearning=_hours(stored, "hours_elearning"),
        hours_participatory=_hours(stored, "hours_participatory"),
        starts_on=_day(stored, "starts_on"),
        ends_on=_day(stored, "ends_on"),
        place=_words(stored, "place"),
        rule=_words(stored, "rule"),
        tutors=tuple(_tutor(each) for each in stored.get("tutors") or ()),
        outcomes=tuple(str(each) for each in stored.get("outcomes") or ()),
        cpd=bool(stored.get("cpd")),
        language=_words(stored, "language") or "en",
    )


def _words(stored: Mapping[str, Any], key: str) -> str:
    return " ".join(str(stored.get(key) or "").split())


def _whole(stored: Mapping[str, Any], key: str) -> int | None:
    value = stored.get(key)
    return None if value is None or value == "" else int(value)


def _hours(stored: Mapping[str, Any], key: str) -> Decimal | None:
    value = stored.get(key)
    if value is None or value == "":
        return None
    try:
        return _tidy(Decimal(str(value)).quantize(Decimal("0.01")))
    except InvalidOperation as error:
        raise ValueError(f"{key} is no number of hours: {value!r}") from error


def _tidy(hours: Decimal) -> Decimal:
    """Without needless noughts: 15, 4.5 (and 20, which Decimal.normalize would write as 2E+1)."""
    whole = hours.to_integral_value()
    return whole if whole == hours else hours.normalize()


def _day(stored: Mapping[str, Any], key: str) -> date | None:
    value = stored.get(key)
    return parse_date(str(value)[:10]) if value else None


def _tutor(value: Any) -> Tutor:
    if isinstance(value, Mapping):
        return Tutor(name=str(value["name"]), side=str(value.get("side") or ""))
    return Tutor(name=str(value))
