"""How far somebody has come. One function answers, and every page, report and certificate asks it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet, UUIDField

from courses.models import Answer, CurriculumPage, Enrolment
from courses.queries.outlines import Outline, OutlineLesson, outline_of, outlines
from lms.core.ready import ReadyQuery, Slot
from lms.people.models import User


@dataclass(frozen=True)
class LessonState:
    """One lesson for one learner: whether it is done, and if so when, by which rule, on which revision."""

    lesson: OutlineLesson
    done_at: datetime | None = None
    rule: str = ""
    revision: int | None = None

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


@dataclass(frozen=True)
class Progress:
    """What is done and what is missing. `place` is where the learner was last: lesson key and block id."""

    outline: Outline
    enrolment_id: int | None
    states: tuple[LessonState, ...]
    completed_at: datetime | None = None
    place: tuple[str, str] | None = None

    @property
    def is_enrolled(self) -> bool:
        return self.enrolment_id is not None

    @property
    def is_complete(self) -> bool:
        """Once it is done it stays done, whatever is added or taken away later."""
        return self.completed_at is not None

    @property
    def done_keys(self) -> set[str]:
        return {state.lesson.key for state in self.states if state.is_done}

    @property
    def done(self) -> int:
        return sum(state.is_done for state in self.states)

    @property
    def total(self) -> int:
        """How many are asked for. Who has completed is asked for no more than what they did."""
        return self.done if self.is_complete else len(self.states)

    @property
    def missing(self) -> list[OutlineLesson]:
        return [] if self.is_complete else [state.lesson for state in self.states if not state.is_done]

    @property
    def next_lesson(self) -> OutlineLesson | None:
        """Where to go on: the lesson one was in, else the first one missing after it, else the first one missing."""
        missing = self.missing
        if not missing:
            return None
        lessons = [state.lesson for state in self.states]
        keys = [lesson.key for lesson in lessons]
        here = self.place[0] if self.place else None
        if here not in keys:
            start = self.outline.start
            return start if start in missing else missing[0]
        place = keys.index(here)
        return next((lesson for lesson in lessons[place:] if lesson in missing), missing[0])

    @property
    def next_url(self) -> str:
        """The next lesson's address, with the very block one was at."""
        lesson = self.next_lesson
        if lesson is None:
            return ""
        if self.place and self.place[0] == lesson.key and self.place[1]:
            return f"{lesson.url}#b-{self.place[1]}"
        return lesson.url

    def is_done(self, lesson: OutlineLesson) -> bool:
        return lesson.key in self.done_keys


def progress(learner: User, curriculum: CurriculumPage) -> Progress:
    """What the learner has done of the curriculum, when, by which rule, on which revision; and what is missing.

    Reads the curriculum anew, so that an object held for long gives no old answer. Two queries.
    """
    fresh = CurriculumPage.objects.select_related("outline_stamp").get(pk=curriculum.pk)
    return progress_on(learner, outline_of(fresh))


def progress_on(learner: User, outline: Outline) -> Progress:
    """As `progress`, for an outline that was read already. One query."""
    return _progress(outline, [Work._make(row) for row in _work(learner=learner.pk, key=outline.key)])


def progress_of_all(learner: User) -> list[Progress]:
    """The learner's progress on every published curriculum, enrolled or not. Two queries."""
    rows: dict[str, list[Work]] = {}
    for row in map(Work._make, _all_work(learner=learner.pk)):
        rows.setdefault(str(row.curriculum_key), []).append(row)
    return [_progress(outline, rows.get(outline.key, [])) for outline in outlines()]


class Work(NamedTuple):
    """An enrolment with its place and one of its completions; what there is none of is None."""

    enrolment_id: int
    curriculum_key: UUID
    completed_at: datetime | None
    place_lesson: UUID | None
    place_block: str | None
    lesson_key: UUID | None
    done_at: datetime | None
    rule: str | None
    revision: int | None


def _work_of(learner: Slot, **which: Slot) -> QuerySet[Enrolment, Any]:
    return Enrolment.objects.filter(learner=learner, **which).values_list(
        "pk",
        "curriculum_key",
        "completed_at",
        "place__lesson_key",
        "place__block_id",
        "completions__lesson_key",
        "completions__completed_at",
        "completions__rule",
        "completions__revision_number",
    )


_all_work = ReadyQuery(_work_of, learner=BigIntegerField())
_work = ReadyQuery(
    lambda learner, key: _work_of(learner, curriculum_key=key), learner=BigIntegerField(), key=UUIDField()
)


def _progress(outline: Outline, rows: list[Work]) -> Progress:
    done = {str(row.lesson_key): row for row in rows if row.lesson_key}
    states = tuple(_state(lesson, done.get(lesson.key)) for lesson in outline.lessons)
    if not rows:
        return Progress(outline, None, states)
    first = rows[0]
    place = (str(first.place_lesson), first.place_block or "") if first.place_lesson else None
    return Progress(outline, first.enrolment_id, states, first.completed_at, place)


def _state(lesson: OutlineLesson, row: Work | None) -> LessonState:
    if row is None:
        return LessonState(lesson)
    return LessonState(lesson, row.done_at, row.rule or "", row.revision)


_answers = ReadyQuery(
    lambda learner, key, lesson: Answer.objects.filter(
        enrolment__learner=learner, enrolment__curriculum_key=key, lesson_key=lesson
    ).values_list("block_id", "pk", "value"),
    learner=BigIntegerField(),
    key=UUIDField(),
    lesson=UUIDField(),
)


def answers_of(learner: User, lesson: OutlineLesson, curriculum_key: str) -> dict[str, tuple[int, Any]]:
    """The learner's own answers in a lesson, by block id: the answer's number and its value."""
    rows = _answers(learner=learner.pk, key=curriculum_key, lesson=lesson.key)
    return {block_id: (pk, value) for block_id, pk, value in rows}


def own_answer(learner: User, number: int | str) -> dict[str, Any] | None:
    """What the learner filled into a practice, as the practice's form gave it; None for another's or a missing one."""
    if not str(number).isdecimal() or len(str(number)) > 18:
        return None
    answer = Answer.objects.filter(pk=number, enrolment__learner=learner, kind=Answer.Kind.PRACTICE).first()
    return answer.value.get("answer") if answer else None
