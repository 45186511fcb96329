"""What the worker does for coaching: once a day, remind people of the follow-ups they planned."""

from datetime import timedelta

from django.utils import timezone
from django_q.models import Schedule

from coaching.services import queue_reminders

AT_HOUR = 8


def remind() -> int:
    return queue_reminders()


def ensure_schedule(**kwargs) -> None:
    """After migrating: one schedule row for the reminders, each morning."""
    tomorrow = timezone.localtime().replace(hour=AT_HOUR, minute=0, second=0, microsecond=0) + timedelta(
        days=1
    )
    Schedule.objects.get_or_create(
        name="coaching.reminders",
        defaults={
            "func": "coaching.tasks.remind",
            "schedule_type": Schedule.DAILY,
            "next_run": tomorrow,
            "repeats": -1,
        },
    )
