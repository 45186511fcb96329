"""Reading an outline from the pages, in one language: what there is comes from the original, the words from its translation."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Substr
from wagtail.models import Locale, Page

from courses.models import (
    CourseVersion,
    CurriculumPage,
    LessonEdition,
    LessonPage,
    LessonPair,
    ModulePage,
    Pairing,
)
from courses.queries.outline_shapes import Moment, Outline, OutlineLesson, OutlineModule, Version
from courses.queries.review import reviewed
from courses.queries.shown_lessons import CURRICULUM_PATH, MODULE_PATH, shown_lessons
from lms.people.models import Audience

OtherLessons = dict[int, tuple[tuple[str, str, str], str]]  # where the paired lesson is, and its title
Pages = dict[str, Any]  # pages of one kind by their translation_key


def language_of(curriculum: CurriculumPage) -> str:
    """The language of the page's own words. One query where nobody read it with the page."""
    if hasattr(curriculum, "language"):
        return curriculum.language
    if CurriculumPage._meta.get_field("locale").is_cached(curriculum):
        return curriculum.locale.language_code
    return Locale.all_objects.values_list("language_code", flat=True).get(pk=curriculum.locale_id)


def read_outline(curriculum: CurriculumPage, stamp: str = "", language: str = "") -> Outline:
    """As `outline_of`, past what is kept; without a `language` in the page's own."""
    language = language or language_of(curriculum)
    original, translation = _both(curriculum, language)
    modules = list(
        ModulePage.objects.live().public().descendant_of(original).order_by("path").defer("outcomes")
    )
    lessons = list(shown_lessons().filter(path__startswith=original.path).order_by("path").defer("body"))
    return _Reading(original, translation, language, modules, lessons).outline(stamp)


def _both(curriculum: CurriculumPage, language: str) -> tuple[CurriculumPage, CurriculumPage | None]:
    """The page as it was written, and the one that holds the words in this language, if there is one."""
    first, own = settings.LANGUAGE_CODE, language_of(curriculum)
    same = CurriculumPage.objects.live().filter(translation_key=curriculum.translation_key)
    if own == first:
        if language == first:
            return curriculum, None
        return curriculum, same.filter(locale__language_code=language, alias_of=None).first()
    original = same.filter(locale__language_code=first).first()
    if original is None:
        return curriculum, None
    return original, None if curriculum.alias_of_id else curriculum


class _Reading:
    """Puts an outline together: what there is comes from the original, the words from the translation where there is one."""

    def __init__(
        self,
        original: CurriculumPage,
        translation: CurriculumPage | None,
        language: str,
        modules: list[ModulePage],
        lessons: list[LessonPage],
    ) -> None:
        self.original, self.words = original, translation or original
        self.own, self.language = language_of(original), language
        self.modules = modules
        self.lessons: dict[str, list[LessonPage]] = {}
        for lesson in lessons:
            self.lessons.setdefault(lesson.path[:MODULE_PATH], []).append(lesson)
        self.module_words, self.lesson_words = self._translated(modules, lessons)
        self.languages = _languages_of(lessons) if len(settings.LANGUAGES) > 1 else {}
        self.moments = _moments(original, language)
        self.other_lessons = _other_lessons(original, language)
        if translation is not None:
            self.moments |= _moments(translation, language)
            self.other_lessons |= _other_lessons(translation, language)
        shown = [self.lesson_words.get(str(lesson.translation_key), lesson) for lesson in lessons]
        self.again = _worth_reading_again(lessons, shown)
        self.signed = reviewed(shown)

    def _translated(self, modules: list[ModulePage], lessons: list[LessonPage]) -> tuple[Pages, Pages]:
        if self.language == self.own:
            return {}, {}
        above = CurriculumPage.objects.live().filter(path=Substr(OuterRef("path"), 1, CURRICULUM_PATH))
        live_modules = ModulePage.objects.live().public().filter(Exists(above)).defer("outcomes")
        return (
            _in_language(live_modules, modules, self.language),
            _in_language(shown_lessons().defer("body"), lessons, self.language),
        )

    def outline(self, stamp: str) -> Outline:
        original = self.original
        return Outline(
            pk=self.words.pk,
            key=str(original.translation_key),
            slug=original.slug,
            title=self.words.title,
            audience=original.audience,
            stamp=stamp,
            start_pk=original.start_here_id,
            needed_modules=original.needed_modules,
            opens_in_order=original.opens_in_order,
            version=newest_version(original.translation_key),
            language=self.own if self.words is original else self.language,
            original_pk=original.pk,
            modules=tuple(map(self._module, self.modules)),
        )

    def _module(self, module: ModulePage) -> OutlineModule:
        words = self.module_words.get(str(module.translation_key), module)
        lessons = self.lessons.get(module.path, [])
        return OutlineModule(
            pk=words.pk,
            key=str(module.translation_key),
            where=(self.original.slug, module.slug),
            number=module.number,
            title=words.title,
            purpose=words.purpose,
            is_ready=module.status == ModulePage.Status.READY and bool(lessons),
            moment=self.moments.get(words.pk) or self.moments.get(module.pk),
            optional=module.optional,
            needed_lessons=module.needed_lessons,
            language=self.own if words is module else self.language,
            lessons=tuple(
                self._lesson(module, words, lesson, number, len(lessons))
                for number, lesson in enumerate(lessons, start=1)
            ),
        )

    def _lesson(
        self, module: ModulePage, above: ModulePage, lesson: LessonPage, number: int, of: int
    ) -> OutlineLesson:
        key = str(lesson.translation_key)
        words = self.lesson_words.get(key, lesson)
        return OutlineLesson(
            pk=words.pk,
            key=key,
            where=(self.original.slug, module.slug, lesson.slug),
            title=words.title,
            minutes=words.minutes,
            open_to_visitors=words.open_to_visitors,
            rule=lesson.completion,
            revision=words.live_revision_id,
            module_title=above.title,
            number=number,
            of=of,
            other_side=self.other_lessons.get(words.pk) or self.other_lessons.get(lesson.pk),
            optional=lesson.optional,
            pass_mark=lesson.pass_mark,
            again_at=self.again.get(words.pk),
            reviewed=self.signed.get(words.pk),
            language=self.own if words is lesson else self.language,
            languages=self.languages.get(key, ()),
            original_pk=lesson.pk,
        )


def _in_language(those: QuerySet[Any], pages: Iterable[Page], language: str) -> Pages:
    """Those pages that are translations of these into the language. One query."""
    keys = [page.translation_key for page in pages]
    found = those.filter(translation_key__in=keys, locale__language_code=language, alias_of=None)
    return {str(page.translation_key): page for page in found}


def _languages_of(lessons: Iterable[LessonPage]) -> dict[str, tuple[str, ...]]:
    """In which of the site's languages each of these lessons can be read. One query."""
    rows = (
        shown_lessons()
        .filter(translation_key__in=[lesson.translation_key for lesson in lessons], alias_of=None)
        .values_list("translation_key", "locale__language_code")
    )
    found: dict[str, set[str]] = {}
    for key, code in rows:
        found.setdefault(str(key), set()).add(code)
    codes = [code for code, _name in settings.LANGUAGES]
    return {key: tuple(code for code in codes if code in there) for key, there in found.items()}


def newest_version(curriculum_key: UUID | str) -> Version | None:
    """The newest version of the course with this key; None while there is none."""
    found = CourseVersion.objects.filter(curriculum_key=curriculum_key).order_by("-number")
    row = found.values_list("pk", "number").first()
    return Version._make(row) if row else None


def _worth_reading_again(originals: list[LessonPage], shown: list[LessonPage]) -> dict[int, datetime]:
    """When the author last said so of each lesson that is shown, by its number.

    What was said of the original holds for a translation from the moment one is published that can hold it.
    """
    wanted = {page.pk for page in [*originals, *shown]}
    published: dict[int, list[datetime]] = {}
    again: dict[int, datetime] = {}
    editions = LessonEdition.objects.filter(lesson__in=wanted).order_by("published_at")
    for pk, change, at in editions.values_list("lesson", "change", "published_at"):
        published.setdefault(pk, []).append(at)
        if change == LessonPage.Change.AGAIN:
            again[pk] = at
    found = {}
    for original, page in zip(originals, shown, strict=True):
        said = again.get(original.pk)
        if page is not original and said and not any(at >= said for at in published.get(page.pk, [])):
            said = None
        when = max([at for at in (said, again.get(page.pk)) if at], default=None)
        if when is not None:
            found[page.pk] = when
    return found


def _sides(curriculum: CurriculumPage) -> tuple[str, str]:
    is_patient = curriculum.audience == Audience.PATIENT
    return ("patient", "professional") if is_patient else ("professional", "patient")


def _slugs_above(pages: list[Page]) -> dict[str, str]:
    """Slugs of published curricula and modules, by path."""
    if not pages:
        return {}
    curricula_paths = {page.path[:CURRICULUM_PATH] for page in pages}
    module_paths = {page.path[:MODULE_PATH] for page in pages}
    above = Page.objects.live().filter(path__in=curricula_paths | module_paths)
    return dict(above.values_list("path", "slug"))


def _titles_in(pages: list[Any], language: str) -> dict[UUID, str]:
    """The titles of these pages' published translations, by key. No query where they are in this language already."""
    if not pages or all(page.locale.language_code == language for page in pages):
        return {}
    keys = [page.translation_key for page in pages]
    found = Page.objects.live().filter(
        translation_key__in=keys, locale__language_code=language, alias_of=None
    )
    return dict(found.values_list("translation_key", "title"))


def _moments(curriculum: CurriculumPage, language: str) -> dict[int, Moment]:
    own, other = _sides(curriculum)
    pairings = list(
        Pairing.objects.filter(
            **{f"{own}_module__path__startswith": curriculum.path, f"{other}_module__live": True}
        ).select_related(f"{other}_module__locale")
    )
    others = [getattr(pairing, f"{other}_module") for pairing in pairings]
    slugs, titles = _slugs_above(others), _titles_in(others, language)
    moments = {}
    for pairing in pairings:
        module = getattr(pairing, f"{other}_module")
        if module.path[:CURRICULUM_PATH] in slugs:
            moments[getattr(pairing, f"{own}_module_id")] = Moment(
                name=pairing.moment,
                together=pairing.together,
                patient_does=pairing.patient_does,
                professional_does=pairing.professional_does,
                other_where=(slugs[module.path[:CURRICULUM_PATH]], module.slug),
                other_title=titles.get(module.translation_key, module.title),
                other_is_ready=module.status == ModulePage.Status.READY,
            )
    return moments


def _other_lessons(curriculum: CurriculumPage, language: str) -> OtherLessons:
    own, other = _sides(curriculum)
    pairs = list(
        LessonPair.objects.filter(
            **{f"{own}_lesson__path__startswith": curriculum.path, f"{other}_lesson__in": shown_lessons()}
        )
        .select_related(f"{other}_lesson__locale")
        .defer(f"{other}_lesson__body")
    )
    others = [getattr(pair, f"{other}_lesson") for pair in pairs]
    slugs, titles = _slugs_above(others), _titles_in(others, language)
    found = {}
    for pair in pairs:
        lesson = getattr(pair, f"{other}_lesson")
        where = (slugs[lesson.path[:CURRICULUM_PATH]], slugs[lesson.path[:MODULE_PATH]], lesson.slug)
        title = titles.get(lesson.translation_key, lesson.title)
        found[getattr(pair, f"{own}_lesson_id")] = (where, title)
    return found
