"""What is learned (pages, tied in pairs), and how far somebody has come."""

from .pages import CurriculumPage, LessonPage, ModulePage
from .pairs import LessonPair, LoadedPage, OutlineStamp, Pairing
from .progress import Answer, Enrolment, LessonCompletion, Place

__all__ = [
    "Answer",
    "CurriculumPage",
    "Enrolment",
    "LessonCompletion",
    "LessonPage",
    "LessonPair",
    "LoadedPage",
    "ModulePage",
    "OutlineStamp",
    "Pairing",
    "Place",
]
