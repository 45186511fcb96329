"""Search over what the reader may see."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from courses.queries.searching import LONGEST_QUERY, search_pages
from lms.core.policy import PUBLIC, policy

JOINERS = "\u200c\u200d"  # between letters of Persian, and between the parts of an emoji


@policy(PUBLIC)
def search(request: HttpRequest) -> HttpResponse:
    """Published curricula, modules and lessons in which the words stand."""
    asked = plain_text(request.GET.get("query", ""))
    answer = search_pages(asked, is_visitor=not request.user.is_authenticated)
    page = Paginator(answer.order, 10).get_page(request.GET.get("page", "1")[:9])
    return render(
        request,
        "courses/search.html",
        {
            "words": asked,
            "asked": bool(asked),
            "results": page,
            "found": answer.results(list(page.object_list)),
            "instead": answer.instead,
            "terms": answer.terms,
        },
    )


def plain_text(text: str) -> str:
    """What was typed, in one line, without signs that cannot be shown, and no longer than a search reads."""
    shown = "".join(
        sign if sign.isprintable() or sign in JOINERS else " " for sign in text[: 4 * LONGEST_QUERY]
    )
    return " ".join(shown.split())[:LONGEST_QUERY]
