"""One skill a month, with one's team: picked by its lead, told once, tried by whoever wants to. Safe to repeat."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import MonthlySkill, SkillShare, Team
from courses.queries.outlines import OutlineLesson
from courses.queries.skills import members_to_tell, skill_now, this_month
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import User


@transaction.atomic
def pick_skill(*, team: Team, lesson: OutlineLesson, by: User) -> MonthlySkill:
    """Make a lesson the team's skill of this month. Its members are told with the next morning's messages.

    Only the team's lead picks. Until somebody was told, another pick takes its place; after that it is refused.
    """
    team = Team.objects.select_for_update().get(pk=team.pk)
    if team.lead_id != by.pk:
        raise RuleBroken(_("Only the team's lead picks the skill of the month."))
    picked = skill_now(team)
    if picked is not None and str(picked.lesson_key) == lesson.key:
        return picked
    if picked is not None and picked.shares.exists():
        raise RuleBroken(
            _("The team knows this month's skill already. You can pick the next one next month.")
        )
    if picked is None:
        picked = MonthlySkill.objects.create(
            team=team, month=this_month(), lesson_key=lesson.key, picked_by=by
        )
    else:
        picked.lesson_key, picked.picked_by = lesson.key, by
        picked.save(update_fields=["lesson_key", "picked_by"])
    record_act(actor=by, act="picked skill of the month", obj=picked)
    return picked


@transaction.atomic
def say_tried(*, skill: MonthlySkill, person: User) -> None:
    """Note that a member tried the skill. Others see a count only. Twice is once; refuses who was not told of it."""
    share = SkillShare.objects.filter(skill=skill, person=person).first()
    if share is None:
        raise RuleBroken(_("This skill is for members of the team."))
    if SkillShare.objects.filter(pk=share.pk, tried_at=None).update(tried_at=clock.now()):
        record_act(actor=person, act="tried skill of the month", subject=person, obj=share)


def queue_skills() -> int:
    """Queue one message for each member who was not told of this month's skill; returns how many. Safe to run at any
    time, twice too. It names no course and no condition.
    """
    queued = 0
    for skill, person in list(members_to_tell()):
        try:
            with transaction.atomic():
                SkillShare.objects.create(skill=skill, person=person)
                queue_message(
                    to=person,
                    template="skill_of_the_month",
                    context={"url": absolute(reverse("courses:team_skills", args=[skill.team.public_id]))},
                )
        except IntegrityError:
            continue  # another worker has just told them
        queued += 1
    return queued
