"""Whether a module is open yet, where its course opens one after the other.

By default the order is a suggestion and everything is open. Modules that nobody has to do keep nobody waiting; a lesson that
is open to visitors, and one that is done, stay open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from courses.queries.outlines import OutlineLesson, OutlineModule

if TYPE_CHECKING:
    from courses.queries.progress import Progress


def waits_for(progress: Progress, module: OutlineModule) -> OutlineModule | None:
    """The module that has to be done before this one opens; None where this one is open."""
    if not progress.outline.opens_in_order or progress.is_complete:
        return None
    for state in progress.modules:
        if state.module.key == module.key:
            return None
        if state.module.counts and not state.is_met:
            return state.module
    return None


def lesson_waits_for(progress: Progress, lesson: OutlineLesson) -> OutlineModule | None:
    """As `waits_for`, for one lesson."""
    if not progress.outline.opens_in_order or lesson.open_to_visitors or lesson.key in progress.done_keys:
        return None
    module = progress.outline.module(lesson.where[1])
    return waits_for(progress, module) if module is not None else None


def open_ones(progress: Progress, lessons: list[OutlineLesson]) -> list[OutlineLesson]:
    """Those of the lessons that may be opened now."""
    if not progress.outline.opens_in_order:
        return lessons
    return [lesson for lesson in lessons if lesson_waits_for(progress, lesson) is None]
