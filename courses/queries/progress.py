"""How far somebody has come. One function answers, and every page, report and certificate asks it.

What is done is written down when it is done (lesson, module, course) and no edit takes it away. What is missing is worked out
from the outline as it stands now. docs/decisions/0017-completion-and-versions.md says what counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    IntegerField,
    QuerySet,
    UUIDField,
    Value,
)

from courses.models import Answer, CurriculumPage, Enrolment, LessonCompletion, ModuleCompletion
from courses.queries.order import open_ones
from courses.queries.outlines import Outline, OutlineLesson, OutlineModule, outline_of, outlines
from lms.core.ready import ReadyQuery
from lms.people.models import User


@dataclass(frozen=True)
class LessonState:
    """One lesson for one learner: whether it is done; if so when, by which rule, on which revision.

    Where somebody on the staff said that it is done, `marked_by` is the number of who, and `reason` why.
    """

    lesson: OutlineLesson
    done_at: datetime | None = None
    rule: str = ""
    revision: int | None = None
    marked_by: int | None = None
    reason: str = ""

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def is_by_staff(self) -> bool:
        return self.rule == LessonCompletion.STAFF

    @property
    def is_updated(self) -> bool:
        """Whether its author has said "worth reading again" since it was done. It stays done."""
        again = self.lesson.again_at
        return self.done_at is not None and again is not None and again > self.done_at


@dataclass(frozen=True)
class ModuleState:
    """One module for one learner. `done_at` and `needed_then` were written down when it was done, and stay."""

    module: OutlineModule
    lessons: tuple[LessonState, ...]
    done_at: datetime | None = None
    needed_then: int = 0

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def needed(self) -> int:
        """How many lessons its rule asks for; of one that is done, how many it asked for then."""
        return self.needed_then if self.is_done else self.module.needed

    @cached_property
    def done(self) -> int:
        """How many of those are done: never more than are needed."""
        if self.is_done:
            return self.needed_then
        found = sum(1 for state in self.lessons if state.done_at and not state.lesson.optional)
        return min(found, self.module.needed)

    @property
    def is_met(self) -> bool:
        """Whether nothing of it is missing. It may not be written down yet: an edit asks for less since a moment."""
        return self.is_done or 0 < self.module.needed <= self.done

    @property
    def missing(self) -> list[OutlineLesson]:
        """Lessons that would bring it nearer; where any few of them are enough, all that are left to choose from."""
        if self.is_met:
            return []
        return [state.lesson for state in self.lessons if not state.done_at and not state.lesson.optional]


@dataclass(frozen=True)
class Progress:
    """What is done and what is missing. `place` is where the learner was last: lesson key and block id.

    `version` is the number of the course's version that they began on, `completed_version` that of the one they finished on.
    """

    outline: Outline
    enrolment_id: int | None
    modules: tuple[ModuleState, ...]
    completed_at: datetime | None = None
    place: tuple[str, str] | None = None
    paused_at: datetime | None = None  # having a break: nothing reminds
    left_at: datetime | None = None  # gone, with everything kept
    version: int | None = None
    completed_version: int | None = None

    @property
    def is_enrolled(self) -> bool:
        return self.enrolment_id is not None

    @property
    def is_complete(self) -> bool:
        """Once it is done it stays done, whatever is added or taken away later."""
        return self.completed_at is not None

    @cached_property
    def states(self) -> tuple[LessonState, ...]:
        """Every lesson that may be opened, in order; optional ones too."""
        return tuple(state for module in self.modules for state in module.lessons)

    @cached_property
    def done_keys(self) -> set[str]:
        return {state.lesson.key for state in self.states if state.done_at}

    @cached_property
    def counted(self) -> list[ModuleState]:
        """The modules that are asked for, or of which some are: ready, not optional, with something to do in them."""
        return [state for state in self.modules if state.module.counts]

    @property
    def needed_modules(self) -> int:
        """How many of `counted` the course asks for."""
        return min(self.outline.needed_modules or len(self.counted), len(self.counted))

    @property
    def done_modules(self) -> int:
        """How many of those are done, never more than are needed."""
        return min(sum(state.is_met for state in self.counted), self.needed_modules)

    @property
    def counts_modules(self) -> bool:
        """Whether `done` and `total` are modules, because any few of them are enough; otherwise they are lessons."""
        return not self.is_complete and self.needed_modules < len(self.counted)

    @property
    def done(self) -> int:
        if self.is_complete:
            return sum(1 for state in self.states if state.done_at and not state.lesson.optional)
        return self.done_modules if self.counts_modules else sum(state.done for state in self.counted)

    @property
    def total(self) -> int:
        """How many are asked for. Who has completed is asked for no more than what they did."""
        if self.is_complete:
            return self.done
        return self.needed_modules if self.counts_modules else sum(state.needed for state in self.counted)

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing. A course that asks for nothing is never met."""
        return self.is_complete or 0 < self.needed_modules <= self.done_modules

    @property
    def percent(self) -> int:
        """100 when it is done and written down, and only then. Doing more never makes it less."""
        if self.is_complete:
            return 100
        if self.counts_modules:
            shares = sorted((state.done / state.needed for state in self.counted), reverse=True)
            share = sum(shares[: self.needed_modules]) / self.needed_modules
        else:
            share = self.done / self.total if self.total else 0
        return min(int(100 * share), 99)

    @cached_property
    def missing(self) -> list[OutlineLesson]:
        return [] if self.is_met else [lesson for state in self.counted for lesson in state.missing]

    @property
    def next_lesson(self) -> OutlineLesson | None:
        """Where to go on: the lesson one was in, else the first one missing after it, else the first one missing.

        Where modules open one after the other, only among those that are open.
        """
        missing = open_ones(self, self.missing)
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

    def with_done(self, lesson: OutlineLesson, at: datetime) -> "Progress":
        """As it is once this lesson is done too."""

        def after(state: LessonState) -> LessonState:
            return replace(state, done_at=at) if state.lesson.key == lesson.key else state

        return replace(
            self,
            modules=tuple(
                replace(module, lessons=tuple(after(state) for state in module.lessons))
                for module in self.modules
            ),
        )

    def state_of(self, lesson: OutlineLesson) -> LessonState:
        return next((state for state in self.states if state.lesson.key == lesson.key), LessonState(lesson))

    def module_of(self, module: OutlineModule) -> ModuleState | None:
        return next((state for state in self.modules if state.module.key == module.key), None)

    def is_done(self, lesson: OutlineLesson) -> bool:
        return lesson.key in self.done_keys


def progress(learner: User, curriculum: CurriculumPage) -> Progress:
    """What the learner has done of the curriculum, when, by which rule, on which revision; and what is missing.

    Reads the curriculum anew, so that an object held for long gives no old answer. Two queries.
    """
    fresh = CurriculumPage.objects.select_related("outline_stamp", "locale").get(pk=curriculum.pk)
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


def progress_of_many(enrolment_ids: Iterable[int], outline: Outline) -> dict[int, Progress]:
    """The progress of each of these enrolments in the outline's curriculum, by enrolment. One query."""
    rows: dict[int, list[Work]] = {pk: [] for pk in enrolment_ids}
    for row in map(Work._make, _work_of(pk__in=list(rows))):
        rows[row.enrolment_id].append(row)
    return {pk: _progress(outline, work) for pk, work in rows.items()}


class Work(NamedTuple):
    """An enrolment with its place and one of its completions: of a lesson, or of a module. What there is none of is None."""

    enrolment_id: int
    curriculum_key: UUID
    completed_at: datetime | None
    paused_at: datetime | None
    left_at: datetime | None
    version: int | None
    completed_version: int | None
    place_lesson: UUID | None
    place_block: str | None
    lesson_key: UUID | None
    done_at: datetime | None
    rule: str | None
    revision: int | None
    marked_by: int | None
    reason: str | None
    module_key: UUID | None
    needed: int | None


# Where each column of Work is found: from an enrolment with a lesson's completion, and from a module's completion.
COLUMNS: tuple[tuple[str, str, Any], ...] = (
    ("pk", "enrolment_id", BigIntegerField()),
    ("curriculum_key", "enrolment__curriculum_key", UUIDField()),
    ("completed_at", "", DateTimeField()),
    ("paused_at", "", DateTimeField()),
    ("left_at", "", DateTimeField()),
    ("version__number", "", IntegerField()),
    ("completed_version__number", "", IntegerField()),
    ("place__lesson_key", "", UUIDField()),
    ("place__block_id", "", CharField()),
    ("completions__lesson_key", "", UUIDField()),
    ("completions__completed_at", "completed_at", DateTimeField()),
    ("completions__rule", "", CharField()),
    ("completions__revision_number", "", BigIntegerField()),
    ("completions__marked_by", "", BigIntegerField()),
    ("completions__reason", "", CharField()),
    ("", "module_key", UUIDField()),
    ("", "needed", IntegerField()),
)


def _work_of(**which: Any) -> QuerySet[Enrolment, Any]:
    """Lessons done and modules done of these enrolments, in one query. Each enrolment has one row at least."""

    def nothing(field: Any) -> Value:
        return Value(None, output_field=field)

    lessons = Enrolment.objects.filter(**which).values_list(
        *(of_lesson or nothing(field) for of_lesson, _of_module, field in COLUMNS)
    )
    modules = ModuleCompletion.objects.filter(
        **{f"enrolment__{name}": value for name, value in which.items()}
    ).values_list(*(of_module or nothing(field) for _of_lesson, of_module, field in COLUMNS))
    return lessons.union(modules, all=True)


_all_work = ReadyQuery(lambda learner: _work_of(learner=learner), learner=BigIntegerField())
_work = ReadyQuery(
    lambda learner, key: _work_of(learner=learner, curriculum_key=key),
    learner=BigIntegerField(),
    key=UUIDField(),
)


def _progress(outline: Outline, rows: Iterable[Work]) -> Progress:
    lessons, modules, own = {}, {}, None
    for row in rows:
        if row.module_key:
            modules[str(row.module_key)] = row
        else:
            own = row
            if row.lesson_key:
                lessons[str(row.lesson_key)] = row
    states = tuple(_module(module, lessons, modules.get(module.key)) for module in outline.modules)
    if own is None:
        return Progress(outline, None, states)
    return Progress(
        outline,
        own.enrolment_id,
        states,
        completed_at=own.completed_at,
        place=(str(own.place_lesson), own.place_block or "") if own.place_lesson else None,
        paused_at=own.paused_at,
        left_at=own.left_at,
        version=own.version,
        completed_version=own.completed_version,
    )


def _module(module: OutlineModule, lessons: dict[str, Work], row: Work | None) -> ModuleState:
    shown = module.lessons if module.is_ready else ()
    states = tuple(_lesson(lesson, lessons.get(lesson.key)) for lesson in shown)
    if row is None:
        return ModuleState(module, states)
    return ModuleState(module, states, row.done_at, row.needed or 0)


def _lesson(lesson: OutlineLesson, row: Work | None) -> LessonState:
    if row is None:
        return LessonState(lesson)
    return LessonState(lesson, row.done_at, row.rule or "", row.revision, row.marked_by, row.reason or "")


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
