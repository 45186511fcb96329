"""Letting go what has been kept long enough: in batches, logged, and never of somebody for whom a hold stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django_q.models import Task
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits

from lms.audit.models import Entry
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.models import TakenForm
from lms.notifications.models import Attachment, Message
from lms.people.models import CareTie, Role, User
from lms.people.queries import holds_role
from lms.rights.models import Deletion, Export, Hold, RetentionPeriod
from lms.rights.periods import CLASSES, periods
from lms.rights.registry import classified

AT_ONCE = 500
MOST_A_RUN = 50_000
LONGEST_DAYS = 100 * 365


@dataclass(frozen=True)
class Due:
    """Rows whose time is over, and what is emptied in them; nothing to empty means that the rows go."""

    key: str
    rows: QuerySet
    emptied: dict[str, Any] | None = None


# A higher app's part of `due_now`: gets the function that finds what is over.
Over = Callable[..., QuerySet]
_sources: dict[str, Callable[[Over], Iterator[Due]]] = {}


def register_due(name: str, source: Callable[[Over], Iterator[Due]]) -> None:
    """Add what an app lets go by itself, under a name of its own. `source(over)` gives rows by class."""
    _sources[name] = source


def due_now() -> Iterator[Due]:
    """All that has been kept long enough, class by class."""
    before: dict[str, datetime] = {
        key: clock.now() - timedelta(days=days) for key, days in periods().items() if days is not None
    }
    held = Hold.objects.filter(lifted_at=None).values("person")

    def over(key: str, model: type[Model], moment: str, whose: str = "", **wanted: Any) -> QuerySet:
        if key not in before:
            return model._base_manager.none()
        rows = model._base_manager.filter(**{f"{moment}__lt": before[key]}, **wanted)
        # "not in" leaves out rows of nobody too, as SQL compares with nothing: they are asked for apart.
        return rows.filter(~Q(**{f"{whose}__in": held}) | Q(**{whose: None})) if whose else rows

    # A letter that still waits to be posted keeps its words.
    gone = Q(sent_at__isnull=False) | Q(given_up_at__isnull=False)
    texts = over("texts", Message, "created_at", "to").filter(gone).exclude(text="", html="")
    empty: dict[str, Any] = {
        name: "" for name in ("text", "html", "words") if name in {f.name for f in Message._meta.get_fields()}
    }
    yield Due("texts", texts, empty)
    yield Due("texts", over("texts", Attachment, "message__created_at", "message__to"))
    yield Due("messages", over("messages", Message, "created_at", "to"))
    yield Due("sessions", Session.objects.filter(expire_date__lt=clock.now()))
    yield from _device_sessions(over)
    yield Due("forms", over("forms", TakenForm, "created_at", "person"))
    yield Due("jobs", over("jobs", Task, "stopped"))
    yield Due("searches", over("searches", QueryDailyHits, "date"))
    yield Due("searches", Query.objects.filter(daily_hits=None, editors_picks=None))
    yield Due("exports", Export.objects.filter(expires_at__lt=clock.now()))
    unanswered = over("invitations", CareTie, "created_at", "invited_by", accepted_at=None)
    yield Due("invitations", unanswered)
    for source in _sources.values():
        yield from source(over)
    yield Due("audit", over("audit", Entry, "created_at", "subject"))


def _device_sessions(over: Callable[..., QuerySet]) -> Iterator[Due]:
    from allauth.usersessions.models import UserSession

    yield Due("sessions", over("sessions", UserSession, "last_seen_at", "user"))


def to_review() -> dict[str, int]:
    """How many people's things are due for somebody to look at: nothing of these goes by itself."""
    last_seen = User.objects.filter(is_active=True).exclude(
        pk__in=Hold.objects.filter(lifted_at=None).values("person")
    )
    counts = {}
    for key, days in periods().items():
        if CLASSES[key].reviewed and days is not None and key != "checks":
            before = clock.now() - timedelta(days=days)
            counts[key] = last_seen.filter(
                Q(last_login__lt=before) | Q(last_login=None, date_joined__lt=before)
            ).count()
    return counts


def run_retention(*, is_dry: bool = False) -> list[tuple[str, str, int, int]]:
    """Let go of what is due: (class, model, deleted, cleared) for each. Dry: only count.

    In batches of 500, each its own transaction with its line in the deletion log, so that nobody waits, and a run that dies
    has counted what it did and goes on the next time.
    """
    found = []
    for due in due_now():
        label = due.rows.model._meta.label
        if is_dry:
            count = due.rows.count()
        else:
            count = _let_go(due)
        if count:
            deleted, cleared = (count, 0) if due.emptied is None else (0, count)
            found.append((due.key, label, deleted, cleared))
    return found


def _let_go(due: Due) -> int:
    count = 0
    manager = due.rows.model._base_manager
    while count < MOST_A_RUN:
        with transaction.atomic():
            keys = list(due.rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
            rows = manager.filter(pk__in=keys)
            log = Deletion(rule=f"retention: {due.key}", model=due.rows.model._meta.label)
            if due.emptied is None:
                rows.delete()
                log.deleted = len(keys)
            else:
                rows.update(**due.emptied)
                log.cleared = len(keys)
            if keys:
                log.save()
        count += len(keys)
        if len(keys) < AT_ONCE:
            break
    return count


@transaction.atomic
def set_period(*, key: str, days: int | None, by: User) -> RetentionPeriod:
    """Say how many days one class is kept on this site; None keeps it for ever. Only an administrator may."""
    if not holds_role(by, Role.Kind.ADMINISTRATOR):
        raise RuleBroken(_("Only an administrator can do this."))
    if key not in CLASSES:
        raise RuleBroken(_("Choose one of the classes on the list."), field="key")
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise RuleBroken(_("Type a number of days, 1 or more."), field="days")
    period, _is_new = RetentionPeriod.objects.update_or_create(
        key=key, defaults={"days": days, "changed_at": clock.now(), "changed_by": by}
    )
    record_act(actor=by, act="set how long to keep", obj=period, purpose=f"{key}: {days}")
    return period


def classes_in_use() -> set[str]:
    """The classes that the registry's lines name; each must be known."""
    return {one.retention for one in classified() if one.retention}
