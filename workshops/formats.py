"""The formats a series can have: how many sessions, how long, and what counts as having completed it.

A format is a proposal for scheduling. What a series was scheduled with is frozen on the series itself, so a later change
here never changes who completed it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.people.models import Audience


@dataclass(frozen=True)
class Format:
    """`minutes` is the length of a session; `rhythm_days` the days from one session to the next.

    `min_attended` is the number of sessions somebody must come to, out of all planned ones.
    A codelivered format needs a lay tutor and a clinical tutor at every session.
    """

    code: str
    label: str | Promise
    sessions: int
    minutes: int
    rhythm_days: int
    min_attended: int
    audience: str
    codelivered: bool = True


_ALL = (
    # Turner and others, Patient Education and Counseling 2015;98:213: seven sessions of three hours;
    # a completer came to five or more.
    Format("seven-weeks", _("Seven weekly sessions of 3 hours"), 7, 180, 7, 5, Audience.PATIENT),
    # Six weekly sessions of 2 hours 40 minutes; four or more is the completion rule of the
    # Chronic Disease Self-Management Program.
    Format("six-weeks", _("Six weekly sessions of 2 hours 40 minutes"), 6, 160, 7, 4, Audience.PATIENT),
    # The three skills workshops for professionals, half a day each; all three are needed. Two weeks
    # between them give time to try each enabler in one's own work.
    Format(
        "three-half-days",
        _("Three half days of 3 hours 30 minutes, every two weeks"),
        3,
        210,
        14,
        3,
        Audience.PROFESSIONAL,
    ),
)
FORMATS = {entry.code: entry for entry in _ALL}


def format_choices(audience: str | None = None) -> list[tuple[str, str | Promise]]:
    """(code, label) of every format, or of those for one audience."""
    return [(entry.code, entry.label) for entry in _ALL if audience in (None, entry.audience)]


def format_hints() -> dict[str, str | Promise]:
    """Whom each format is for."""
    words = {
        Audience.PATIENT: _("For people who live with a condition"),
        Audience.PROFESSIONAL: _("For people who work in health care"),
    }
    return {entry.code: words[Audience(entry.audience)] for entry in _ALL}
