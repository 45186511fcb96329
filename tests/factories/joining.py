"""Ways onto a course: teams, codes, lists; made through the services."""

from datetime import timedelta

from courses.interfaces.address_lists import read_address_list
from courses.models import CurriculumPage, EnrolmentList, JoiningCode, Team
from courses.services.codes import make_code
from courses.services.lists import take_list
from courses.services.teams import join_team, make_team
from lms.core import clock
from lms.people.models import Organisation, User
from tests.factories.people import UserFactory


def team_of(
    curriculum: CurriculumPage, organisation: Organisation, made_by: User, *members: User, **more
) -> Team:
    """A team with these members."""
    defaults = {"name": "The practice"}
    team = make_team(curriculum=curriculum, organisation=organisation, made_by=made_by, **defaults | more)
    for member in members:
        join_team(team=team, person=member)
    return team


def members(number: int) -> list[User]:
    return [UserFactory() for _ in range(number)]


def code_for(
    curriculum: CurriculumPage, organisation: Organisation, made_by: User, **more
) -> tuple[JoiningCode, str]:
    """A code that works for four weeks, for ten people."""
    defaults = {"last_day": clock.today() + timedelta(days=28), "most_uses": 10}
    return make_code(curriculum=curriculum, organisation=organisation, made_by=made_by, **defaults | more)


def list_of(curriculum: CurriculumPage, organisation: Organisation, by: User, text: str) -> EnrolmentList:
    """A list that was sent and waits for the worker."""
    lines = read_address_list(text.encode())
    return take_list(lines=lines, organisation=organisation, curriculum=curriculum, uploaded_by=by)
