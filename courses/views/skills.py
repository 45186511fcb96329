"""One skill a month: the lead picks it, members say that they tried it, and all see how many did."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.forms.keeping import SkillForm
from courses.models import Team
from courses.queries import Outline
from courses.queries.enrolling import FEWEST, outline_of_key, teams_visible_to
from courses.queries.skills import skill_now, skills_of
from courses.services import skills
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.ui.forms import form_for


@policy(SIGNED_IN)
def team_skills(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The skills of a team; for its lead, picking this month's; for members, one press when they tried it."""
    team = get_object_or_404(teams_visible_to(request.user), public_id=public_id)
    outline = outline_of_key(team.curriculum_key)
    if outline is None:
        raise Http404
    if request.method == "POST" and "tried" in request.POST:
        return _tried(request, team)
    form = _form(request, team, outline)
    if request.method == "POST" and form is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _pick(request, team, outline, form.cleaned_data["lesson"]))
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(
        request,
        "courses/team_skills.html",
        {
            "team": team,
            "form": form,
            "skills": skills_of(team, outline, request.user),
            "fewest": FEWEST,
        },
    )


def _form(request: HttpRequest, team: Team, outline: Outline) -> SkillForm | None:
    if team.lead_id != request.user.pk:
        return None
    picked = skill_now(team)
    return form_for(
        request,
        SkillForm,
        initial={"lesson": str(picked.lesson_key) if picked else ""},
        lessons=[(one.key, f"{one.module_title}: {one.title}") for one in outline.lessons],
    )


def _pick(request: HttpRequest, team: Team, outline: Outline, key: str) -> str:
    lesson = next(one for one in outline.lessons if one.key == key)
    skills.pick_skill(team=team, lesson=lesson, by=request.user)
    messages.success(request, _("Picked. The team hears of it in the morning."))
    return reverse("courses:team_skills", args=[team.public_id])


def _tried(request: HttpRequest, team: Team) -> HttpResponse:
    here = reverse("courses:team_skills", args=[team.public_id])
    skill = skill_now(team)

    def act() -> str:
        if skill is not None:
            skills.say_tried(skill=skill, person=request.user)
            messages.success(request, _("Thank you. It counts, without your name."))
        return here

    try:
        return once(request, act)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect(here)
