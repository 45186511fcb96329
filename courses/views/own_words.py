"""One's own journal: what one wrote in lessons, for oneself alone."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.queries.journal import journal_of
from lms.core import clock
from lms.core.policy import SIGNED_IN, policy

ON_A_PAGE = 30


@policy(SIGNED_IN)
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """By lesson, what was written last first."""
    page = Paginator(journal_of(request.user), ON_A_PAGE).get_page(request.GET.get("page", "1")[:9])
    return render(request, "courses/journal.html", {"page": page})


@policy(SIGNED_IN)
@require_safe
def journal_file(request: HttpRequest) -> HttpResponse:
    """All of it as one file that needs nothing else, to keep or to print."""
    context = {"entries": journal_of(request.user), "made_at": clock.now()}
    answer = render(request, "courses/journal_file.html", context)
    name = slugify(_("My journal")) or "journal"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.today():%Y-%m-%d}.html"'
    return answer
