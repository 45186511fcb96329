"""Learning: enrol, answer, be done, find the way back. Safe to repeat, in any order, from two devices."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.bodies import practice_blocks, prepared_body
from courses.exercises import is_answered
from courses.models import Answer, CurriculumPage, Enrolment, LessonCompletion, LessonPage, Place
from courses.queries.outlines import CURRICULUM_PATH, Outline, OutlineLesson, curricula, outline_of
from courses.queries.progress import progress_on
from courses.signals import curriculum_completed, lesson_completed
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import User


@transaction.atomic
def enrol(*, learner: User, curriculum: CurriculumPage) -> Enrolment:
    """Put the learner on a curriculum; either audience may learn either. Enrolling twice changes nothing."""
    enrolment, is_new = Enrolment.objects.get_or_create(
        learner=learner, curriculum_key=curriculum.translation_key
    )
    if is_new:
        record_act(actor=learner, act="enrolled", subject=learner, obj=enrolment)
    return enrolment


@transaction.atomic
def leave(*, learner: User, curriculum: CurriculumPage) -> None:
    """Take the learner off a curriculum, with everything they wrote and did there. Leaving twice changes nothing."""
    enrolment = Enrolment.objects.filter(learner=learner, curriculum_key=curriculum.translation_key).first()
    if enrolment is not None:
        record_act(actor=learner, act="left curriculum", subject=learner, obj=enrolment)
        enrolment.delete()


@transaction.atomic
def save_answer(*, learner: User, lesson: LessonPage, block_id: str, value: dict[str, Any]) -> Answer:
    """Keep what the learner put into one practice block, in place of what was there. Enrols them if need be.

    Refuses a block that the lesson does not hold.
    """
    outline, _entry = _open(lesson)
    block = next((one for one in practice_blocks(_body(lesson, outline)) if one["id"] == block_id), None)
    if block is None:
        raise RuleBroken(_("This question is no longer part of the lesson."))
    answer, _is_new = Answer.objects.update_or_create(
        enrolment=enrol(learner=learner, curriculum=_curriculum_of(lesson)),
        lesson_key=lesson.translation_key,
        block_id=block_id,
        defaults={
            "kind": block["type"],
            "value": value,
            "revision_number": lesson.live_revision_id,
            "updated_at": clock.now(),
        },
    )
    return answer


@transaction.atomic
def remember_place(*, learner: User, lesson: LessonPage, block_id: str = "") -> Place:
    """Remember where to go on: the lesson, and the block in it (empty: its top). Enrols the learner if need be."""
    enrolment = enrol(learner=learner, curriculum=_curriculum_of(lesson))
    place, _is_new = Place.objects.update_or_create(
        enrolment=enrolment,
        defaults={"lesson_key": lesson.translation_key, "block_id": block_id, "updated_at": clock.now()},
    )
    return place


@transaction.atomic
def complete_lesson(*, learner: User, lesson: LessonPage) -> LessonCompletion:
    """Note that the lesson is done, by its rule and on the revision now shown. Doing it twice changes nothing.

    Refuses while something that the rule "answers" asks for is open, and names it. Announces `lesson_completed`, and
    `curriculum_completed` when nothing is left.
    """
    outline, _entry = _open(lesson)
    enrolment = enrol(learner=learner, curriculum=_curriculum_of(lesson))
    done = LessonCompletion.objects.filter(enrolment=enrolment, lesson_key=lesson.translation_key).first()
    if done is not None:
        _complete_curriculum(learner, enrolment, outline)  # what was missing may have been unpublished since
        return done
    answers = Answer.objects.filter(enrolment=enrolment, lesson_key=lesson.translation_key)
    refuse_open_questions(lesson, _body(lesson, outline), dict(answers.values_list("block_id", "value")))
    completion, is_new = LessonCompletion.objects.get_or_create(
        enrolment=enrolment,
        lesson_key=lesson.translation_key,
        defaults={
            "revision_id": lesson.live_revision_id,
            "revision_number": lesson.live_revision_id,
            "rule": lesson.completion,
        },
    )
    if is_new:
        record_act(actor=learner, act="completed lesson", subject=learner, obj=completion)
        lesson_completed.send(
            sender=LessonCompletion,
            learner=learner,
            curriculum_key=enrolment.curriculum_key,
            completion=completion,
        )
    _complete_curriculum(learner, enrolment, outline)
    return completion


def refuse_open_questions(lesson: LessonPage, body: list[dict[str, Any]], answers: dict[str, Any]) -> None:
    """Raise RuleBroken, naming the questions, when the lesson's rule asks for answers that are not there."""
    if lesson.completion != LessonPage.Rule.ANSWERS:
        return
    missing = [
        block
        for block in practice_blocks(body)
        if block["required"] and not is_answered(block, answers.get(block["id"]))
    ]
    if missing:
        names = "; ".join(f"“{block['label']}”" for block in missing)
        message = ngettext(
            "One question is still open: %(names)s. Answer it, or stop here and come back.",
            "Some questions are still open: %(names)s. Answer them, or stop here and come back.",
            len(missing),
        )
        raise RuleBroken(message % {"names": names}, field=missing[0]["id"])


def _complete_curriculum(learner: User, enrolment: Enrolment, outline: Outline) -> None:
    now = progress_on(learner, outline)
    if now.is_complete or now.missing or not now.states:
        return
    # Two lessons done at once on two devices: only one of them ends the curriculum.
    if Enrolment.objects.filter(pk=enrolment.pk, completed_at=None).update(completed_at=clock.now()):
        enrolment.refresh_from_db()
        record_act(actor=learner, act="completed curriculum", subject=learner, obj=enrolment)
        curriculum_completed.send(
            sender=Enrolment, learner=learner, curriculum_key=enrolment.curriculum_key, enrolment=enrolment
        )


def _curriculum_of(lesson: LessonPage) -> CurriculumPage:
    if not hasattr(lesson, "_curriculum"):
        lesson._curriculum = curricula().filter(path=lesson.path[:CURRICULUM_PATH]).first()
    if lesson._curriculum is None:
        raise RuleBroken(_("This lesson is not open at the moment."))
    return lesson._curriculum


def _open(lesson: LessonPage) -> tuple[Outline, OutlineLesson]:
    outline = outline_of(_curriculum_of(lesson))
    entry = next((entry for entry in outline.lessons if entry.pk == lesson.pk), None)
    if entry is None:
        raise RuleBroken(_("This lesson is not open at the moment."))
    return outline, entry


def _body(lesson: LessonPage, outline: Outline) -> list[dict[str, Any]]:
    return prepared_body(lesson, stamp=outline.stamp)
