"""How somebody is reached: by mail, by a letter, or by a call. All three with the same care."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core import clock


class Channel(models.TextChoices):
    """The ways a message can take."""

    MAIL = "mail", _("Email")
    LETTER = "letter", _("A letter in the post")
    CALL = "call", _("A phone call")


class Contact(models.Model):
    """The way somebody chose, and what it takes. Who has no row here is reached by email."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact")
    way = models.CharField(max_length=10, choices=Channel.choices, default=Channel.MAIL)
    phone = models.CharField(max_length=40, blank=True)
    # Lines of a postal address, without the name.
    address = models.TextField(max_length=300, blank=True)
    best_time = models.CharField(max_length=120, blank=True)
    may_leave_message = models.BooleanField(default=False)
    large_print = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(way__in=Channel.values), name="way_of_contact_is_known"),
            models.CheckConstraint(
                condition=~Q(way="letter") | ~Q(address=""), name="a_letter_needs_an_address"
            ),
            models.CheckConstraint(condition=~Q(way="call") | ~Q(phone=""), name="a_call_needs_a_number"),
        ]

    def __str__(self) -> str:
        return f"contact #{self.pk}"
