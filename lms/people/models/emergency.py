"""An administrator's way to one person's record in an emergency. It is never silent."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.core.models import Dated


class EmergencyAccess(Dated):
    """One administrator may read one person's record until a moment, for the reason they gave."""

    administrator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="emergency_accesses"
    )
    reason = models.CharField(max_length=200)
    until = models.DateTimeField()

    class Meta:
        verbose_name_plural = "emergency accesses"
        constraints = [
            models.CheckConstraint(
                condition=~Q(administrator=F("person")), name="nobody_opens_their_own_record_in_an_emergency"
            ),
        ]

    def __str__(self) -> str:
        return f"until {self.until}"
