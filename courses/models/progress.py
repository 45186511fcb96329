"""How far somebody has come. Keyed on the lesson's `translation_key`, so that it outlives edits and translations.

Answers and reflections are health information: only their writer reads them, and no admin shows them.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from lms.core import clock
from lms.core.models import Dated, WithPublicId

from .pages import LessonPage


class Enrolment(WithPublicId, Dated):
    """One person on one curriculum. `completed_at` stays once it is set: no edit takes it away.

    `version` is the edition that was current when the person began, `completed_version` the one they finished on.
    Pausing and leaving take nothing away: what was done and written waits.
    """

    class How(models.TextChoices):
        SELF = "self", _("By oneself")
        CODE = "code", _("By an invitation code")
        TEAM = "team", _("With a team")
        LIST = "list", _("From a list")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    curriculum_key = models.UUIDField()
    version = models.ForeignKey(
        "courses.CourseVersion", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    how = models.CharField(max_length=20, choices=How.choices, default=How.SELF)
    paused_at = models.DateTimeField(null=True, editable=False)
    left_at = models.DateTimeField(null=True, editable=False)
    completed_at = models.DateTimeField(null=True, editable=False)
    completed_version = models.ForeignKey(
        "courses.CourseVersion", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "curriculum_key"], name="one_enrolment_in_a_curriculum"
            ),
        ]

    def __str__(self) -> str:
        return str(self.curriculum_key)


class LessonCompletion(models.Model):
    """A lesson is done: when, by which rule, on which revision of its words; by staff, who says so and why."""

    STAFF = "staff"
    RULES = [*LessonPage.Rule.choices, (STAFF, _("Somebody on the staff says so"))]

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="completions")
    lesson_key = models.UUIDField()
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    revision_number = models.PositiveBigIntegerField(null=True)  # kept when old revisions are swept away
    rule = models.CharField(max_length=20, choices=RULES)
    completed_at = models.DateTimeField(default=clock.now, editable=False)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)  # why it was marked, where staff did it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rule="staff") ^ models.Q(reason=""), name="staff_say_why_a_lesson_is_done"
            ),
            models.UniqueConstraint(fields=["enrolment", "lesson_key"], name="a_lesson_is_completed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} by {self.rule}"


class ModuleCompletion(models.Model):
    """A module is done, and stays so whatever is added to it later."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="module_completions")
    module_key = models.UUIDField()
    needed = models.PositiveSmallIntegerField()  # how many lessons its rule asked for
    completed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "module_key"], name="a_module_is_completed_once"),
        ]

    def __str__(self) -> str:
        return str(self.module_key)


class Answer(models.Model):
    """What a learner put into one practice block. Its owner's alone."""

    class Kind(models.TextChoices):
        REFLECTION = "reflection"
        CHOICE = "choice"
        SORT = "sort"
        ORDER = "order"
        REWRITE = "rewrite"
        RULER = "ruler"
        PRACTICE = "practice"
        CONSULTATION = "consultation"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="answers")
    lesson_key = models.UUIDField()
    block_id = models.CharField(max_length=36)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    value = models.JSONField()
    revision_number = models.PositiveBigIntegerField(null=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key", "block_id"], name="one_answer_to_a_practice"
            ),
        ]

    def __str__(self) -> str:
        return self.kind  # never what it says


class Place(models.Model):
    """Where to go on: the lesson, and the very block in it."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="place")
    lesson_key = models.UUIDField()
    block_id = models.CharField(max_length=36, blank=True)
    updated_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.lesson_key}#{self.block_id}"
