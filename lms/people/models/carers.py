"""Carers who act for somebody, and what a tutor or reviewer lives with."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.core.models import Dated, WithPublicId


class CarerTieQuerySet(models.QuerySet):
    def in_force(self):
        """Accepted by the carer and ended by neither."""
        return self.filter(accepted_at__isnull=False, ended_at=None)


class CarerTie(WithPublicId, Dated):
    """`carer` may act for `person`, in what the person agreed to (Consent.carer_tie) and nothing else.

    Begins as the person's invitation to an email address or a sign-in name.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="carer_ties")
    carer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="ties_as_carer"
    )
    invited_as = models.CharField(max_length=254)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CarerTieQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "carer"],
                condition=Q(accepted_at__isnull=False, ended_at=None),
                name="one_carer_tie_between_two_people",
            ),
            models.UniqueConstraint(
                fields=["person", "invited_as"],
                condition=Q(accepted_at=None, ended_at=None),
                name="one_open_invitation_to_a_carer",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(carer__isnull=False), name="an_accepted_carer_is_known"
            ),
            models.CheckConstraint(
                condition=Q(carer=None) | ~Q(person=F("carer")), name="nobody_is_their_own_carer"
            ),
        ]


class LivedWith(Dated):
    """What a tutor or reviewer lives with, in their own words. Health data: shown by their consent alone."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lived_with"
    )
    words = models.CharField(max_length=120)

    def __str__(self) -> str:
        return "what somebody lives with"
