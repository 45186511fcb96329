"""Pages that belong to nobody's course: the dashboard, help, and who we are."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lms.core.policy import PUBLIC, SIGNED_IN, policy
from lms.home.cards import cards_for

ABOUT_PAGES = {"accessibility", "privacy", "contact", "who-reads"}


@policy(SIGNED_IN)
def dashboard(request: HttpRequest) -> HttpResponse:
    """My next step, and below it everything else by section."""
    cards = cards_for(request.user)
    sections: dict[str, list] = {}
    for card in cards[1:]:
        sections.setdefault(str(card.section), []).append(card)
    return render(
        request, "home/dashboard.html", {"next_step": cards[0] if cards else None, "sections": sections}
    )


@policy(PUBLIC)
def help_now(request: HttpRequest) -> HttpResponse:
    return render(request, "home/help_now.html")


@policy(PUBLIC)
def about(request: HttpRequest, page: str) -> HttpResponse:
    if page not in ABOUT_PAGES:
        raise Http404
    return render(request, f"home/about_{page.replace('-', '_')}.html")
