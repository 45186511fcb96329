"""What a visitor tries before they have an account: kept in their session only, and theirs once they sign in."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from courses.models import Answer, LessonCompletion, LessonPage, Place
from courses.queries import curricula, outline_of
from courses.queries.outlines import Outline, OutlineLesson
from courses.services import complete_lesson, remember_place, save_answer
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import User

SESSION_KEY = "tried"
MOST_LESSONS = 30
# Who signs in to an account they had may be somebody else than who tried a lesson here this morning.
STILL_THE_SAME_PERSON = timedelta(hours=2)


def has_tried(request: HttpRequest) -> bool:
    return SESSION_KEY in request.session


def forget(request: HttpRequest) -> None:
    """Forget everything this visitor tried, at once. Forgetting twice changes nothing."""
    request.session.pop(SESSION_KEY, None)


def answers_in(request: HttpRequest, lesson: OutlineLesson) -> dict[str, Any]:
    """What the visitor put into the lesson, by block id."""
    return _of_lesson(request, lesson).get("answers", {})


def times_done(request: HttpRequest) -> dict[str, datetime | None]:
    """When this visitor did each of the lessons they have done, by the lesson's key."""
    tried = request.session.get(SESSION_KEY, {})
    return {key: parse_datetime(kept["done_at"]) for key, kept in tried.items() if kept.get("done_at")}


def keep_answer(request: HttpRequest, lesson: OutlineLesson, block_id: str, value: dict[str, Any]) -> None:
    _change(request, lesson).setdefault("answers", {})[block_id] = value


def keep_place(request: HttpRequest, lesson: OutlineLesson, block_id: str) -> None:
    _change(request, lesson)["place"] = [block_id, clock.now().isoformat()]


def keep_done(request: HttpRequest, lesson: OutlineLesson) -> None:
    _change(request, lesson).setdefault("done_at", clock.now().isoformat())


def _of_lesson(request: HttpRequest, lesson: OutlineLesson) -> dict[str, Any]:
    return request.session.get(SESSION_KEY, {}).get(lesson.key, {})


def _change(request: HttpRequest, lesson: OutlineLesson) -> dict[str, Any]:
    tried = request.session.setdefault(SESSION_KEY, {})
    request.session.modified = True
    if len(tried) >= MOST_LESSONS and lesson.key not in tried:
        return {}
    kept = tried.setdefault(lesson.key, {})
    kept["at"] = clock.now().isoformat()
    return kept


def adopt(*, request: HttpRequest, learner: User, is_new: bool) -> None:
    """Make what this session tried the learner's own: answers, ticks and place. What they have already stays.

    Lessons that are no longer shown are left out. Adopting twice changes nothing: the session forgets.
    A new account takes all of it. One that was there takes what was tried in the last two hours: computers are
    shared, and older words may be those of somebody else. They are forgotten.
    """
    session = getattr(request, "session", None)
    tried = session.pop(SESSION_KEY, None) if session is not None else None
    if tried and not is_new:
        tried = {key: kept for key, kept in tried.items() if _is_recent(kept)}
    if not tried:
        return
    for outline in map(outline_of, curricula()):
        entries = [entry for entry in outline.lessons if entry.key in tried]
        lessons = LessonPage.objects.live().in_bulk([entry.pk for entry in entries])
        for entry in entries:
            _adopt_lesson(learner, lessons[entry.pk], tried[entry.key])
        _adopt_place(learner, outline, lessons, tried)


def _is_recent(kept: dict[str, Any]) -> bool:
    at = parse_datetime(kept.get("at", ""))
    return at is not None and at > clock.now() - STILL_THE_SAME_PERSON


def _adopt_lesson(learner: User, lesson: LessonPage, kept: dict[str, Any]) -> None:
    own = set(
        Answer.objects.filter(enrolment__learner=learner, lesson_key=lesson.translation_key).values_list(
            "block_id", flat=True
        )
    )
    for block_id, value in kept.get("answers", {}).items():
        if block_id in own:
            continue
        try:
            save_answer(learner=learner, lesson=lesson, block_id=block_id, value=value)
        except RuleBroken:
            continue  # the block has gone from the lesson since
    if kept.get("done_at"):
        try:
            completion = complete_lesson(learner=learner, lesson=lesson)
        except RuleBroken:
            return  # the lesson asks for something new since
        when = parse_datetime(kept["done_at"])
        LessonCompletion.objects.filter(pk=completion.pk, completed_at__gt=when).update(completed_at=when)


def _adopt_place(
    learner: User, outline: Outline, lessons: dict[int, LessonPage], tried: dict[str, Any]
) -> None:
    if Place.objects.filter(enrolment__learner=learner, enrolment__curriculum_key=outline.key).exists():
        return
    places = [
        (tried[str(lesson.translation_key)]["place"], lesson)
        for lesson in lessons.values()
        if tried[str(lesson.translation_key)].get("place")
    ]
    if places:
        (block_id, _when), lesson = max(places, key=lambda row: row[0][1])
        remember_place(learner=learner, lesson=lesson, block_id=block_id)
