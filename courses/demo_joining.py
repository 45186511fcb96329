"""The demonstration's ways onto a course: a team with six members, a code, a list that was worked, somebody on a break."""

from datetime import timedelta

from django.conf import settings

from courses.interfaces.address_lists import read_address_list
from courses.models import CurriculumPage, Team
from courses.queries import curricula
from courses.services import enrol, pause
from courses.services.codes import make_code
from courses.services.lists import take_list, work_list
from courses.services.teams import join_team, make_team, offer_place
from lms.core import clock
from lms.demo.registry import Stage, register_part

TEAM = "Riverside front desk and clinic"
MEMBERS = [
    "professional",
    "professional2",
    "clinical_tutor",
    "clinical_tutor2",
    "author",
    "clinical_reviewer",
]
# The last one has no account yet, and the one before it is of no organisation.
LIST = "email,course\n{patient4},\n{patient3},\n{patient5},\nnew.person@example.org,\nnot an address,\n"


def load(stage: Stage) -> None:
    by_audience = {page.audience: page for page in curricula()}
    if not settings.SHOW_UNREVIEWED or Team.objects.filter(name=TEAM).exists():
        return
    _team(stage, by_audience["professional"])
    _list(stage, by_audience["patient"])
    resting = stage.cast["lay_tutor2"]
    enrol(learner=resting, curriculum=by_audience["patient"])
    pause(learner=resting, curriculum=by_audience["patient"])
    stage.say(f"A team of {len(MEMBERS)} that learns together, a code to join, and a list of people.")


def _team(stage: Stage, curriculum: CurriculumPage) -> None:
    coordinator = stage.cast["coordinator"]
    team = make_team(
        name=TEAM,
        organisation=stage.organisation,
        curriculum=curriculum,
        made_by=coordinator,
        lead=stage.cast["professional"],
        sponsor="the clinic's senior partner",
    )
    for name in MEMBERS:
        join_team(team=team, person=stage.cast[name])
    offer_place(team=team, email=stage.cast["lay_tutor"].email, offered_by=stage.cast["professional"])
    make_code(
        curriculum=curriculum,
        organisation=stage.organisation,
        team=team,
        made_by=coordinator,
        last_day=clock.today() + timedelta(days=56),
        most_uses=20,
    )


def _list(stage: Stage, curriculum: CurriculumPage) -> None:
    addresses = {name: stage.cast[name].email for name in ("patient3", "patient4", "patient5")}
    sent = take_list(
        lines=read_address_list(LIST.format(**addresses).encode()),
        organisation=stage.organisation,
        curriculum=curriculum,
        uploaded_by=stage.cast["coordinator"],
    )
    work_list(sent=sent, enough=lambda: False)


register_part(22, "courses: ways onto a course", load)
