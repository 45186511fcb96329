"""Whole courses in the CMS: where their pages are, and what keeps the fixed core from being edited in a copy."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from courses.models import LessonPage
from courses.services.adapting import refuse_edit
from courses.views import carrying


@hooks.register("register_admin_urls")
def addresses_of_whole_courses() -> list:
    return [
        path("courses/", carrying.whole_courses, name="whole_courses"),
        path("courses/<int:pk>/file/", carrying.course_file, name="course_file"),
        path("courses/<int:pk>/copy/", carrying.copy_course, name="copy_course"),
        path("courses/<int:pk>/differences/", carrying.course_differences, name="course_differences"),
    ]


@hooks.register("register_admin_menu_item")
def whole_courses_in_menu() -> MenuItem:
    return MenuItem(
        _("Whole courses"),
        reverse("whole_courses"),
        name="whole-courses",
        icon_name="folder-open-inverse",
        order=250,
    )


@hooks.register("before_edit_page")
def the_fixed_core_is_not_edited(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A lesson of the fixed core opens in the original instead, and says so."""
    refused = refuse_edit(page) if isinstance(page, LessonPage) else ""
    if not refused:
        return None
    messages.warning(request, refused)
    return redirect("wagtailadmin_pages:edit", page.adapted_from_id)
