"""A plan as pages show it: its state in words, its sentence, how sure its owner is. No queries here."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coaching.board import called
from coaching.models import ActionPlan, ConfidenceRating, FollowUp
from coaching.queries import confidence_of
from coaching.sentence import PARTS, plan_sentence
from lms.core import clock


@dataclass(frozen=True)
class ShownPlan:
    plan: ActionPlan
    sentence: str
    confidence: ConfidenceRating | None
    is_low: bool
    is_stopped: bool
    is_paused: bool
    is_due: bool
    state: str
    colour: str
    first_name: str
    shared_with: str


def shown_plan(plan: ActionPlan) -> ShownPlan:
    """From a plan of coaching.queries, whose ratings and last decision came with it."""
    confidence = confidence_of(plan)
    is_stopped = plan.stopped_at is not None
    is_paused = not is_stopped and plan.last_decision == FollowUp.Decision.PAUSE
    is_due = not is_stopped and plan.follow_up_on is not None and plan.follow_up_on <= clock.today()
    state, colour = (
        (_("Ended"), "grey")
        if is_stopped
        else (_("Time to say how it went"), "blue")
        if is_due
        else (_("Paused"), "grey")
        if is_paused
        else (_("Going on"), "green")
    )
    return ShownPlan(
        plan=plan,
        sentence=plan_sentence({name: getattr(plan, name) for name in PARTS}),
        confidence=confidence,
        is_low=confidence is not None
        and confidence.value is not None
        and confidence.value < ConfidenceRating.LOW_BELOW,
        is_stopped=is_stopped,
        is_paused=is_paused,
        is_due=is_due,
        state=state,
        colour=colour,
        first_name=plan.owner.first_name or called(plan.owner),
        shared_with=called(plan.tie.professional) if plan.tie else "",
    )
