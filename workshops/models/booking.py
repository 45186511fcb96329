"""A person's place on a series, and the register of who came."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from workshops.models.series import Series, Session


class Booking(models.Model):
    """A place, or a turn on the waiting list. The turn follows from `booked_at` and the row's number."""

    class State(models.TextChoices):
        BOOKED = "booked", _("Booked")
        WAITING = "waiting", _("Waiting")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE = [State.BOOKED, State.WAITING]

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="bookings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings")
    state = models.CharField(max_length=10, choices=State.choices)
    booked_at = models.DateTimeField(default=clock.now)
    # In the person's own words, for the tutors: "Is there anything that would help you take part?"
    needs = models.TextField(max_length=500, blank=True)
    # The person lets this series' tutors see what they wrote down once for all (lms.people.models.Needs), while they
    # agree that tutors may.
    shares_needs = models.BooleanField(default=False)

    class Meta:
        ordering = ["series", "booked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "person"],
                condition=Q(state__in=["booked", "waiting"]),
                name="one_active_booking_for_each_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["booked", "waiting", "cancelled"]), name="booking_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="bookings_by_person")]

    def __str__(self) -> str:
        return f"{self.series_id}: {self.state} #{self.pk}"


class Attendance(models.Model):
    """One mark in the register."""

    class Mark(models.TextChoices):
        PRESENT = "present", _("Here")
        PARTLY = "partly", _("Here for part")
        ABSENT = "absent", _("Not here")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="marks")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="marks")
    mark = models.CharField(max_length=10, choices=Mark.choices)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "attendance"
        ordering = ["session", "booking"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "booking"], name="one_mark_for_each_person_and_session"
            ),
            models.CheckConstraint(
                condition=Q(mark__in=["present", "partly", "absent"]), name="attendance_mark_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.mark} #{self.booking_id}"
