"""The demonstration's practice that sticks: somebody who finished, with reminders and one thing to use; a team's skill."""

from datetime import timedelta

from django.conf import settings

from courses.models import Enrolment, MonthlySkill, Team
from courses.queries import curricula, outline_of, progress
from courses.queries.keeping import commitment_of
from courses.services.keeping import choose_prompts, keep_commitment
from courses.services.skills import pick_skill, queue_skills
from lms.core import clock
from lms.demo.registry import Stage, register_part

WORDS = "Made up for the demonstration: I say my most important question first."


def load(stage: Stage) -> None:
    if not settings.SHOW_UNREVIEWED:
        return
    rosa = stage.cast["patient4"]
    for curriculum in curricula():
        done = progress(rosa, curriculum)
        if done.is_complete and commitment_of(rosa) is None:
            keep_commitment(
                learner=rosa,
                words=WORDS,
                visit_on=clock.today() + timedelta(days=5),
                enrolment=Enrolment.objects.get(pk=done.enrolment_id),
            )
            choose_prompts(learner=rosa, curriculum_key=done.outline.key)
        for team in Team.objects.filter(curriculum_key=curriculum.translation_key, lead__isnull=False):
            lessons = outline_of(curriculum).lessons
            if lessons and not MonthlySkill.objects.filter(team=team).exists():
                pick_skill(team=team, lesson=lessons[0], by=team.lead)
                queue_skills()
    stage.say("Reminders, one thing for a visit, and a team's skill of the month.")


register_part(23, "courses: practice that sticks", load)
