"""Two devices of one learner at once, on a real database: one completion each, and the course ends once."""

import pytest
from wagtail.models import Locale, Page

from courses.models import Answer, CurriculumPage, Enrolment, LessonCompletion, LessonPage, ModuleCompletion
from courses.services import complete_lesson, enrol, learning, save_answer
from lms.audit.models import Entry
from tests.factories import UserFactory
from tests.factories.courses import make_curriculum, make_lesson, make_module, reflection_block
from tests.workshops.test_last_seat import counted, in_threads, shared_database

HANDS = 6

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course():
    # A test before this one has emptied the tables.
    Locale.objects.get_or_create(language_code="en")
    if Page.get_first_root_node() is None:
        Page.add_root(instance=Page(title="Root", slug="root"))
    curriculum = make_curriculum()
    module = make_module(curriculum)
    lessons = [make_lesson(module, reflection_block()) for _ in range(HANDS)]
    return CurriculumPage.objects.get(pk=curriculum.pk), lessons


def how_many(**acts) -> dict[str, int]:
    counts = {
        "enrolments": Enrolment.objects,
        "lessons": LessonCompletion.objects,
        "modules": ModuleCompletion.objects,
        "courses": Enrolment.objects.filter(completed_at__isnull=False),
        "ends": Entry.objects.filter(act="completed curriculum"),
        "begins": Entry.objects.filter(act="enrolled"),
        "answers": Answer.objects,
    }
    return {name: counted(rows.count) for name, rows in counts.items()}


def test_one_lesson_done_on_many_devices_at_once_is_done_once(course, tmp_path):
    _curriculum, lessons = course
    learner = UserFactory()

    with shared_database(tmp_path):
        answers = in_threads(
            lambda number: complete_lesson(learner=learner, lesson=LessonPage.objects.get(pk=lessons[0].pk)),
            range(HANDS),
        )
        found = how_many()

    assert answers == ["booked"] * HANDS
    assert found == {
        "enrolments": 1,
        "lessons": 1,
        "modules": 0,
        "courses": 0,
        "ends": 0,
        "begins": 1,
        "answers": 0,
    }


def test_the_last_lessons_done_at_once_end_the_course_once(course, tmp_path):
    curriculum, lessons = course
    learner = UserFactory()
    enrol(learner=learner, curriculum=curriculum)

    with shared_database(tmp_path):
        answers = in_threads(
            lambda number: complete_lesson(
                learner=learner, lesson=LessonPage.objects.get(pk=lessons[number].pk)
            ),
            range(HANDS),
        )
        found = how_many()

    assert answers == ["booked"] * HANDS
    assert found == {
        "enrolments": 1,
        "lessons": HANDS,
        "modules": 1,
        "courses": 1,
        "ends": 1,
        "begins": 1,
        "answers": 0,
    }


def test_one_question_answered_on_many_devices_at_once_has_one_answer(course, tmp_path):
    _curriculum, lessons = course
    learner = UserFactory()

    def answer(number: int) -> None:
        lesson = LessonPage.objects.get(pk=lessons[0].pk)
        save_answer(
            learner=learner, lesson=lesson, block_id=lesson.body[0].id, value={"text": f"Device {number}"}
        )

    with shared_database(tmp_path):
        answers = in_threads(answer, range(HANDS))
        found = how_many()

    assert answers == ["booked"] * HANDS
    assert (found["enrolments"], found["answers"], found["begins"]) == (1, 1, 1)


def test_looking_before_holding_the_enrolment_does_it_twice(course, tmp_path, monkeypatch):
    """The negative control: with the progress read before the others are waited for, one lesson ends the course twice, or breaks."""
    curriculum, lessons = course
    learner = UserFactory()
    enrol(learner=learner, curriculum=curriculum)
    for lesson in lessons[1:]:
        complete_lesson(learner=learner, lesson=lesson)
    before = learning.progress_on(learner, learning.outline_of(curriculum))
    monkeypatch.setattr(learning, "progress_on", lambda learner, outline: before)

    with shared_database(tmp_path):
        answers = in_threads(
            lambda number: complete_lesson(learner=learner, lesson=LessonPage.objects.get(pk=lessons[0].pk)),
            range(HANDS),
        )

    assert answers.count("booked") == 1  # the database refuses the others, and their learners see an error
