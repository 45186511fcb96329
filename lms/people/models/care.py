"""The tie between a patient and a professional."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.core.models import Dated, WithPublicId


class CareTieQuerySet(models.QuerySet):
    def in_force(self):
        """Accepted by both and ended by neither."""
        return self.filter(accepted_at__isnull=False, ended_at=None)


class CareTie(WithPublicId, Dated):
    """One patient and one professional who work together. Begins as an invitation to an email address."""

    patient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="ties_as_patient"
    )
    professional = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="ties_as_professional"
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # One of the two: an email address, or the sign-in name of somebody who has none.
    invited_email = models.EmailField(blank=True)
    invited_name = models.CharField(max_length=150, blank=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CareTieQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "professional"],
                condition=Q(accepted_at__isnull=False, ended_at=None),
                name="one_tie_between_two_people",
            ),
            models.UniqueConstraint(
                fields=["invited_by", "invited_email", "invited_name"],
                condition=Q(accepted_at=None, ended_at=None),
                name="one_open_invitation_to_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(invited_email="") & ~Q(invited_name=""))
                | (Q(invited_name="") & ~Q(invited_email="")),
                name="invited_by_address_or_by_name",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(patient__isnull=False, professional__isnull=False),
                name="an_accepted_tie_has_two_people",
            ),
            models.CheckConstraint(
                condition=Q(patient=None) | Q(professional=None) | ~Q(patient=F("professional")),
                name="nobody_is_tied_to_themselves",
            ),
        ]

    def other(self, person):
        """The one of the two who is not `person` (None while an invitation is open)."""
        return self.professional if self.patient_id == person.pk else self.patient
