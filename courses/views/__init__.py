"""What courses answer with. Pages are found by their slugs, straight; Wagtail's own way leads to the same functions."""

from courses.models import CurriculumPage, LessonPage, ModulePage

from .lessons import lesson, show_lesson
from .own_words import journal, journal_file
from .pages import curriculum, learn, module, other_side, show_curriculum, show_module
from .searching import search
from .talks import read_talk
from .visiting import forget_what_i_tried

CurriculumPage.show = staticmethod(show_curriculum)
ModulePage.show = staticmethod(show_module)
LessonPage.show = staticmethod(show_lesson)

__all__ = [
    "curriculum",
    "forget_what_i_tried",
    "journal",
    "journal_file",
    "learn",
    "lesson",
    "module",
    "other_side",
    "read_talk",
    "search",
]
