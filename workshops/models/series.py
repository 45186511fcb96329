"""A series: one run of a curriculum as a workshop, and its dated sessions."""

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.core.models import Dated, WithPublicId
from lms.people.models import Organisation

SMALLEST_CAPACITY = 1
LARGEST_CAPACITY = 40


class Series(WithPublicId, Dated):
    """One run of a curriculum as a workshop.

    `state` is stored; "full", "running" and "over" follow from bookings and the clock and are never stored.
    The rule of completion is frozen here when the series is scheduled.
    """

    class State(models.TextChoices):
        WANTED = "wanted", _("Wanted")
        INVITING = "inviting", _("Waiting for a co-tutor")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    BEFORE_CLOSING = [State.WANTED, State.INVITING, State.OPEN]

    curriculum = models.ForeignKey("courses.CurriculumPage", on_delete=models.PROTECT, related_name="series")
    # The edition that was the newest when the series was scheduled; none where the course had shown nothing yet.
    version = models.ForeignKey(
        "courses.CourseVersion", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="series")
    format = models.CharField(max_length=40)
    # Frozen from the format.
    sessions_planned = models.PositiveSmallIntegerField()
    min_attended = models.PositiveSmallIntegerField()
    session_minutes = models.PositiveSmallIntegerField()
    part_counts = models.BooleanField(default=True)
    # Neutral: it stands in mails and calendars, where a course's name could reveal a diagnosis.
    title = models.CharField(max_length=120)
    venue_name = models.CharField(max_length=120)
    venue_address = models.CharField(max_length=300)
    access_notes = models.TextField(max_length=600, blank=True)
    capacity = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(SMALLEST_CAPACITY), MaxValueValidator(LARGEST_CAPACITY)]
    )
    zone = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WANTED)
    # When it first opened for booking. Bookings may exist from then on, also while it waits for a new co-tutor.
    opened_at = models.DateTimeField(null=True)
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gte=SMALLEST_CAPACITY, capacity__lte=LARGEST_CAPACITY),
                name="series_capacity_is_sensible",
            ),
            models.CheckConstraint(
                condition=Q(min_attended__gte=1, min_attended__lte=F("sessions_planned")),
                name="series_rule_can_be_met",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["wanted", "inviting", "open", "closed", "cancelled"]),
                name="series_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "closed"]) | Q(opened_at__isnull=False),
                name="open_series_knows_when_it_opened",
            ),
        ]
        indexes = [models.Index(fields=["state", "organisation"], name="series_by_state")]

    def __str__(self) -> str:
        return f"{self.title} ({self.public_id})"

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def new_uid() -> str:
    """A calendar identifier of 122 random bits, kept for the session's whole life."""
    return str(uuid.uuid4())


class Session(models.Model):
    """One dated meeting of a series. Kept in UTC; shown in the zone of the series."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    uid = models.CharField(max_length=80, unique=True, default=new_uid, editable=False)
    # Rises at each change, so that calendars take the newer one.
    sequence = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["series", "number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="session_number_is_unique"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="session_number_counts_from_one"),
        ]
        indexes = [models.Index(fields=["starts_at"], name="session_by_start")]

    def __str__(self) -> str:
        return f"{self.series_id}/{self.number}"

    @property
    def local_start(self) -> datetime:
        """The start as a clock on the venue's wall shows it (without a zone, so templates leave it alone)."""
        return self.starts_at.astimezone(self.series.tzinfo).replace(tzinfo=None)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.series.tzinfo).replace(tzinfo=None)
