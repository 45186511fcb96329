"""The one clock that rules ask. A demonstration or a test may set it; a production site may not."""

import os
from datetime import date, datetime, time

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.dateparse import parse_datetime

_set_to: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC; or the moment that `set_now` or the clock file names."""
    if _set_to is not None:
        return _set_to
    path = settings.CLOCK_FILE
    if path is not None and os.path.exists(path):
        moment = parse_datetime(path.read_text().strip())
        if moment is not None:
            return moment
    return timezone.now()


def today() -> date:
    """Today's date where the site is (settings.TIME_ZONE)."""
    return timezone.localdate(now(), timezone=timezone.get_default_timezone())


def end_of(day: date) -> datetime:
    """The last moment of a day where the site is."""
    return datetime.combine(day, time.max, tzinfo=timezone.get_default_timezone())


def set_now(moment: datetime | None) -> None:
    """Set this process's clock; None gives the real time back. Refuses on a production site."""
    global _set_to
    _refuse_in_production()
    if moment is not None and timezone.is_naive(moment):
        raise ValueError("The clock needs a moment with its time zone.")
    _set_to = moment


def write_clock_file(moment: datetime | None) -> None:
    """Set the clock of every process of a demonstration site; None gives the real time back."""
    _refuse_in_production()
    path = settings.CLOCK_FILE
    if path is None:
        raise ImproperlyConfigured("This site has no CLOCK_FILE, so its clock cannot be set.")
    if moment is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(moment.isoformat())


def _refuse_in_production() -> None:
    if settings.PRODUCTION:
        raise ImproperlyConfigured("The clock of a production site cannot be set.")
