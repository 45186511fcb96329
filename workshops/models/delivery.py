"""What was delivered in fact, and who completed it."""

from django.db import models
from django.db.models import F, Q

from lms.core.models import Dated
from workshops.models.booking import Booking
from workshops.models.series import Series
from workshops.models.team import SeriesTutor


class DeliveryConfirmation(Dated):
    """One of the two tutors says that the series was delivered as the register shows."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="confirmations")
    tutor = models.ForeignKey(SeriesTutor, on_delete=models.PROTECT, related_name="confirmations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "tutor"], name="each_tutor_confirms_once")]

    def __str__(self) -> str:
        return f"{self.series_id}: {self.tutor_id}"


class SeriesCompletion(Dated):
    """Somebody met the attendance rule of the series; the rule is kept with the figures it was met with."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="completion")
    attended = models.PositiveSmallIntegerField()
    planned = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(attended__lte=F("planned")), name="attended_is_part_of_planned"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.booking_id}: {self.attended} of {self.planned}"
