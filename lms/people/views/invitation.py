"""Invitations on paper: made by a coordinator, used by somebody who has no email."""

from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record_look
from lms.core.errors import RuleBroken
from lms.core.limits import free, limited
from lms.core.once import once
from lms.core.policy import PUBLIC, policy
from lms.people import services
from lms.people.coordinate_forms import (
    HelpInForm,
    InviteOnPaperForm,
    ResetSecondStepForm,
    StartForm,
)
from lms.people.models import Audience, PrintedInvitation
from lms.people.paper import code_to_show, paper_context, print_paper, remember_code
from lms.people.policies import COORDINATOR
from lms.people.queries import organisations_coordinated_by, organisations_helping, printed_invitation_of
from lms.people.services.second_step import reset_second_step
from lms.people.views.coordinate import PURPOSE, known_person
from lms.ui.forms import form_for


@policy(COORDINATOR)
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account for somebody without email, and the paper to hand over."""
    form = form_for(
        request,
        InviteOnPaperForm,
        initial={"audience": Audience.PATIENT},
        organisations=organisations_coordinated_by(request.user),
    )
    if request.method == "POST" and form.is_valid():

        def make() -> str:
            said = form.cleaned_data
            made = services.invite_on_paper(
                first_name=said["first_name"],
                last_name=said["last_name"],
                audience=said["audience"],
                organisation=form.organisation,
                made_by=request.user,
            )
            return _to_paper(request, *made)

        try:
            return once(request, make)
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "people/invite_on_paper.html", {"form": form})


@policy(COORDINATOR)
def help_in(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A new code on paper for somebody who cannot get in."""
    who = known_person(request, public_id)
    organisations = list(organisations_helping(request.user, who))
    form = form_for(request, HelpInForm, organisations=organisations)
    if request.method == "POST" and organisations and form.is_valid():

        def make() -> str:
            made = services.help_back_in(
                person=who,
                organisation=form.organisation,
                made_by=request.user,
                identity_note=form.cleaned_data["identity_note"],
            )
            return _to_paper(request, *made)

        try:
            return once(request, make)
        except RuleBroken as error:
            form.add_rule_broken(error)
    record_look(viewer=request.user, subject=who, obj=who, purpose=PURPOSE)
    return render(request, "people/help_in.html", {"who": who, "form": form, "organisations": organisations})


@policy(COORDINATOR)
def reset_step(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take away the second step of somebody who lost it, so that they can set up a new one."""
    who = known_person(request, public_id)
    form = form_for(request, ResetSecondStepForm)
    if request.method == "POST" and form.is_valid():

        def reset() -> str:
            reset_second_step(person=who, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Done. They set up a new second step when they next sign in."))
            return reverse("people:person", args=[who.public_id])

        try:
            return once(request, reset)
        except RuleBroken as error:
            form.add_rule_broken(error)
    record_look(viewer=request.user, subject=who, obj=who, purpose=PURPOSE)
    return render(request, "people/reset_step.html", {"who": who, "form": form})


def _to_paper(request: HttpRequest, invitation: PrintedInvitation, code: str) -> str:
    remember_code(request, invitation, code)
    return reverse("people:paper", args=[invitation.public_id])


@policy(COORDINATOR)
def paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The paper on the screen, to print. For an hour, and only for who made it."""
    invitation, code = _shown(request, public_id)
    if not code:
        return _too_late(request, invitation)
    return render(request, "people/paper.html", paper_context(invitation, code))


@policy(COORDINATOR)
def paper_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same paper as a file in large type."""
    invitation, code = _shown(request, public_id)
    if not code:
        return _too_late(request, invitation)
    response = HttpResponse(print_paper(invitation, code), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="invitation.pdf"'
    return response


def _shown(request: HttpRequest, public_id: UUID) -> tuple[PrintedInvitation, str]:
    invitation = printed_invitation_of(request.user, public_id)
    if invitation is None:
        get_object_or_404(PrintedInvitation.objects.none(), public_id=public_id)
    return invitation, code_to_show(request, invitation)


def _too_late(request: HttpRequest, invitation: PrintedInvitation) -> HttpResponse:
    messages.warning(request, _("A code is shown for an hour, and only to who made it. Print a new one."))
    return redirect("people:person", invitation.person.public_id)


@policy(PUBLIC)
def start(request: HttpRequest) -> HttpResponse:
    """Where the paper leads: the sign-in name, the code, and a password of one's own. Then signed in."""
    if request.user.is_authenticated:
        return redirect("dashboard")
    form = StartForm(data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if limited(request, "printed_code", said["sign_in_name"]):
            form.add_error(None, _("That was many tries. Wait a few minutes, then try again."))
        else:
            try:
                person = services.start_with_code(
                    sign_in_name=said["sign_in_name"], code=said["secret_code"], password=said["password"]
                )
            except RuleBroken as error:
                form.add_rule_broken(error)
            else:
                free(request, "printed_code", said["sign_in_name"])
                record_authentication(request, person, method="password")
                return perform_login(request, person, redirect_url=reverse("dashboard"))
    response = render(request, "people/start.html", {"form": form})
    response.headers["Cache-Control"] = "private, no-store"
    return response
