"""Putting thousands on a course from a file: sent, worked in the background, reported line by line."""

import hashlib
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.forms.enrolling import ListForm
from courses.models import EnrolmentList, ListRow
from courses.queries.enrolling import lists_visible_to, outcomes_of, rows_of
from courses.queries.outlines import outlines
from courses.services.lists import take_list
from lms.audit.services import record_act
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy
from lms.interop.spreadsheet_kit import safe_csv
from lms.people.policies import COORDINATOR
from lms.people.queries import organisations_coordinated_by
from lms.ui.forms import form_for

A_PAGE = 50


@policy(COORDINATOR)
def lists(request: HttpRequest) -> HttpResponse:
    """Send a file; and the lists that were sent, newest first."""
    form = form_for(request, ListForm, organisations=organisations_coordinated_by(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            return _take(request, form)
        except RuleBroken as error:
            form.add_rule_broken(error)
    page = Paginator(lists_visible_to(request.user), A_PAGE).get_page(request.GET.get("page"))
    titles = _titles()
    rows = [(sent, titles.get(str(sent.curriculum_key), "")) for sent in page]
    return render(request, "courses/lists.html", {"form": form, "page": page, "rows": rows})


def _take(request: HttpRequest, form: ListForm) -> HttpResponse:
    upload = form.cleaned_data["file"]
    # Another file under the same key (somebody went back and chose again) is another form.
    content = request.POST.copy()
    content["file"] = hashlib.sha256(upload.file.getvalue()).hexdigest()
    request.POST = content

    def take() -> str:
        sent = take_list(
            lines=upload.lines,
            organisation=form.organisation,
            curriculum=form.curriculum,
            uploaded_by=request.user,
        )
        messages.success(request, _("We have your list. You can leave this page while we work on it."))
        return reverse("courses:list", args=[sent.public_id])

    return once(request, take)


def _titles() -> dict[str, str]:
    return {outline.key: outline.title for outline in outlines()}


def _named(request: HttpRequest, public_id: UUID) -> EnrolmentList:
    return get_object_or_404(lists_visible_to(request.user), public_id=public_id)


@policy(COORDINATOR)
def one_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far a list is, and what became of each line."""
    sent = _named(request, public_id)
    counts = outcomes_of(sent)
    total = sum(counts.values())
    outcome = request.GET.get("show", "")
    outcome = outcome if outcome in counts else ""
    page = Paginator(rows_of(sent, outcome), A_PAGE).get_page(request.GET.get("page"))
    titles = _titles()
    return render(
        request,
        "courses/list.html",
        {
            "sent": sent,
            "title": titles.get(str(sent.curriculum_key), ""),
            "done": total - counts.get(ListRow.Outcome.WAITING, 0),
            "total": total,
            "counts": [(key, words, counts[key]) for key, words in ListRow.Outcome.choices if key in counts],
            "show": outcome,
            "page": page,
            "rows": [(row, titles.get(str(row.curriculum_key), "")) for row in page],
        },
    )


@policy(COORDINATOR)
def list_csv(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The report as a file. No cell of it is taken for a formula."""
    sent = _named(request, public_id)
    titles = _titles()
    record_act(actor=request.user, act="took report of list", obj=sent)
    header = [_("Line"), _("Email"), _("Course"), _("What became of it"), _("Why")]
    rows = (
        [
            row.number,
            row.email,
            titles.get(str(row.curriculum_key), ""),
            row.get_outcome_display(),
            row.get_reason_display() if row.reason else "",
        ]
        for row in rows_of(sent).iterator(chunk_size=1000)
    )
    response = HttpResponse(safe_csv([header, *rows]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="report-of-list.csv"'
    return response
