"""What a tutor leads, is asked for, and still has to do. Lay and clinical tutors see the same screens."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.queries.handbooks import manuals_visible_to
from lms.audit.services import record_looks
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy
from lms.people.policies import TUTOR
from lms.ui.forms import form_for
from workshops.forms import InviteForm, ScheduleForm
from workshops.models import Series, SeriesTutor
from workshops.queries.calendar import programmes, whole
from workshops.queries.needs import needs_shown, needs_words
from workshops.queries.roster import marks_by_session, roster, waiting_list
from workshops.queries.team import (
    kinds_of,
    missing_kinds,
    organisations_taught_in,
    series_that_want,
    tutor_places,
    tutor_series_visible_to,
    tutors_to_invite,
)
from workshops.services.completion import confirm_delivery
from workshops.services.scheduling import cancel_series, schedule_series, want_series
from workshops.services.team import (
    accept_invitation,
    decline_invitation,
    invite_tutor,
    offer_to_lead,
    withdraw_tutor,
)
from workshops.views.presented import presented, presented_all
from workshops.words import first_names, kind_words


@policy(TUTOR)
def my_workshops(request: HttpRequest) -> HttpResponse:
    """What do I owe whom, when? The next session first, then what waits for me, then dates that want a pair."""
    places = list(tutor_places(request.user))
    known = {
        one.pk: one for one in whole(Series.objects.filter(pk__in=[place.series_id for place in places]))
    }
    rows = [{**presented(known[place.series_id]), "place": place} for place in places]
    for row in rows:
        row["next"] = next(
            (one for one in row["sessions"] if one["number"] == row["place"].next_number), None
        )
        row["partners"] = [one for one in row["team"] if one.person_id != request.user.pk]
    joined = [row for row in rows if row["place"].state == SeriesTutor.State.ACCEPTED]
    for row in joined:
        row["confirm_due"] = row["is_over"] and not row["place"].due_number and not row["place"].has_confirmed
    coming = [row for row in joined if row["next"]]
    return render(
        request,
        "workshops/tutor.html",
        {
            "invitations": [row for row in rows if row["place"].state == SeriesTutor.State.INVITED],
            "next_up": coming[0] if coming else None,
            "to_do": [row for row in joined if row["place"].due_number or row["confirm_due"]],
            "joined": joined,
            "wanted": presented_all(whole(series_that_want(request.user)).order_by("first_start", "pk")[:20]),
        },
    )


@policy(TUTOR)
def schedule(request: HttpRequest) -> HttpResponse:
    """Dates, a place and a partner: then an invitation goes out. Without a partner the dates can be listed as wanted."""
    form = form_for(
        request,
        ScheduleForm,
        curricula=list(programmes()),
        organisations=organisations_taught_in(request.user),
        tutors=named_tutors(tutors_to_invite(but_for=request.user)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _schedule(request, form))
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "workshops/schedule.html", {"form": form})


def _schedule(request: HttpRequest, form: ScheduleForm) -> str:
    if "wanted" in request.POST:
        made = want_series(wanted_by=request.user, **form.plan())
        messages.success(request, _("Your dates are listed. Tutors who fit can see them now."))
    else:
        partner = form.chosen_tutor()
        made = schedule_series(scheduled_by=request.user, co_tutor=partner, **form.plan())
        messages.success(
            request,
            _("We have invited %(name)s. The series opens when they say yes.")
            % {"name": partner.display_name},
        )
    return reverse("workshops:tutor_series", args=[made.public_id])


def named_tutors(tutors: list) -> list[tuple]:
    """(person, "lay tutor") for a choice of tutors."""
    return [(person, _(" and ").join(kind_words(kind) for kind in kinds)) for person, kinds in tutors]


@policy(TUTOR)
def series(request: HttpRequest, public_id) -> HttpResponse:
    """One series for those who lead it: team, sessions, seats, who comes and what would help them."""
    found = get_object_or_404(whole(tutor_series_visible_to(request.user)), public_id=public_id)
    invite = invite_form(request, found)
    form = invite if invite is not None and request.POST.get("do") == "invite" else None
    has_errors = False
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return once(request, lambda: _act(request, found, form))
        except RuleBroken as error:
            has_errors = True
            if form is not None:
                form.add_rule_broken(error)
            else:
                messages.error(request, str(error.message))
    return render(
        request,
        "workshops/tutor_series.html",
        {**_page(request, found), "invite": invite, "has_errors": has_errors},
    )


def invite_form(request: HttpRequest, found: Series) -> InviteForm | None:
    """The form for the one place that is free; None where both are filled or the series has started."""
    missing = missing_kinds(found.active_team)
    if not missing or found.state not in Series.BEFORE_CLOSING or found.first_start <= clock.now():
        return None
    kind = missing[0]
    here = {place.person_id for place in found.active_team}
    tutors = [
        (person, [kind]) for person, kinds in tutors_to_invite() if kind in kinds and person.pk not in here
    ]
    make = form_for if request.POST.get("do") == "invite" or request.method == "GET" else _unbound
    return make(request, InviteForm, kind=kind, tutors=named_tutors(tutors))


def _unbound(request: HttpRequest, form_class, **kwargs):
    return form_class(**kwargs)


def _page(request: HttpRequest, found: Series) -> dict:
    facts = presented(found)
    place = next((one for one in found.active_team if one.person_id == request.user.pk), None)
    joined = place is not None and place.state == SeriesTutor.State.ACCEPTED
    page = {
        **facts,
        "place": place,
        "manuals": manuals_visible_to(request.user, audience=found.curriculum.audience),
        "joined": joined,
        "invited": place is not None and not joined,
        "partners": [one for one in facts["team"] if one is not place],
        "offer_kinds": [
            {"kind": kind, "words": kind_words(kind)}
            for kind in missing_kinds(found.active_team)
            if place is None and kind in kinds_of(request.user)
        ],
    }
    return page | (_for_joined(request, found, facts) if joined else {})


def _for_joined(request: HttpRequest, found: Series, facts: dict) -> dict:
    bookings = list(roster(found))
    waiting = list(waiting_list(found))
    names = first_names([booking.person for booking in bookings])
    shown = needs_shown(found, bookings)
    record_looks(
        viewer=request.user,
        seen=[
            (booking.person, seen)
            for booking in bookings
            for seen in (booking, shown.get(booking.pk))
            if seen
        ],
        purpose="leading their workshop",
    )
    marked = marks_by_session(found)
    for row in facts["sessions"]:
        row["marked"] = marked.get(row["session"].pk, 0)
    confirmed = set(found.confirmations.values_list("tutor_id", flat=True))
    mine = next(one for one in found.active_team if one.person_id == request.user.pk)
    gaps = any(row["marked"] < len(bookings) for row in facts["sessions"])
    # What would help somebody is theirs again once the last session is over and certified.
    needs = needs_words(found, bookings, shown)
    return {
        "roster": [
            {"name": names[booking.person_id], "needs": needs.get(booking.pk, "")} for booking in bookings
        ],
        "waiting_count": len(waiting),
        "has_confirmed": mine.pk in confirmed,
        "partner_confirmed": bool(confirmed - {mine.pk}),
        "can_confirm": found.state == Series.State.OPEN and facts["is_over"] and not gaps and bool(bookings),
        "gaps": gaps,
    }


def _act(request: HttpRequest, found: Series, form: InviteForm | None) -> str:
    here = reverse("workshops:tutor_series", args=[found.public_id])
    person, do = request.user, request.POST.get("do")
    if do == "accept":
        accept_invitation(series=found, person=person)
        messages.success(request, _("You have said yes. Thank you."))
    elif do == "decline":
        decline_invitation(series=found, person=person)
        messages.success(request, _("You have said no. That is fine, and nobody is told why."))
        return reverse("workshops:tutor")
    elif do == "offer":
        offer_to_lead(series=found, person=person, kind=request.POST.get("place", ""))
        messages.success(request, _("You are on the team. Thank you."))
    elif do == "withdraw":
        withdraw_tutor(series=found, person=person)
        messages.success(request, _("You have stepped back. We have told your partner."))
        return reverse("workshops:tutor")
    elif do == "confirm":
        closed = confirm_delivery(series=found, tutor=person)
        is_closed = closed.state == Series.State.CLOSED
        messages.success(
            request,
            _("The series is closed, and certificates are ready.")
            if is_closed
            else _("Thank you. The series closes when your partner has confirmed too."),
        )
    elif do == "cancel":
        cancel_series(series=found, by=person)
        messages.success(request, _("The series is called off. We have told everybody who had a place."))
    elif do == "invite" and form is not None:
        invited = form.chosen_tutor()
        kind = missing_kinds(found.active_team)[0]
        invite_tutor(series=found, person=invited, kind=kind, by=person)
        messages.success(request, _("We have invited %(name)s.") % {"name": invited.display_name})
    return here
