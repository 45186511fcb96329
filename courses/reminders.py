"""What the worker does for practice that sticks: each morning, what people chose to be reminded of."""

from datetime import timedelta

from django.utils import timezone
from django_q.models import Schedule

from courses.services.keeping import queue_prompts, queue_questions
from courses.services.skills import queue_skills

AT_HOUR = 9


def remind() -> int:
    """Queue the day's reminders and questions; how many. Safe to run at any time, twice too."""
    return queue_prompts() + queue_questions() + queue_skills()


def ensure_schedule(**kwargs) -> None:
    """After migrating: one schedule row for the reminders, each morning."""
    tomorrow = timezone.localtime().replace(hour=AT_HOUR, minute=0, second=0, microsecond=0) + timedelta(
        days=1
    )
    Schedule.objects.get_or_create(
        name="courses.reminders",
        defaults={
            "func": "courses.reminders.remind",
            "schedule_type": Schedule.DAILY,
            "next_run": tomorrow,
            "repeats": -1,
        },
    )
