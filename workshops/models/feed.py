"""A private calendar address."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.core.models import Dated


class CalendarFeed(Dated):
    """The key of one person's calendar address. Only its hash is kept; whoever holds the key reads the calendar."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at=None), name="one_calendar_address_for_each_person"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


def hash_of(token: str) -> str:
    """What is kept of a key. It is random enough that a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
