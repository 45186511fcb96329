"""One's own side of privacy: who I work with, what I share, who has looked."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.queries import acts_by_others, looks_at
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.people import services
from lms.people.forms import InviteForm
from lms.people.models import CareTie, Role
from lms.people.queries import (
    consents_of,
    invitation_answerable_by,
    invitations_sent_by,
    invitations_to,
    role_kinds_of,
    roles_in_force,
    ties_of,
)
from lms.people.sharing import shareables
from lms.ui.forms import form_for

MOST_ACTS = 50


@policy(SIGNED_IN)
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "people/privacy.html")


@policy(SIGNED_IN)
def people(request: HttpRequest) -> HttpResponse:
    """People I work with, invitations to me, invitations I sent."""
    return render(
        request,
        "people/people.html",
        {
            "ties": [(tie, tie.other(request.user)) for tie in ties_of(request.user)],
            "invitations": [
                (tie, roles_in_force(tie.professional) if tie.professional else [])
                for tie in invitations_to(request.user)
            ],
            "sent": invitations_sent_by(request.user),
        },
    )


@policy(SIGNED_IN)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by email: as the patient, or as the professional where that role is held."""
    as_professional = (
        Role.Kind.PROFESSIONAL in role_kinds_of(request.user) and request.GET.get("as") != "patient"
    )
    form = form_for(request, InviteForm)
    if request.method == "POST" and form.is_valid():
        try:

            def do_invite() -> str:
                services.invite_to_tie(
                    inviter=request.user, email=form.cleaned_data["email"], as_professional=as_professional
                )
                messages.success(
                    request, _("We have sent the invitation. You will see here when they accept.")
                )
                return reverse("privacy:people")

            return once(request, do_invite)
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "people/invite.html", {"form": form, "as_professional": as_professional})


@policy(SIGNED_IN)
def answer_invitation(request: HttpRequest, public_id) -> HttpResponse:
    """Accept or turn down an invitation that came to one's own address.

    Opened and not pressed, as after signing in again: to the page on which the invitation stands.
    """
    if request.method != "POST":
        return redirect("privacy:people")
    tie = invitation_answerable_by(request.user, public_id)
    if tie is None:
        raise Http404
    try:
        if "decline" in request.POST:
            return once(
                request, lambda: services.end_tie(tie=tie, person=request.user) and reverse("privacy:people")
            )

        def accept() -> str:
            services.accept_tie(tie=tie, person=request.user)
            messages.success(
                request, _("You now work together here. Nothing is shared until the patient says so.")
            )
            return reverse("privacy:tie", args=[tie.public_id])

        return once(request, accept)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect("privacy:people")


@policy(SIGNED_IN)
def tie(request: HttpRequest, public_id) -> HttpResponse:
    """One tie: what is shared over it, and how to stop."""
    found = get_object_or_404(ties_of(request.user), public_id=public_id)
    if request.method == "POST":
        return _change_tie(request, found)
    shared = consents_of(found)
    return render(
        request,
        "people/tie.html",
        {
            "tie": found,
            "other": found.other(request.user),
            "mine_to_share": found.patient_id == request.user.pk,
            "things": [(thing, thing.key in shared) for thing in shareables()],
            "confirmed": roles_in_force(found.professional),
            "history": found.consents.all() if found.patient_id == request.user.pk else [],
        },
    )


def _change_tie(request: HttpRequest, found: CareTie) -> HttpResponse:
    def change() -> str:
        what = request.POST.get("what", "")
        here = reverse("privacy:tie", args=[found.public_id])
        match request.POST.get("do"):
            case "share":
                services.give_consent(tie=found, person=request.user, what=what)
                messages.success(request, _("Shared. You can stop at any time, on this page."))
            case "stop":
                services.withdraw_consent(tie=found, person=request.user, what=what)
                messages.success(request, _("Stopped. They can no longer see it."))
            case "end":
                services.end_tie(tie=found, person=request.user)
                messages.success(request, _("You no longer work together here. Nothing is shared."))
                return reverse("privacy:people")
        return here

    try:
        return once(request, change)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect("privacy:tie", found.public_id)


@policy(SIGNED_IN)
def looked(request: HttpRequest) -> HttpResponse:
    """Who has looked at what of mine, newest first; and what others did to my account."""
    page = Paginator(looks_at(request.user), 30).get_page(request.GET.get("page"))
    done = list(acts_by_others(request.user)[:MOST_ACTS])
    return render(request, "people/looked.html", {"page": page, "done": done})
