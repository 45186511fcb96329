"""How far somebody has come. Keyed on the lesson's `translation_key`, so that it outlives edits and translations.

Answers and reflections are health information: only their writer reads them, and no admin shows them.
"""

from django.conf import settings
from django.db import models
from wagtail.models import Revision

from lms.core import clock
from lms.core.models import Dated, WithPublicId

from .pages import LessonPage


class Enrolment(WithPublicId, Dated):
    """One person on one curriculum. `completed_at` stays once it is set: no edit takes it away."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    curriculum_key = models.UUIDField()
    completed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "curriculum_key"], name="one_enrolment_in_a_curriculum"
            ),
        ]

    def __str__(self) -> str:
        return str(self.curriculum_key)


class LessonCompletion(models.Model):
    """A lesson is done: when, by which rule, on which revision of its words."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="completions")
    lesson_key = models.UUIDField()
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    revision_number = models.PositiveBigIntegerField(null=True)  # kept when old revisions are swept away
    rule = models.CharField(max_length=20, choices=LessonPage.Rule.choices)
    completed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson_key"], name="a_lesson_is_completed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} by {self.rule}"


class Answer(models.Model):
    """What a learner put into one practice block. Its owner's alone."""

    class Kind(models.TextChoices):
        REFLECTION = "reflection"
        CHOICE = "choice"
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
