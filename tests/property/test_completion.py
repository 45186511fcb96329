"""What is done stays done: whatever learners, staff and authors do, in any order, again and again."""

from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.core.cache import caches
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import (
    CurriculumPage,
    Enrolment,
    LessonCompletion,
    LessonPage,
    ModuleCompletion,
    ModulePage,
)
from courses.queries import Progress, outline_of, progress
from courses.services import complete_lesson, enrol, mark_lesson_complete, save_answer
from courses.services.learning import settle_course
from lms.core.errors import RuleBroken
from lms.people.models import Role, User
from tests.factories import RoleFactory, UserFactory
from tests.factories.courses import choice_block, make_curriculum, make_lesson, make_module

pytestmark = pytest.mark.django_db

NUMBER = st.integers(0, 5)
FEW = st.one_of(st.none(), st.integers(1, 4))
RULES = st.sampled_from([("done", None), ("answers", None), ("pass", 50), ("pass", 100)])
LEARNING = [
    st.tuples(st.just("answer"), NUMBER, st.booleans()),
    st.tuples(st.just("done"), NUMBER),
    st.tuples(st.just("done"), NUMBER),
    st.tuples(st.just("staff"), NUMBER),
]
EDITING = [
    st.tuples(st.just("publish"), NUMBER, st.sampled_from(["minor", "again"])),
    st.tuples(st.just("add"), NUMBER),
    st.tuples(st.just("unpublish"), NUMBER),
    st.tuples(st.just("delete"), NUMBER),
    st.tuples(st.just("move"), NUMBER, NUMBER),
    st.tuples(st.just("rule"), NUMBER, RULES),
    st.tuples(st.just("needed lessons"), NUMBER, FEW),
    st.tuples(st.just("needed modules"), FEW),
    st.tuples(st.just("optional"), NUMBER, st.booleans()),
    st.tuples(st.just("optional module"), NUMBER, st.booleans()),
    st.tuples(st.just("in preparation"), NUMBER, st.booleans()),
    st.tuples(st.just("settle")),
]


@pytest.fixture(autouse=True)
def empty_memory():
    caches["process"].clear()


@dataclass
class World:
    """A course of two modules with two lessons each, somebody who learns, and a coordinator of theirs."""

    curriculum: CurriculumPage
    learner: User
    coordinator: User

    def lesson(self, number: int) -> LessonPage | None:
        found = list(LessonPage.objects.descendant_of(self._fresh()).order_by("path"))
        return found[number % len(found)] if found else None

    def module(self, number: int) -> ModulePage:
        found = list(ModulePage.objects.descendant_of(self._fresh()).order_by("path"))
        return found[number % len(found)]

    def progress(self) -> Progress:
        return progress(self.learner, self.curriculum)

    def _fresh(self) -> CurriculumPage:
        return CurriculumPage.objects.get(pk=self.curriculum.pk)

    def act(self, what: str, *details) -> None:
        """Do one thing. What a rule refuses is refused, and that is all."""
        if what == "settle":
            settle_course(
                outline_of(CurriculumPage.objects.select_related("outline_stamp").get(pk=self.curriculum.pk))
            )
        elif what == "needed modules":
            _publish(self._fresh(), needed_modules=details[0])
        elif what in ("add", "needed lessons", "optional module", "in preparation"):
            self._edit_module(what, self.module(details[0]), *details[1:])
        elif (lesson := self.lesson(details[0])) is not None:
            if what in ("answer", "done", "staff"):
                self._learn(what, lesson, *details[1:])
            else:
                self._edit_lesson(what, lesson, *details[1:])

    def _learn(self, what: str, lesson: LessonPage, *details) -> None:
        try:
            if what == "answer":
                self._answer(lesson, *details)
            elif what == "done":
                complete_lesson(learner=self.learner, lesson=lesson)
            else:
                mark_lesson_complete(
                    actor=self.coordinator, learner=self.learner, lesson=lesson, reason="Read it with us"
                )
        except RuleBroken:
            pass

    def _answer(self, lesson: LessonPage, helps: bool) -> None:
        question = lesson.body[0]
        options = question.value["options"].bound_blocks
        chosen = [option.id for option in options if bool(option.value["correct"]) == helps]
        value = {"chosen": chosen}
        save_answer(learner=self.learner, lesson=lesson, block_id=question.id, value=value)

    def _edit_module(self, what: str, module: ModulePage, *details) -> None:
        if what == "add":
            make_lesson(module, choice_block(required=True))
        elif what == "needed lessons":
            _publish(module, needed_lessons=details[0])
        elif what == "optional module":
            _publish(module, optional=details[0])
        else:
            _publish(module, status="in_preparation" if details[0] else "ready")

    def _edit_lesson(self, what: str, lesson: LessonPage, *details) -> None:
        if what == "publish":
            _publish(lesson, change=details[0], title=f"{lesson.title}'")
        elif what == "unpublish":
            lesson.unpublish()
        elif what == "delete":
            lesson.delete()
        elif what == "move":
            lesson.move(self.module(details[0]), pos="last-child")
        elif what == "rule":
            _publish(lesson, completion=details[0][0], pass_mark=details[0][1])
        else:
            _publish(lesson, optional=details[0])


def _publish(page, **fields) -> None:
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


@pytest.fixture
def world() -> World:
    curriculum = make_curriculum()
    for _ in range(2):
        module = make_module(curriculum)
        for _ in range(2):
            make_lesson(module, choice_block(required=True))
    learner, coordinator = UserFactory(), UserFactory()
    role = RoleFactory(person=coordinator, kind=Role.Kind.COORDINATOR)
    RoleFactory(person=learner, kind=Role.Kind.AUTHOR, organisation=role.organisation)
    enrol(learner=learner, curriculum=curriculum)
    return World(curriculum, learner, coordinator)


def written(world: World) -> dict:
    """Everything that was ever written down as done."""
    enrolment = Enrolment.objects.get(learner=world.learner)
    lessons = LessonCompletion.objects.filter(enrolment=enrolment).values_list(
        "lesson_key", "completed_at", "rule", "revision_number"
    )
    modules = ModuleCompletion.objects.filter(enrolment=enrolment).values_list("module_key", "completed_at")
    course = (
        [("course", enrolment.completed_at, enrolment.completed_version_id)] if enrolment.completed_at else []
    )
    return {row[0]: row[1:] for row in [*lessons, *modules, *course]}


def check(before: dict, now: dict, far: Progress) -> None:
    """The promises, after any one thing."""
    lost = {key: done for key, done in before.items() if now.get(key) != done}
    assert not lost, "something that was done is lost or changed"
    assert 0 <= far.percent <= 100 and far.done <= far.total
    assert (far.percent == 100) == far.is_complete == ("course" in now)
    if far.is_complete:
        assert far.missing == [] and far.done == far.total
    if not any(state.module.counts for state in far.modules):
        assert "course" not in now or "course" in before, "nothing is asked for, and yet it was completed"
    for state in far.states:
        assert state.is_done == any(str(key) == state.lesson.key for key in now)


@contextmanager
def taken_back():
    """What is done within leaves no trace."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_nothing_that_is_done_is_ever_lost(world):
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.one_of(*LEARNING, *LEARNING, *EDITING), max_size=14))
    def in_any_order(acts):
        with taken_back():
            before, was = written(world), world.progress().percent
            for act in acts:
                world.act(*act)
                now, far = written(world), world.progress()
                check(before, now, far)
                if act[0] in ("answer", "done", "staff"):
                    assert far.percent >= was, "doing something made it less"
                before, was = now, far.percent

    in_any_order()


def test_whatever_was_edited_a_learner_can_always_finish_once_something_is_asked(world):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.one_of(*EDITING), max_size=6), st.permutations(range(6)))
    def afterwards(edits, order):
        with taken_back():
            for edit in edits:
                world.act(*edit)
            for number in [*order, *order]:  # twice: the second time changes nothing
                world.act("answer", number, True)
                world.act("done", number)
            far = world.progress()
            everything = all(
                state.is_done for state in far.states
            )  # six numbers reach all lessons unless more than two were added
            assert far.is_complete == bool(far.counted) or not everything

    afterwards()


def test_the_checks_see_what_they_are_there_for(world):
    """A control: a tick that is taken away, and a course that is done and shows less than all."""
    for number in range(4):
        world.act("answer", number, True)
        world.act("done", number)
    whole, far = written(world), world.progress()
    check({}, whole, far)
    assert far.is_complete and len(whole) == 4 + 2 + 1

    for key in whole:
        with pytest.raises(AssertionError):
            check(whole, {other: done for other, done in whole.items() if other != key}, far)
    Enrolment.objects.update(completed_at=None)
    with pytest.raises(AssertionError):
        check(whole, whole, world.progress())
