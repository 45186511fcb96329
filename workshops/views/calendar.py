"""The private calendar address: make it, end it, read it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.links import absolute
from lms.core.once import once
from lms.core.policy import PUBLIC, SIGNED_IN, policy
from workshops.interfaces.calendar import feed_of
from workshops.queries.feeds import has_feed, person_of_feed
from workshops.services.feeds import make_calendar_feed, revoke_calendar_feed

LONGEST_TOKEN = 100
SHOWN_ONCE = "calendar_address_to_show"  # noqa: S105 - the name of a place in the session


@policy(SIGNED_IN)
def address(request: HttpRequest) -> HttpResponse:
    """My sessions in my own calendar. A new address is shown on the next page that is opened, and never again."""
    if request.method == "POST" and request.POST.get("do") == "make":
        return once(request, lambda: _make(request))
    if request.method == "POST" and request.POST.get("do") == "end":
        return once(request, lambda: _end(request))
    if request.method == "POST":
        return redirect("workshops:calendar")
    new = request.session.pop(SHOWN_ONCE, "")
    return render(
        request, "workshops/calendar.html", {"new_address": new, "has_feed": has_feed(request.user)}
    )


def _make(request: HttpRequest) -> str:
    token = make_calendar_feed(person=request.user)
    request.session[SHOWN_ONCE] = absolute(reverse("calendar:feed", args=[token]))
    return reverse("workshops:calendar")


def _end(request: HttpRequest) -> str:
    revoke_calendar_feed(person=request.user)
    messages.success(request, _("Your calendar address has ended. Nobody can read it any more."))
    return reverse("workshops:calendar")


@policy(PUBLIC)
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a private address. A key that ended looks like one that never was."""
    person = person_of_feed(token) if len(token) <= LONGEST_TOKEN else None
    if person is None:
        raise Http404
    answer = HttpResponse(feed_of(person), content_type="text/calendar; charset=utf-8; method=PUBLISH")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Disposition"] = 'inline; filename="workshops.ics"'
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
