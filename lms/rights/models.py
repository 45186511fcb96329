"""What people asked for (a copy, an erasure), what stands in its way, and the log of what is gone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.models import Dated, WithPublicId


class Export(WithPublicId, Dated):
    """One copy of all that is held about a person. Made part by part, so that a job that dies goes on where it was."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ready_at=None), name="one_copy_is_made_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ready_at=None) | Q(expires_at__isnull=False), name="a_copy_that_is_ready_runs_out"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="a_copy_is_done_in_part_or_whole"),
        ]

    def __str__(self) -> str:
        return f"copy #{self.pk}"


class ExportPart(models.Model):
    """What one kind of thing holds about the person; gone once the copy is put together."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts")
    model = models.CharField(max_length=100)
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "model"], name="a_part_of_a_copy_is_made_once"),
        ]

    def __str__(self) -> str:
        return self.model


class ExportFile(models.Model):
    """The finished copy. In the database, so that no address leads to it and it goes with its row."""

    export = models.OneToOneField(Export, on_delete=models.CASCADE, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"file of {self.export_id}"


class Erasure(WithPublicId, Dated):
    """Somebody is to be erased on a day. Can be called back until it begins."""

    class Asked(models.TextChoices):
        SELF = "self", _("They asked here")
        IN_PERSON = "in_person", _("They asked in person, and I know them")
        LETTER = "letter", _("They asked in a letter, and I checked who sent it")
        PHONE = "phone", _("They asked on the phone, and I called back")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasures")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=12, choices=Asked.choices)
    due_at = models.DateTimeField()
    called_back_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(called_back_at=None, done_at=None),
                name="one_erasure_waits_for_each_person",
            ),
            models.CheckConstraint(
                condition=Q(called_back_at=None) | Q(done_at=None), name="an_erasure_is_called_back_or_done"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure #{self.pk}"


class Hold(Dated):
    """Nothing of this person is deleted while it stands: the law, or a claim, asks for it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=200)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(lifted_at=None), name="one_hold_for_each_person"
            ),
        ]

    def __str__(self) -> str:
        return f"hold #{self.pk}"


class RetentionPeriod(models.Model):
    """How many days one class is kept on this site, where that differs from what the software comes with."""

    key = models.CharField(max_length=30, unique=True)
    days = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return self.key


class Deletion(Dated):
    """The log of what is gone: how many rows of what, by which rule. Nothing in it tells whose they were."""

    rule = models.CharField(max_length=60)
    model = models.CharField(max_length=100)
    deleted = models.PositiveIntegerField(default=0)
    cleared = models.PositiveIntegerField(default=0)
    # The number that stays of an erased person; nothing for a rule that is about time.
    husk = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.rule}: {self.model}"
