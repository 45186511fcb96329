"""Ground that every app's models stand on, and the record of forms already taken."""

import uuid

from django.conf import settings
from django.db import models

from lms.core import clock


class Dated(models.Model):
    """Knows when it was made, by the site's clock."""

    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True


class WithPublicId(models.Model):
    """Has an identifier for addresses. It is not a secret: permission is asked for each time."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class TakenForm(Dated):
    """One form that one person sent, so that the same form sent twice acts once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    digest = models.CharField(max_length=64)
    answer_url = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key", "digest"], name="a_form_is_taken_once"),
        ]

    def __str__(self) -> str:
        return str(self.key)
