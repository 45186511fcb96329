"""What the worker does with lists: work them, and take up again those whose job died."""

from datetime import timedelta

from django_q.models import Schedule
from django_q.tasks import async_task

from courses.models import EnrolmentList
from courses.services.lists import work_list
from lms.core import clock

SWEEP_EVERY_MINUTES = 5


def work(list_id: int) -> bool:
    """Go on with a list; where it takes long, the next job goes on from there."""
    sent = EnrolmentList.objects.select_related("organisation", "uploaded_by").filter(pk=list_id).first()
    if sent is None:
        return False
    is_done = work_list(sent=sent)
    if not is_done:
        async_task("courses.list_jobs.work", list_id)
    return is_done


def sweep() -> int:
    """Lists whose job died go on. Where it did not, two jobs share the lines."""
    late = EnrolmentList.objects.filter(finished_at=None, created_at__lt=clock.now() - timedelta(minutes=2))
    for list_id in late.values_list("pk", flat=True):
        async_task("courses.list_jobs.work", list_id)
    return late.count()


def ensure_schedules(**kwargs) -> None:
    """After migrating: one schedule row for the sweep."""
    Schedule.objects.get_or_create(
        name="courses.lists",
        defaults={
            "func": "courses.list_jobs.sweep",
            "schedule_type": Schedule.MINUTES,
            "minutes": SWEEP_EVERY_MINUTES,
            "repeats": -1,
        },
    )
