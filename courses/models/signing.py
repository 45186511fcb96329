"""Two people stand behind a lesson's words, or a handbook's: one who lives with a condition, one who treats people who do.

A review asks for both signatures on one revision; a signature names the words it is for, and no others.
"""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision

from lms.core import clock
from lms.core.models import Dated, WithPublicId
from lms.people.models import Role

from .versions import NeverChangedQuerySet, WrittenOnce


class Side(models.TextChoices):
    LIVED = "lived", _("With lived experience")
    CLINICAL = "clinical", _("Clinical")


ROLE_OF_SIDE = {Side.LIVED: Role.Kind.LAY_REVIEWER, Side.CLINICAL: Role.Kind.CLINICAL_REVIEWER}


class Review(Dated):
    """An author asked for both signatures on one revision of a lesson. It is over once other words are asked for.

    Here and below a handbook may stand in a lesson's place.
    """

    lesson = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="reviews")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    revision_number = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    publish_when_signed = models.BooleanField(default=False)
    over_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            UniqueConstraint(
                fields=["lesson"], condition=Q(over_at=None), name="one_review_of_a_lesson_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} at {self.revision_number}"


class Seat(WithPublicId, Dated):
    """A reviewer who was asked, and for which side."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="seats")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats")
    side = models.CharField(max_length=20, choices=Side.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [
            UniqueConstraint(fields=["review", "reviewer"], name="a_reviewer_has_one_seat_in_a_review"),
        ]

    def __str__(self) -> str:
        return self.side


class SignatureQuerySet(NeverChangedQuerySet):
    def standing(self) -> "SignatureQuerySet":
        """The last word of each reviewer on the same words."""
        later = Signature.objects.filter(
            lesson=OuterRef("lesson"),
            digest=OuterRef("digest"),
            reviewer=OuterRef("reviewer"),
            pk__gt=OuterRef("pk"),
        )
        return self.filter(~Exists(later))


class Signature(WrittenOnce):
    """A reviewer signed these very words of a lesson, or asks for them to be changed. Their last word counts.

    Written by courses.services.signing.sign_lesson and its counterpart alone.
    """

    class Verdict(models.TextChoices):
        SIGNED = "signed", _("Signed")
        CHANGE = "change", _("Asked for a change")

    lesson = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="signatures")
    lesson_title = models.CharField(max_length=255)
    revision_number = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    side = models.CharField(max_length=20, choices=Side.choices)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures"
    )
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    words = models.TextField(max_length=2000, blank=True)  # what to change
    profession = models.CharField(max_length=60, blank=True)  # as readers may see it, clinical side only
    next_review_on = models.DateField(null=True)
    signed_at = models.DateTimeField(default=clock.now, editable=False)

    # What queries add: what may be shown of the reviewer, and whether it is of the latest words.
    lived_with_words: str
    is_of_these: bool

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["lesson", "digest"], name="signatures_of_words")]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="change") ^ Q(next_review_on__isnull=False),
                name="what_is_signed_has_a_day_to_look_again",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.verdict}"


class ReviewComment(Dated):
    """What a reviewer says of a lesson or of one of its blocks, or an answer to that."""

    lesson = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="review_comments")
    block_id = models.CharField(max_length=36, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=2000, blank=True)
    answers = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies")
    revision_number = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.block_id}"


class ReviewReminder(Dated):
    """The authors were told that a lesson is to be looked at again by this day. Once for each day."""

    lesson = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    next_review_on = models.DateField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["lesson", "next_review_on"], name="authors_are_reminded_once_of_a_day"),
        ]

    def __str__(self) -> str:
        return str(self.next_review_on)
