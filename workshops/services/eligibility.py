"""Who may stand before a room: held roles on every date, and nobody in two places at once. Fails closed."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lms.core.errors import RuleBroken
from lms.people.models import Role, User
from workshops.models import Series, SeriesTutor, Session
from workshops.words import kind_words

Times = Sequence[tuple[datetime, datetime]]


def lock_people(people: Iterable[User]) -> None:
    """Hold the rows of these people to the end of the transaction, so that nobody is scheduled twice at once."""
    keys = {person.pk for person in people}
    list(User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


def days_of(times: Times, zone: ZoneInfo) -> list[date]:
    return [start.astimezone(zone).date() for start, _end in times]


def kinds_on_all(person: User, days: Sequence[date]) -> set[str]:
    """The kinds of tutor the person is on every one of these days, in any organisation."""
    return {kind for kind in SeriesTutor.ROLE_OF if _first_day_without(person, kind, days) is None}


def require_kind(person: User, kind: str, days: Sequence[date]) -> None:
    """Refuse somebody who is not this kind of tutor on each day."""
    day = _first_day_without(person, kind, days)
    if day is None:
        return
    raise RuleBroken(
        _("%(name)s is not confirmed as a %(kind)s on %(day)s. Choose other dates, or ask a coordinator.")
        % {"name": person.display_name, "kind": kind_words(kind), "day": date_format(day, "j F Y")},
        field="co_tutor",
    )


def _first_day_without(person: User, kind: str, days: Sequence[date]) -> date | None:
    roles = list(
        Role.objects.filter(person=person, kind=SeriesTutor.ROLE_OF[SeriesTutor.Kind(kind)]).select_related(
            "check_seen"
        )
    )
    for day in days:
        if not any(_in_force(role, day) for role in roles):
            return day
    return None


def _in_force(role: Role, day: date) -> bool:
    """The same rule as Role.objects.in_force(day), on rows at hand."""
    has_begun = role.starts_on <= day and (role.ends_on is None or role.ends_on > day)
    return has_begun and (role.check_seen is None or role.check_seen.renew_on > day)


def require_free(person: User, times: Times, *, but_for: Series | None = None) -> None:
    """Refuse somebody who has joined another series with a session at one of these times."""
    clash = Q(pk__in=[])
    for start, end in times:
        clash |= Q(starts_at__lt=end, ends_at__gt=start)
    # In one statement: a join over team would let the two conditions meet on different rows.
    led = SeriesTutor.objects.filter(
        person=person, state=SeriesTutor.State.ACCEPTED, series__state__in=Series.BEFORE_CLOSING
    ).values("series")
    busy = Session.objects.filter(clash, series__in=led)
    if but_for is not None:
        busy = busy.exclude(series=but_for)
    session = busy.select_related("series").order_by("starts_at").first()
    if session is not None:
        raise RuleBroken(
            _("%(name)s already leads a session on %(day)s at that time. Choose another date or time.")
            % {"name": person.display_name, "day": date_format(session.local_start, "j F Y")},
            field="first_day",
        )
