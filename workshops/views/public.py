"""Find a workshop, see what it is, book a place, give it back."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core import kept
from lms.core.acting import acted_by
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import PUBLIC, SIGNED_IN, policy
from lms.people.needs_sharing import NEEDS_WITH_TUTORS
from lms.people.queries import has_agreed
from lms.people.queries.needs import needs_of
from lms.ui.forms import form_for
from workshops.forms import BookForm, FindForm
from workshops.models import Booking, Series
from workshops.queries.calendar import (
    booking_of,
    bookings_of,
    open_series,
    own_states,
    programmes,
    series_visible_to,
    turn_of,
    whole,
)
from workshops.services.booking import book_place, cancel_booking, join_waiting_list
from workshops.services.needs import show_needs
from workshops.views.presented import presented, presented_all
from workshops.words import turn_words

ON_A_PAGE = 20


@policy(PUBLIC)
def find(request: HttpRequest) -> HttpResponse:
    """Which could I get to? The list first, filters on top of it."""
    form = FindForm(request.GET or None, curricula=list(programmes()))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = open_series(programme=wanted.get("programme", ""), format=wanted.get("format", ""))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = presented_all(page.object_list)
    _add_own_places(request, rows)
    is_filtered = bool(wanted.get("programme") or wanted.get("format"))
    return render(
        request, "workshops/find.html", {"form": form, "page": page, "rows": rows, "is_filtered": is_filtered}
    )


def _add_own_places(request: HttpRequest, rows: list[dict]) -> None:
    if not request.user.is_authenticated or not rows:
        return
    states = own_states(request.user, [row["series"] for row in rows])
    for row in rows:
        row["own"] = states.get(row["series"].pk, "")


@policy(SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    """The workshops I have a place at or wait for."""
    bookings = list(bookings_of(request.user))
    known = {series.pk: series for series in whole(Series.objects.filter(bookings__in=bookings))}
    rows = [{**presented(known[booking.series_id]), "own": booking.state} for booking in bookings]
    return render(request, "workshops/mine.html", {"rows": rows})


@policy(PUBLIC)
def series(request: HttpRequest, public_id) -> HttpResponse:
    """One series: who leads, when, where, what counts; book, wait or give back."""
    if request.method == "POST" and not request.user.is_authenticated:
        kept.keep(request)
        return redirect_to_login(request.get_full_path())
    found = get_object_or_404(whole(series_visible_to(request.user)), public_id=public_id)
    form = form_for(request, BookForm, known=_known_needs(request, found))
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _act(request, found, form.cleaned_data))
        except RuleBroken as error:
            form.add_rule_broken(error)
            # What changed meanwhile is why it was refused: show it as it is now.
            found = get_object_or_404(whole(series_visible_to(request.user)), public_id=public_id)
    response = render(request, "workshops/series.html", _page(request, found, form))
    if request.user.is_authenticated:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _known_needs(request: HttpRequest, found: Series) -> str:
    """What the person wrote down once for all, to be asked whether these tutors may see it. A carer is not asked."""
    person = request.user
    if not person.is_authenticated or acted_by(person) or found.state != Series.State.OPEN:
        return ""
    needs = needs_of(person)
    return needs.flag if needs else ""


def _act(request: HttpRequest, found: Series, said: dict) -> str:
    here = reverse("workshops:series", args=[found.public_id])
    do = request.POST.get("do")
    wishes = {"needs": said["needs"], "shares_needs": said.get("shares_needs", False)}
    if do == "book":
        book_place(series=found, person=request.user, **wishes)
        messages.success(request, _("Your place is booked. We send you the dates."))
    elif do == "wait":
        booking = join_waiting_list(series=found, person=request.user, **wishes)
        if booking.state == Booking.State.WAITING:
            messages.success(request, turn_words(turn_of(booking)))
    elif do in ("show", "hide"):
        show_needs(series=found, person=request.user, shows=do == "show")
        messages.success(
            request,
            _("Your tutors can see what helps you.")
            if do == "show"
            else _("Stopped. They can no longer see it."),
        )
    elif do == "cancel":
        cancel_booking(series=found, person=request.user)
        messages.success(request, _("You have given your place back. Thank you for telling us."))
        # Somebody who has given a place back may not see a series that is not open.
        if not series_visible_to(request.user).filter(pk=found.pk).exists():
            return reverse("workshops:find")
    return here


def _page(request: HttpRequest, found: Series, form: BookForm) -> dict:
    facts = presented(found)
    booking = booking_of(request.user, found)
    person = request.user
    leads = person.is_authenticated and any(place.person_id == person.pk for place in found.active_team)
    is_open = found.state == Series.State.OPEN and not facts["has_started"]
    is_other_side = person.is_authenticated and person.audience != found.curriculum.audience
    return {
        **facts,
        "form": form,
        "known_needs": form.known,
        "booking": booking,
        "tutors_see_needs": bool(
            booking and booking.shares_needs and form.known and has_agreed(person, NEEDS_WITH_TUTORS.key)
        ),
        "is_booked": booking is not None and booking.state == Booking.State.BOOKED,
        "turn": turn_words(turn_of(booking)) if booking and booking.state == Booking.State.WAITING else "",
        "leads": leads,
        "is_open": is_open,
        "is_paused": found.state == Series.State.INVITING,
        "is_other_side": is_other_side,
        "can_book": is_open and person.is_authenticated and not (booking or leads or is_other_side),
        "sign_in_url": f"{reverse('account_login')}?next={request.path}",
        "sign_up_url": f"{reverse('account_signup')}?next={request.path}",
    }
