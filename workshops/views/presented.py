"""A series as its pages show it: rows and facts in words, so that templates ask for nothing."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from lms.core import clock
from workshops.formats import FORMATS
from workshops.models import Series, SeriesTutor
from workshops.queries.team import missing_kinds
from workshops.words import (
    in_equal_order,
    kind_words,
    rule_words,
    seat_words,
    session_words,
    shown_led_by_words,
    shown_tutor,
    state_words,
    when_words,
)


def presented(series: Series) -> dict[str, Any]:
    """Facts of one series out of `queries.calendar.whole`, each session among them. Asks the database nothing."""
    sessions = [
        {
            "number": one.number,
            "words": session_words(one),
            "session": one,
            "has_begun": one.starts_at <= clock.now(),
        }
        for one in series.sessions.all()
    ]
    return {**_facts(series), "sessions": sessions}


def presented_all(found: Iterable[Series]) -> list[dict[str, Any]]:
    """The same for a list, which names no single session."""
    return [_facts(series) for series in found]


def _facts(series: Series) -> dict[str, Any]:
    word, colour = state_words(series, now=clock.now())
    missing = missing_kinds(series.active_team)
    known = FORMATS.get(series.format)
    return {
        "series": series,
        "state": word,
        "colour": colour,
        "format": known.label if known else series.format,
        "when": when_words(series.sessions.all()),
        "team": in_equal_order(series.active_team),
        "led_by": shown_led_by_words(accepted(series.active_team)),
        "shown_team": [(place, shown_tutor(place)) for place in in_equal_order(accepted(series.active_team))],
        "missing": [kind_words(kind) for kind in missing],
        "needs_words": _(" and a ").join(kind_words(kind) for kind in missing),
        "has_started": series.first_start <= clock.now(),
        "is_over": series.last_end <= clock.now(),
        "is_full": series.booked_count >= series.capacity,
        "seats": seat_words(series),
        "rule": rule_words(series),
    }


def accepted(team: Iterable[SeriesTutor]) -> list[SeriesTutor]:
    return [place for place in team if place.state == SeriesTutor.State.ACCEPTED]
