"""What there is to learn, and who may open it.

An outline is everything of a curriculum but the lessons' bodies. It is kept in the process's memory under the stamp that
changes with every change of a page (courses.receivers), so an old one is never shown.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db.models import CharField, Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Page

from courses.models import (
    CourseVersion,
    CurriculumPage,
    LessonEdition,
    LessonPage,
    LessonPair,
    ModulePage,
    Pairing,
)
from courses.queries.review import Reviewed, reviewed, signed_lessons
from lms.core.ready import ReadyQuery, Slot
from lms.people.models import Audience, User

# Where a page stands is written in its path, four characters a level: root, front page, curriculum, module, lesson.
CURRICULUM_PATH, MODULE_PATH = 3 * Page.steplen, 4 * Page.steplen
OtherLessons = dict[int, tuple[tuple[str, str, str], str]]  # where the paired lesson is, and its title


@dataclass(frozen=True)
class OutlineLesson:
    """A lesson as lists show it. `key` is its translation_key; `revision` the number of the words now shown.

    `again_at` is when its author last said "worth reading again".
    """

    pk: int
    key: str
    where: tuple[str, str, str]
    title: str
    minutes: int
    open_to_visitors: bool
    rule: str
    revision: int | None
    module_title: str
    number: int  # in its module, from 1
    of: int
    other_side: tuple[tuple[str, str, str], str] | None  # where the paired lesson is, and its title
    optional: bool = False
    pass_mark: int | None = None
    again_at: datetime | None = None
    reviewed: Reviewed | None = None  # who signed these words; None where nobody has yet

    @property
    def slug(self) -> str:
        return self.where[2]

    @property
    def url(self) -> str:
        return reverse("courses:lesson", args=self.where)

    @property
    def other_url(self) -> str:
        return reverse("courses:lesson", args=self.other_side[0]) if self.other_side else ""


@dataclass(frozen=True)
class Moment:
    """The shared moment of a module: its name, what each does, and the module on the other side."""

    name: str
    together: str
    patient_does: str
    professional_does: str
    other_where: tuple[str, str]
    other_title: str
    other_is_ready: bool

    @property
    def other_url(self) -> str:
        return reverse("courses:module", args=self.other_where)


@dataclass(frozen=True)
class OutlineModule:
    pk: int
    key: str
    where: tuple[str, str]
    number: int
    title: str
    purpose: str
    is_ready: bool
    lessons: tuple[OutlineLesson, ...]
    moment: Moment | None
    optional: bool = False
    needed_lessons: int | None = None

    @cached_property
    def needed(self) -> int:
        """How many of its lessons have to be done: what its author says, never more than there are."""
        asked = sum(not lesson.optional for lesson in self.lessons) if self.is_ready else 0
        return min(self.needed_lessons or asked, asked)

    @property
    def counts(self) -> bool:
        """Whether it is one of the modules that the course asks for. One with nothing to do in it is not."""
        return not self.optional and self.needed > 0

    @property
    def slug(self) -> str:
        return self.where[1]

    @property
    def url(self) -> str:
        return reverse("courses:module", args=self.where)

    @property
    def other_side_url(self) -> str:
        return reverse("courses:other_side", args=self.where)

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)


class Version(NamedTuple):
    """The newest version of a course (courses.models.CourseVersion)."""

    pk: int
    number: int


@dataclass(frozen=True)
class Outline:
    pk: int
    key: str
    slug: str
    title: str
    audience: str
    stamp: str
    modules: tuple[OutlineModule, ...]
    start_pk: int | None
    needed_modules: int | None = None
    opens_in_order: bool = False
    version: Version | None = None

    @property
    def url(self) -> str:
        return reverse("courses:curriculum", args=[self.slug])

    @cached_property
    def lessons(self) -> list[OutlineLesson]:
        """Every lesson that may be opened, in order, of modules that are ready."""
        return [lesson for module in self.modules if module.is_ready for lesson in module.lessons]

    @property
    def start(self) -> OutlineLesson | None:
        """Where a new person begins: the author's choice, else the first lesson there is."""
        lessons = self.lessons
        return next(
            (lesson for lesson in lessons if lesson.pk == self.start_pk), lessons[0] if lessons else None
        )

    def module(self, slug: str) -> OutlineModule | None:
        return next((module for module in self.modules if module.slug == slug), None)

    def lesson(self, module_slug: str, slug: str) -> OutlineLesson | None:
        where = (self.slug, module_slug, slug)
        return next((lesson for lesson in self.lessons if lesson.where == where), None)

    def lesson_of_page(self, pk: int) -> OutlineLesson | None:
        return next((lesson for lesson in self.lessons if lesson.pk == pk), None)

    def after(self, lesson: OutlineLesson) -> OutlineLesson | None:
        lessons = self.lessons
        place = lessons.index(lesson) + 1
        return lessons[place] if place < len(lessons) else None


class Stamped(NamedTuple):
    """A published curriculum: all that is read of it at each request."""

    pk: int
    slug: str
    stamp: UUID | None


def curricula() -> QuerySet[CurriculumPage]:
    """The curricula that are published, in the language being read; patients' first."""
    return _curricula_in(get_language())


def _curricula_in(language: str | Slot | None) -> QuerySet[CurriculumPage]:
    return (
        CurriculumPage.objects.live()
        .filter(locale__language_code=language)
        .select_related("outline_stamp")
        .order_by("audience", "path")
    )


_stamped = ReadyQuery(
    lambda language: _curricula_in(language).values_list("pk", "slug", "outline_stamp__stamp"),
    language=CharField(),
)


def outlines() -> list[Outline]:
    """The outlines of `curricula`. One query while nothing changes."""
    return [_outline(one) for one in map(Stamped._make, _stamped(language=get_language()))]


def outline_at(slug: str) -> Outline | None:
    """The outline of the published curriculum with this address. One query while nothing changes."""
    found = map(Stamped._make, _stamped(language=get_language()))
    return next((_outline(one) for one in found if one.slug == slug), None)


def _outline(one: Stamped) -> Outline:
    kept = caches["process"].get(_key(one.pk, one.stamp)) if one.stamp else None
    if kept is None:
        return outline_of(CurriculumPage.objects.select_related("outline_stamp").get(pk=one.pk))
    return kept


def _key(pk: int, stamp: UUID) -> str:
    return f"outline:{pk}:{stamp}:{settings.SHOW_UNREVIEWED}"


def curriculum_page_at(slug: str) -> CurriculumPage | None:
    """The published curriculum with this address, whole, for its own page. One query while nothing changes.

    All requests of a process share it, so nobody changes it.
    """
    found = map(Stamped._make, _stamped(language=get_language()))
    one = next((one for one in found if one.slug == slug), None)
    if one is None:
        return None
    key = f"page:{one.pk}:{one.stamp}"
    page = caches["process"].get(key) if one.stamp else None
    if page is None:
        page = curricula().filter(pk=one.pk).first()
        if page is not None and one.stamp and page.outline_stamp.stamp == one.stamp:
            caches["process"].set(key, page)
    return page


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


def outline_of(curriculum: CurriculumPage) -> Outline:
    """The curriculum's modules and lessons as learners may see them. Costs no query while nothing changes."""
    stamp = getattr(curriculum, "outline_stamp", None)
    if stamp is None:
        return read_outline(curriculum)
    key = _key(curriculum.pk, stamp.stamp)
    outline = caches["process"].get(key)
    if outline is None:
        outline = read_outline(curriculum, str(stamp.stamp))
        caches["process"].set(key, outline)
    return outline


def read_outline(curriculum: CurriculumPage, stamp: str = "") -> Outline:
    """As `outline_of`, past what is kept."""
    modules = ModulePage.objects.live().public().descendant_of(curriculum).order_by("path").defer("outcomes")
    lessons: dict[str, list[LessonPage]] = {}
    for lesson in shown_lessons().filter(path__startswith=curriculum.path).order_by("path").defer("body"):
        lessons.setdefault(lesson.path[:MODULE_PATH], []).append(lesson)
    moments, other_lessons = _moments(curriculum), _other_lessons(curriculum)
    again = _worth_reading_again(curriculum)
    signed = reviewed(lesson for lessons_of_one in lessons.values() for lesson in lessons_of_one)
    return Outline(
        pk=curriculum.pk,
        key=str(curriculum.translation_key),
        slug=curriculum.slug,
        title=curriculum.title,
        audience=curriculum.audience,
        stamp=stamp,
        start_pk=curriculum.start_here_id,
        needed_modules=curriculum.needed_modules,
        opens_in_order=curriculum.opens_in_order,
        version=newest_version(curriculum.translation_key),
        modules=tuple(
            _module(
                curriculum,
                module,
                lessons.get(module.path, []),
                moments.get(module.pk),
                other_lessons,
                signed,
                again,
            )
            for module in modules
        ),
    )


def _module(
    curriculum: CurriculumPage,
    module: ModulePage,
    lessons: list[LessonPage],
    moment: Moment | None,
    other_lessons: OtherLessons,
    signed: dict[int, Reviewed],
    again: dict[int, datetime],
) -> OutlineModule:
    return OutlineModule(
        pk=module.pk,
        key=str(module.translation_key),
        where=(curriculum.slug, module.slug),
        number=module.number,
        title=module.title,
        purpose=module.purpose,
        is_ready=module.status == ModulePage.Status.READY and bool(lessons),
        moment=moment,
        optional=module.optional,
        needed_lessons=module.needed_lessons,
        lessons=tuple(
            OutlineLesson(
                pk=lesson.pk,
                key=str(lesson.translation_key),
                where=(curriculum.slug, module.slug, lesson.slug),
                title=lesson.title,
                minutes=lesson.minutes,
                open_to_visitors=lesson.open_to_visitors,
                rule=lesson.completion,
                revision=lesson.live_revision_id,
                module_title=module.title,
                number=number,
                of=len(lessons),
                other_side=other_lessons.get(lesson.pk),
                optional=lesson.optional,
                pass_mark=lesson.pass_mark,
                again_at=again.get(lesson.pk),
                reviewed=signed.get(lesson.pk),
            )
            for number, lesson in enumerate(lessons, start=1)
        ),
    )


def newest_version(curriculum_key: UUID | str) -> Version | None:
    """The newest version of the course with this key; None while there is none."""
    found = CourseVersion.objects.filter(curriculum_key=curriculum_key).order_by("-number")
    row = found.values_list("pk", "number").first()
    return Version._make(row) if row else None


def _worth_reading_again(curriculum: CurriculumPage) -> dict[int, datetime]:
    """When the author last said so of each lesson, by its number."""
    editions = LessonEdition.objects.filter(
        lesson__path__startswith=curriculum.path, change=LessonPage.Change.AGAIN
    )
    return dict(editions.values_list("lesson").annotate(Max("published_at")).order_by())


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


def _moments(curriculum: CurriculumPage) -> dict[int, Moment]:
    own, other = _sides(curriculum)
    pairings = list(
        Pairing.objects.filter(
            **{f"{own}_module__path__startswith": curriculum.path, f"{other}_module__live": True}
        ).select_related(f"{other}_module")
    )
    slugs = _slugs_above([getattr(pairing, f"{other}_module") for pairing in pairings])
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
                other_title=module.title,
                other_is_ready=module.status == ModulePage.Status.READY,
            )
    return moments


def _other_lessons(curriculum: CurriculumPage) -> OtherLessons:
    own, other = _sides(curriculum)
    pairs = list(
        LessonPair.objects.filter(
            **{f"{own}_lesson__path__startswith": curriculum.path, f"{other}_lesson__in": shown_lessons()}
        )
        .select_related(f"{other}_lesson")
        .defer(f"{other}_lesson__body")
    )
    slugs = _slugs_above([getattr(pair, f"{other}_lesson") for pair in pairs])
    found = {}
    for pair in pairs:
        lesson = getattr(pair, f"{other}_lesson")
        where = (slugs[lesson.path[:CURRICULUM_PATH]], slugs[lesson.path[:MODULE_PATH]], lesson.slug)
        found[getattr(pair, f"{own}_lesson_id")] = (where, lesson.title)
    return found
