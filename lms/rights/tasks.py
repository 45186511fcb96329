"""What the worker does: make copies, and once a day what is due."""

from datetime import timedelta

from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

from lms.core import clock
from lms.rights.models import Export
from lms.rights.services import erase_due, make_export, run_retention

AT_HOUR = 3
SWEEP_EVERY_MINUTES = 5


def make_copy(export_id: int) -> bool:
    """Go on with a copy; where it takes long, the next job goes on from there."""
    export = Export.objects.select_related("person").filter(pk=export_id).first()
    if export is None:
        return False
    is_ready = make_export(export=export)
    if not is_ready:
        async_task("lms.rights.tasks.make_copy", export_id)
    return is_ready


def sweep() -> int:
    """Copies whose job died go on."""
    late = Export.objects.filter(ready_at=None, created_at__lt=clock.now() - timedelta(minutes=2))
    for export_id in late.values_list("pk", flat=True):
        async_task("lms.rights.tasks.make_copy", export_id)
    return late.count()


def daily() -> None:
    """Erase whose day has come, and let go what has been kept long enough: two jobs, so that neither waits for the other."""
    async_task("lms.rights.tasks.erase_whose_day_has_come")
    async_task("lms.rights.tasks.let_go")


def erase_whose_day_has_come() -> int:
    return erase_due()


def let_go() -> int:
    return len(run_retention())


def ensure_schedules(**kwargs) -> None:
    """After migrating: one schedule row for each."""
    night = timezone.localtime().replace(hour=AT_HOUR, minute=20, second=0, microsecond=0) + timedelta(days=1)
    Schedule.objects.get_or_create(
        name="rights.daily",
        defaults={
            "func": "lms.rights.tasks.daily",
            "schedule_type": Schedule.DAILY,
            "next_run": night,
            "repeats": -1,
        },
    )
    Schedule.objects.get_or_create(
        name="rights.sweep",
        defaults={
            "func": "lms.rights.tasks.sweep",
            "schedule_type": Schedule.MINUTES,
            "minutes": SWEEP_EVERY_MINUTES,
            "repeats": -1,
        },
    )
