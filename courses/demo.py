"""The courses' part of the demonstration: both curricula, and learners in every state."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings

from courses import demo_joining, demo_keeping, demo_materials, demo_pairs, demo_reviews  # noqa: F401 - parts of their own
from courses.bodies import practice_blocks, prepared_body
from courses.models import CurriculumPage, LessonPage
from courses.queries import curricula, outline_of, progress
from courses.services import complete_lesson, enrol, remember_place, save_answer
from courses.services.loading import load_curricula
from lms.core import clock
from lms.demo.registry import Stage, register_part
from lms.people.models import User

# Who is how far: lessons done, of module 3 first (99: all there are), and whether they are in the middle of the next one.
LEARNERS = [("patient", "patient", 2, True), ("patient2", "patient", 0, False), ("patient3", "patient", 4, True),
            ("professional", "professional", 4, True), ("lay_tutor", "patient", 4, False),
            ("clinical_tutor", "professional", 1, True), ("patient4", "patient", 99, False)]  # fmt: skip
MODULE = 3
JOURNAL = ("reflection", "rewrite")  # blocks whose answers show in one's own journal


def load(stage: Stage) -> None:
    loaded = load_curricula()
    stage.say(f"Curricula: {len(loaded.made)} pages made, {loaded.unchanged} as they were.")
    if not settings.SHOW_UNREVIEWED:
        return
    by_audience = {page.audience: page for page in curricula()}
    for name, audience, lessons, in_the_middle in LEARNERS:
        learner, curriculum = stage.cast[name], by_audience[audience]
        if not progress(learner, curriculum).is_enrolled:
            _study(learner, curriculum, lessons, in_the_middle)


def _study(learner: User, curriculum: CurriculumPage, lessons: int, in_the_middle: bool) -> None:
    outline = outline_of(curriculum)
    module = next(module for module in outline.modules if module.number == MODULE)
    entries = [*module.lessons, *[lesson for lesson in outline.lessons if lesson not in module.lessons]]
    lessons = min(lessons, len(entries))
    with _days_ago(2 * lessons + 1):
        enrol(learner=learner, curriculum=curriculum)
    pages = LessonPage.objects.in_bulk([entry.pk for entry in entries])
    for number, entry in enumerate(entries[:lessons]):
        with _days_ago(2 * (lessons - number)):
            _answer_all(learner, pages[entry.pk], outline.stamp)
            complete_lesson(learner=learner, lesson=pages[entry.pk])
    if in_the_middle and len(entries) > lessons:
        page = pages[entries[lessons].pk]
        blocks = prepared_body(page, stamp=outline.stamp)
        remember_place(learner=learner, lesson=page, block_id=blocks[len(blocks) // 2]["id"])


def _answer_all(learner: User, lesson: LessonPage, stamp: str) -> None:
    for block in practice_blocks(prepared_body(lesson, stamp=stamp)):
        if block["required"] or block["type"] in JOURNAL:
            save_answer(learner=learner, lesson=lesson, block_id=block["id"], value=_answer_to(block))


def _answer_to(block: dict) -> dict:
    """An answer as somebody might give it: to a choice, the one that helps most."""
    if block["type"] == "choice":
        return {"chosen": [option["id"] for option in block["options"] if option["correct"]]}
    if block["type"] == "sort":
        return {"items": {line["id"]: group["id"] for group in block["groups"] for line in group["items"]}}
    if block["type"] == "order":
        return {"order": [line["id"] for line in block["items"]], "settled": True}
    if block["type"] == "ruler":
        return {"number": 7}
    if block["type"] == "practice":
        return {"answer": {}, "typed": {}}
    if block["type"] == "consultation":
        return {"path": [], "tried": [], "ended": True}
    return {"text": "Made up for the demonstration: the stairs, and seeing my sister again."}


@contextmanager
def _days_ago(days: int) -> Iterator[None]:
    """The site's clock stands some days back; then the real time comes back."""
    clock.set_now(clock.now() - timedelta(days=days))
    try:
        yield
    finally:
        clock.set_now(None)


register_part(20, "courses", load)
