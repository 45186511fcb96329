"""Practice that sticks: reminders that were chosen, one thing for the next visit, one skill a month with a team."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from courses.models import Commitment, MonthlySkill, Prompt, PromptSeries, SkillShare, Team
from courses.queries import outline_of
from courses.queries.keeping import commitment_of, prompts_of
from courses.queries.skills import skills_of
from courses.reminders import ensure_schedule, remind
from courses.services import complete_lesson, enrol, leave, pause
from courses.services.keeping import (
    answer_commitment,
    choose_prompts,
    keep_commitment,
    let_go_of_commitment,
    queue_prompts,
    queue_questions,
    stop_prompts,
)
from courses.services.skills import pick_skill, queue_skills, say_tried
from courses.services.teams import join_team, leave_team
from courses.visits import next_visit_of
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.notifications.models import Message
from lms.people.services.contact import change_contact
from tests.factories import OrganisationFactory, UserFactory
from tests.factories.coaching import agenda_for, tie_between
from tests.factories.courses import make_curriculum, make_lesson, make_module

pytestmark = pytest.mark.django_db
SECRET = "canary-my-own-words"


@pytest.fixture
def course():
    curriculum = make_curriculum(title="Secretcourse", slug="small")
    module = make_module(curriculum, title="Secretmodule", slug="first")
    lesson = make_lesson(module, title="Listen", slug="listen")
    make_lesson(make_module(curriculum, title="Second"), title="Agree")
    curriculum.refresh_from_db()
    return curriculum, module, lesson


@pytest.fixture
def amina(course):
    """She has done the first module."""
    person = UserFactory(first_name="Amina")
    enrol(learner=person, curriculum=course[0])
    complete_lesson(learner=person, lesson=course[2])
    return person


@pytest.fixture
def series(amina, course):
    return choose_prompts(
        learner=amina,
        curriculum_key=course[0].translation_key,
        module_key=course[1].translation_key,
    )


def later(at, **time) -> None:
    at(clock.now() + timedelta(**time))


# ---------------------------------------------------------------- reminders


def test_reminders_come_in_1_2_4_and_8_weeks_each_once(series, at):
    begun = clock.now()
    came = []
    for day in range(70):
        at(begun + timedelta(days=day))
        came += [day] * queue_prompts()
        assert queue_prompts() == 0

    assert came == [7, 14, 28, 56]
    assert list(series.prompts.order_by("week").values_list("week", flat=True)) == [1, 2, 4, 8]


def test_one_that_was_missed_for_a_week_is_left_out(series, at):
    later(at, days=13)
    assert queue_prompts() == 1

    later(at, days=12)  # day 25: week 2 was missed, week 4 is to come
    assert queue_prompts() == 0
    later(at, days=3)
    assert queue_prompts() == 1
    assert sorted(series.prompts.values_list("week", flat=True)) == [1, 4]


def test_only_what_is_done_can_be_chosen(course, amina):
    curriculum, module, _lesson = course
    other = UserFactory()
    enrol(learner=other, curriculum=curriculum)

    for learner, key in ((other, module.translation_key), (amina, None), (UserFactory(), None)):
        with pytest.raises(RuleBroken, match="once this is done"):
            choose_prompts(learner=learner, curriculum_key=curriculum.translation_key, module_key=key)


def test_choosing_twice_is_once_and_the_database_holds_it(course, amina, series):
    curriculum, module, _lesson = course
    again = choose_prompts(
        learner=amina, curriculum_key=curriculum.translation_key, module_key=module.translation_key
    )

    assert again == series
    with pytest.raises(IntegrityError), transaction.atomic():
        PromptSeries.objects.create(enrolment=series.enrolment, module_key=series.module_key)
    stop_prompts(series=series, by=amina)
    assert (
        choose_prompts(
            learner=amina, curriculum_key=curriculum.translation_key, module_key=module.translation_key
        )
        != series
    )


def test_whoever_has_a_break_or_left_gets_none(course, amina, series, at):
    later(at, days=7)
    pause(learner=amina, curriculum=course[0])
    assert queue_prompts() == 0

    enrol(learner=amina, curriculum=course[0])  # back again: the control
    with transaction.atomic():
        assert queue_prompts() == 1
        transaction.set_rollback(True)
    leave(learner=amina, curriculum=course[0])
    assert queue_prompts() == 0


def test_a_reminder_names_nothing_and_goes_the_way_that_was_chosen(amina, series, at):
    later(at, days=7)
    queue_prompts()
    change_contact(person=amina, by=amina, way="letter", address="1 Mill Lane")
    later(at, days=7)
    queue_prompts()

    mail, letter = Message.objects.filter(template="look_back").order_by("pk")
    assert (mail.channel, letter.channel) == ("mail", "letter")
    for told in (mail.subject, mail.text, mail.html, letter.subject, letter.words):
        assert "Secret" not in told
    assert "/stop/" in mail.text
    assert "/stop/" not in letter.words


def test_the_link_in_a_mail_stops_them_with_a_press_and_not_by_being_opened(client, amina, series, at):
    later(at, days=7)
    queue_prompts()
    address = re.search(r"https?://[^/]+(/learn/reminders/\S+/stop/)", Message.objects.get().text).group(1)
    key = address.split("/")[3]

    assert key not in str(list(Prompt.objects.values()))
    page = client.get(address).text
    assert "Amina" not in page and "Secret" not in page
    series.refresh_from_db()
    assert series.stopped_at is None

    assert "No more reminders" in client.post(address).text
    assert client.post(address).status_code == 200
    series.refresh_from_db()
    assert series.stopped_at is not None
    assert client.get("/learn/reminders/guessed/stop/").status_code == 404
    later(at, days=7)
    assert queue_prompts() == 0


def test_reminders_are_chosen_and_stopped_on_ones_own_page(course, amina, signed_in):
    curriculum, module, _lesson = course
    client = signed_in(amina)
    chosen = {
        "do": "remind",
        "course": str(curriculum.translation_key),
        "module": str(module.translation_key),
    }

    assert "Remind me in 1, 2, 4 and 8 weeks" in client.get("/my/learning/").text
    client.post("/my/learning/", chosen)
    [series] = prompts_of(amina)
    page = client.get("/my/learning/").text
    assert "We remind you of “Secretmodule”." in page
    look_back = client.get(f"/my/learning/reminders/{series.public_id}/").text
    assert "Think of “Secretmodule”." in look_back

    stranger = signed_in(UserFactory())
    assert stranger.get(f"/my/learning/reminders/{series.public_id}/").status_code == 404
    stranger.post("/my/learning/", {"do": "stop", "series": str(series.public_id)})
    assert prompts_of(amina).count() == 1
    client.post("/my/learning/", {"do": "stop", "series": str(series.public_id)})
    assert prompts_of(amina).count() == 0


def test_a_broken_press_is_answered_and_changes_nothing(amina, signed_in):
    client = signed_in(amina)

    for sent in ({}, {"do": "remind", "course": "x"}, {"do": "stop", "series": "\x00"}):
        assert client.post("/my/learning/", sent).status_code == 302
    assert PromptSeries.objects.count() == 0


# ---------------------------------------------------------------- one thing for the next visit


def test_there_is_one_commitment_at_a_time_and_a_new_wording_takes_its_place(amina):
    kept = keep_commitment(learner=amina, words="Say  it\nfirst")
    again = keep_commitment(learner=amina, words="Ask back")

    assert kept == again
    assert commitment_of(amina).words == "Ask back"
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.create(learner=amina, words="Another")


@pytest.mark.parametrize(
    ("words", "days", "said"),
    [
        ("  ", 1, "Write the one thing"),
        ("x" * 201, 1, "200 characters"),
        ("x", -1, "over"),
        ("x", 400, "year"),
    ],
)
def test_a_commitment_refuses_in_a_sentence(amina, words, days, said):
    with pytest.raises(RuleBroken, match=said):
        keep_commitment(learner=amina, words=words, visit_on=clock.today() + timedelta(days=days))


def test_after_the_visit_they_are_asked_once_without_a_word_of_it(amina, at):
    keep_commitment(learner=amina, words=SECRET, visit_on=clock.today() + timedelta(days=3))
    came = []
    for day in range(14):
        came += [day] * queue_questions()
        later(at, days=1)

    assert came == [4]
    mail = Message.objects.get(template="did_you_use_it")
    assert SECRET not in mail.text + mail.html + mail.subject


def test_who_has_answered_or_let_go_is_not_asked(amina, at):
    for end in (
        lambda kept: answer_commitment(commitment=kept, by=amina, used="all"),
        lambda kept: let_go_of_commitment(commitment=kept, by=amina),
    ):
        end(keep_commitment(learner=amina, words="x", visit_on=clock.today()))
    later(at, days=1)

    assert queue_questions() == 0


def test_nobody_answers_for_somebody_else(amina):
    kept = keep_commitment(learner=amina, words="x")

    answer_commitment(commitment=kept, by=UserFactory(), used="all")
    let_go_of_commitment(commitment=kept, by=UserFactory())

    assert commitment_of(amina) == kept


def test_the_page_asks_how_it_went_and_blames_nobody(amina, signed_in, at):
    client = signed_in(amina)
    day = clock.today() + timedelta(days=3)
    sent = {"words": SECRET, "visit_on_day": day.day, "visit_on_month": day.month, "visit_on_year": day.year}
    assert client.post("/my/learning/one-thing/", sent).url == "/my/"
    assert SECRET in client.get("/my/").text

    later(at, days=3)
    client = signed_in(amina)
    assert "Did you use it?" in client.get("/my/learning/one-thing/").text
    again = client.post("/my/learning/one-thing/", {"used": "not_yet"}).url
    page = client.get(again).text
    assert "There will be another visit" in page
    assert SECRET in page
    assert Commitment.objects.get().used == "not_yet"


def test_a_planned_visit_is_offered_and_the_plan_shows_nobody_the_words(cast, amina, signed_in):
    assert next_visit_of(amina) is None
    tie = tie_between(amina, cast.professional)
    agenda = agenda_for(tie, days=5)
    day = agenda.visit_on

    assert next_visit_of(amina) == day
    assert f'value="{day.day}"' in signed_in(amina).get("/my/learning/one-thing/").text
    keep_commitment(learner=amina, words=SECRET, visit_on=day)
    assert SECRET not in signed_in(cast.professional).get(f"/coaching/agendas/{agenda.public_id}/").text


# ---------------------------------------------------------------- one skill a month


@pytest.fixture
def team(course):
    """Six members; the lead is one of them."""
    curriculum = course[0]
    people = [UserFactory() for _ in range(6)]
    team = Team.objects.create(
        name="The practice",
        organisation=OrganisationFactory(),
        curriculum_key=curriculum.translation_key,
        lead=people[0],
    )
    for person in people:
        join_team(team=team, person=person)
    return team, people, outline_of(curriculum)


def test_the_lead_picks_and_each_member_is_told_once(team):
    the_team, people, outline = team
    with pytest.raises(RuleBroken, match="Only the team's lead"):
        pick_skill(team=the_team, lesson=outline.lessons[0], by=people[1])
    pick_skill(team=the_team, lesson=outline.lessons[0], by=people[0])
    changed = pick_skill(team=the_team, lesson=outline.lessons[1], by=people[0])
    assert MonthlySkill.objects.get() == changed

    assert [queue_skills(), queue_skills()] == [6, 0]
    assert Message.objects.filter(template="skill_of_the_month").count() == 6
    with pytest.raises(RuleBroken, match="knows this month's skill"):
        pick_skill(team=the_team, lesson=outline.lessons[0], by=people[0])


def test_who_left_the_team_or_has_a_break_is_not_told(team, course):
    the_team, people, outline = team
    pick_skill(team=the_team, lesson=outline.lessons[0], by=people[0])
    leave_team(team=the_team, person=people[1])
    pause(learner=people[2], curriculum=course[0])

    assert queue_skills() == 4
    told = set(SkillShare.objects.values_list("person", flat=True))
    assert told == {people[number].pk for number in (0, 3, 4, 5)}


def test_last_months_skill_is_not_told_any_more(team, at):
    the_team, people, outline = team
    pick_skill(team=the_team, lesson=outline.lessons[0], by=people[0])
    later(at, days=32)

    assert queue_skills() == 0


def test_the_team_sees_how_many_tried_it_from_five_on_and_never_who(team, signed_in):
    the_team, people, outline = team
    pick_skill(team=the_team, lesson=outline.lessons[0], by=people[0])
    queue_skills()
    skill = MonthlySkill.objects.get()
    for person in people[:4]:
        say_tried(skill=skill, person=person)
        say_tried(skill=skill, person=person)
    [shown] = skills_of(the_team, outline, people[5])
    assert (shown.told, shown.tried, shown.i_tried) == (6, None, False)

    say_tried(skill=skill, person=people[4])
    [shown] = skills_of(the_team, outline, people[5])
    assert (shown.told, shown.tried) == (6, 5)
    with pytest.raises(RuleBroken, match="for members"):
        say_tried(skill=skill, person=UserFactory())
    page = signed_in(people[5]).get(reverse("courses:team_skills", args=[the_team.public_id])).text
    assert "5 of 6 tried it." in page


def test_the_skills_page_is_the_teams_alone(team, signed_in):
    the_team, people, outline = team
    address = f"/learn/teams/{the_team.public_id}/skills/"
    lesson = {"lesson": outline.lessons[0].key}

    assert signed_in(UserFactory()).get(address).status_code == 404
    assert signed_in(people[1]).post(address, lesson).status_code == 404
    assert signed_in(people[0]).post(address, lesson).url == address
    assert MonthlySkill.objects.count() == 1
    queue_skills()
    assert signed_in(people[1]).post(address, {"tried": "1"}).url == address
    assert SkillShare.objects.get(person=people[1]).tried_at is not None


# ---------------------------------------------------------------- the worker


def test_the_morning_sends_all_of_it_and_the_schedule_is_made_once(amina, series, at):
    from django_q.models import Schedule

    later(at, days=7)
    assert remind() == 1
    for _ in range(2):
        ensure_schedule()
    assert Schedule.objects.filter(name="courses.reminders").count() == 1
