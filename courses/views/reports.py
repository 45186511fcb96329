"""Who has done what: the report of a course, and the page of one learner. For coordinators; every look is noted."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.forms.reports import FilterForm, MarkDoneForm, SearchForm
from courses.models import Enrolment, LessonPage
from courses.queries import Outline, outline_at, outlines, progress_on
from courses.queries.learners import enrolments_seen_by, teams_reported_to
from courses.queries.reports import (
    SORTS,
    STATES,
    Asked,
    Line,
    asked_for,
    lines_of,
    parts_of,
)
from courses.services.learning import mark_lesson_complete
from courses.services.reports import note_looks
from courses.shown import shown_progress
from lms.audit.services import record_look
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy
from lms.interop.spreadsheet_kit import csv_parts
from lms.people.policies import COORDINATOR
from lms.ui.forms import form_for

A_PAGE = 50
WORDS = "report_words"


@policy(COORDINATOR)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The courses; with a report of each."""
    return render(request, "courses/reports.html", {"outlines": outlines()})


@policy(COORDINATOR)
def report(request: HttpRequest, curriculum: str) -> HttpResponse:
    """Fifty learners of my organisations; names searched for stay out of the address."""
    outline = _outline(curriculum)
    asked, filters = _asked(request, outline)
    search = form_for(request, SearchForm, initial={"words": asked.words})
    if request.method == "POST" and search.is_valid():
        request.session[WORDS] = search.cleaned_data["words"]
        return redirect("courses:report", outline.slug)
    enrolments = enrolments_seen_by(request.user, outline.key)
    page = Paginator(asked_for(enrolments, asked), A_PAGE).get_page(request.GET.get("page"))
    lines = lines_of(page.object_list, outline)
    note_looks(viewer=request.user, lines=lines, purpose="progress report")
    return render(
        request,
        "courses/report.html",
        {
            "outline": outline,
            "page": page,
            "lines": lines,
            "filters": filters,
            "search": search,
            "words": asked.words,
            "query": request.GET.urlencode(),
        },
    )


def _asked(request: HttpRequest, outline: Outline) -> tuple[Asked, FilterForm]:
    """What the address and the last search ask for; what is not known is left out."""
    teams = {str(team.public_id): team for team in teams_reported_to(request.user, outline.key)}
    state, team, sort = (request.GET.get(name, "") for name in ("state", "team", "sort"))
    asked = Asked(
        state=state if state in STATES else "",
        team=teams.get(team),
        words=request.session.get(WORDS, ""),
        sort=sort if sort in SORTS else "began",
    )
    chosen = {"state": asked.state, "team": team if asked.team else "", "sort": asked.sort}
    return asked, FilterForm(initial=chosen, teams=teams.values())


@policy(COORDINATOR)
@require_safe
def report_file(request: HttpRequest, curriculum: str) -> HttpResponseBase:
    """The whole report as a table for a spreadsheet. Sent part by part; each part's looks are noted before it is sent."""
    outline = _outline(curriculum)
    asked, _filters = _asked(request, outline)
    enrolments = enrolments_seen_by(request.user, outline.key)

    def parts() -> Iterator[list[tuple]]:
        yield [_headings()]
        for lines in parts_of(enrolments, asked, outline):
            note_looks(viewer=request.user, lines=lines, purpose="progress report as a file")
            yield [_cells(line) for line in lines]

    day = clock.today().isoformat()
    return StreamingHttpResponse(
        csv_parts(parts()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{outline.slug}-{day}.csv"'},
    )


def _headings() -> tuple[str, ...]:
    return (
        _("Name"),
        _("Began"),
        _("Modules done"),
        _("Modules needed"),
        _("Last active"),
        _("Finished"),
        _("Version"),
        _("State"),
    )


def _cells(line: Line) -> tuple:
    return (
        line.name,
        line.began,
        line.done,
        line.needed,
        line.last_on,
        line.completed_on,
        line.version,
        str(STATES[line.state][0]),
    )


@policy(COORDINATOR)
@require_safe
def learner(request: HttpRequest, curriculum: str, learner: UUID) -> HttpResponse:
    """What one learner has done, by which rule, on which version, when, and what is missing: as they read it themselves."""
    outline = _outline(curriculum)
    enrolment = _enrolment(request, outline, learner)
    record_look(
        viewer=request.user, subject=enrolment.learner, obj=enrolment, purpose="progress of one learner"
    )
    return render(
        request,
        "courses/report_learner.html",
        {
            "outline": outline,
            "who": enrolment.learner,
            "marks": enrolment.left_at is None,
            "course": shown_progress(progress_on(enrolment.learner, outline), enrolment),
        },
    )


@policy(COORDINATOR)
def mark_done(request: HttpRequest, curriculum: str, learner: UUID, lesson: int) -> HttpResponse:
    """Say that a lesson is done for a learner, and why. They see it, with the reason."""
    outline = _outline(curriculum)
    enrolment = _enrolment(request, outline, learner)
    entry = next((one for one in outline.lessons if one.pk == lesson), None)
    if entry is None:
        raise Http404
    back = reverse("courses:report_learner", args=[outline.slug, learner])
    form = form_for(request, MarkDoneForm)
    if request.method == "POST" and form.is_valid():
        try:
            return once(
                request, lambda: _mark(request, enrolment, entry.pk, form.cleaned_data["reason"], back)
            )
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(
        request,
        "courses/report_mark_done.html",
        {"outline": outline, "who": enrolment.learner, "lesson": entry, "form": form, "back": back},
    )


def _mark(request: HttpRequest, enrolment: Enrolment, lesson: int, reason: str, back: str) -> str:
    page = get_object_or_404(LessonPage.objects.defer("body"), pk=lesson)
    mark_lesson_complete(actor=request.user, learner=enrolment.learner, lesson=page, reason=reason)
    messages.success(request, _("Marked as done. They see it on their page, with your reason."))
    return back


def _outline(slug: str) -> Outline:
    outline = outline_at(slug)
    if outline is None:
        raise Http404
    return outline


def _enrolment(request: HttpRequest, outline: Outline, learner: UUID) -> Enrolment:
    """Of somebody of the coordinator's; anybody else is not there."""
    seen = enrolments_seen_by(request.user, outline.key).select_related(
        "learner", "version", "completed_version"
    )
    return get_object_or_404(seen, learner__public_id=learner)
