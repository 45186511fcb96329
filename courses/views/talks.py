"""A whole consultation to read: every turn it can take, on a page of its own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from courses.bodies import Prepared, kept_body, prepared_body
from courses.models import LessonPage
from courses.queries import Outline, OutlineLesson, outline_at
from courses.views.pages import progress_of
from courses.views.waiting import page_that_waits
from lms.core.policy import PUBLIC, policy


@policy(PUBLIC)
@require_safe
def read_talk(request: HttpRequest, curriculum: str, module: str, lesson: str, block: str) -> HttpResponse:
    """The talk as a script, for whom the lesson is open; who needs an account first is told so by the lesson."""
    outline = outline_at(curriculum)
    entry = outline.lesson(module, lesson) if outline else None
    if outline is None or entry is None:
        raise Http404
    if not request.user.is_authenticated and not entry.open_to_visitors:
        return redirect(entry.url)
    progress = progress_of(request, outline) if outline.opens_in_order else None
    waits = page_that_waits(request, outline, entry, progress)
    if waits is not None:
        return waits
    talk = next((one for one in _blocks(outline, entry) if one["id"] == block), None)
    if talk is None or talk["type"] != "consultation":
        raise Http404
    return render(
        request,
        "courses/talk_script.html",
        {
            "outline": outline,
            "lesson": entry,
            "module_url": reverse("courses:module", args=entry.where[:2]),
            "talk": talk,
        },
    )


def _blocks(outline: Outline, entry: OutlineLesson) -> list[Prepared]:
    blocks = kept_body(entry.pk, entry.revision, outline.stamp)
    if blocks is None:
        page = LessonPage.objects.defer("body").filter(pk=entry.pk, live=True).first()
        if page is None:
            raise Http404
        blocks = prepared_body(page, stamp=outline.stamp)
    return blocks
