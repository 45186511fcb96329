"""What the dashboard says, what the worker mails, what a lesson rehearses, and what lists cost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django_q.models import Schedule

from coaching.board import board_of
from coaching.dashboard import cards
from coaching.models import ActionPlan, Agenda
from coaching.practices import ActionPlanPractice, AgendaPractice
from coaching.services import agree_agenda, agree_topic, queue_reminders, stop_plan
from coaching.tasks import ensure_schedule
from courses.practices import practice
from lms.core import clock
from lms.notifications.models import Message
from lms.people.models import User
from lms.people.services import withdraw_consent
from tests.factories import UserFactory
from tests.factories.coaching import WORDS, agenda_for, plan_for, tie_between

pytestmark = pytest.mark.django_db
SECRET = "Canarywort"


def titles(person) -> list[tuple[int, str]]:
    """The cards of somebody who has just come to the page."""
    return [
        (card.urgency, str(card.title))
        for card in sorted(cards(User.objects.get(pk=person.pk)), key=lambda c: c.urgency)
    ]


def queries_of(client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# ---------------------------------------------------------------- dashboard


def test_a_patient_without_a_plan_is_offered_one_last(two):
    assert titles(two.patient) == [(60, "Write a plan")]


def test_whoever_owes_an_answer_is_told_so(two):
    agenda = agenda_for(two.tie, days=1)

    assert titles(two.professional) == [(20, "Topics are waiting for your answer")]
    assert titles(two.patient) == [(50, "Agenda with Priya Field on Tuesday 3 March"), (60, "Write a plan")]
    agree_topic(item=agenda.items.get(), by=two.professional)

    assert titles(two.professional) == [(50, "Agenda with Amina on Tuesday 3 March")]


def test_todays_visit_comes_first_and_yesterdays_is_gone(two, at):
    agenda_for(two.tie, days=0)

    assert titles(two.professional) == [(10, "Topics are waiting for your answer")]
    at(clock.now() + timedelta(days=1))

    assert titles(two.professional) == []


def test_without_consent_there_is_no_card(two):
    agenda_for(two.tie, days=0)
    withdraw_consent(tie=two.tie, person=two.patient, what="agenda")

    assert titles(two.professional) == []


def test_a_due_plan_asks_how_it_went(two, at):
    plan = plan_for(two.patient, follow_up_in=7)

    assert titles(two.patient) == [(50, "Your plan")]
    at(clock.now() + timedelta(days=7))
    assert titles(two.patient) == [(30, "How did your plan go?")]
    stop_plan(plan=plan, by=two.patient)

    assert titles(two.patient) == [(60, "Write a plan")]


def test_cards_cost_one_query_however_many_rows(two, django_assert_num_queries):
    for count in (1, 2):
        for _ in range(count):
            agenda_for(two.tie)
            plan_for(two.patient)
        for person in (two.patient, two.professional):
            person = User.objects.get(pk=person.pk)
            from lms.people.queries import role_kinds_of

            role_kinds_of(person)  # the page has asked already
            with django_assert_num_queries(1):
                cards(person)


# ---------------------------------------------------------------- lists cost the same with one row as with three


@pytest.mark.parametrize("who", ["patient", "professional"])
def test_my_visits_costs_the_same_with_one_as_with_three(two, signed_in, who):
    client = signed_in(getattr(two, who))
    agenda_for(two.tie, topics=("A", "B"))
    plan_for(two.patient, tie=two.tie)
    one = queries_of(client, "/coaching/")
    for patient in (UserFactory(), UserFactory()):
        tie = tie_between(patient, two.professional)
        agenda_for(tie, topics=("A", "B", "C"))
        plan_for(patient, tie=tie)
    for _ in range(2):
        agenda_for(two.tie, topics=("A", "B", "C"), days=0)
        plan_for(two.patient, tie=two.tie)

    assert queries_of(client, "/coaching/") == one


@pytest.mark.parametrize("who", ["patient", "professional"])
def test_an_agenda_costs_the_same_however_many_moves(two, signed_in, who):
    client = signed_in(getattr(two, who))
    small, large = agenda_for(two.tie, topics=("A",)), agenda_for(two.tie, topics=("A", "B", "C"))
    for item in large.items.all():
        agree_topic(item=item, by=two.professional)

    few = queries_of(client, f"/coaching/agendas/{small.public_id}/")

    assert queries_of(client, f"/coaching/agendas/{large.public_id}/") == few
    assert few <= 13  # ten, and three for consent, role and audit


# ---------------------------------------------------------------- reminders


def test_a_plan_is_reminded_once_for_each_day(two, at):
    plan = plan_for(two.patient, follow_up_in=7, what=SECRET, goal=SECRET)
    plan_for(two.patient, follow_up_in=None)
    assert queue_reminders() == 0

    at(clock.now() + timedelta(days=7))
    assert [queue_reminders(), queue_reminders()] == [1, 0]
    at(clock.now() + timedelta(days=1))
    assert queue_reminders() == 0

    mail = Message.objects.get(template="follow_up_reminder")
    assert mail.address == two.patient.email
    assert mail.subject == "How did it go?"
    assert f"/coaching/plans/{plan.public_id}/how-did-it-go/" in mail.text
    assert SECRET not in mail.subject + mail.text + mail.html


def test_a_reminder_that_is_long_overdue_is_not_sent(two, at):
    plan_for(two.patient, follow_up_in=7)
    at(clock.now() + timedelta(days=30))

    assert queue_reminders() == 0


def test_a_stopped_plan_is_not_reminded(two, at):
    stop_plan(plan=plan_for(two.patient, follow_up_in=7), by=two.patient)
    at(clock.now() + timedelta(days=7))

    assert queue_reminders() == 0


def test_the_reminders_are_scheduled_once():
    ensure_schedule()
    ensure_schedule()

    assert Schedule.objects.get(name="coaching.reminders").func == "coaching.tasks.remind"


def test_no_mail_of_coaching_holds_a_word_of_content(two, at):
    """One odd word in every personal field; then everything that sends a mail happens."""
    agenda = agenda_for(two.tie, topics=(SECRET,), what_matters=SECRET)
    plan_for(
        two.patient,
        **dict.fromkeys(
            (
                "goal",
                "why",
                "what",
                "how_much",
                "when",
                "how_often",
                "where_with",
                "barrier",
                "if_then",
                "support",
            ),
            SECRET,
        ),
    )
    agree_topic(item=agenda.items.get(), by=two.professional)
    last = board_of(Agenda.objects.select_related("tie").get(pk=agenda.pk)).last_seq
    agree_agenda(agenda=agenda, by=two.patient, on_seq=last)
    agree_agenda(agenda=agenda, by=two.professional, on_seq=last)
    at(clock.now() + timedelta(days=7))
    queue_reminders()

    mails = Message.objects.filter(
        template__in=["agenda_topic_waiting", "agenda_agreed", "follow_up_reminder"]
    )
    assert sorted(mails.values_list("template", flat=True)) == [
        "agenda_agreed",
        "agenda_topic_waiting",
        "follow_up_reminder",
    ]
    assert all(SECRET not in mail.subject + mail.text + mail.html for mail in mails)


# ---------------------------------------------------------------- practice


def test_lessons_can_rehearse_both_tools():
    assert practice("coaching.agenda").form_class is AgendaPractice
    assert practice("coaching.action_plan").make_mine_url_name == "coaching:plan_from_practice"


def test_practising_a_plan_makes_no_plan():
    form = ActionPlanPractice(data={**WORDS, "confidence": "5"})

    assert form.is_valid(), form.errors
    assert form.as_answer()["what"] == "walk to the shop"
    assert form.as_answer()["confidence"] == 5
    assert "once" not in form.as_answer()
    assert ActionPlan.objects.count() == 0


@pytest.mark.parametrize(
    ("key", "has"), [("coaching.agenda", "p1-topic_6"), ("coaching.action_plan", "p1-how_often")]
)
def test_a_practice_draws_all_its_fields_inside_a_lesson(key, has):
    rehearsal = practice(key)
    form = rehearsal.form_class(prefix="p1")

    drawn = render_to_string(rehearsal.template_name, {"form": form, "practice": rehearsal})

    assert f'name="{has}"' in drawn
    assert all(f'name="{field.html_name}"' in drawn for field in form.visible_fields())
    assert "<form" not in drawn


def test_practising_an_agenda_asks_what_the_real_one_asks():
    typed = {"topic_1": "Choir", "answer_1": "later", "topic_5": "Chair", "answer_5": "leave_out"}

    form = AgendaPractice(data=typed)
    whole = AgendaPractice(data={**typed, "note_1": "in two weeks", "note_5": "done last time"})

    assert not form.is_valid()
    assert form.errors == {
        "note_1": ["Say when you will come back to it."],
        "note_5": ["Say why in one short sentence."],
    }
    assert whole.is_valid(), whole.errors
    assert whole.as_answer()["note_1"] == "in two weeks"


def test_a_practice_is_carried_into_ones_own_plan_only(two, signed_in):
    import uuid

    from courses.models import Answer, Enrolment

    enrolment = Enrolment.objects.create(learner=two.patient, curriculum_key=uuid.uuid4())
    answer = Answer.objects.create(
        enrolment=enrolment,
        lesson_key=uuid.uuid4(),
        block_id="plan",
        kind="practice",
        value={"practice": "coaching.action_plan", "answer": {**WORDS, "what": SECRET}},
    )
    page = f"/coaching/plans/new/from-practice/?from={answer.pk}"

    mine = signed_in(two.patient).get(page)

    assert SECRET in mine.content.decode()
    assert ActionPlan.objects.count() == 0
    for stranger in (two.professional, two.outsider):
        assert signed_in(stranger).get(page).status_code == 404
    for wrong in ("", "x", "0", "9" * 30):
        assert (
            signed_in(two.patient).get(f"/coaching/plans/new/from-practice/?from={wrong}").status_code == 404
        )


def test_blank_sheets_are_there_for_everybody(client):
    for sheet in ("agenda", "plan"):
        assert "Print this page" in client.get(f"/coaching/paper/{sheet}/").content.decode()


def test_the_demonstration_loads_every_state_and_again_changes_nothing(db):
    from coaching.demo import load_coaching
    from lms.demo.registry import Stage
    from lms.people.demo import load_people, make_organisation

    clock.set_now(None)
    stage = Stage(organisation=make_organisation(), say=lambda words: None)
    load_people(stage)
    load_coaching(stage)
    counts = (Agenda.objects.count(), ActionPlan.objects.count(), Message.objects.count())
    load_coaching(stage)

    assert counts[:2] == (4, 5)
    assert (Agenda.objects.count(), ActionPlan.objects.count(), Message.objects.count()) == counts
    assert clock.now() - datetime.now(UTC) < timedelta(minutes=1)
