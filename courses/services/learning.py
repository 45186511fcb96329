"""Learning: enrol, answer, be done, find the way back. Safe to repeat, in any order, from two devices.

Whatever writes progress holds the enrolment first: what two devices of one learner send is taken one after the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, UUIDField
from django.utils.translation import gettext as _

from courses.bodies import Prepared, practice_blocks, prepared_body
from courses.models import (
    Answer,
    CurriculumPage,
    Enrolment,
    LessonCompletion,
    LessonPage,
    ModuleCompletion,
    Place,
)
from courses.queries.learners import may_mark
from courses.queries.outlines import (
    CURRICULUM_PATH,
    Outline,
    OutlineLesson,
    Version,
    language_of,
    outline_of,
)
from courses.queries.progress import Progress, progress_of_many, progress_on
from courses.rules import what_refuses
from courses.services.standing import be_back
from courses.services.versions import current_version
from courses.signals import curriculum_completed, lesson_completed
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.ready import ReadyQuery
from lms.people.models import User

LONGEST_REASON = 300
A_PART = 500
Values = Mapping[str, Any]


@transaction.atomic
def enrol(
    *,
    learner: User,
    curriculum: CurriculumPage,
    how: str = Enrolment.How.SELF,
    by: User | None = None,
) -> Enrolment:
    """Put the learner on a curriculum; either audience may learn either. Enrolling twice changes nothing.

    The enrolment names the course's newest version. Who had a break, or had left, is back, with all they did. `by` is who
    did it, where it was not the learner.
    """
    return _hold(learner, curriculum.translation_key, how=how, by=by)


@transaction.atomic
def save_answer(*, learner: User, lesson: LessonPage, block_id: str, value: dict[str, Any]) -> Answer:
    """Keep what the learner put into one practice block, in place of what was there. Enrols them if need be.

    Refuses a block that the lesson does not hold.
    """
    outline, entry = _open(lesson)
    block = next((one for one in _practices(lesson, outline) if one["id"] == block_id), None)
    if block is None:
        raise RuleBroken(_("This question is no longer part of the lesson."))
    enrolment = _hold(learner, outline.key, version=outline.version)
    return _keep_answers(enrolment, entry, [(block, value)])[0]


@transaction.atomic
def remember_place(*, learner: User, lesson: LessonPage, block_id: str = "") -> Place:
    """Remember where to go on: the lesson, and the block in it (empty: its top). Enrols the learner if need be."""
    enrolment = _hold(learner, _curriculum_of(lesson).translation_key)
    return _keep_place(enrolment, lesson.translation_key, block_id)


@transaction.atomic
def complete_lesson(*, learner: User, lesson: LessonPage) -> LessonCompletion:
    """Note that the lesson is done, by its rule and on the revision now shown. Doing it twice changes nothing.

    Refuses while something that the rule asks for is open, and names it. Announces `lesson_completed`, and
    `curriculum_completed` when nothing is left.
    """
    outline, entry = _open(lesson)
    enrolment = _hold(learner, outline.key, version=outline.version)
    kept = Answer.objects.filter(enrolment=enrolment, lesson_key=entry.key)
    refused = _complete(
        learner,
        enrolment,
        outline,
        entry,
        lambda: what_refuses(
            entry.rule,
            entry.pass_mark,
            _practices(lesson, outline),
            dict(kept.values_list("block_id", "value")),
        ),
    )
    if refused is not None:
        raise refused
    return LessonCompletion.objects.get(enrolment=enrolment, lesson_key=entry.key)


@dataclass(frozen=True)
class Sent:
    """What one page of a lesson sent. `answers` has every answer of the lesson as it now is; `changed` names those to keep.

    `place` is where to go on: a lesson's key and a block's id in it.
    """

    answers: Values
    changed: list[str] = field(default_factory=list)
    is_done: bool = False
    place: tuple[str, str] | None = None
    place_after: tuple[str, str] | None = None  # the same, once the lesson is done


@transaction.atomic
def take_page(
    *, learner: User, outline: Outline, lesson: OutlineLesson, body: list[Prepared], sent: Sent
) -> RuleBroken | None:
    """Keep what one page of a lesson sent, and note that it is done if it says so. Enrols the learner if need be.

    Answers and place are kept even when the lesson cannot be called done yet: the answer is then what refused it, as
    `complete_lesson` would. The same page twice changes nothing the second time. The queries are as many in a long course as
    in a short one.
    """
    enrolment = _hold(learner, outline.key, version=outline.version)
    practices = practice_blocks(body)
    if sent.changed:
        by_id = {block["id"]: block for block in practices}
        _keep_answers(enrolment, lesson, [(by_id[id], sent.answers[id]) for id in sent.changed])
    refused = None
    if sent.is_done:
        refused = _complete(
            learner,
            enrolment,
            outline,
            lesson,
            lambda: what_refuses(lesson.rule, lesson.pass_mark, practices, sent.answers),
        )
    place = sent.place_after if sent.is_done and refused is None else sent.place
    if place is not None:
        _keep_place(enrolment, *place)
    return refused


@transaction.atomic
def move_place(*, learner: User, outline: Outline, lesson: OutlineLesson, block_id: str) -> None:
    """Remember the block that somebody is reading, on every device. Nothing for who is not on the course.

    Reading alone puts nobody on a course, ends no break, and brings nobody back who left.
    """
    enrolment = _held(learner, outline.key)
    if enrolment is not None and enrolment.paused_at is None and enrolment.left_at is None:
        _keep_place(enrolment, lesson.key, block_id)


@transaction.atomic
def mark_lesson_complete(*, actor: User, learner: User, lesson: LessonPage, reason: str) -> LessonCompletion:
    """Say, as a coordinator, that the learner has done the lesson, and why. It stays, and the learner sees both.

    Side effects: an audit entry, and what being done announces (`lesson_completed`, `curriculum_completed`). A lesson that is
    done already stays as it is. Refuses anybody but a coordinator of an organisation that the learner learns with
    (courses.queries.learners.may_mark), somebody who is not on the course, and an empty or a long reason.
    """
    reason = " ".join(reason.split())
    outline, entry = _open(lesson)
    if not may_mark(actor, learner, outline.key):
        raise RuleBroken(_("Only a coordinator of this person's organisation can mark a lesson as done."))
    if not reason:
        raise RuleBroken(_("Say why this lesson counts as done."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise RuleBroken(
            _("Say it in %(most)d characters or fewer.") % {"most": LONGEST_REASON}, field="reason"
        )
    enrolment = _held(learner, outline.key)
    if enrolment is None or enrolment.left_at is not None:
        raise RuleBroken(_("This person is not on the course at the moment."))
    _complete(learner, enrolment, outline, entry, by=actor, reason=reason)
    return LessonCompletion.objects.get(enrolment=enrolment, lesson_key=entry.key)


def settle_course(outline: Outline) -> int:
    """Write down what an edit has made complete: modules and courses of which nothing is missing any more.

    An unpublished lesson is no longer asked for, so whoever lacked only that one is done. How many learners it was. Each is a
    transaction of its own; running it twice changes nothing.
    """
    under_way = Enrolment.objects.filter(curriculum_key=outline.key, completed_at=None, left_at=None)
    numbers = list(under_way.filter(completions__isnull=False).distinct().values_list("pk", flat=True))
    settled = 0
    for start in range(0, len(numbers), A_PART):
        for pk, how_far in progress_of_many(numbers[start : start + A_PART], outline).items():
            if _is_unwritten(how_far):
                settled += _settle_one(pk, outline)
    return settled


@transaction.atomic
def _settle_one(pk: int, outline: Outline) -> bool:
    learner = User.objects.get(enrolments=pk)
    enrolment = _held(learner, outline.key)
    if enrolment is None:
        return False
    return _settle(learner, enrolment, outline, progress_on(learner, outline), actor=None)


# ---------------------------------------------------------------- in the caller's transaction

OF_ENROLMENT = [one.attname for one in Enrolment._meta.concrete_fields]
_row = ReadyQuery(
    lambda learner, key: (
        Enrolment.objects.select_for_update(no_key=True)
        .filter(learner=learner, curriculum_key=key)
        .values_list(*OF_ENROLMENT)
    ),
    learner=BigIntegerField(),
    key=UUIDField(),
)


def _held(learner: User, curriculum_key: str | UUID) -> Enrolment | None:
    """The learner's enrolment, locked until the transaction ends. On SQLite the transaction itself is the lock."""
    rows = _row(learner=learner.pk, key=curriculum_key)
    return Enrolment.from_db("default", OF_ENROLMENT, rows[0]) if rows else None


def _hold(
    learner: User,
    curriculum_key: str | UUID,
    *,
    version: Version | None = None,
    how: str = Enrolment.How.SELF,
    by: User | None = None,
) -> Enrolment:
    """As `_held`, for whoever learns now: put on the course where they are not on it, or back from a break."""
    enrolment = _held(learner, curriculum_key)
    if enrolment is None:
        version = version or current_version(curriculum_key)
        try:
            with transaction.atomic():
                enrolment = Enrolment.objects.create(
                    learner=learner,
                    curriculum_key=curriculum_key,
                    how=how,
                    version_id=version.pk if version else None,
                )
        except IntegrityError:  # another device began it at the same moment
            return _held(learner, curriculum_key) or _hold(
                learner, curriculum_key, version=version, how=how, by=by
            )
        record_act(actor=by or learner, act="enrolled", subject=learner, obj=enrolment)
    elif enrolment.paused_at is not None or enrolment.left_at is not None:
        be_back(learner=learner, enrolment=enrolment)
    return enrolment


def _keep_answers(
    enrolment: Enrolment, lesson: OutlineLesson, answers: list[tuple[Prepared, Any]]
) -> list[Answer]:
    now = clock.now()
    return Answer.objects.bulk_create(
        [
            Answer(
                enrolment=enrolment,
                lesson_key=lesson.key,
                block_id=block["id"],
                kind=block["type"],
                value=value,
                revision_number=lesson.revision,
                updated_at=now,
            )
            for block, value in answers
        ],
        update_conflicts=True,
        unique_fields=["enrolment", "lesson_key", "block_id"],
        update_fields=["kind", "value", "revision_number", "updated_at"],
    )


def _keep_place(enrolment: Enrolment, lesson_key: str | UUID, block_id: str) -> Place:
    place = Place(enrolment=enrolment, lesson_key=lesson_key, block_id=block_id, updated_at=clock.now())
    return Place.objects.bulk_create(
        [place],
        update_conflicts=True,
        unique_fields=["enrolment"],
        update_fields=["lesson_key", "block_id", "updated_at"],
    )[0]


def _complete(
    learner: User,
    enrolment: Enrolment,
    outline: Outline,
    lesson: OutlineLesson,
    refusal: Callable[[], RuleBroken | None] = lambda: None,
    *,
    by: User | None = None,
    reason: str = "",
) -> RuleBroken | None:
    """Note that the lesson is done, unless it is already; then what is done with it. The answer is what refused it.

    What is done already is never asked for again: `refusal` is called for a lesson that is not.
    """
    before = progress_on(learner, outline)
    if before.is_done(lesson):
        # What was missing may have been unpublished since.
        _settle(learner, enrolment, outline, before, actor=by or learner)
        return None
    refused = refusal()
    if refused is not None:
        return refused
    completion = LessonCompletion.objects.create(
        enrolment=enrolment,
        lesson_key=lesson.key,
        revision_id=lesson.revision,
        revision_number=lesson.revision,
        rule=LessonCompletion.STAFF if by else lesson.rule,
        marked_by=by,
        reason=reason,
    )
    act = "marked lesson as done" if by else "completed lesson"
    record_act(actor=by or learner, act=act, subject=learner, obj=completion)
    lesson_completed.send(
        sender=LessonCompletion,
        learner=learner,
        curriculum_key=enrolment.curriculum_key,
        completion=completion,
    )
    _settle(
        learner,
        enrolment,
        outline,
        before.with_done(lesson, completion.completed_at),
        actor=by or learner,
    )
    return None


def _is_unwritten(how_far: Progress) -> bool:
    """Whether a module or the course is done and not yet written down as such."""
    modules = any(state.is_met and not state.is_done for state in how_far.modules)
    return modules or (how_far.is_met and not how_far.is_complete)


def _settle(
    learner: User, enrolment: Enrolment, outline: Outline, how_far: Progress, *, actor: User | None
) -> bool:
    """Write down the modules and the course that are done now and were not before; whether there was one.

    The enrolment is held, so that of two lessons done at once on two devices the second ends the course.
    """
    if not _is_unwritten(how_far):
        return False
    now = clock.now()
    ModuleCompletion.objects.bulk_create(
        ModuleCompletion(
            enrolment=enrolment, module_key=state.module.key, needed=state.needed, completed_at=now
        )
        for state in how_far.modules
        if state.is_met and not state.is_done
    )
    if how_far.is_met and not how_far.is_complete:
        version = outline.version or current_version(outline.key)
        enrolment.completed_at, enrolment.completed_version_id = now, version.pk if version else None
        enrolment.save(update_fields=["completed_at", "completed_version"])
        record_act(actor=actor, act="completed curriculum", subject=learner, obj=enrolment)
        curriculum_completed.send(
            sender=Enrolment, learner=learner, curriculum_key=enrolment.curriculum_key, enrolment=enrolment
        )
    return True


def _curriculum_of(lesson: LessonPage) -> CurriculumPage:
    if not hasattr(lesson, "_curriculum"):
        live = CurriculumPage.objects.live().select_related("outline_stamp", "locale")
        lesson._curriculum = live.filter(path=lesson.path[:CURRICULUM_PATH]).first()
    if lesson._curriculum is None:
        raise RuleBroken(_("This lesson is not open at the moment."))
    return lesson._curriculum


def _open(lesson: LessonPage) -> tuple[Outline, OutlineLesson]:
    curriculum = _curriculum_of(lesson)
    outline = outline_of(curriculum, language_of(curriculum))
    entry = outline.lesson_of_page(lesson.pk)
    if entry is None:
        raise RuleBroken(_("This lesson is not open at the moment."))
    return outline, entry


def _practices(lesson: LessonPage, outline: Outline) -> list[Prepared]:
    return practice_blocks(prepared_body(lesson, stamp=outline.stamp, voices=False))
