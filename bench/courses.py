"""Courses of a known size, to show that a page costs the same in a short and in a long one."""

import json
import uuid

from courses.models import CurriculumPage, LessonPage, ModulePage
from lms.home.services import ensure_home_page
from lms.people.models import Audience

IN_A_MODULE = 15
BLOCKS = 30


def make_course(*, lessons: int) -> CurriculumPage:
    """A published course with so many lessons of thirty blocks each, fifteen in a module."""
    course = CurriculumPage(
        audience=Audience.PATIENT,
        title=f"A course of {lessons}",
        slug=f"course-of-{lessons}",
        strapline="Long.",
    )
    ensure_home_page().add_child(instance=course)
    course.save_revision().publish()
    module = None
    for number in range(lessons):
        if number % IN_A_MODULE == 0:
            module = _module(course, number // IN_A_MODULE + 1)
        _lesson(module, number)
    course.save_revision().publish()  # once more: its version has all of them
    return course


def _module(course: CurriculumPage, number: int) -> ModulePage:
    module = ModulePage(
        title=f"Part {number}", slug=f"part-{number}", number=number, status="ready", purpose="To be long."
    )
    course.refresh_from_db()
    course.add_child(instance=module)
    module.save_revision().publish()
    return module


def _lesson(module: ModulePage, number: int) -> LessonPage:
    lesson = LessonPage(title=f"Step {number}", slug=f"step-{number}", minutes=5)
    lesson.body = json.dumps([_block(place) for place in range(BLOCKS)])
    module.refresh_from_db()
    module.add_child(instance=lesson)
    lesson.save_revision().publish()
    return lesson


def _block(place: int) -> dict:
    """Two of prose, then a reflection, and so on."""
    words = "<p>Words about one small step, as long as a paragraph is, and a bit.</p>"
    reflection = {"prompt": f"What matters most, {place}?", "help": "", "required": False}
    kind, value = ("reflection", reflection) if place % 3 == 2 else ("text", words)
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}
