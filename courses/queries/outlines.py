"""What there is to learn, and who may open it.

An outline is everything of a curriculum but the lessons' bodies. It is kept in the process's memory under the stamp that
changes with every change of a page (courses.receivers), so an old one is never shown.

In every language a course is the same: its modules, lessons, rules and addresses are those of the language it was written in,
and only the words are the translation's, where there is one (docs/decisions/0020-languages.md).
"""

from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from courses.models import CurriculumPage
from courses.queries.outline_reading import language_of, newest_version, read_outline
from courses.queries.outline_shapes import Moment, Outline, OutlineLesson, OutlineModule, Version
from courses.queries.shown_lessons import CURRICULUM_PATH, MODULE_PATH, lessons_open_to, shown_lessons
from lms.core.ready import ReadyQuery, Slot

__all__ = [
    "CURRICULUM_PATH",
    "MODULE_PATH",
    "Moment",
    "Outline",
    "OutlineLesson",
    "OutlineModule",
    "Version",
    "curricula",
    "curriculum_page_at",
    "language_of",
    "lessons_open_to",
    "newest_version",
    "outline_at",
    "outline_of",
    "outlines",
    "read_outline",
    "reading",
    "shown_lessons",
]


class Stamped(NamedTuple):
    """A published curriculum: all that is read of it at each request."""

    pk: int
    slug: str
    stamp: UUID | None
    key: UUID
    language: str


def reading() -> str:
    """The language in which whoever asks reads."""
    return get_language() or settings.LANGUAGE_CODE


def curricula() -> QuerySet[CurriculumPage]:
    """The curricula that are published, each once: translated where it is, else as it was written. Patients' first."""
    language, first = reading(), settings.LANGUAGE_CODE
    live = (
        CurriculumPage.objects.live()
        .select_related("outline_stamp")
        .annotate(language=F("locale__language_code"))
        .order_by("audience", "path")
    )
    if language == first:
        return live.filter(locale__language_code=first)
    translated = CurriculumPage.objects.live().filter(locale__language_code=language, alias_of=None)
    there = Exists(translated.filter(translation_key=OuterRef("translation_key")))
    return live.filter(
        Q(locale__language_code=language, alias_of=None) | Q(locale__language_code=first) & ~there
    )


def _readable_in(language: Slot, first: Slot) -> QuerySet[CurriculumPage, Any]:
    here = Q(locale__language_code=first) | Q(locale__language_code=language, alias_of=None)
    return (
        CurriculumPage.objects.live()
        .filter(here)
        .order_by("audience", "path")
        .values_list("pk", "slug", "outline_stamp__stamp", "translation_key", "locale__language_code")
    )


_stamped = ReadyQuery(_readable_in, language=CharField(), first=CharField())


def _curricula_now() -> list[Stamped]:
    """What `curricula` finds, as far as is read at each request; each at the address of the original. One query."""
    language = reading()
    found: dict[UUID, Stamped] = {}
    for one in map(Stamped._make, _stamped(language=language, first=settings.LANGUAGE_CODE)):
        known = found.get(one.key)
        if known is None:
            found[one.key] = one
        elif one.language == language:
            found[one.key] = one._replace(slug=known.slug)
        else:
            found[one.key] = known._replace(slug=one.slug)
    return list(found.values())


def outlines() -> list[Outline]:
    """The outlines of `curricula`. One query while nothing changes."""
    return [_outline(one) for one in _curricula_now()]


def outline_at(slug: str) -> Outline | None:
    """The outline of the published curriculum with this address. One query while nothing changes."""
    return next((_outline(one) for one in _curricula_now() if one.slug == slug), None)


def _outline(one: Stamped) -> Outline:
    kept = caches["process"].get(_key(one.pk, one.stamp, reading())) if one.stamp else None
    if kept is None:
        return outline_of(CurriculumPage.objects.select_related("outline_stamp", "locale").get(pk=one.pk))
    return kept


def _key(pk: int, stamp: UUID, language: str) -> str:
    return f"outline:{pk}:{stamp}:{settings.SHOW_UNREVIEWED}:{language}"


def curriculum_page_at(slug: str) -> CurriculumPage | None:
    """The published curriculum with this address, whole, for its own page. One query while nothing changes.

    All requests of a process share it, so nobody changes it.
    """
    one = next((one for one in _curricula_now() if one.slug == slug), None)
    if one is None:
        return None
    key = f"page:{one.pk}:{one.stamp}"
    page = caches["process"].get(key) if one.stamp else None
    if page is None:
        page = curricula().filter(pk=one.pk).first()
        if page is not None and one.stamp and page.outline_stamp.stamp == one.stamp:
            caches["process"].set(key, page)
    return page


def outline_of(curriculum: CurriculumPage, language: str = "") -> Outline:
    """The curriculum's modules and lessons as learners may see them. Costs no query while nothing changes.

    In the `language`; without one, a translation in its own, and an original in that which is being read.
    """
    own = language_of(curriculum)
    language = language or (own if own != settings.LANGUAGE_CODE else reading())
    stamp = getattr(curriculum, "outline_stamp", None)
    if stamp is None:
        return read_outline(curriculum, language=language)
    key = _key(curriculum.pk, stamp.stamp, language)
    outline = caches["process"].get(key)
    if outline is None:
        outline = read_outline(curriculum, str(stamp.stamp), language)
        caches["process"].set(key, outline)
    return outline
