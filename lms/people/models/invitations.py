"""An invitation on paper, for people who have no email: a sign-in name, and a code that works once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.core import clock
from lms.core.models import Dated, WithPublicId


class PrintedInvitationQuerySet(models.QuerySet):
    def open(self):
        """Neither used, nor called back, nor too old."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=clock.now())


class PrintedInvitation(WithPublicId, Dated):
    """One code on one sheet of paper. The code itself is not here, only what it is recognised by."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="printed_invitations"
    )
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # How the coordinator made sure who it is, when somebody is helped back in; empty for a first invitation.
    identity_note = models.CharField(max_length=200, blank=True)
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = PrintedInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at=None, revoked_at=None),
                name="one_printed_invitation_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("made_by")), name="nobody_prints_their_own_invitation"
            ),
        ]

    def __str__(self) -> str:
        return f"printed invitation #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > clock.now()
