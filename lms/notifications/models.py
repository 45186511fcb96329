"""The outbox: what leaves the system is a row first, written with the act that caused it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class MessageQuerySet(models.QuerySet):
    def unsent(self):
        """Neither sent nor given up."""
        return self.filter(sent_at=None, given_up_at=None)


class Message(models.Model):
    """One mail to one address. The row is the record; its `message_id` stays the same however often it is tried."""

    # The real time, not the site's settable clock: sending is about the world outside.
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="messages"
    )
    address = models.EmailField()
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    # A secret message carries a link that signs in or confirms; its text is forgotten once it is sent.
    is_secret = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["created_at"], name="unsent_messages", condition=Q(sent_at=None, given_up_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} #{self.pk}"


class Attachment(models.Model):
    """A small text file that goes with a message, such as a calendar file."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    filename = models.CharField(max_length=100)
    content_type = models.CharField(max_length=100)
    content = models.TextField()

    def __str__(self) -> str:
        return self.filename
