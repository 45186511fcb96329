"""What authors see of pairs in the CMS: both sides of one, and the report of all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from courses.models import Pairing
from courses.models.pairs import SIDES
from courses.policies import EDITS
from courses.queries.drift import State, drift_of
from courses.queries.partners import Partnered, in_state, paired_pages, partnered
from courses.services.pairing import review_pair
from lms.core.errors import RuleBroken
from lms.core.policy import policy
from lms.people.models import Audience

STATES = {
    State.ALONE: gettext_lazy("No other side"),
    State.NEVER: gettext_lazy("Nobody has looked at both sides yet"),
    State.DRIFTED: gettext_lazy("Has drifted"),
    State.MENDED: gettext_lazy("Small mends since"),
    State.TOGETHER: gettext_lazy("As it was"),
}


@policy(EDITS)
def pair_sides(request: HttpRequest, pk: int) -> HttpResponse:
    """Both sides of a pair, what changed on each, and the button that says that they fit."""
    pairing = get_object_or_404(
        Pairing.objects.select_related("patient_module", "professional_module"), pk=pk
    )
    if request.method == "POST":
        try:
            review_pair(pairing=pairing, reviewer=request.user)
            messages.success(request, _("Noted. Changes are counted from today."))
        except RuleBroken as error:
            messages.error(request, error.message)
        return redirect("pair_sides", pk=pk)
    drift = drift_of(pairing)
    return render(
        request,
        "courses/cms/sides.html",
        {
            "drift": drift,
            "sides": [
                (
                    Audience(audience).label,
                    getattr(pairing, f"{side}_module"),
                    [change for change in drift.changes if change.side == side],
                )
                for side, (audience, _sentence) in SIDES.items()
            ],
            "may_review": request.user.has_perm("courses.change_pairing"),
            "header_title": str(pairing),
            "header_icon": "link",
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                {"url": reverse("wagtailsnippets_courses_pairing:list"), "label": _("Pairs of modules")},
                {"url": "", "label": str(pairing)},
            ],
        },
    )


class PairsFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("How it stands"),
        choices=[(state.value, words) for state, words in STATES.items()],
        method="in_this_state",
    )

    def in_this_state(self, queryset: QuerySet[Page], name: str, value: str) -> QuerySet[Page]:
        return queryset.filter(pk__in=in_state(queryset, State(value)))

    class Meta:
        model = Page
        fields = ["locale"]


@dataclass(frozen=True)
class Row:
    """A course or a module in the report, in words."""

    pk: int
    title: str
    kind: str
    audience: str
    course: str
    language: str
    partner: str
    state: str
    since: datetime | None

    @classmethod
    def of(cls, one: Partnered) -> "Row":
        return cls(
            pk=one.page.pk,
            title=one.page.title,
            kind=str(one.page._meta.verbose_name),
            audience=str(Audience(one.audience).label) if one.audience else "",
            course=one.course,
            language=one.page.locale.get_display_name(),
            partner=one.partner.title if one.partner else "",
            state=str(STATES[one.state]) if one.state else "",
            since=one.since,
        )


HEADINGS = {
    "title": gettext_lazy("Title"),
    "kind": gettext_lazy("Kind"),
    "audience": gettext_lazy("For"),
    "course": gettext_lazy("Course"),
    "language": gettext_lazy("Language"),
    "partner": gettext_lazy("Other side"),
    "state": gettext_lazy("How it stands"),
    "since": gettext_lazy("Last looked at"),
}


class PairsReport(ReportView):
    """Courses and modules, their other sides, and whether the two still fit."""

    page_title = gettext_lazy("Both sides")
    header_icon = "link"
    index_url_name = "pairs_report"
    index_results_url_name = "pairs_report_results"
    filterset_class = PairsFilter
    export_filename = "both-sides"
    list_export = list(HEADINGS)
    export_headings = HEADINGS
    columns = [
        TitleColumn(
            "title", label=HEADINGS["title"], url_name="wagtailadmin_pages:edit",
            get_url=lambda row: reverse("wagtailadmin_pages:edit", args=[row.pk]),
        ),
        *[Column(name, label=HEADINGS[name]) for name in list(HEADINGS)[1:-1]],
        DateColumn("since", label=HEADINGS["since"]),
    ]  # fmt: skip

    def get_queryset(self) -> QuerySet[Page]:
        return paired_pages()

    def paginate_queryset(self, queryset: QuerySet[Page], page_size: int) -> Any:
        paginator, page, object_list, is_paginated = super().paginate_queryset(queryset, page_size)
        return paginator, page, [Row.of(one) for one in partnered(object_list)], is_paginated

    def decorate_paginated_queryset(self, object_list: Any) -> list[Row]:
        """An export is not paginated, so its pages come here as they are."""
        return (
            object_list if isinstance(object_list, list) else [Row.of(one) for one in partnered(object_list)]
        )


pairs_report = policy(EDITS)(PairsReport.as_view())
pairs_report_results = policy(EDITS)(PairsReport.as_view(results_only=True))
