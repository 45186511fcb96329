"""What people agreed to: each purpose apart, dated, with the very words, and kept as history after it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.core.models import Dated
from lms.people.models.care import CareTie
from lms.people.models.carers import CarerTie
from lms.people.sharing import outdated


class ConsentQuerySet(models.QuerySet):
    def in_force(self):
        """Not withdrawn, and given to words that still count (`Shareable.counts_from`)."""
        found = self.filter(withdrawn_at=None)
        for key, counts_from in outdated():
            found = found.exclude(what=key, version__lt=counts_from)
        return found


class Consent(Dated):
    """A person's clear yes to one purpose: over a care tie, to a carer, or to all whom the words name.

    `what` is the purpose's key in the registry (lms.people.sharing); `version` and `words` are as they were agreed to.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    tie = models.ForeignKey(CareTie, null=True, on_delete=models.CASCADE, related_name="consents")
    carer_tie = models.ForeignKey(CarerTie, null=True, on_delete=models.CASCADE, related_name="consents")
    what = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    words = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            # A database takes two empty ties for different ones: so there is a constraint for each of the three kinds.
            models.UniqueConstraint(
                fields=["tie", "what"],
                condition=Q(withdrawn_at=None),
                name="one_consent_in_force_for_each_thing",
            ),
            models.UniqueConstraint(
                fields=["carer_tie", "what"],
                condition=Q(withdrawn_at=None),
                name="one_consent_in_force_for_each_carer",
            ),
            models.UniqueConstraint(
                fields=["person", "what"],
                condition=Q(withdrawn_at=None, tie=None, carer_tie=None),
                name="one_consent_in_force_for_each_purpose",
            ),
            models.CheckConstraint(
                condition=Q(tie=None) | Q(carer_tie=None), name="a_consent_is_over_one_tie_at_most"
            ),
        ]

    def __str__(self) -> str:
        return self.what
