"""What the worker does for signed lessons: publish what has its time, and tell authors what is to be looked at again."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django_q.models import Schedule

from courses.services.signing import remind_authors

AT_HOUR = 6
PUBLISH_EVERY_MINUTES = 10


def remind() -> int:
    return remind_authors()


def publish_what_has_its_time() -> None:
    call_command("publish_scheduled")


def ensure_schedules(**kwargs) -> None:
    """After migrating: one schedule row for each."""
    morning = timezone.localtime().replace(hour=AT_HOUR, minute=10, second=0, microsecond=0) + timedelta(
        days=1
    )
    Schedule.objects.get_or_create(
        name="courses.reviews",
        defaults={
            "func": "courses.signing_tasks.remind",
            "schedule_type": Schedule.DAILY,
            "next_run": morning,
            "repeats": -1,
        },
    )
    Schedule.objects.get_or_create(
        name="courses.publishing",
        defaults={
            "func": "courses.signing_tasks.publish_what_has_its_time",
            "schedule_type": Schedule.MINUTES,
            "minutes": PUBLISH_EVERY_MINUTES,
            "repeats": -1,
        },
    )
