"""My visits and plans: where everything of coaching is found."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coaching.board import board_of, called
from coaching.queries import agendas_of, plans_of, with_board
from coaching.services import open_shared_plans, open_upcoming
from coaching.views.shown import shown_plan
from lms.core import clock
from lms.core.policy import SIGNED_IN, policy
from lms.people.models import Role
from lms.people.queries import role_kinds_of

MOST_OWN, MOST_SHARED = 30, 60


@policy(SIGNED_IN)
def visits(request: HttpRequest) -> HttpResponse:
    """One's own agendas and plans; for professionals, also those that patients share with them now."""
    person = request.user
    own = [_row(agenda, person) for agenda in with_board(agendas_of(person))[:MOST_OWN]]
    plans = [shown_plan(plan) for plan in plans_of(person)[:MOST_OWN]]
    today = clock.today()
    context = {
        "coming": [row for row in reversed(own) if row["agenda"].visit_on >= today],
        "past": [row for row in own if row["agenda"].visit_on < today],
        "plans": [shown for shown in plans if not shown.is_stopped],
        "stopped_plans": [shown for shown in plans if shown.is_stopped],
        "is_professional": Role.Kind.PROFESSIONAL in role_kinds_of(person),
    }
    if context["is_professional"]:
        shared = [_row(agenda, person) for agenda in open_upcoming(viewer=person, at_most=MOST_SHARED)]
        context |= {
            "today": [row for row in shared if row["agenda"].visit_on == today],
            "later": [row for row in shared if row["agenda"].visit_on > today],
            "shared_plans": [shown_plan(p) for p in open_shared_plans(viewer=person, at_most=MOST_SHARED)],
        }
    return render(request, "coaching/visits.html", context)


def _row(agenda, viewer) -> dict:
    board = board_of(agenda)
    tie = agenda.tie
    return {
        "agenda": agenda,
        "with": called(tie.other(viewer)),
        "first_name": tie.patient.first_name or called(tie.patient),
        "status": board.status_for(viewer),
        "is_agreed": board.is_agreed,
        "top_three": board.top_three(),
    }
