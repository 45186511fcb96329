"""A coordinator's workshops: is everything staffed and filled? No participant's name is shown here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy
from lms.people.policies import COORDINATOR
from lms.people.queries import organisations_coordinated_by
from lms.ui.forms import form_for
from workshops.forms import InviteForm, SeriesForm
from workshops.models import Series
from workshops.queries.calendar import programmes, series_coordinated_by, whole
from workshops.queries.roster import marks_by_session
from workshops.queries.team import missing_kinds
from workshops.services.scheduling import cancel_series, want_series
from workshops.services.team import invite_tutor
from workshops.views.presented import presented, presented_all
from workshops.views.tutor import invite_form


@policy(COORDINATOR)
def overview(request: HttpRequest) -> HttpResponse:
    """All series of my organisations; those that need a person first."""
    rows = presented_all(whole(series_coordinated_by(request.user)).order_by("first_start", "pk"))
    coming = [row for row in rows if row["series"].state in Series.BEFORE_CLOSING]
    past = [row for row in rows if row["series"].state not in Series.BEFORE_CLOSING]
    needing = [row for row in coming if row["series"].state != Series.State.OPEN]
    return render(
        request,
        "workshops/coordinate.html",
        {
            "needing": needing,
            "staffed": [row for row in coming if row["series"].state == Series.State.OPEN],
            "past": past[::-1],
        },
    )


@policy(COORDINATOR)
def want(request: HttpRequest) -> HttpResponse:
    """Say that a series is wanted; tutors who fit see its dates."""
    form = form_for(
        request,
        SeriesForm,
        curricula=list(programmes()),
        organisations=list(organisations_coordinated_by(request.user)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _want(request, form))
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "workshops/want.html", {"form": form})


def _want(request: HttpRequest, form: SeriesForm) -> str:
    made = want_series(wanted_by=request.user, **form.plan())
    messages.success(request, _("The series is listed as wanted. You can invite both tutors now."))
    return reverse("workshops:coordinate_series", args=[made.public_id])


@policy(COORDINATOR)
def series(request: HttpRequest, public_id) -> HttpResponse:
    """One series' whole life in one column: team, seats, register; invite a tutor, or call it off."""
    found = get_object_or_404(whole(series_coordinated_by(request.user)), public_id=public_id)
    invite = invite_form(request, found)
    form = invite if invite is not None and request.POST.get("do") == "invite" else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return once(request, lambda: _act(request, found, form))
        except RuleBroken as error:
            if form is None:
                messages.error(request, str(error.message))
            else:
                form.add_rule_broken(error)
    facts = presented(found)
    marked = marks_by_session(found)
    for row in facts["sessions"]:
        row["marked"] = marked.get(row["session"].pk, 0)
    return render(
        request,
        "workshops/coordinate_series.html",
        {
            **facts,
            "facts": facts,
            "invite": invite,
            "form": form,
            "can_cancel": found.state in Series.BEFORE_CLOSING,
        },
    )


def _act(request: HttpRequest, found: Series, form: InviteForm | None) -> str:
    do = request.POST.get("do")
    if do == "invite" and form is not None:
        invited = form.chosen_tutor()
        kind = missing_kinds(found.active_team)[0]
        invite_tutor(series=found, person=invited, kind=kind, by=request.user)
        messages.success(request, _("We have invited %(name)s.") % {"name": invited.display_name})
    elif do == "cancel":
        cancel_series(series=found, by=request.user)
        messages.success(request, _("The series is called off. We have told everybody who had a place."))
    return reverse("workshops:coordinate_series", args=[found.public_id])
