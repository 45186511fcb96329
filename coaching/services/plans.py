"""Making a plan, saying how sure one is, and telling how it went. A plan belongs to its owner alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coaching.models import ActionPlan, ConfidenceRating, FollowUp, PlanReminder, PlanRevision
from coaching.privacy import PLAN
from coaching.queries import plans_due, plans_shared_with, plans_visible_to
from coaching.services.words import tidy
from lms.audit.services import record_act, record_look, record_looks
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import CareTie, User
from lms.people.queries import consents_of, ties_of
from lms.people.services import give_consent

FURTHEST_START = timedelta(days=366)
FURTHEST_FOLLOW_UP = timedelta(days=366)
MOST = {
    "goal": 300,
    "why": 300,
    "what": 200,
    "how_much": 100,
    "when": 100,
    "how_often": 100,
    "where_with": 150,
    "barrier": 300,
    "if_then": 300,
    "support": 300,
}


@dataclass(frozen=True)
class HowItWent:
    """What the owner tells of one stretch of a plan. `done`: all, some, none or more; `confidence_now` 0 to 10."""

    done: str
    decision: str
    helped: str = ""
    got_in_way: str = ""
    learned: str = ""
    confidence_now: int | None = None
    next_on: date | None = None


@transaction.atomic
def open_plan(*, viewer: User, public_id: UUID) -> ActionPlan | None:
    """The one way to read a plan: fetches what the viewer may see now, with all that belongs to it, and audits the
    look. None when it is not there for them. If the look cannot be written, reading fails.
    """
    plan = (
        plans_visible_to(viewer)
        .prefetch_related("follow_ups", "revisions")
        .filter(public_id=public_id)
        .first()
    )
    if plan is not None:
        record_look(viewer=viewer, subject=plan.owner, obj=plan, purpose="action plan")
    return plan


@transaction.atomic
def open_shared_plans(*, viewer: User, at_most: int) -> list[ActionPlan]:
    """Plans that patients share with the viewer now; one look each, in one insert."""
    plans = list(plans_shared_with(viewer)[:at_most])
    record_looks(viewer=viewer, seen=[(plan.owner, plan) for plan in plans], purpose="list of action plans")
    return plans


@transaction.atomic
def make_plan(
    *,
    owner: User,
    words: Mapping[str, str],
    starts_on: date,
    follow_up_on: date | None,
    confidence: int | None,
    confidence_words: str = "",
    importance: int | None = None,
    tie: CareTie | None = None,
) -> ActionPlan:
    """Keep a plan in the owner's words, with the first rating of how sure they are (0 to 10, or none).

    `words` holds the plan's text fields by name. `tie` shares the plan with that person, and is the owner's clear yes
    to it. However low the confidence, the plan is kept: help is offered after, and never in the way.
    Refuses a plan without an action, days that are over, and a follow-up before the start.
    """
    kept = _tidied(words)
    today = clock.today()
    if starts_on < today:
        raise RuleBroken(_("This day is over. Start today or on a later day."), field="starts_on")
    if starts_on > today + FURTHEST_START:
        raise RuleBroken(_("Choose a day within the next year."), field="starts_on")
    _check_next(follow_up_on, starts_on, field="follow_up_on")
    _check_scale(importance, "importance")
    plan = ActionPlan.objects.create(
        owner=owner, starts_on=starts_on, follow_up_on=follow_up_on, importance=importance, **kept
    )
    _rate(plan, confidence, confidence_words)
    record_act(actor=owner, act="made action plan", subject=owner, obj=plan)
    if tie is not None:
        share_plan(plan=plan, by=owner, tie=tie)
    return plan


@transaction.atomic
def share_plan(*, plan: ActionPlan, by: User, tie: CareTie | None) -> ActionPlan:
    """Show the plan to the other person of one tie, or to nobody (None). Twice changes nothing.

    Choosing somebody is the owner's clear yes: it gives consent for plans over this tie. Plans that were shared over it
    before consent was withdrawn stay their owner's alone.
    """
    plan = _own(plan, by)
    if tie is not None:
        tie = ties_of(by).filter(pk=tie.pk, patient=by).first()
        if tie is None:
            raise RuleBroken(_("Choose somebody you work with here."), field="share_with")
        if PLAN.key not in consents_of(tie):
            # This yes is about this plan: what was shared here before the patient stopped does not come back with it.
            ActionPlan.objects.filter(owner=by, tie=tie).exclude(pk=plan.pk).update(tie=None)
            give_consent(tie=tie, person=by, what=PLAN.key)
    if plan.tie_id != (tie.pk if tie else None):
        plan.tie = tie
        plan.save(update_fields=["tie"])
        record_act(
            actor=by, act="shared action plan" if tie else "stopped sharing action plan", subject=by, obj=plan
        )
    return plan


@transaction.atomic
def make_it_easier(
    *,
    plan: ActionPlan,
    by: User,
    words: Mapping[str, str],
    confidence: int | None,
    confidence_words: str = "",
) -> ActionPlan:
    """Word the plan anew in a smaller way and rate it again. The old words and the old ratings are kept."""
    plan = _own(plan, by)
    _refuse_stopped(plan)
    kept = _tidied({name: words.get(name, getattr(plan, name)) for name in ActionPlan.WORDING})
    was = {name: getattr(plan, name) for name in ActionPlan.WORDING}
    if kept != was:
        PlanRevision.objects.create(plan=plan, wording=was)
        for name, value in kept.items():
            setattr(plan, name, value)
        plan.save(update_fields=list(kept))
    _rate(plan, confidence, confidence_words)
    return plan


@transaction.atomic
def rate_confidence(*, plan: ActionPlan, by: User, value: int | None, words: str = "") -> ConfidenceRating:
    """Add one more rating of how sure the owner is: 0 to 10, or words, or both. No rating is ever replaced."""
    plan = _own(plan, by)
    _refuse_stopped(plan)
    return _rate(plan, value, words)


@transaction.atomic
def record_follow_up(*, plan: ActionPlan, by: User, went: HowItWent) -> FollowUp:
    """Keep how it went and what comes next. The plan's next follow-up day becomes `went.next_on`, or none.

    Stopping, or making a new plan, ends this one. A confidence given counts as one more rating.
    Refuses a next day that is not later than today, and a plan that has ended.
    """
    plan = _own(plan, by)
    _refuse_stopped(plan)
    if went.done not in FollowUp.Done.values:
        raise RuleBroken(_("Choose how it went."), field="done")
    if went.decision not in FollowUp.Decision.values:
        raise RuleBroken(_("Choose what comes next."), field="decision")
    today = clock.today()
    ends = went.decision in (FollowUp.Decision.STOP, FollowUp.Decision.NEW)
    next_on = None if ends else went.next_on
    if next_on is not None and next_on <= today:
        raise RuleBroken(_("Choose a day after today."), field="next_on")
    _check_next(next_on, plan.starts_on, field="next_on")
    _check_scale(went.confidence_now, "confidence_now")
    follow_up = FollowUp.objects.create(
        plan=plan,
        by=by,
        on=today,
        done=went.done,
        decision=went.decision,
        next_on=next_on,
        confidence_now=went.confidence_now,
        **{
            name: tidy(getattr(went, name), most=500, field=name, too_long=_too_long())
            for name in ("helped", "got_in_way", "learned")
        },
    )
    if went.confidence_now is not None:
        _rate(plan, went.confidence_now)
    plan.follow_up_on = next_on
    plan.stopped_at = clock.now() if ends else None
    plan.save(update_fields=["follow_up_on", "stopped_at"])
    record_act(actor=by, act="recorded follow-up", subject=plan.owner, obj=plan)
    return follow_up


@transaction.atomic
def stop_plan(*, plan: ActionPlan, by: User) -> ActionPlan:
    """End a plan; it can still be read. Stopping twice changes nothing."""
    plan = _own(plan, by)
    if plan.stopped_at is None:
        plan.stopped_at = clock.now()
        plan.follow_up_on = None
        plan.save(update_fields=["stopped_at", "follow_up_on"])
        record_act(actor=by, act="stopped action plan", subject=by, obj=plan)
    return plan


def queue_reminders() -> int:
    """Queue one mail for each plan whose follow-up day has come; returns how many. Safe to run at any time, twice too:
    a plan is reminded of a day once. Mails hold no word of the plan.
    """
    queued = 0
    for plan in list(plans_due()):
        if plan.follow_up_on is None:
            continue
        try:
            with transaction.atomic():
                PlanReminder.objects.create(plan=plan, due_on=plan.follow_up_on)
                queue_message(
                    to=plan.owner,
                    template="follow_up_reminder",
                    context={"url": absolute(reverse("coaching:plan_follow_up", args=[plan.public_id]))},
                    not_after=clock.end_of(plan.follow_up_on),
                )
        except IntegrityError:
            continue  # another worker has just reminded them
        queued += 1
    return queued


def _own(plan: ActionPlan, by: User) -> ActionPlan:
    """The plan as it is now, locked; only its owner changes it."""
    own = ActionPlan.objects.select_for_update().filter(pk=plan.pk, owner=by).first()
    if own is None:
        raise RuleBroken(_("Only the person whose plan it is can change it."))
    return own


def _refuse_stopped(plan: ActionPlan) -> None:
    if plan.stopped_at is not None:
        raise RuleBroken(_("This plan has ended. You can make a new one."))


def _rate(plan: ActionPlan, value: int | None, words: str = "") -> ConfidenceRating:
    _check_scale(value, "confidence")
    words = tidy(words, most=200, field="confidence_words", too_long=_too_long())
    return ConfidenceRating.objects.create(plan=plan, value=value, words=words)


def _check_scale(value: int | None, field: str) -> None:
    if value is not None and not 0 <= value <= 10:
        raise RuleBroken(_("Choose a number from 0 to 10."), field=field)


def _check_next(day: date | None, starts_on: date, *, field: str) -> None:
    if day is None:
        return
    if day < starts_on:
        raise RuleBroken(_("Choose the day you start, or a later one."), field=field)
    if day > max(starts_on, clock.today()) + FURTHEST_FOLLOW_UP:
        raise RuleBroken(_("Choose a day within the next year."), field=field)


def _tidied(words: Mapping[str, str]) -> dict[str, str]:
    needed = {"what": _("Write what you will do. One small step is enough.")}
    return {
        name: tidy(
            words.get(name, ""), most=MOST[name], field=name, needed=needed.get(name), too_long=_too_long()
        )
        for name in MOST
        if name in words or name in needed
    }


def _too_long() -> str:
    return _("Use %(most)s characters or fewer. You have used %(used)s.")
