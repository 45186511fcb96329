"""A lesson whose module is not open yet: what comes first, and the way there. No dead end, and nothing typed is lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from courses.queries import Outline, OutlineLesson, Progress
from courses.queries.order import lesson_waits_for
from lms.core import kept


def page_that_waits(
    request: HttpRequest, outline: Outline, entry: OutlineLesson, progress: Progress | None
) -> HttpResponse | None:
    """The page to show in the lesson's place; None where the lesson is open. Who edits the lessons may open each."""
    first = lesson_waits_for(progress, entry) if progress is not None else None
    if first is None or request.user.has_perm("wagtailadmin.access_admin"):
        return None
    if request.method == "POST":
        kept.keep(request)
    response = render(
        request,
        "courses/lesson_waits.html",
        {"lesson": entry, "outline": outline, "first": first, "next_lesson": progress.next_lesson},
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
