"""The outbox: what leaves the system is a row first, written with the act that caused it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.people.models import Channel


class MessageQuerySet(models.QuerySet):
    def unsent(self):
        """Mails that are neither sent nor given up: the worker's."""
        return self.filter(channel=Channel.MAIL, sent_at=None, given_up_at=None)

    def to_work(self):
        """Letters to post and calls to make: people's."""
        return self.filter(channel__in=[Channel.LETTER, Channel.CALL], sent_at=None, given_up_at=None)

    def given_up(self):
        """Mails that could not be sent, and that nobody has dealt with yet."""
        return self.filter(channel=Channel.MAIL, given_up_at__isnull=False, settled_at=None)


class Message(models.Model):
    """One message to one person: a mail, a letter to post, or a call to make.

    The row is the record; a mail's `message_id` stays the same however often it is tried. `sent_at` is when a mail was
    handed over, a letter posted, or a person reached.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The real time, not the site's settable clock: sending is about the world outside.
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="messages"
    )
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.MAIL)
    # An email address. Where a letter goes is looked up when it is printed.
    address = models.EmailField(blank=True)
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # The same words for paper and for the voice; forgotten once a mail has gone.
    words = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    # It is about something that happens then; later it is of no use.
    not_after = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, unique=True)
    # A secret message carries a link that signs in or confirms; its text is forgotten once it is sent.
    is_secret = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    # Given up, and dealt with by somebody in another way.
    settled_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(channel="mail")
                | ~Q(address="")
                | Q(sent_at__isnull=False)
                | Q(given_up_at__isnull=False),
                name="a_mail_has_an_address",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="channel_of_message_is_known"
            ),
            models.CheckConstraint(
                condition=Q(channel="mail") | Q(is_secret=False), name="a_secret_goes_by_mail_only"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="unsent_messages", condition=Q(sent_at=None, given_up_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} #{self.pk}"


class Handling(models.Model):
    """What one person did with a message, and when: a letter posted, a call tried, a mail sent again."""

    class Outcome(models.TextChoices):
        POSTED = "posted", _("Posted")
        REACHED = "reached", _("I told them")
        NOT_REACHED = "not_reached", _("Not reached: try again")
        NOT_WANTED = "not_wanted", _("They did not want it")
        TURNED = "turned", _("Sent another way")
        SENT_AGAIN = "sent_again", _("Sent again")
        HELPED = "helped", _("Helped in another way")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="handlings")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.outcome}"


class Attachment(models.Model):
    """A small text file that goes with a message, such as a calendar file."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    filename = models.CharField(max_length=100)
    content_type = models.CharField(max_length=100)
    content = models.TextField()

    def __str__(self) -> str:
        return self.filename
