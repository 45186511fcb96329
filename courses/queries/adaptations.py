"""What differs between a copy of a course and its original."""

from dataclasses import dataclass
from enum import StrEnum

from wagtail.models import Page

from courses.models import CurriculumPage, LessonPage
from courses.models.copied import copies_by_original, says_the_same


class How(StrEnum):
    FOLLOWS = "follows"  # of the fixed core, and the same
    WAITS = "waits"  # of the fixed core: the newest words are still a draft here
    SAME = "same"
    ADAPTED = "adapted"
    UNEXPLAINED = "unexplained"  # differs, and nobody has said why
    OWN = "own"  # only in the copy
    LEFT_OUT = "left out"  # only in the original


@dataclass(frozen=True)
class Difference:
    """A lesson of a copy beside its original: how they stand, and why they differ."""

    title: str
    module: str
    how: How
    why: str
    page_pk: int


def differences(copy: CurriculumPage) -> list[Difference]:
    """Each lesson of the copy in order, then what the original has besides. The latest words of each, published or not."""
    lessons = list(LessonPage.objects.descendant_of(copy).order_by("path"))
    modules = dict(Page.objects.child_of(copy).values_list("path", "title"))
    copies = copies_by_original(lessons[0]) if lessons else {}
    found = [_difference(lesson, modules, copies) for lesson in lessons]
    if copy.adapted_from is None:
        return found
    kept = {lesson.adapted_from_id for lesson in lessons}
    theirs = dict(Page.objects.child_of(copy.adapted_from).values_list("path", "title"))
    return found + [
        Difference(lesson.title, theirs.get(_above(lesson), ""), How.LEFT_OUT, "", lesson.pk)
        for lesson in LessonPage.objects.descendant_of(copy.adapted_from)
        .live()
        .order_by("path")
        .defer("body")
        if lesson.pk not in kept
    ]


def _above(lesson: LessonPage) -> str:
    return lesson.path[: -Page.steplen]


def _difference(lesson: LessonPage, modules: dict[str, str], copies: dict[str, str]) -> Difference:
    latest = lesson.get_latest_revision_as_object()
    if lesson.adapted_from_id is None:
        how = How.OWN
    elif says_the_same(latest, copies):
        how = How.FOLLOWS if lesson.fixed else How.SAME
        if lesson.fixed and lesson.live and lesson.has_unpublished_changes:
            how = How.WAITS
    elif lesson.fixed:
        how = How.WAITS
    else:
        how = How.ADAPTED if latest.adaptation.strip() else How.UNEXPLAINED
    return Difference(latest.title, modules.get(_above(lesson), ""), how, latest.adaptation, lesson.pk)
