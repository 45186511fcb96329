"""Which lessons the site shows at all."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Substr
from wagtail.models import Page

from courses.models import CurriculumPage, LessonPage, ModulePage
from courses.queries.review import signed_lessons
from lms.people.models import User

# Where a page stands is written in its path, four characters a level: root, front page, curriculum, module, lesson.
CURRICULUM_PATH, MODULE_PATH = 3 * Page.steplen, 4 * Page.steplen


def shown_lessons() -> QuerySet[LessonPage]:
    """Lessons that the site shows at all: published, below published pages, none of them private.

    Without two signatures for its very words a lesson is shown only where settings.SHOW_UNREVIEWED. This is the last wall:
    it holds whatever made the page live.
    """
    lessons: Any = LessonPage.objects.all() if settings.SHOW_UNREVIEWED else signed_lessons()
    module = ModulePage.objects.live().filter(path=Substr(OuterRef("path"), 1, MODULE_PATH))
    curriculum = CurriculumPage.objects.live().filter(path=Substr(OuterRef("path"), 1, CURRICULUM_PATH))
    return lessons.live().public().filter(Exists(module), Exists(curriculum))


def lessons_open_to(person: User | AnonymousUser) -> QuerySet[LessonPage]:
    """Lessons that this person may do: all that are shown; for a visitor, those that are open to visitors."""
    lessons = shown_lessons()
    return lessons if person.is_authenticated else lessons.filter(open_to_visitors=True)
