"""Pairs in the CMS: their lists, their report, their place on its home."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.models import CurriculumPair, Pairing
from courses.queries.drift import drifts
from courses.queries.partners import alone, drifted
from courses.views import pairs


class DriftColumn(Column):
    """How each pair of the list stands; read once for all of them."""

    def get_cell_context_data(self, instance: Pairing, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        table = parent_context["table"]
        if not hasattr(table, "drifts"):
            table.drifts = drifts(table.data)
        context = super(Column, self).get_cell_context_data(instance, parent_context)
        return context | {"value": pairs.STATES[table.drifts[instance.pk].state]}


class PairingViewSet(SnippetViewSet):
    model = Pairing
    icon = "link"
    list_display = [
        "__str__",
        "patient_module",
        "professional_module",
        DriftColumn("state", label=_("How it stands")),
    ]


class CurriculumPairViewSet(SnippetViewSet):
    model = CurriculumPair
    icon = "link"
    list_display = ["patient_curriculum", "professional_curriculum"]


register_snippet(PairingViewSet)
register_snippet(CurriculumPairViewSet)


@hooks.register("register_admin_urls")
def addresses_of_pairs() -> list:
    return [
        path("pairs/<int:pk>/", pairs.pair_sides, name="pair_sides"),
        path("reports/both-sides/", pairs.pairs_report, name="pairs_report"),
        path("reports/both-sides/results/", pairs.pairs_report_results, name="pairs_report_results"),
    ]


@hooks.register("register_reports_menu_item")
def report_of_pairs() -> MenuItem:
    return MenuItem(_("Both sides"), reverse("pairs_report"), name="both-sides", icon_name="link", order=100)


class PairsPanel(Component):
    """What authors have to look at: pairs that have drifted, and pages without a partner."""

    order = 150
    template_name = "courses/cms/home_pairs.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"drifted": drifted(), "alone": alone().count()}


@hooks.register("construct_homepage_panels")
def pairs_on_home(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(PairsPanel())
