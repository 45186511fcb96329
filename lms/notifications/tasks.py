"""What the worker does: send one message; sweep up what was missed."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

from lms.notifications.models import Message
from lms.notifications.services import send_message

SWEEP_EVERY_MINUTES = 2
SWEEP_AT_MOST = 200


def send(message_id: int) -> bool:
    return send_message(message_id=message_id)


def sweep() -> int:
    """Enqueue messages that should have gone by now: a worker died, or the mail server was away."""
    now = timezone.now()
    late = Message.objects.unsent().filter(
        Q(leased_until__lt=now) | Q(leased_until=None, created_at__lt=now - timedelta(minutes=1))
    )
    ids = list(late.order_by("created_at").values_list("pk", flat=True)[:SWEEP_AT_MOST])
    for message_id in ids:
        async_task("lms.notifications.tasks.send", message_id)
    return len(ids)


def ensure_sweep(**kwargs) -> None:
    """After migrating: one schedule row for the sweep."""
    Schedule.objects.get_or_create(
        name="notifications.sweep",
        defaults={
            "func": "lms.notifications.tasks.sweep",
            "schedule_type": Schedule.MINUTES,
            "minutes": SWEEP_EVERY_MINUTES,
            "repeats": -1,
        },
    )
