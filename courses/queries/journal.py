"""What somebody wrote for themselves alone. Nobody else has a way here: not a tutor, a coordinator or an author."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from courses.bodies import Prepared, kept_body, practice_blocks, prepared_body
from courses.exercises import in_words
from courses.models import Answer, LessonPage
from courses.queries.outlines import Outline, OutlineLesson, outlines
from lms.people.models import User

WRITTEN = (Answer.Kind.REFLECTION, Answer.Kind.REWRITE)


@dataclass(frozen=True)
class JournalEntry:
    """What was written to one question. What is no longer asked, or no longer shown, has no address."""

    lesson: str
    course: str
    url: str
    question: str
    sentence: str
    words: str
    written_at: datetime


def journal_of(person: User) -> list[JournalEntry]:
    """The person's own reflections and sentences by lesson, what was written last first. As many queries for any number."""
    rows = list(
        Answer.objects.filter(enrolment__learner=person, kind__in=WRITTEN)
        .order_by("-updated_at", "-pk")
        .values_list("lesson_key", "block_id", "value", "updated_at")
    )
    written: dict[str, list[tuple[str, dict[str, Any], datetime]]] = {}
    for key, block_id, value, written_at in rows:
        if value.get("text"):
            written.setdefault(str(key), []).append((block_id, value, written_at))
    if not written:
        return []
    lessons = _lessons(written)
    return [
        _entry(*lessons.get(key, NO_LESSON), *answer)
        for key, answers in written.items()
        for answer in answers
    ]


Lesson = tuple[str, OutlineLesson | None, Outline | None, dict[str, Prepared]]
NO_LESSON: Lesson = ("", None, None, {})


def _entry(
    title: str,
    shown: OutlineLesson | None,
    outline: Outline | None,
    blocks: dict[str, Prepared],
    block_id: str,
    value: dict[str, Any],
    written_at: datetime,
) -> JournalEntry:
    block = blocks.get(block_id, {})
    return JournalEntry(
        lesson=title,
        course=outline.title if outline else "",
        url=f"{shown.url}#b-{block_id}" if shown and block else shown.url if shown else "",
        question=block.get("prompt") or block.get("task") or "",
        sentence=block.get("sentence", ""),
        words=value["text"],
        written_at=written_at,
    )


def _lessons(keys: Iterable[str]) -> dict[str, Lesson]:
    """Each lesson's title, where it is shown, and its practice blocks by id; also of one that is shown no more."""
    shown = {lesson.key: (lesson, outline) for outline in outlines() for lesson in outline.lessons}
    found: dict[str, Lesson] = {}
    to_read = {}
    for key in keys:
        lesson, outline = shown.get(key, (None, None))
        blocks = (
            kept_body(lesson.pk, lesson.revision, outline.stamp, voices=False) if lesson and outline else None
        )
        if lesson and blocks is not None:
            found[key] = (lesson.title, lesson, outline, _by_id(blocks))
        else:
            to_read[key] = (lesson, outline)
    for page in _pages(to_read):
        key = str(page.translation_key)
        lesson, outline = to_read[key]
        is_shown = lesson is not None and lesson.pk == page.pk
        if key not in found or is_shown:
            stamp = outline.stamp if outline and is_shown else ""
            found[key] = (page.title, lesson, outline, _by_id(prepared_body(page, stamp=stamp, voices=False)))
    return found


def _pages(keys: Iterable[str]) -> Iterable[LessonPage]:
    """In one's own language first, then whatever there is."""
    pages = LessonPage.objects.filter(translation_key__in=list(keys)).select_related("locale").order_by("pk")
    language = get_language()
    return sorted(pages, key=lambda page: page.locale.language_code != language)


def _by_id(blocks: list[Prepared]) -> dict[str, Prepared]:
    return {block["id"]: block for block in practice_blocks(blocks)}


def answer_in_words(answer: Answer) -> tuple[Any, Any]:
    """For its owner's copy: the stored value, and what it says; the value again where its question is gone."""
    *_lesson, blocks = _lessons([str(answer.lesson_key)]).get(str(answer.lesson_key), NO_LESSON)
    block = blocks.get(answer.block_id)
    if block is None or block["type"] != answer.kind:
        return answer.value, None
    return answer.value, f"{block['label']}\n{in_words(block, answer.value)}".strip()
