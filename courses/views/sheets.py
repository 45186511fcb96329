"""A sheet of a lesson as a PDF, and the lesson's short address, for paper."""

import hashlib
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from courses.bodies import Prepared, kept_body, prepared_body
from courses.models import LessonPage
from courses.queries import Outline, OutlineLesson, outline_at, outlines
from courses.templatetags.lesson_tags import short_address
from lms.core.policy import PUBLIC, policy
from lms.documents import render_pdf
from lms.people.crisis import crisis_lines

KEPT_FOR = 24 * 60 * 60


@policy(PUBLIC)
@require_safe
def short_lesson(request: HttpRequest, number: int) -> HttpResponse:
    """To the lesson whose number was typed from paper, where it is shown at all."""
    for outline in outlines():
        for lesson in outline.lessons:
            if lesson.pk == number:
                return redirect(lesson.url)
    raise Http404


@policy(PUBLIC)
@require_safe
def sheet(request: HttpRequest, curriculum: str, module: str, lesson: str, block_id: UUID) -> HttpResponse:
    """The sheet to save: for whoever may open the lesson."""
    outline = outline_at(curriculum)
    entry = outline.lesson(module, lesson) if outline else None
    if outline is None or entry is None:
        raise Http404
    if not request.user.is_authenticated and not entry.open_to_visitors:
        return redirect(entry.url)
    block = next((one for one in _blocks(outline, entry) if one["id"] == str(block_id)), None)
    if block is None or block["type"] != "tool_sheet":
        raise Http404
    response = HttpResponse(_pdf(block, entry), content_type="application/pdf")
    name = slugify(block["title"]) or "sheet"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def _blocks(outline: Outline, entry: OutlineLesson) -> list[Prepared]:
    blocks = kept_body(entry.pk, entry.revision, outline.stamp)
    if blocks is None:
        page = LessonPage.objects.defer("body").filter(pk=entry.pk, live=True).first()
        if page is None:
            raise Http404
        blocks = prepared_body(page, stamp=outline.stamp)
    return blocks


def _pdf(block: Prepared, entry: OutlineLesson) -> bytes:
    """Printed once for these words: they are the same for everybody."""
    language, crisis = get_language() or settings.LANGUAGE_CODE, crisis_lines()
    words = {name: value for name, value in block.items() if name != "kept_as"}
    context = {
        "sheet": words,
        "where": entry.title,
        "address": short_address(entry),
        "site_name": settings.SITE_NAME,
        "crisis": crisis,
    }
    key = f"sheet:{hashlib.sha256(repr((language, context)).encode()).hexdigest()}"
    kept = caches["process"].get(key)
    if kept is None:
        kept = render_pdf(
            template="courses/pdf/sheet.html",
            stylesheet="courses/pdf/sheet.css",
            language=language,
            title=block["title"],
            author=settings.SITE_NAME,
            context=context,
        )
        caches["process"].set(key, kept, KEPT_FOR)
    return kept
