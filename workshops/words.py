"""What a series is called on screen: its state, its seats and its times, in words."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.contrib.humanize.templatetags.humanize import ordinal
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.people.models import User
from lms.people.shown import Shown, shown
from workshops.models import Series, SeriesTutor, Session


def kind_words(kind: str) -> str:
    """The kind of tutor inside a sentence."""
    return _("lay tutor") if kind == SeriesTutor.Kind.LAY else _("clinical tutor")


def state_words(series: Series, *, now: datetime) -> tuple[str, str]:
    """(word, colour of the tag) for a series with dates and seats."""
    if series.state == Series.State.OPEN:
        return _open_words(series, now)
    return {
        Series.State.WANTED: (_("Wanted"), "orange"),
        Series.State.INVITING: (_("Waiting for a co-tutor"), "yellow"),
        Series.State.CLOSED: (_("Closed"), "grey"),
        Series.State.CANCELLED: (_("Cancelled"), "red"),
    }[series.state]


def _open_words(series: Series, now: datetime) -> tuple[str, str]:
    if series.last_end <= now:
        return _("Over, to confirm"), "purple"
    if series.first_start <= now:
        return _("Running"), "blue"
    if series.booked_count >= series.capacity:
        return _("Full"), "orange"
    return _("Open"), "green"


def seat_words(series: Series) -> str:
    """The seats as somebody who looks for a place needs to know them."""
    left = series.capacity - series.booked_count
    if left > 0:
        return ngettext("%(n)s place left", "%(n)s places left", left) % {"n": left}
    return _("Waiting list: you would be %(turn)s") % {"turn": ordinal(series.waiting_count + 1)}


def turn_words(turn: int) -> str:
    return _("You are %(turn)s on the waiting list.") % {"turn": ordinal(turn)}


def rule_words(series: Series) -> str:
    """The completion rule, in a sentence that is also printed on certificates."""
    if series.min_attended == series.sessions_planned:
        rule = _("Came to all %(planned)s sessions.")
    else:
        rule = _("Came to at least %(min)s of %(planned)s sessions.")
    rule %= {"min": series.min_attended, "planned": series.sessions_planned}
    if series.part_counts:
        rule = f"{rule} {_('Part of a session counts.')}"
    return rule


def when_words(sessions: Iterable[Session]) -> str:
    """ "6 sessions, from Tuesday 3 March 2026, 10 a.m. to 12:40 p.m." """
    dated = list(sessions)
    first = dated[0]
    values = {
        "count": len(dated),
        "day": date_format(first.local_start, "l j F Y"),
        "start": time_format(first.local_start.time()),
        "end": time_format(first.local_end.time()),
    }
    return (
        ngettext(
            "%(count)s session, %(day)s, %(start)s to %(end)s",
            "%(count)s sessions, from %(day)s, %(start)s to %(end)s",
            len(dated),
        )
        % values
    )


def session_words(session: Session) -> str:
    """ "Tuesday 3 March 2026, 10 a.m. to 12:40 p.m." """
    day = date_format(session.local_start, "l j F Y")
    start, end = time_format(session.local_start.time()), time_format(session.local_end.time())
    return _("%(day)s, %(start)s to %(end)s") % {"day": day, "start": start, "end": end}


def in_equal_order(places: Iterable[SeriesTutor]) -> list[SeriesTutor]:
    """The team in an order that is random but always the same for one series: nobody comes first by rank."""

    def lot(place: SeriesTutor) -> str:
        drawn = f"{place.series_id}:{place.person.public_id}"
        return hashlib.sha256(drawn.encode()).hexdigest()

    return sorted(places, key=lot)


def led_by_words(places: Iterable[SeriesTutor]) -> str:
    """Both names, as equals, as the team itself knows them."""
    return _(" and ").join(place.person.display_name for place in in_equal_order(places))


def shown_tutor(place: SeriesTutor) -> Shown:
    """A tutor as everybody may see them: a lay tutor by as much as they agreed to. `place` has lms.people.shown's columns."""
    if place.kind == SeriesTutor.Kind.CLINICAL:
        return Shown(place.person.display_name, _("works in health care"))
    return shown(place.person, name_is_shown=place.name_is_shown, lived_with_words=place.lived_with_words)


def shown_led_by_words(places: Iterable[SeriesTutor]) -> str:
    """Both names, as equals, as everybody may see them."""
    return _(" and ").join(shown_tutor(place).name for place in in_equal_order(places))


def first_names(people: Iterable[User]) -> dict[int, str]:
    """What to call each person on a register: the first name, and the last name's initial where two share it."""
    everyone = list(people)
    taken = [person.first_name.strip().casefold() for person in everyone]
    names = {}
    for person in everyone:
        name = person.first_name.strip() or _("No name given")
        if taken.count(person.first_name.strip().casefold()) > 1 and person.last_name.strip():
            name = f"{name} {person.last_name.strip()[0]}."
        names[person.pk] = name
    return names
