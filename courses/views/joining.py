"""Coming by a code or an offer: see first what it leads to, then press. Opening a link alone changes nothing.

A code stands in an address once, on the sheet: the page that it opens keeps in the session which code it was, and goes on to
an address without it, so that it is in no history entry, no way back from signing up, and no log.
"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from courses.forms.enrolling import JoinForm
from courses.models import JoiningCode, Offer
from courses.queries import progress_on
from courses.queries.enrolling import curriculum_of_key, offers_to, open_code, outline_of_key
from courses.services.codes import join_with_code
from courses.services.offers import accept_offer, decline_offer
from lms.core.errors import RuleBroken
from lms.core.limits import free, limited
from lms.core.once import once
from lms.core.policy import PUBLIC, SIGNED_IN, policy
from lms.ui.forms import form_for

IN_HAND = "joining_code"
DOOR = "joining_code"


@policy(PUBLIC)
def join(request: HttpRequest) -> HttpResponse:
    """Type a code; or, with one in hand, see what it leads to and press."""
    code = _code_in_hand(request)
    if request.method == "POST" and "join" in request.POST:
        return _join(request, code)
    if request.method == "POST" and "another" in request.POST:
        request.session.pop(IN_HAND, None)
        return redirect("courses:join")
    if code is not None and request.method != "POST":
        return _show(request, code)
    form = form_for(request, JoinForm)
    if request.method == "POST" and form.is_valid():
        if _take_in_hand(request, form.cleaned_data["secret_code"]):
            return redirect("courses:join")
        form.add_error("secret_code", _not_found(request))
    return _not_kept(render(request, "courses/join.html", {"form": form}))


@policy(PUBLIC)
def join_link(request: HttpRequest, code: str) -> HttpResponse:
    """Where the link and the square code on a sheet lead. Takes the code out of the address."""
    if not _take_in_hand(request, code):
        messages.warning(request, _not_found(request))
    return _not_kept(redirect("courses:join"))


def _take_in_hand(request: HttpRequest, typed: str) -> bool:
    request.session.pop(IN_HAND, None)
    if limited(request, DOOR):
        request.tried_too_often = True
        return False
    found = open_code(typed) if len(typed) <= JoinForm.base_fields["secret_code"].max_length else None
    if found is None or curriculum_of_key(found.curriculum_key) is None:
        return False
    free(request, DOOR)
    request.session[IN_HAND] = str(found.public_id)
    return True


def _not_found(request: HttpRequest) -> str:
    if getattr(request, "tried_too_often", False):
        return _("That was many tries. Wait a few minutes, then try again.")
    return _("This code does not work. It may be too old, or used up. Check it, or ask for a new one.")


def _code_in_hand(request: HttpRequest) -> JoiningCode | None:
    public_id = request.session.get(IN_HAND)
    if public_id is None:
        return None
    return JoiningCode.objects.select_related("organisation", "team").filter(public_id=public_id).first()


def _show(request: HttpRequest, code: JoiningCode) -> HttpResponse:
    curriculum = curriculum_of_key(code.curriculum_key)
    if curriculum is None or not code.is_open:
        del request.session[IN_HAND]
        messages.warning(request, _not_found(request))
        return redirect("courses:join")
    back = urlencode({"next": reverse("courses:join")})
    context = {
        "code": code,
        "curriculum": curriculum,
        "signup_url": f"{reverse('account_signup')}?{back}",
        "login_url": f"{reverse('account_login')}?{back}",
    }
    return _not_kept(render(request, "courses/join_confirm.html", context))


def _join(request: HttpRequest, code: JoiningCode | None) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("courses:join"))

    def act() -> str:
        if code is None:  # the second press of two: the first one took it
            return reverse("dashboard")
        join_with_code(person=request.user, code=code)
        request.session.pop(IN_HAND, None)
        return _on_the_course(request, code)

    try:
        return once(request, act)
    except RuleBroken as error:
        request.session.pop(IN_HAND, None)
        messages.error(request, str(error.message))
        return redirect("courses:join")


def _on_the_course(request: HttpRequest, what: JoiningCode | Offer) -> str:
    """Says so, and where to go: the first lesson, or the team."""
    outline = outline_of_key(what.curriculum_key)
    messages.success(request, _("You are on this course. Stop and come back whenever you like."))
    if outline is None:
        return reverse("dashboard")
    return progress_on(request.user, outline).next_url or outline.url


@policy(PUBLIC)
def offers(request: HttpRequest) -> HttpResponse:
    """What is offered to me. A visitor reads how to get to it, and nothing about any address."""
    if not request.user.is_authenticated:
        back = urlencode({"next": reverse("courses:offers")})
        context = {
            "signup_url": f"{reverse('account_signup')}?{back}",
            "login_url": f"{reverse('account_login')}?{back}",
        }
        return render(request, "courses/offers_visitor.html", context)
    found = [(offer, curriculum_of_key(offer.curriculum_key)) for offer in offers_to(request.user)[:50]]
    return render(
        request, "courses/offers.html", {"offers": [(offer, page) for offer, page in found if page]}
    )


@policy(SIGNED_IN)
def answer_offer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Yes or no to one offer; opened by a link, it leads to the list."""
    if request.method != "POST":
        return redirect("courses:offers")
    mine = offers_to(request.user) | Offer.objects.filter(accepted_by=request.user)
    offer = get_object_or_404(mine.select_related("team"), public_id=public_id)

    def act() -> str:
        if request.POST.get("answer") == "yes":
            accept_offer(offer=offer, person=request.user)
            return _on_the_course(request, offer)
        decline_offer(offer=offer, person=request.user)
        messages.success(request, _("You said no. Nothing else changes."))
        return reverse("courses:offers")

    try:
        return once(request, act)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect("courses:offers")


def _not_kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response
