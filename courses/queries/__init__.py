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
from .progress import LessonState, Progress, answers_of, own_answer, progress, progress_of_all, progress_on
from .review import is_signed

__all__ = [
    "LessonState",
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
    "progress_on",
    "shown_lessons",
]
