"""A coordinator helps somebody in: find them, give and end roles, record what was checked."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record_look
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy
from lms.people import services
from lms.people.coordinate_forms import FindPersonForm, GiveRoleForm, KindFilterForm, VettingForm
from lms.people.models import Organisation, Role, RoleProposal, User
from lms.people.policies import COORDINATOR, DESK
from lms.people.queries import (
    has_second_step,
    open_invitations_for,
    organisations_coordinated_by,
    organisations_helping,
    people_known_to,
    people_of,
    person_by_address_or_name,
    proposals_answerable_by,
    proposals_made_by,
    roles_coordinated_by,
    roles_with_checks_due,
    vetting_of,
)
from lms.ui.forms import form_for

FOUND, MOST_FOUND = "people_found", 20
A_PAGE = 50
PURPOSE = "coordinating roles"


def known_person(request: HttpRequest, public_id: UUID) -> User:
    """Somebody the coordinator may open: of their organisations, or found by exact address. Anybody else is a 404."""
    found = request.session.get(FOUND, [])
    return get_object_or_404(people_known_to(request.user, found), public_id=public_id)


@policy(COORDINATOR)
def find(request: HttpRequest) -> HttpResponse:
    """The people of my organisations, checks that come up; and finding somebody, whose address stays out of the URL."""
    form = form_for(request, FindPersonForm)
    if request.method == "POST" and form.is_valid():
        found = person_by_address_or_name(form.cleaned_data["who"])
        if found is not None:
            ids = [one for one in request.session.get(FOUND, []) if one != str(found.public_id)]
            request.session[FOUND] = [*ids, str(found.public_id)][-MOST_FOUND:]
            return redirect("people:person", found.public_id)
        form.add_error(
            "who",
            _("Nobody has an account with this. Check the spelling, or invite them on paper."),
        )
    kind = request.GET.get("kind", "")
    kind = kind if kind in Role.Kind.values else ""
    people = people_of(organisations_coordinated_by(request.user), kind)
    return render(
        request,
        "people/find.html",
        {
            "form": form,
            "filters": KindFilterForm(initial={"kind": kind}),
            "kind": kind,
            "page": Paginator(people, A_PAGE).get_page(request.GET.get("page")),
            "due": roles_with_checks_due(request.user)[:A_PAGE],
            "today": clock.today(),
            "proposals": proposals_answerable_by(request.user),
        },
    )


@policy(COORDINATOR)
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One person's roles and checks; give a role, with the registration check where the role needs it."""
    who = known_person(request, public_id)
    organisations = organisations_coordinated_by(request.user)
    if request.method == "POST" and "end" in request.POST:
        return _end_role(request, who)
    if request.method == "POST" and "call_back" in request.POST:
        return _call_back(request, who)
    form = form_for(request, GiveRoleForm, initial=GiveRoleForm.usual(), organisations=organisations)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _give_role(request, who, form.organisation, form.cleaned_data))
        except RuleBroken as error:
            form.add_rule_broken(error)
    record_look(viewer=request.user, subject=who, obj=who, purpose=PURPOSE)
    roles = roles_coordinated_by(request.user, who).held()
    return render(
        request,
        "people/person.html",
        {
            "who": who,
            "organisations": list(form.organisations.values()),
            "form": form,
            "roles": roles.select_related("organisation", "check_seen__checked_by", "vetting__checked_by"),
            "vetting": vetting_of(who, organisations).first(),
            "printed": open_invitations_for(request.user, who),
            "can_help": organisations_helping(request.user, who).exists(),
            "has_second_step": has_second_step(who),
            "is_self": who.pk == request.user.pk,
        },
    )


def _give_role(request: HttpRequest, who: User, organisation: Organisation, said: dict) -> str:
    here = reverse("people:person", args=[who.public_id])
    facts = {
        "person": who,
        "kind": said["kind"],
        "organisation": organisation,
        "starts_on": said["starts_on"],
        "ends_on": said["ends_on"],
    }
    if said["kind"] in Role.NEEDS_TWO:
        if services.propose_role(proposed_by=request.user, **facts) is not None:
            messages.success(
                request,
                _("Proposed. Somebody else has to confirm it: another coordinator or an administrator."),
            )
        return here
    check = None
    if said["kind"] in Role.NEEDS_CHECK:
        check = services.record_registration_check(
            person=who,
            organisation=organisation,
            register=said["register"],
            number=said["number"],
            seen_on=said["seen_on"],
            renew_on=said["renew_on"],
            checked_by=request.user,
        )
    role = services.give_role(given_by=request.user, check=check, **facts)
    messages.success(
        request,
        _("%(person)s is now %(role)s.") % {"person": who.display_name, "role": role.get_kind_display()},
    )
    return here


def _end_role(request: HttpRequest, who: User) -> HttpResponse:
    number = request.POST["end"]
    role = get_object_or_404(
        roles_coordinated_by(request.user, who), pk=number if number.isdecimal() and len(number) < 19 else 0
    )
    try:
        return once(
            request,
            lambda: (
                services.end_role(role=role, ended_by=request.user)
                and reverse("people:person", args=[who.public_id])
            ),
        )
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect("people:person", who.public_id)


def _call_back(request: HttpRequest, who: User) -> HttpResponse:
    def call_back() -> str:
        for invitation in open_invitations_for(request.user, who):
            services.revoke_invitation(invitation=invitation, revoked_by=request.user)
            messages.success(request, _("Called back. The printed code no longer works."))
        return reverse("people:person", args=[who.public_id])

    return once(request, call_back)


@policy(COORDINATOR)
def vetting(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was decided about the person's vetting, and a new decision."""
    who = known_person(request, public_id)
    organisations = organisations_coordinated_by(request.user)
    form = form_for(request, VettingForm, initial=VettingForm.usual(), organisations=organisations)
    if request.method == "POST" and form.is_valid():

        def record() -> str:
            said = form.cleaned_data
            services.record_vetting(
                person=who,
                organisation=form.organisation,
                kind=said["kind"],
                decision=said["decision"],
                reason=said["reason"],
                seen_on=said["seen_on"],
                renew_on=said["renew_on"],
                checked_by=request.user,
            )
            messages.success(request, _("Recorded."))
            return reverse("people:person", args=[who.public_id])

        try:
            return once(request, record)
        except RuleBroken as error:
            form.add_rule_broken(error)
    record_look(viewer=request.user, subject=who, obj=who, purpose=PURPOSE)
    return render(
        request,
        "people/vetting.html",
        {"who": who, "form": form, "checks": vetting_of(who, organisations)},
    )


@policy(DESK)
def proposals(request: HttpRequest) -> HttpResponse:
    """Roles that wait for a second person: mine to confirm, and what I proposed myself."""
    if request.method == "POST":
        return _answer_proposal(request)
    return render(
        request,
        "people/proposals.html",
        {"waiting": proposals_answerable_by(request.user), "mine": proposals_made_by(request.user)},
    )


def _answer_proposal(request: HttpRequest) -> HttpResponse:
    proposal = _proposal_named(request)

    def answer() -> str:
        if request.POST.get("answer") == "yes":
            services.confirm_role(proposal=proposal, confirmed_by=request.user)
            messages.success(request, _("Confirmed. They have the role now."))
        else:
            services.decline_proposal(proposal=proposal, declined_by=request.user)
            messages.success(request, _("The proposal is gone. They do not get the role."))
        return reverse("people:proposals")

    try:
        return once(request, answer)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect("people:proposals")


def _proposal_named(request: HttpRequest) -> RoleProposal:
    """One that this person may answer, proposed, or answered before (the same press twice)."""
    try:
        public_id = UUID(request.POST.get("proposal", ""))
    except ValueError:
        public_id = None
    mine = RoleProposal.objects.filter(answered_by=request.user) | RoleProposal.objects.filter(
        proposed_by=request.user
    )
    found = (
        proposals_answerable_by(request.user).filter(public_id=public_id).first()
        or mine.filter(public_id=public_id).first()
    )
    return found or get_object_or_404(RoleProposal.objects.none(), public_id=public_id)
