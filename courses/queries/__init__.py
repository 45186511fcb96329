"""Answers about curricula and progress. Nothing here changes anything."""

from .outlines import (
    Outline,
    OutlineLesson,
    OutlineModule,
    curricula,
    curriculum_page_at,
    lessons_open_to,
    outline_at,
    outline_of,
    outlines,
    shown_lessons,
)
from .progress import (
    LessonState,
    ModuleState,
    Progress,
    answers_of,
    own_answer,
    progress,
    progress_of_all,
    progress_of_many,
    progress_on,
)
from .review import is_signed

__all__ = [
    "LessonState",
    "ModuleState",
    "Outline",
    "OutlineLesson",
    "OutlineModule",
    "Progress",
    "answers_of",
    "curricula",
    "curriculum_page_at",
    "is_signed",
    "lessons_open_to",
    "outline_at",
    "outline_of",
    "outlines",
    "own_answer",
    "progress",
    "progress_of_all",
    "progress_of_many",
    "progress_on",
    "shown_lessons",
]
