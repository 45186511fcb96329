"""Finding one's way: both programmes, a curriculum, a module, the other side."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.views import serve

from courses import visitors
from courses.models import CurriculumPage, ModulePage
from courses.queries import (
    LessonState,
    ModuleState,
    Outline,
    OutlineModule,
    Progress,
    curricula,
    curriculum_page_at,
    outline_at,
    outline_of,
    progress_on,
)
from courses.queries.handbooks import everybodys_handbooks, handbooks_beside
from courses.queries.order import waits_for
from courses.queries.outlines import CURRICULUM_PATH
from courses.queries.partners import other_course
from courses.views.standing import change_standing
from lms.core.policy import PUBLIC, policy
from lms.people.models import Audience


@dataclass(frozen=True)
class ModuleRow:
    """A module with the ticks of whoever is looking."""

    module: OutlineModule
    lessons: list[LessonState]
    is_done: bool
    waits_for: OutlineModule | None = None  # what has to be done before it opens

    @property
    def done(self) -> int:
        return sum(state.is_done for state in self.lessons)

    @property
    def few_are_enough(self) -> bool:
        """Whether any so many of its lessons make it done."""
        return 0 < self.module.needed < sum(not state.lesson.optional for state in self.lessons)


@policy(PUBLIC)
def learn(request: HttpRequest) -> HttpResponse:
    """Both programmes, and how they pair."""
    pages = list(curricula())
    return render(
        request,
        "courses/learn.html",
        {
            "programmes": [(page, outline_of(page)) for page in pages],
            "moments": _moments([outline_of(page) for page in pages]),
            "handbooks": everybodys_handbooks(outline_of(pages[0]).stamp) if pages else [],
            "has_tried": visitors.has_tried(request),
        },
    )


@policy(PUBLIC)
def curriculum(request: HttpRequest, curriculum: str) -> HttpResponse:
    page = curriculum_page_at(curriculum)
    if page is None:
        return elsewhere(request, curriculum)
    if request.method == "POST":
        return change_standing(request, page)
    return show_curriculum(request, page)


@policy(PUBLIC)
def module(request: HttpRequest, curriculum: str, module: str) -> HttpResponse:
    outline = outline_at(curriculum)
    entry = outline.module(module) if outline else None
    if outline is None or entry is None:
        return elsewhere(request, curriculum, module)
    return _show_module(request, ModulePage.objects.get(pk=entry.pk), outline, entry)


@policy(PUBLIC)
def other_side(request: HttpRequest, curriculum: str, module: str) -> HttpResponse:
    """Both columns of the shared moment, in their words."""
    outline = outline_at(curriculum)
    entry = outline.module(module) if outline else None
    if outline is None or entry is None or entry.moment is None:
        return elsewhere(request, curriculum, module, "other-side")
    other_outline = outline_at(entry.moment.other_where[0])
    other = other_outline.module(entry.moment.other_where[1]) if other_outline else None
    if other_outline is None or other is None:
        raise Http404
    words = ModulePage.objects.in_bulk([entry.pk, other.pk])
    return render(
        request,
        "courses/other_side.html",
        {
            "module": entry,
            "moment": entry.moment,
            "columns": [
                _column(outline, entry, words[entry.pk]),
                _column(other_outline, other, words[other.pk]),
            ],
            "pairs": [lesson for lesson in entry.lessons if lesson.other_side],
            "outline": outline,
        },
    )


@dataclass(frozen=True)
class Column:
    """One side of a shared moment."""

    audience: str
    who: str
    does: str
    module: OutlineModule
    words: ModulePage
    outcomes: list[str]


def _column(outline: Outline, entry: OutlineModule, words: ModulePage) -> Column:
    is_patient = outline.audience == Audience.PATIENT
    return Column(
        audience=outline.audience,
        who=outline.title,
        does=entry.moment.patient_does if is_patient else entry.moment.professional_does,
        module=entry,
        words=words,
        outcomes=_lines(words.outcomes),
    )


def _lines(stream) -> list[str]:
    return [child.value for child in stream]


def show_curriculum(request: HttpRequest, page: CurriculumPage) -> HttpResponse:
    """The curriculum's page, by its address or in a preview."""
    outline = outline_of(page)
    how_far = progress_of(request, outline)
    rows = _rows(request, outline, how_far)
    open_lesson = next((lesson for lesson in outline.lessons if lesson.open_to_visitors), None)
    start = outline.start
    return render(
        request,
        "courses/curriculum_page.html",
        {
            "page": page,
            "what_you_do": _lines(page.what_you_do),
            "progress_words": _lessons_done(how_far),
            "outline": outline,
            "other_course": other_course(outline),
            "handbooks": handbooks_beside(outline),
            "rows": rows,
            "enough_modules": how_far.needed_modules if how_far and how_far.counts_modules else None,
            "updated": [state for state in how_far.states if state.is_updated] if how_far else [],
            "progress": how_far,
            "start": start,
            "try_lesson": start if start and start.open_to_visitors else open_lesson,
            "has_tried": visitors.has_tried(request),
        },
    )


def show_module(request: HttpRequest, page: ModulePage) -> HttpResponse:
    """The module's page as Wagtail asks for it: in a preview, or below an address of its own."""
    outline, entry = _outline_above(request, page)
    return _show_module(request, page, outline, entry)


def _show_module(
    request: HttpRequest, page: ModulePage, outline: Outline, entry: OutlineModule | None
) -> HttpResponse:
    how_far = progress_of(request, outline)
    rows = _rows(request, outline, how_far)
    return render(
        request,
        "courses/module_page.html",
        {
            "page": page,
            "outcomes": _lines(page.outcomes),
            "outline": outline,
            "module": entry,
            "row": next((row for row in rows if entry and row.module.pk == entry.pk), None),
            "is_visitor": not request.user.is_authenticated,
        },
    )


def progress_of(request: HttpRequest, outline: Outline) -> Progress | None:
    """The signed-in person's progress; None for a visitor."""
    return progress_on(request.user, outline) if request.user.is_authenticated else None


def _lessons_done(how_far: Progress | None) -> str:
    """How far, in words; nothing where nothing is asked for."""
    if how_far is None or not (how_far.total or how_far.is_complete):
        return ""
    if not how_far.total:
        return _("Done")
    if how_far.counts_modules:
        words = ngettext("%(done)d of %(total)d module", "%(done)d of %(total)d modules", how_far.total)
    else:
        words = ngettext("%(done)d of %(total)d lesson", "%(done)d of %(total)d lessons", how_far.total)
    return words % {"done": how_far.done, "total": how_far.total}


def elsewhere(request: HttpRequest, *slugs: str) -> HttpResponse:
    """Any other page of the CMS's tree; what is not there either is a 404."""
    return serve(request, "/".join([*slugs, ""]))


def _rows(request: HttpRequest, outline: Outline, how_far: Progress | None) -> list[ModuleRow]:
    if how_far is not None:
        return [
            ModuleRow(state.module, list(state.lessons), state.is_done, waits_for(how_far, state.module))
            for state in how_far.modules
        ]
    done = visitors.times_done(request)
    tried = [
        (entry, [LessonState(lesson, done.get(lesson.key)) for lesson in entry.lessons if entry.is_ready])
        for entry in outline.modules
    ]
    return [ModuleRow(entry, lessons, ModuleState(entry, tuple(lessons)).is_met) for entry, lessons in tried]


def _moments(outlines: list[Outline]) -> list[OutlineModule]:
    """The modules of the first programme that have a moment to share."""
    return [entry for entry in outlines[0].modules if entry.moment] if outlines else []


def _outline_above(request: HttpRequest, page: ModulePage) -> tuple[Outline, OutlineModule | None]:
    above = (
        CurriculumPage.objects.filter(path=page.path[:CURRICULUM_PATH])
        .select_related("outline_stamp")
        .first()
    )
    if above is None or not (above.live or getattr(request, "is_preview", False)):
        raise Http404
    outline = outline_of(above)
    return outline, next((entry for entry in outline.modules if entry.pk == page.pk), None)
