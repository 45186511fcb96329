"""Handbooks: all of them, one to read, and the same as a book to print."""

from typing import Any

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.handbooks import Book, prepared_book
from courses.models import HandbookPage
from courses.queries.handbooks import handbooks_visible_to
from courses.queries.review import Reviewed, reviewed, reviewed_as_it_stands
from courses.services.handbooks import ask_for_print, kept_pdf
from lms.core.policy import PUBLIC, policy
from lms.people.crisis import crisis_lines
from lms.ui.drawn import drawn_once, fill


@policy(PUBLIC)
@require_safe
def handbooks(request: HttpRequest) -> HttpResponse:
    """What the reader may read, each side's own together."""
    pages = list(handbooks_visible_to(request.user).defer("body"))
    signed = reviewed(pages)
    for page in pages:
        page.not_yet_reviewed = page.pk not in signed
    return render(request, "courses/handbooks.html", {"shelves": _shelves(pages)})


def _shelves(pages: list[HandbookPage]) -> list[tuple[str, list[HandbookPage]]]:
    manuals = [page for page in pages if not page.is_for_everybody]
    kinds = HandbookPage.Audience
    shelves = [
        (heading, [page for page in pages if page.is_for_everybody and page.audience == audience])
        for audience, heading in (
            (kinds.PATIENT, _("For patients")),
            (kinds.PROFESSIONAL, _("For professionals")),
            (kinds.BOTH, _("For both sides")),
        )
    ]
    return [one for one in [*shelves, (_("For those who lead workshops"), manuals)] if one[1]]


@policy(PUBLIC)
@require_safe
def handbook(request: HttpRequest, slug: str) -> HttpResponse:
    """One handbook, for whom it is. To anybody else it is not there."""
    page = get_object_or_404(handbooks_visible_to(request.user).defer("body"), slug=slug)
    return _show(request, page, reviewed([page]).get(page.pk), pdf_url=reverse("handbook_pdf", args=[slug]))


@policy(PUBLIC)
@require_safe
def handbook_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a PDF: the one that is kept. Where it is not printed yet, the worker is asked, and a page says so."""
    page = get_object_or_404(
        handbooks_visible_to(request.user).select_related("locale").defer("body"), slug=slug
    )
    content = kept_pdf(page)
    if content is None:
        ask_for_print(page)
        response = render(request, "courses/handbook_printing.html", {"page": page}, status=202)
    else:
        response = HttpResponse(content, content_type="application/pdf")
        response.headers["Content-Disposition"] = f'attachment; filename="{slug}.pdf"'
    if not page.is_for_everybody:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def show_handbook(request: HttpRequest, page: HandbookPage) -> HttpResponse:
    """As Wagtail asks for it: a draft in a preview; a published one, at its place in the tree, is at its own address."""
    if getattr(request, "is_preview", False):
        return _show(request, page, reviewed_as_it_stands(page))
    if not handbooks_visible_to(request.user).filter(pk=page.pk).exists():
        raise Http404
    return redirect(page.path_on_site)


def _show(
    request: HttpRequest, page: HandbookPage, signed_by: Reviewed | None, *, pdf_url: str = ""
) -> HttpResponse:
    contents, words = _drawn(page, is_kept=bool(pdf_url))
    response = render(
        request,
        "courses/handbook_page.html",
        {
            "page": page,
            "contents": contents,
            "words": words,
            "pdf_url": pdf_url,
            "reviewed": signed_by,
            "not_yet_reviewed": signed_by is None,
        },
    )
    if not page.is_for_everybody:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _drawn(page: HandbookPage, *, is_kept: bool) -> tuple[list[Any], SafeString]:
    """The contents and the words. What is published is drawn once for its words, in each language of the site."""
    crisis = crisis_lines()
    if not is_kept:
        book = prepared_book(page)
        return book.contents, fill([_draw(book, crisis)], lambda kind, about: "")
    key = f"book:{page.pk}:{page.live_revision_id}:{page.words_digest}:{get_language()}"
    book = caches["process"].get(key)
    if book is None:
        book = prepared_book(page)
        caches["process"].set(key, book)
    pieces = drawn_once(f"{key}:drawn", lambda: _draw(book, crisis), about=crisis)
    return book.contents, fill(pieces, lambda kind, about: "")


def _draw(book: Book, crisis: Any) -> str:
    return "".join(
        render_to_string("courses/_handbook_block.html", {"block": block, "crisis": crisis, "paper": False})
        for block in book.blocks
    )


HandbookPage.show = staticmethod(show_handbook)
