"""What people do with agendas and plans: each one transaction."""

from .agendas import agree_agenda, open_agenda, open_upcoming, start_agenda, tell_other
from .plans import (
    make_it_easier,
    make_plan,
    open_plan,
    open_shared_plans,
    queue_reminders,
    rate_confidence,
    record_follow_up,
    share_plan,
    stop_plan,
)
from .topics import add_topic, agree_topic, bring_back_topic, leave_out_topic, park_topic, withdraw_topic

__all__ = [
    "add_topic",
    "agree_agenda",
    "agree_topic",
    "bring_back_topic",
    "leave_out_topic",
    "make_it_easier",
    "make_plan",
    "open_agenda",
    "open_plan",
    "open_shared_plans",
    "open_upcoming",
    "park_topic",
    "queue_reminders",
    "rate_confidence",
    "record_follow_up",
    "share_plan",
    "start_agenda",
    "stop_plan",
    "tell_other",
    "withdraw_topic",
]
