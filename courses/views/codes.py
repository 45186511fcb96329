"""Codes for a course or a team: made, shown once to who made them, printed, called back."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.forms.enrolling import CodeForm, TeamCodeForm
from courses.joining_paper import paper_context, print_paper
from courses.models import JoiningCode, Team
from courses.queries.enrolling import codes_run_by, curriculum_of_key, teams_run_by
from courses.queries.outlines import outlines
from courses.services.codes import make_code, revoke_code
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.people.models import Role
from lms.people.paper import code_to_show, remember_code
from lms.people.policies import COORDINATOR
from lms.people.queries import organisations_coordinated_by, role_kinds_of
from lms.ui.forms import form_for

A_PAGE = 50


@policy(SIGNED_IN)
def codes(request: HttpRequest) -> HttpResponse:
    """The codes I answer for, newest first; each can be called back."""
    coordinates = Role.Kind.COORDINATOR in role_kinds_of(request.user)
    if not coordinates and not teams_run_by(request.user).exists():
        raise Http404
    if request.method == "POST":
        return _call_back(request)
    page = Paginator(codes_run_by(request.user), A_PAGE).get_page(request.GET.get("page"))
    titles = {outline.key: outline.title for outline in outlines()}
    return render(
        request,
        "courses/codes.html",
        {
            "page": page,
            "rows": [(code, titles.get(str(code.curriculum_key), ""), _state(code)) for code in page],
            "coordinates": coordinates,
        },
    )


def _state(code: JoiningCode) -> tuple[str, str]:
    """How a code stands, in words, and the colour of the tag."""
    if code.revoked_at is not None:
        return _("Called back"), "grey"
    if code.uses >= code.most_uses:
        return _("Used up"), "grey"
    if code.expires_at <= clock.now():
        return _("Too old"), "grey"
    return _("Works"), "green"


def _call_back(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("call_back", "")
    number = number if number.isdecimal() and len(number) < 19 else "0"
    code = get_object_or_404(codes_run_by(request.user), pk=number)

    def call_back() -> str:
        revoke_code(code=code, revoked_by=request.user)
        messages.success(request, _("Called back. The code no longer works. Who came by it stays."))
        return reverse("courses:codes")

    return once(request, call_back)


@policy(COORDINATOR)
def new_code(request: HttpRequest) -> HttpResponse:
    """A code for a course."""
    form = form_for(
        request,
        CodeForm,
        initial=CodeForm.usual(),
        organisations=organisations_coordinated_by(request.user),
    )
    return _make(request, form, None)


@policy(SIGNED_IN)
def new_team_code(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A code for a team, by who leads it or coordinates its organisation."""
    team = get_object_or_404(teams_run_by(request.user), public_id=public_id)
    return _make(request, form_for(request, TeamCodeForm, initial=TeamCodeForm.usual()), team)


def _make(request: HttpRequest, form, team: Team | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():

        def make() -> str:
            curriculum = curriculum_of_key(team.curriculum_key) if team else form.curriculum
            if curriculum is None:
                raise RuleBroken(_("This course is not open at the moment."))
            code, words = make_code(
                curriculum=curriculum,
                organisation=team.organisation if team else form.organisation,
                team=team,
                made_by=request.user,
                last_day=form.cleaned_data["last_day"],
                most_uses=form.cleaned_data["most_uses"],
            )
            remember_code(request, code, words)
            return reverse("courses:code_paper", args=[code.public_id])

        try:
            return once(request, make)
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "courses/code_new.html", {"form": form, "team": team})


@policy(SIGNED_IN)
def code_paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The sheet on the screen, to print. For an hour, and only for who made it."""
    code, words = _shown(request, public_id)
    if not words:
        return _too_late(request)
    return render(request, "courses/code_paper.html", paper_context(code, words))


@policy(SIGNED_IN)
def code_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same sheet as a file in large type."""
    code, words = _shown(request, public_id)
    if not words:
        return _too_late(request)
    response = HttpResponse(print_paper(code, words), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="invitation-code.pdf"'
    return response


def _shown(request: HttpRequest, public_id: UUID) -> tuple[JoiningCode, str]:
    code = get_object_or_404(codes_run_by(request.user), public_id=public_id)
    return code, code_to_show(request, code) if code.is_open else ""


def _too_late(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("A code is shown for an hour, and only to who made it. Make a new one."))
    return redirect("courses:codes")
