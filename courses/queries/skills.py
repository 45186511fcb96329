"""The skill that a team tries in a month, and how many tried it, in numbers that tell on nobody. Changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from courses.models import Enrolment, MonthlySkill, SkillShare, Team, TeamMember
from courses.queries.enrolling import FEWEST
from courses.queries.outlines import Outline, OutlineLesson
from lms.core import clock
from lms.people.models import User

SHOWN = 12


@dataclass(frozen=True)
class ShownSkill:
    """A month's skill as its team sees it. `tried`: how many of `told` tried it; None where that would tell on somebody."""

    skill: MonthlySkill
    lesson: OutlineLesson | None
    told: int
    tried: int | None
    is_mine: bool  # whether the viewer was told of it
    i_tried: bool


def this_month() -> date:
    return clock.today().replace(day=1)


def skills_of(team: Team, outline: Outline, viewer: User) -> list[ShownSkill]:
    """The team's skills of the last year, newest first. Fewer than five people are never counted out. One query."""
    lessons = {lesson.key: lesson for lesson in outline.lessons}
    mine = SkillShare.objects.filter(skill=OuterRef("pk"), person=viewer)
    rows = MonthlySkill.objects.filter(team=team).annotate(
        told=Count("shares"),
        tried=Count("shares", filter=Q(shares__tried_at__isnull=False)),
        is_mine=Exists(mine),
        i_tried=Exists(mine.filter(tried_at__isnull=False)),
    )
    return [
        ShownSkill(
            skill,
            lessons.get(str(skill.lesson_key)),
            skill.told,
            skill.tried if skill.tried >= FEWEST else None,
            skill.is_mine,
            skill.i_tried,
        )
        for skill in rows.order_by("-month")[:SHOWN]
    ]


def skill_now(team: Team) -> MonthlySkill | None:
    return MonthlySkill.objects.filter(team=team, month=this_month()).first()


def members_to_tell() -> Iterator[tuple[MonthlySkill, User]]:
    """Each member of a team with a skill this month whom nobody told of it. Whoever has a break, or left, is left alone."""
    on_course = Enrolment.objects.filter(
        learner=OuterRef("person"), curriculum_key=OuterRef("team__curriculum_key")
    ).filter(paused_at=None, left_at=None)
    for skill in MonthlySkill.objects.filter(month=this_month()).select_related("team").order_by("pk"):
        members: QuerySet[TeamMember] = (
            TeamMember.objects.filter(
                Exists(on_course), team=skill.team_id, left_at=None, person__is_active=True
            )
            .exclude(Exists(SkillShare.objects.filter(skill=skill, person=OuterRef("person"))))
            .select_related("person")
            .order_by("pk")
        )
        for member in members:
            yield skill, member.person
