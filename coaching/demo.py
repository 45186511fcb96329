"""The demonstration's visits and plans: agendas and plans in every state, made through the services."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta

from coaching.board import board_of
from coaching.models import ActionPlan, Agenda, AgendaItem
from coaching.privacy import AGENDA, PLAN
from coaching.queries import with_board
from coaching.services import (
    add_topic,
    agree_agenda,
    agree_topic,
    make_it_easier,
    make_plan,
    park_topic,
    record_follow_up,
    start_agenda,
    stop_plan,
)
from coaching.services.plans import HowItWent
from lms.core import clock
from lms.demo.registry import Stage, register_part
from lms.people.models import CareTie, User
from lms.people.services import accept_tie, give_consent, invite_to_tie, withdraw_consent

Topics = list[tuple[str, int | None]]


def load_coaching(stage: Stage) -> None:
    """Four patients tied to one professional; loading again adds nothing."""
    professional = stage.cast["professional"]
    for name, build in (("patient", _amina), ("patient2", _joe), ("patient3", _mei), ("patient4", _rosa)):
        patient = stage.cast[name]
        if ActionPlan.objects.filter(owner=patient).exists():
            continue
        with _days_ago(21):
            tie = _tie(patient, professional)
        build(patient, professional, tie)


@contextmanager
def _days_ago(days: int) -> Iterator[None]:
    """The clock that many days back, for what must have happened by now; the real time comes back after it."""
    clock.set_now(clock.now() - timedelta(days=days))
    try:
        yield
    finally:
        clock.set_now(None)


def _tie(patient: User, professional: User) -> CareTie:
    tie = CareTie.objects.in_force().filter(patient=patient, professional=professional).first()
    if tie is None:
        invited = invite_to_tie(inviter=patient, email=professional.email, as_professional=False)
        tie = accept_tie(tie=invited, person=professional)
    for what in (AGENDA.key, PLAN.key):
        give_consent(tie=tie, person=patient, what=what)
    return tie


def _start(tie: CareTie, by: User, day: date, topics: Topics, what_matters: str = "") -> Agenda:
    return start_agenda(
        tie=tie,
        by=by,
        visit_on=day,
        visit_at=time(10, 20),
        minutes=15,
        topics=topics,
        what_matters=what_matters,
    )


def _item(agenda: Agenda, words: str) -> AgendaItem:
    return agenda.items.get(words__startswith=words)


def _both_agree(agenda: Agenda, *people: User) -> None:
    last = board_of(with_board(Agenda.objects.filter(pk=agenda.pk)).get()).last_seq
    for person in people:
        agree_agenda(agenda=agenda, by=person, on_seq=last)


def _plan(
    owner: User, tie: CareTie | None, confidence: int | None, days_to_follow_up: int = 10, **words: str
) -> ActionPlan:
    today = clock.today()
    return make_plan(
        owner=owner,
        words=words,
        starts_on=today,
        tie=tie,
        confidence=confidence,
        follow_up_on=today + timedelta(days=days_to_follow_up),
    )


def _amina(patient: User, professional: User, tie: CareTie) -> None:
    """A new agenda that waits for an answer; a plan whose follow-up is due."""
    today = clock.today()
    _start(
        tie,
        patient,
        today + timedelta(days=2),
        what_matters="Being able to walk my grandson to school.",
        topics=[
            ("I get out of breath on the hill", 5),
            ("My new inhaler makes my mouth sore", 4),
            ("Can I fly in spring?", 3),
        ],
    )
    with _days_ago(10):
        _plan(
            patient,
            tie,
            8,
            what="walk to the shop and back",
            how_much="about 10 minutes",
            when="after breakfast",
            how_often="on Monday, Wednesday and Friday",
            where_with="with my sister",
            goal="Walk my grandson to school",
            why="He likes to show me his pictures on the wall",
            barrier="Rain",
            if_then="walk up and down the indoor market",
        )


def _joe(patient: User, professional: User, tie: CareTie) -> None:
    """An agenda of today that both have agreed, with a topic for later; a plan kept as it is at 5."""
    today = clock.today()
    with _days_ago(3):
        agenda = _start(
            tie,
            patient,
            today,
            what_matters="Sleeping through the night.",
            topics=[
                ("My back hurts most at night", 6),
                ("Going back to work", 5),
                ("A letter for my boss", 3),
            ],
        )
        add_topic(agenda=agenda, by=professional, words="How the stretching goes", minutes_asked=4)
    with _days_ago(2):
        for words in ("My back", "Going back"):
            agree_topic(item=_item(agenda, words), by=professional)
        park_topic(
            item=_item(agenda, "A letter"),
            by=professional,
            until=today + timedelta(days=14),
            reason="I need the form from your work first",
        )
        agree_topic(item=_item(agenda, "How the"), by=patient)
    with _days_ago(1):
        _both_agree(agenda, patient, professional)
        _plan(
            patient,
            tie,
            5,
            what="stretch my back",
            how_much="for 5 minutes",
            when="before bed",
            how_often="every second day",
        )


def _mei(patient: User, professional: User, tie: CareTie) -> None:
    """An agenda that waits for one voice; a plan that was made easier."""
    today = clock.today()
    with _days_ago(4):
        agenda = _start(
            tie,
            patient,
            today + timedelta(days=5),
            topics=[("I feel low in the mornings", 8)],
            what_matters="Getting back to my choir.",
        )
        add_topic(agenda=agenda, by=professional, words="What helped last time", minutes_asked=4)
        agree_topic(item=_item(agenda, "I feel"), by=professional)
        agree_topic(item=_item(agenda, "What helped"), by=patient)
        _both_agree(agenda, patient)
        plan = _plan(
            patient,
            tie,
            4,
            what="go swimming",
            how_much="for an hour",
            when="before work",
            how_often="every day",
            goal="Feel awake in the mornings",
        )
    with _days_ago(3):
        make_it_easier(
            plan=plan,
            by=patient,
            confidence=8,
            words={
                "what": "sit on the balcony",
                "how_much": "for 5 minutes",
                "when": "with my morning tea",
                "how_often": "on three days a week",
                "where_with": "",
                "support": "My friend rings me at eight",
            },
        )


def _rosa(patient: User, professional: User, tie: CareTie) -> None:
    """An agenda no longer shared; a plan that was followed up, and one that was stopped."""
    today = clock.today()
    with _days_ago(20):
        _start(tie, patient, today + timedelta(days=9), topics=[("My feet tingle", 5), ("Less tablets?", 5)])
        plan = _plan(
            patient,
            tie,
            7,
            days_to_follow_up=7,
            what="check my feet",
            how_much="both, all over",
            when="after my shower",
            how_often="on Sunday and Wednesday",
        )
        old = _plan(
            patient,
            None,
            None,
            what="weigh my breakfast",
            how_much="all of it",
            when="at eight",
            how_often="every day",
        )
    with _days_ago(13):
        record_follow_up(
            plan=plan,
            by=patient,
            went=HowItWent(
                done="some",
                decision="continue",
                helped="A mirror on the floor",
                got_in_way="I forgot on Wednesday",
                learned="Sunday is the better day",
                confidence_now=8,
                next_on=clock.today() + timedelta(days=21),
            ),
        )
        stop_plan(plan=old, by=patient)
    with _days_ago(5):
        withdraw_consent(tie=tie, person=patient, what=AGENDA.key)


register_part(40, "visits and plans", load_coaching)
