"""Finding one's way: both programmes, a curriculum, a module, the other side."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.views import serve

from courses import visitors
from courses.models import CurriculumPage, ModulePage
from courses.queries import (
    Outline,
    OutlineLesson,
    OutlineModule,
    Progress,
    curricula,
    curriculum_page_at,
    outline_at,
    outline_of,
    progress_on,
)
from courses.queries.outlines import CURRICULUM_PATH
from courses.services import enrol
from lms.core.policy import PUBLIC, policy
from lms.people.models import Audience


@dataclass(frozen=True)
class ModuleRow:
    """A module with the ticks of whoever is looking."""

    module: OutlineModule
    lessons: list[tuple[OutlineLesson, bool]]

    @property
    def done(self) -> int:
        return sum(is_done for _lesson, is_done in self.lessons)

    @property
    def is_done(self) -> bool:
        return bool(self.lessons) and self.done == len(self.lessons)


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
            "has_tried": visitors.has_tried(request),
        },
    )


@policy(PUBLIC)
def curriculum(request: HttpRequest, curriculum: str) -> HttpResponse:
    page = curriculum_page_at(curriculum)
    if page is None:
        return elsewhere(request, curriculum)
    if request.method == "POST":
        return _enrol(request, page)
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
    done = how_far.done_keys if how_far else visitors.keys_done(request)
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
            "rows": [_row(entry, done) for entry in outline.modules],
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
    done = how_far.done_keys if how_far else visitors.keys_done(request)
    return render(
        request,
        "courses/module_page.html",
        {
            "page": page,
            "outcomes": _lines(page.outcomes),
            "outline": outline,
            "module": entry,
            "row": _row(entry, done) if entry else None,
            "is_visitor": not request.user.is_authenticated,
        },
    )


def progress_of(request: HttpRequest, outline: Outline) -> Progress | None:
    """The signed-in person's progress; None for a visitor."""
    return progress_on(request.user, outline) if request.user.is_authenticated else None


def _lessons_done(how_far: Progress | None) -> str:
    if how_far is None:
        return ""
    return ngettext("%(done)d of %(total)d lesson", "%(done)d of %(total)d lessons", how_far.total) % {
        "done": how_far.done,
        "total": how_far.total,
    }


def elsewhere(request: HttpRequest, *slugs: str) -> HttpResponse:
    """Any other page of the CMS's tree; what is not there either is a 404."""
    return serve(request, "/".join([*slugs, ""]))


def _row(entry: OutlineModule, done: set[str]) -> ModuleRow:
    lessons = entry.lessons if entry.is_ready else ()
    return ModuleRow(entry, [(lesson, lesson.key in done) for lesson in lessons])


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


def _enrol(request: HttpRequest, page: CurriculumPage) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    enrol(learner=request.user, curriculum=page)
    how_far = progress_on(request.user, outline_of(page))
    messages.success(request, _("You are on this course. Stop and come back whenever you like."))
    return redirect(how_far.next_url or request.path)
