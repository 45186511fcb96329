"""Agendas and plans, made through the services as everywhere."""

from datetime import date, timedelta
from typing import Any

from coaching.models import ActionPlan, Agenda
from coaching.services import make_plan, start_agenda
from lms.core import clock
from lms.people.models import CareTie, User
from lms.people.services import give_consent

WORDS = {
    "what": "walk to the shop",
    "how_much": "for 10 minutes",
    "when": "after breakfast",
    "how_often": "every other day",
}


def tie_between(
    patient: User, professional: User, *, sharing: tuple[str, ...] = ("agenda", "plan")
) -> CareTie:
    """A tie that both have accepted, over which the patient shares these things."""
    tie = CareTie.objects.create(
        patient=patient,
        professional=professional,
        invited_by=patient,
        invited_email=professional.email,
        accepted_at=clock.now(),
    )
    for what in sharing:
        give_consent(tie=tie, person=patient, what=what)
    return tie


def agenda_for(
    tie: CareTie,
    *,
    by: User | None = None,
    topics: tuple[str, ...] = ("Pain at night",),
    days: int = 3,
    **details: Any,
) -> Agenda:
    """An agenda of a visit some days from today, started by the patient."""
    return start_agenda(
        tie=tie,
        by=by or tie.patient,
        visit_on=clock.today() + timedelta(days=days),
        topics=[(words, None) for words in topics],
        share=True,
        **details,
    )


def plan_for(
    owner: User,
    *,
    confidence: int | None = 8,
    tie: CareTie | None = None,
    starts_on: date | None = None,
    follow_up_in: int | None = 7,
    **words: str,
) -> ActionPlan:
    """A plan that starts today and is followed up a week later."""
    starts_on = starts_on or clock.today()
    return make_plan(
        owner=owner,
        words={**WORDS, **words},
        starts_on=starts_on,
        confidence=confidence,
        tie=tie,
        follow_up_on=None if follow_up_in is None else starts_on + timedelta(days=follow_up_in),
    )
