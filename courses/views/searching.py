"""Search over what the reader may see."""

import unicodedata

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page

from courses.queries import curricula, outline_of
from lms.core.policy import PUBLIC, policy

LONGEST_QUERY = 200
MOST_RESULTS = 100


@policy(PUBLIC)
def search(request: HttpRequest) -> HttpResponse:
    """Published curricula, modules and lessons in which the words stand."""
    asked = request.GET.get("query", "")
    words = plain_words(asked[:LONGEST_QUERY])
    found = _found(request, words) if words else []
    page = Paginator(found, 10).get_page(request.GET.get("page", "1")[:9])
    return render(request, "courses/search.html", {"words": words, "results": page, "asked": bool(asked)})


def plain_words(text: str) -> str:
    """Letters, marks and numbers with spaces between: what a search can look for. Signs are operators to some."""
    return " ".join("".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in text).split())


def _found(request: HttpRequest, words: str) -> list[dict]:
    """What may be seen, in the search's order. Addresses come from the outlines, so none costs a query."""
    outlines = [outline_of(page) for page in curricula()]
    shown: dict[int, dict] = {}
    for outline in outlines:
        shown[outline.pk] = {"title": outline.title, "url": outline.url, "where": ""}
        for module in outline.modules:
            shown[module.pk] = {"title": module.title, "url": module.url, "where": outline.title}
            for lesson in module.lessons if module.is_ready else ():
                shown[lesson.pk] = {
                    "title": lesson.title,
                    "url": lesson.url,
                    "where": f"{outline.title}: {module.title}",
                }
    hits = Page.objects.live().filter(pk__in=shown).search(words, operator="or")[:MOST_RESULTS]
    return [shown[page.pk] for page in hits]
