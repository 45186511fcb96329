"""The person who signs in."""

import re
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Which of the two curricula somebody learns from. Said by the person; it opens learning and nothing else."""

    PATIENT = "patient", _("I live with a condition")
    PROFESSIONAL = "professional", _("I work with people who do")


RANDOM_USERNAME = re.compile("[0-9a-f]{32}")


def new_username() -> str:
    return uuid.uuid4().hex


class User(AbstractUser):
    """A person. Signs in by email, and `username` is a random name that nobody sees; or by a sign-in name."""

    username = models.CharField(max_length=150, unique=True, default=new_username)
    email = models.EmailField(_("email address"), blank=True)
    audience = models.CharField(max_length=20, choices=Audience.choices, default=Audience.PATIENT)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # When to ask again what helps them (lms.people.models.needs). Here, so that no page asks the database once more for it.
    ask_needs_on = models.DateField(null=True, blank=True)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_person_per_email",
                condition=~models.Q(email=""),
                violation_error_message=_("Somebody already uses this email address."),
            ),
            models.CheckConstraint(
                condition=models.Q(audience__in=Audience.values), name="audience_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """How pages and mails call the person. Never the address: others read it, on public pages too."""
        return self.get_full_name() or gettext("No name given")

    @property
    def sign_in_name(self) -> str:
        """What somebody without email signs in with; empty for who signs in by email."""
        return "" if RANDOM_USERNAME.fullmatch(self.username) else self.username

    @property
    def is_patient_learner(self) -> bool:
        return self.audience == Audience.PATIENT
