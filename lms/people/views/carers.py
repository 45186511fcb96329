"""Who may act for me, for whom I may act, and beginning and stopping to act."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.people import services
from lms.people.acting import acting_of, begin_acting, scopes_of, stop_acting
from lms.people.carer_forms import InviteCarerForm
from lms.people.models import CarerTie
from lms.people.queries import (
    asked_again,
    carer_invitations_sent_by,
    carer_invitations_to,
    carer_tie_visible_to,
    carers_of,
    people_cared_for,
)
from lms.people.sharing import carer_scopes, shareable
from lms.ui.forms import form_for


@policy(SIGNED_IN)
def carers(request: HttpRequest) -> HttpResponse:
    """My carers, the people I act for, and invitations both ways."""
    person = request.user
    return render(
        request,
        "people/carers.html",
        {
            "mine": [_row(tie) for tie in carers_of(person)],
            "others": [_row(tie) for tie in people_cared_for(person)],
            "invitations": carer_invitations_to(person),
            "sent": carer_invitations_sent_by(person),
        },
    )


def _row(tie: CarerTie) -> dict:
    agreed = [shareable(consent.what) for consent in tie.agreed]
    return {"tie": tie, "scopes": [scope for scope in agreed if scope is not None]}


@policy(SIGNED_IN)
def invite(request: HttpRequest) -> HttpResponse:
    form = form_for(request, InviteCarerForm)
    if request.method == "POST" and form.is_valid():
        try:

            def do_invite() -> str:
                services.invite_carer(person=request.user, invited_as=form.cleaned_data["invited_as"])
                messages.success(
                    request,
                    _("We have sent the invitation. When they accept, you choose what they may do."),
                )
                return reverse("privacy:carers")

            return once(request, do_invite)
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "people/carer_invite.html", {"form": form})


@policy(SIGNED_IN)
def answer(request: HttpRequest, public_id) -> HttpResponse:
    """Accept or turn down; or take back one's own invitation. Opened and not pressed: to the list it stands on."""
    if request.method != "POST":
        return redirect("privacy:carers")
    tie = carer_tie_visible_to(request.user, public_id)
    if tie is None:
        raise Http404

    def say() -> str:
        if "accept" in request.POST:
            services.accept_carer_tie(tie=tie, carer=request.user)
            messages.success(
                request, _("You have said yes. They choose what you may do for them, and you see it here.")
            )
        else:
            services.end_carer_tie(tie=tie, by=request.user)
        return reverse("privacy:carers")

    try:
        return once(request, say)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect("privacy:carers")


@policy(SIGNED_IN)
def carer(request: HttpRequest, public_id) -> HttpResponse:
    """One carer: what they may do for me, each apart. For the carer: what they may do."""
    tie = carer_tie_visible_to(request.user, public_id)
    if tie is None or tie.accepted_at is None or tie.ended_at is not None:
        raise Http404
    if request.method == "POST":
        return _change(request, tie)
    agreed = {consent.what for consent in tie.consents.in_force()}
    is_mine = tie.person_id == request.user.pk
    again = asked_again(request.user, carer_tie=tie) if is_mine else set()
    return render(
        request,
        "people/carer.html",
        {
            "tie": tie,
            "is_mine": is_mine,
            "other": tie.carer if is_mine else tie.person,
            "things": [
                {"thing": scope, "is_given": scope.key in agreed, "is_asked_again": scope.key in again}
                for scope in carer_scopes()
            ],
            "can_act": not is_mine and bool(agreed),
        },
    )


def _change(request: HttpRequest, tie: CarerTie) -> HttpResponse:
    here = reverse("privacy:carer", args=[tie.public_id])

    def change() -> str:
        person, what = request.user, request.POST.get("what", "")
        match request.POST.get("do"):
            case "give":
                services.give_consent(carer_tie=tie, person=person, what=what)
                messages.success(request, _("They may do this for you now. You can stop it at any time."))
            case "stop":
                services.withdraw_consent(carer_tie=tie, person=person, what=what)
                messages.success(request, _("Stopped. They can no longer do this for you."))
            case "end":
                services.end_carer_tie(tie=tie, by=person)
                messages.success(request, _("Ended. Nothing can be done on the other's behalf any more."))
                return reverse("privacy:carers")
        return here

    try:
        return once(request, change)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect(here)


@policy(SIGNED_IN)
def act(request: HttpRequest, public_id) -> HttpResponse:
    """Begin to act for somebody who agreed to it: to the first page that this opens. Pressed again, the same."""
    is_acting = getattr(request, "acting", None) is not None
    if request.method != "POST" and not is_acting:
        return redirect("privacy:carers")
    acting = acting_of(request.user, str(public_id))
    scopes = scopes_of(acting) if acting is not None else []
    if acting is None or not scopes:
        raise Http404
    start = reverse(scopes[0].start)
    if is_acting:
        return redirect(start)

    def begin() -> str:
        services.begin_to_act(tie=acting.tie, carer=request.user)
        begin_acting(request, acting.tie)
        return start

    return once(request, begin)


@policy(SIGNED_IN)
def stop(request: HttpRequest) -> HttpResponse:
    """Be oneself again."""
    acting = getattr(request, "acting", None)
    if request.method != "POST" and acting is not None:
        return render(
            request, "people/acting_elsewhere.html", {"acting": acting, "scopes": scopes_of(acting)}
        )
    if acting is not None:
        services.stop_to_act(tie=acting.tie, carer=request.user)
        stop_acting(request)
        messages.success(request, _("You are on your own pages again."))
    return redirect("privacy:carers")
