"""Courses and modules with their other sides, and those that have none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import caches
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from wagtail.models import Page

from courses.models import CurriculumPage, CurriculumPair, ModulePage, Pairing
from courses.models.pairs import SIDES
from courses.queries.drift import Drift, State, drifts
from courses.queries.outlines import CURRICULUM_PATH, Outline, curricula, reading

NO_PAIR = Q(curriculumpage__isnull=False, curriculumpage__pair_as_patient=None) & Q(
    curriculumpage__pair_as_professional=None
) | Q(modulepage__isnull=False, modulepage__pairing_as_patient=None) & Q(
    modulepage__pairing_as_professional=None
)


@dataclass(frozen=True)
class OtherCourse:
    """The course of the other side, as learners see it."""

    title: str
    slug: str
    together: str

    @property
    def url(self) -> str:
        return reverse("courses:curriculum", args=[self.slug])


def other_course(outline: Outline) -> OtherCourse | None:
    """The published course of the other side. Costs no query while nothing changes."""
    key = f"other-course:{outline.pk}:{outline.stamp}:{reading()}"
    kept = caches["process"].get(key) if outline.stamp else None
    if kept is None:
        found = _read_other_course(outline.pk)
        if found is None and outline.original_pk != outline.pk:
            found = _read_other_course(outline.original_pk)
        kept = (found,)  # in a tuple, so that "none" is kept too
        if outline.stamp:
            caches["process"].set(key, kept)
    return kept[0]


def _read_other_course(pk: int | None) -> OtherCourse | None:
    for own, other in (("patient", "professional"), ("professional", "patient")):
        pair = (
            CurriculumPair.objects.filter(**{f"{own}_curriculum": pk, f"{other}_curriculum__live": True})
            .select_related(f"{other}_curriculum")
            .first()
        )
        if pair is not None:
            course = getattr(pair, f"{other}_curriculum")
            here = curricula().filter(translation_key=course.translation_key)
            title = here.values_list("title", flat=True).first() or course.title
            return OtherCourse(title, course.slug, pair.together)
    return None


@dataclass(frozen=True)
class Partnered:
    """A course or a module. Courses have no `state` but that of being alone: their words drift in their modules."""

    page: CurriculumPage | ModulePage
    course: str
    audience: str
    partner: Page | None
    state: State | None
    since: datetime | None


def paired_pages() -> QuerySet[Page]:
    """All courses and their modules, in the order of the tree, published or not.

    A translation has the pair of its original; it is listed where it was given one of its own.
    """
    original = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale__language_code=settings.LANGUAGE_CODE
    ).exclude(pk=OuterRef("pk"))
    pages = Page.objects.type(CurriculumPage, ModulePage).select_related("locale").order_by("path")
    return pages.filter(~Exists(original) | ~NO_PAIR)


def alone() -> QuerySet[Page]:
    """Those of them without a partner."""
    return paired_pages().filter(NO_PAIR)


def drifted() -> list[Drift]:
    """The pairs whose sides no longer fit as they did."""
    return [drift for drift in drifts(Pairing.objects.all()).values() if drift.has_drifted]


def in_state(pages: QuerySet[Page], state: State) -> list[int]:
    """The numbers of those pages that stand so."""
    return [one.page.pk for one in partnered(pages) if one.state == state]


def partnered(pages: Iterable[Page]) -> list[Partnered]:
    """Each of these pages with its partner. The same few queries for one page as for all."""
    pages = list(pages)
    courses = CurriculumPage.objects.select_related("locale").defer("what_you_do")
    by_path = {course.path: course for course in courses}
    modules = {
        module.pk: module
        for module in ModulePage.objects.filter(pk__in=[page.pk for page in pages])
        .select_related("locale")
        .defer("outcomes")
    }
    partners = _partners_of_courses() | _partners_of_modules(modules)
    return [_partnered(page, by_path, modules, partners) for page in pages]


Partners = dict[int, tuple[Page, State | None, datetime | None]]


def _partners_of_courses() -> Partners:
    found: Partners = {}
    for pair in CurriculumPair.objects.select_related("patient_curriculum", "professional_curriculum"):
        found[pair.patient_curriculum_id] = (pair.professional_curriculum, None, None)
        found[pair.professional_curriculum_id] = (pair.patient_curriculum, None, None)
    return found


def _partners_of_modules(modules: dict[int, ModulePage]) -> Partners:
    pairings = Pairing.objects.filter(
        Q(patient_module__in=modules) | Q(professional_module__in=modules)
    ).select_related(*[f"{side}_module" for side in SIDES])
    found: Partners = {}
    for drift in drifts(pairings).values():
        pairing = drift.pairing
        told = (drift.state, drift.reviewed_at)
        found[pairing.patient_module_id] = (pairing.professional_module, *told)
        found[pairing.professional_module_id] = (pairing.patient_module, *told)
    return found


def _partnered(
    page: Page, by_path: dict[str, CurriculumPage], modules: dict[int, ModulePage], partners: Partners
) -> Partnered:
    course = by_path.get(page.path[:CURRICULUM_PATH])
    partner, state, since = partners.get(page.pk, (None, State.ALONE, None))
    return Partnered(
        page=modules.get(page.pk) or by_path[page.path],
        course=course.title if course else "",
        audience=course.audience if course else "",
        partner=partner,
        state=state,
        since=since,
    )
