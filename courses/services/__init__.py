"""What can be asked of the courses; each is one transaction."""

from .learning import complete_lesson, enrol, mark_lesson_complete, remember_place, save_answer
from .standing import leave, pause
from .versions import make_version

__all__ = [
    "complete_lesson",
    "enrol",
    "leave",
    "make_version",
    "mark_lesson_complete",
    "pause",
    "remember_place",
    "save_answer",
]
