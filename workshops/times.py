"""Local times and moments. Sessions keep the hour on the venue's clock, also when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from lms.core.errors import RuleBroken


def moment_at(day: date, start: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which a clock in the zone shows this day and time.

    Refuses a time that the clocks skip on that day, and one that comes twice.
    """
    wall = datetime.combine(day, start)
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    words = {"time": time_format(start), "day": date_format(day, "j F Y")}
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise RuleBroken(
            _("The clocks go forward on %(day)s, so %(time)s does not exist then. Choose another time.")
            % words,
            field="start_time",
        )
    if first.utcoffset() != second.utcoffset():
        raise RuleBroken(
            _("The clocks go back on %(day)s, so %(time)s comes twice. Choose another time.") % words,
            field="start_time",
        )
    return first.astimezone(UTC)


def session_times(
    *, first: datetime, count: int, rhythm_days: int, minutes: int, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """(start, end) in UTC of each session. `first` is a local time without a zone; days are added in local time."""
    return times_from(
        [first + timedelta(days=rhythm_days * n) for n in range(count)], minutes=minutes, zone=zone
    )


def times_from(starts: list[datetime], *, minutes: int, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """(start, end) in UTC for local starts without a zone. A session lasts `minutes` of real time."""
    moments = [moment_at(start.date(), start.time(), zone) for start in starts]
    return [(moment, moment + timedelta(minutes=minutes)) for moment in moments]
