"""Co-signing in the CMS: the page on which authors ask and answer, the button that leads there, and the doors it guards."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.admin.widgets import Button
from wagtail.models import Page

from courses.models import LessonPage, ModulePage
from courses.models.guarded import NotSigned, ShownWhenSigned
from courses.queries.desk import Listed, listed
from courses.views import reviewing_in_cms

ASK = "action-ask-reviewers"


class DeskColumn(Column):
    """Something of each lesson's latest words; read once for all of the list."""

    def __init__(self, name: str, *, says: Callable[[Listed], Any], **options: Any) -> None:
        super().__init__(name, **options)
        self.says = says

    def get_cell_context_data(
        self, instance: LessonPage, parent_context: Mapping[str, Any]
    ) -> dict[str, Any]:
        table = parent_context["table"]
        if not hasattr(table, "desk"):
            table.desk = listed(table.data)
        context = super(Column, self).get_cell_context_data(instance, parent_context)
        known = table.desk.get(instance.pk)
        return context | {"value": self.says(known) if known else ""}


def _age(one: Listed) -> str:
    if one.checked.age is None:
        return ""
    return (
        str(one.checked.age) if one.checked.is_easy_enough else f"{one.checked.age} (> {one.checked.oldest})"
    )


class LessonViewSet(PageViewSet):
    """The lessons of a module in the CMS: how they read, and how far their reviews are."""

    model = LessonPage
    columns = [
        *PageViewSet.index_view_class.base_columns,
        DeskColumn("reading_age", label=_("Reading age"), says=_age),
        DeskColumn("review", label=_("Review"), says=lambda one: one.state.in_a_word),
    ]


@hooks.register("register_admin_viewset")
def lessons_of_a_module() -> LessonViewSet:
    return LessonViewSet("lessons_of_a_module")


@hooks.register("register_admin_urls")
def addresses_of_reviews() -> list:
    return [path("lessons/<int:page_id>/review/", reviewing_in_cms.lesson_review, name="lesson_review")]


class AskReviewers(ActionMenuItem):
    """Keeps the draft and goes on to the page on which both reviewers are asked."""

    name = ASK
    label = _("Ask both reviewers")
    icon_name = "group"
    order = 30

    def is_shown(self, context: dict[str, Any]) -> bool:
        if context["view"] == "create":
            made = context["request"].resolver_match.kwargs.get("content_type_model_name")
            return context["parent_page"].specific_class is ModulePage or made == "handbookpage"
        return isinstance(context["page"], ShownWhenSigned) and not context["locked_for_user"]


@hooks.register("register_page_action_menu_item")
def ask_reviewers() -> AskReviewers:
    return AskReviewers(order=30)


@hooks.register("construct_page_action_menu")
def lessons_have_their_own_review(
    menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    """For a lesson or a handbook Wagtail's moderation is replaced by two signatures."""
    if any(item.name == ASK for item in menu_items):
        menu_items[:] = [one for one in menu_items if not isinstance(one, SubmitForModerationMenuItem)]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def go_on_to_the_review(request: HttpRequest, page: Page) -> HttpResponse | None:
    if ASK in request.POST and isinstance(page, ShownWhenSigned):
        return redirect("lesson_review", page.pk)
    return None


@hooks.register("before_publish_page")
def words_need_signatures(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Said before Wagtail begins: the draft is kept, and its review is opened."""
    if not isinstance(page, ShownWhenSigned) or page.may_be_shown():
        return None
    messages.error(request, NotSigned(page).message)
    return redirect("lesson_review", page.pk)


@hooks.register("register_page_header_buttons")
def review_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> list[Button]:
    if not issubclass(page.specific_class or Page, ShownWhenSigned) or page.alias_of_id:
        return []
    return [Button(_("Review"), url=reverse("lesson_review", args=[page.pk]), icon_name="group", priority=15)]


@hooks.register("register_page_listing_more_buttons")
def review_in_listing(page: Page, user: Any, next_url: str | None = None) -> list[Button]:
    return review_button(page, user, "index")
