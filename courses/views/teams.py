"""Teams: what the team has learned, in numbers; who is in it; asking others in; leaving."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.forms.enrolling import AskIntoTeamForm, TeamForm
from courses.models import Team
from courses.queries import progress_on
from courses.queries.enrolling import (
    FEWEST,
    coverage_of,
    is_member_of,
    members_of,
    outline_of_key,
    teams_run_by,
    teams_visible_to,
)
from courses.services import teams as services
from lms.audit.models import register_words
from lms.audit.services import record_look, record_looks
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.people.models import Role
from lms.people.policies import COORDINATOR
from lms.people.queries import organisations_coordinated_by, role_kinds_of
from lms.ui.forms import form_for

A_PAGE = 50
PURPOSE = "running a team"
register_words(purposes={PURPOSE: _("To run a team that learns together")})


@policy(SIGNED_IN)
def teams(request: HttpRequest) -> HttpResponse:
    """The teams I am in, lead, or coordinate; and for coordinators the other ways onto a course."""
    found = Paginator(teams_visible_to(request.user), A_PAGE).get_page(request.GET.get("page"))
    coordinates = Role.Kind.COORDINATOR in role_kinds_of(request.user)
    return render(request, "courses/teams.html", {"page": found, "coordinates": coordinates})


@policy(COORDINATOR)
def new_team(request: HttpRequest) -> HttpResponse:
    form = form_for(request, TeamForm, organisations=organisations_coordinated_by(request.user))
    if request.method == "POST" and form.is_valid():

        def make() -> str:
            said = form.cleaned_data
            if form.found_lead is not None:
                record_look(
                    viewer=request.user, subject=form.found_lead, obj=form.found_lead, purpose=PURPOSE
                )
            team = services.make_team(
                name=said["name"],
                organisation=form.organisation,
                curriculum=form.curriculum,
                lead=form.found_lead,
                sponsor=said["sponsor"],
                made_by=request.user,
            )
            messages.success(request, _("The team is made. Now ask people in, or make a code for it."))
            return reverse("courses:team", args=[team.public_id])

        try:
            return once(request, make)
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "courses/team_new.html", {"form": form})


@policy(SIGNED_IN)
def team(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One team. All of it see how far it is; names see who runs it; ticks of one's own only."""
    found = teams_visible_to(request.user).filter(public_id=public_id).first()
    if found is None and request.POST.get("do") == "leave":  # the second press of two
        return redirect("courses:teams")
    if found is None:
        raise Http404
    runs = teams_run_by(request.user).filter(pk=found.pk).exists()
    form = form_for(request, AskIntoTeamForm) if runs else None
    if request.method == "POST":
        return _act(request, found) if "do" in request.POST else _ask_in(request, found, form)
    return _draw(request, found, form)


def _draw(request: HttpRequest, found: Team, form: AskIntoTeamForm | None) -> HttpResponse:
    outline = outline_of_key(found.curriculum_key)
    is_member = is_member_of(request.user, found)
    mine = progress_on(request.user, outline) if outline is not None and is_member else None
    page = None
    if form is not None:
        page = Paginator(members_of(found), A_PAGE).get_page(request.GET.get("page"))
        record_looks(viewer=request.user, seen=[(member.person, member) for member in page], purpose=PURPOSE)
    return render(
        request,
        "courses/team.html",
        {
            "team": found,
            "outline": outline,
            "coverage": coverage_of(found, outline) if outline is not None else [],
            "fewest": FEWEST,
            "is_member": is_member,
            "is_lead": found.lead_id == request.user.pk,
            "mine": mine,
            "form": form,
            "page": page,
        },
    )


def _ask_in(request: HttpRequest, found: Team, form: AskIntoTeamForm | None) -> HttpResponse:
    if form is None:
        raise Http404
    if form.is_valid():

        def ask() -> str:
            services.offer_place(team=found, email=form.cleaned_data["email"], offered_by=request.user)
            messages.success(
                request, _("If somebody can be reached at this address, they have a message from us now.")
            )
            return reverse("courses:team", args=[found.public_id])

        try:
            return once(request, ask)
        except RuleBroken as error:
            form.add_rule_broken(error)
    return _draw(request, found, form)


def _act(request: HttpRequest, found: Team) -> HttpResponse:
    here = reverse("courses:team", args=[found.public_id])

    def act() -> str:
        match request.POST["do"]:
            case "leave":
                services.leave_team(team=found, person=request.user)
                messages.success(request, _("You left the team. The course, and all you did, stays yours."))
                return reverse("courses:teams")
            case "join":
                services.join_own_team(team=found, person=request.user)
                messages.success(request, _("You learn with this team now."))
            case "take_out":
                _take_out(request, found)
        return here

    try:
        return once(request, act)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect(here)


def _take_out(request: HttpRequest, found: Team) -> None:
    number = request.POST.get("member", "")
    number = number if number.isdecimal() and len(number) < 19 else "0"
    member = get_object_or_404(found.members.select_related("person", "team"), pk=number)
    services.take_out_of_team(member=member, by=request.user)
    messages.success(
        request, _("%(person)s is no longer in the team.") % {"person": member.person.display_name}
    )
