"""Teams: people of one practice who learn a course together."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import CurriculumPage, Enrolment, Offer, Team, TeamMember
from courses.queries.enrolling import curriculum_of_key, teams_run_by
from courses.services.learning import enrol
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import Organisation, User
from lms.people.queries import person_by_email
from lms.people.services.roles import needs_coordinator

MOST_OFFERS_A_DAY = 50


@transaction.atomic
def make_team(
    *,
    name: str,
    organisation: Organisation,
    curriculum: CurriculumPage,
    made_by: User,
    lead: User | None = None,
    sponsor: str = "",
) -> Team:
    """A team of the organisation, on one course. Tells its lead, who is no member until they join.

    Only a coordinator of the organisation makes one. Refuses a name that another of its teams on this course has.
    """
    needs_coordinator(made_by, organisation)
    taken = Team.objects.filter(
        organisation=organisation, curriculum_key=curriculum.translation_key, name__iexact=name
    )
    if taken.exists():
        raise RuleBroken(_("Another team on this course has this name."), field="name")
    team = Team(
        name=name,
        organisation=organisation,
        curriculum_key=curriculum.translation_key,
        lead=lead,
        sponsor=sponsor,
        made_by=made_by,
    )
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise RuleBroken(_("Another team on this course has this name."), field="name") from None
    record_act(actor=made_by, act="made team", subject=lead, obj=team)
    if lead is not None and lead.pk != made_by.pk:
        queue_message(to=lead, template="team_lead", context=_facts(team, curriculum))
    return team


@transaction.atomic
def join_team(*, team: Team, person: User) -> Enrolment:
    """Make the person a member of the team, and put them on its course. Joining twice changes nothing.

    Who may join is for the caller to know: by a code, by an offer, or as who leads the team.
    """
    curriculum = curriculum_of_key(team.curriculum_key)
    if curriculum is None:
        raise RuleBroken(_("This course is not open at the moment."))
    member, is_new = TeamMember.objects.get_or_create(team=team, person=person, left_at=None)
    if is_new:
        record_act(actor=person, act="joined team", subject=person, obj=member)
    return enrol(learner=person, curriculum=curriculum, how=Enrolment.How.TEAM)


@transaction.atomic
def join_own_team(*, team: Team, person: User) -> Enrolment:
    """For who leads the team or coordinates its organisation, to learn with it. Twice is once."""
    _needs_to_run(person, team)
    return join_team(team=team, person=person)


@transaction.atomic
def leave_team(*, team: Team, person: User) -> None:
    """Leave a team, as a member and as its lead. The course stays the person's own. Leaving twice changes nothing."""
    was_member = TeamMember.objects.filter(team=team, person=person, left_at=None).update(left_at=clock.now())
    was_lead = Team.objects.filter(pk=team.pk, lead=person).update(lead=None)
    if was_member or was_lead:
        record_act(actor=person, act="left team", subject=person, obj=team)


@transaction.atomic
def leave_every_team(person: User) -> None:
    """For somebody who goes for good: their teams look for another lead. Twice is once."""
    theirs = Team.objects.filter(lead=person) | Team.objects.filter(
        pk__in=TeamMember.objects.filter(person=person, left_at=None).values("team")
    )
    for team in theirs.order_by("pk"):
        leave_team(team=team, person=person)


@transaction.atomic
def take_out_of_team(*, member: TeamMember, by: User) -> None:
    """End somebody's membership. Their course, and all they did, stays theirs. Twice is once."""
    _needs_to_run(by, member.team)
    if TeamMember.objects.filter(pk=member.pk, left_at=None).update(left_at=clock.now()):
        record_act(actor=by, act="took out of team", subject=member.person, obj=member)


@transaction.atomic
def offer_place(*, team: Team, email: str, offered_by: User) -> Offer | None:
    """Offer a place in the team to whoever's address it is. Tells nobody whether there is an account with it.

    The same address again changes nothing. Nothing is sent to who is a member already. Refuses more than 50 a day.
    """
    _needs_to_run(offered_by, team)
    email = email.strip().lower()
    lately = Offer.objects.filter(team=team, created_at__gt=clock.now() - timedelta(days=1))
    if lately.count() >= MOST_OFFERS_A_DAY:
        raise RuleBroken(_("Many have been asked today. You can ask more tomorrow."), field="email")
    known = person_by_email(email)
    if known is not None and TeamMember.objects.filter(team=team, person=known, left_at=None).exists():
        return None
    offer, is_new = Offer.objects.get_or_create(
        email=email,
        team=team,
        accepted_at=None,
        ended_at=None,
        defaults={
            "organisation": team.organisation,
            "curriculum_key": team.curriculum_key,
            "offered_by": offered_by,
        },
    )
    curriculum = curriculum_of_key(team.curriculum_key)
    if is_new and curriculum is not None:
        record_act(actor=offered_by, act="offered place in team", obj=offer)
        facts = _facts(team, curriculum) | {
            "inviter": offered_by.display_name,
            "url": absolute(reverse("courses:offers")),
        }
        queue_message(address=email, template="team_offer", context=facts)
    return offer


def _facts(team: Team, curriculum: CurriculumPage) -> dict[str, str]:
    return {
        "team": team.name,
        "organisation": team.organisation.name,
        "course": curriculum.title,
        "url": absolute(reverse("courses:team", args=[team.public_id])),
    }


def _needs_to_run(person: User, team: Team) -> None:
    if not teams_run_by(person).filter(pk=team.pk).exists():
        raise RuleBroken(_("Only the team's lead, or a coordinator, can do this."))
