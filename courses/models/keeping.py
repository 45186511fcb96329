"""What keeps a skill alive after the lesson: prompts weeks later, and one thing to use in the next visit.

A prompt holds nothing of what somebody learned or wrote. A commitment is its writer's alone.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.models import Dated, WithPublicId

from .progress import Enrolment


class PromptSeries(WithPublicId, Dated):
    """Somebody chose to be reminded of a module they did, or of a whole course (no module), from this day on."""

    WEEKS = (1, 2, 4, 8)

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="prompt_series")
    module_key = models.UUIDField(null=True)
    begins_on = models.DateField(default=clock.today)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reminders of a module")
        verbose_name_plural = _("reminders of modules")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "module_key"],
                condition=Q(stopped_at=None),
                name="one_series_of_prompts_for_a_module",
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(stopped_at=None, module_key=None),
                name="one_series_of_prompts_for_a_course",
            ),
        ]
        indexes = [
            models.Index(fields=["begins_on"], name="prompts_to_send", condition=Q(stopped_at=None)),
        ]

    def __str__(self) -> str:
        return f"Prompts {self.pk}"


class Prompt(Dated):
    """One of them was sent. Its mail has a link that stops the rest; only the key's hash is kept."""

    series = models.ForeignKey(PromptSeries, on_delete=models.CASCADE, related_name="prompts")
    week = models.PositiveSmallIntegerField()
    stop_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "week"], name="a_week_is_prompted_once"),
            models.CheckConstraint(condition=Q(week__in=(1, 2, 4, 8)), name="prompts_come_in_these_weeks"),
        ]

    def __str__(self) -> str:
        return f"Week {self.week}"


class Commitment(WithPublicId, Dated):
    """One thing that somebody means to do in their next visit, in their own words. Nobody else reads it."""

    class Used(models.TextChoices):
        ALL = "all", _("Yes, all of it")
        SOME = "some", _("Some of it")
        NOT_YET = "not_yet", _("Not yet")

    LONGEST = 200

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="commitments"
    )
    enrolment = models.ForeignKey(Enrolment, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.CharField(max_length=LONGEST)
    visit_on = models.DateField(null=True)  # as far as they know it
    asked_at = models.DateTimeField(null=True)  # when a message asked how it went
    used = models.CharField(max_length=10, choices=Used.choices, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("what you want to use in a visit")
        verbose_name_plural = _("what you want to use in visits")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner"], condition=Q(ended_at=None), name="one_commitment_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="a_commitment_says_something"),
            models.CheckConstraint(
                condition=Q(used="") | Q(ended_at__isnull=False), name="an_answered_commitment_has_ended"
            ),
        ]
        indexes = [
            models.Index(
                fields=["visit_on"],
                name="commitments_to_ask_about",
                condition=Q(ended_at=None, asked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"Commitment {self.pk}"  # never what it says


class MonthlySkill(WithPublicId, Dated):
    """One skill that a team tries together in a month: a lesson of its course. `month` is the first day of it."""

    team = models.ForeignKey("courses.Team", on_delete=models.CASCADE, related_name="skills")
    month = models.DateField()
    lesson_key = models.UUIDField()
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["team", "month"], name="one_skill_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class SkillShare(Dated):
    """A member was told of the month's skill; `tried_at` when they said that they tried it. Others see counts only."""

    skill = models.ForeignKey(MonthlySkill, on_delete=models.CASCADE, related_name="shares")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skill_shares"
    )
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skill", "person"], name="a_member_is_told_of_a_skill_once"),
        ]

    def __str__(self) -> str:
        return f"share #{self.pk}"
