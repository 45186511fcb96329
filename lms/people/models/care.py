"""The tie between a patient and a professional, and what the patient agreed to share over it."""

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
    invited_email = models.EmailField()
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
                fields=["invited_by", "invited_email"],
                condition=Q(accepted_at=None, ended_at=None),
                name="one_open_invitation_to_an_address",
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


class ConsentQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(withdrawn_at=None)


class Consent(Dated):
    """A patient's clear yes to share one kind of thing over one tie. Kept after withdrawal, as history."""

    tie = models.ForeignKey(CareTie, on_delete=models.CASCADE, related_name="consents")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    what = models.CharField(max_length=60)
    words = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tie", "what"],
                condition=Q(withdrawn_at=None),
                name="one_consent_in_force_for_each_thing",
            ),
        ]
