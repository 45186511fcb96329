"""Courses as wholes, in the CMS: out into a file, in from one, and copied to be adapted."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.carrying_forms import CopyForm, ImportForm
from courses.models import CurriculumPage
from courses.policies import EDITS
from courses.queries.adaptations import How, differences
from courses.services.adapting import copy_to_adapt
from courses.services.exporting import export_course
from courses.services.importing import Carried, import_course
from lms.core.errors import RuleBroken
from lms.core.policy import policy

HOW = {
    How.FOLLOWS: gettext_lazy("Follows the original"),
    How.WAITS: gettext_lazy("New words of the original wait to be published here"),
    How.SAME: gettext_lazy("The same as the original"),
    How.ADAPTED: gettext_lazy("Adapted"),
    How.UNEXPLAINED: gettext_lazy("Differs, and nobody has said why"),
    How.OWN: gettext_lazy("Only in this copy"),
    How.LEFT_OUT: gettext_lazy("Only in the original"),
}


@policy(EDITS)
def whole_courses(request: HttpRequest) -> HttpResponse:
    """All courses, and the form that brings one in."""
    form = ImportForm(request.POST or None, request.FILES or None)
    carried = None
    if request.method == "POST" and form.is_valid():
        try:
            carried = import_course(file=form.cleaned_data["file"].file, importer=request.user)
            messages.success(request, _counted(carried))
        except RuleBroken as error:
            form.add_error("file", error.message)
    return _render(
        request,
        "courses/cms/whole_courses.html",
        _("Whole courses"),
        {
            "form": form,
            "carried": carried,
            "courses": CurriculumPage.objects.select_related("adapted_from", "locale").order_by("path"),
        },
    )


def _counted(carried: Carried) -> str:
    made = ngettext("%(made)d page made", "%(made)d pages made", len(carried.made)) % {
        "made": len(carried.made)
    }
    changed = ngettext("%(changed)d changed", "%(changed)d changed", len(carried.changed)) % {
        "changed": len(carried.changed)
    }
    return _("%(made)s, %(changed)s. All of them are drafts.") % {"made": made, "changed": changed}


@policy(EDITS)
def course_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The course as a file to keep."""
    course = _course(request, pk)
    if request.method != "POST":
        return redirect("whole_courses")
    answer = HttpResponse(export_course(course=course, exporter=request.user), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slugify(course.slug)}.zip"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@policy(EDITS)
def copy_course(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy with a title and an address of its own."""
    course = _course(request, pk)
    form = CopyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            copy = copy_to_adapt(course=course, copier=request.user, **form.cleaned_data)
            messages.success(
                request, _("Copied. All of it is a draft: adapt it, and say why where it differs.")
            )
            return redirect("wagtailadmin_explore", copy.pk)
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    return _render(
        request,
        "courses/cms/copy_course.html",
        _("Copy “%(course)s” to adapt it") % {"course": course.title},
        {"form": form, "course": course},
    )


@policy(EDITS)
def course_differences(request: HttpRequest, pk: int) -> HttpResponse:
    """What a copy does otherwise than its original, lesson by lesson, and why."""
    course = _course(request, pk)
    if course.adapted_from is None:
        raise Http404
    return _render(
        request,
        "courses/cms/differences.html",
        _("What differs from the original"),
        {"course": course, "rows": [(one, HOW[one.how]) for one in differences(course)]},
    )


def _course(request: HttpRequest, pk: int) -> CurriculumPage:
    course = get_object_or_404(CurriculumPage.objects.select_related("adapted_from"), pk=pk)
    if not course.permissions_for_user(request.user).can_edit():
        raise Http404
    return course


def _render(request: HttpRequest, template: str, title: str, more: dict[str, Any]) -> HttpResponse:
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    above = {"url": reverse("whole_courses"), "label": _("Whole courses")}
    trail = [home, above] if title != above["label"] else [home]
    shown = {"header_title": title, "header_icon": "folder-open-inverse"}
    return render(
        request, template, more | shown | {"breadcrumbs_items": [*trail, {"url": "", "label": title}]}
    )
