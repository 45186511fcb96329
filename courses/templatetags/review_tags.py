from django import template

from courses.checks import Checked, check_lesson
from courses.models import LessonPage
from courses.queries.review import ReviewState, review_state

register = template.Library()


@register.simple_tag
def review_for(lesson: LessonPage) -> ReviewState | None:
    """How far the review of the lesson's words is; None for one that is not saved yet."""
    return review_state(lesson) if lesson.pk else None


@register.simple_tag
def checks_for(lesson: LessonPage) -> Checked | None:
    """How the lesson reads; None for one that is not saved yet."""
    return check_lesson(lesson) if lesson.pk else None
