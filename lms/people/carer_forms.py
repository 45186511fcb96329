"""Forms about carers, what a tutor or reviewer lives with, and opening a record in an emergency."""

from django.utils.translation import gettext_lazy as _

from lms.ui.fields import LineField, LongTextField
from lms.ui.forms import PlainForm


class InviteCarerForm(PlainForm):
    """Whom to ask to act for me."""

    invited_as = LineField(
        label=_("Their email address or sign-in name"),
        name=_("their email address or sign-in name"),
        max_length=254,
        help_text=_("We write to them with your name. We say nothing about your health."),
    )


class LivedWithForm(PlainForm):
    """What a tutor or reviewer lives with."""

    words = LineField(
        label=_("What do you live with?"),
        name=_("what you live with"),
        max_length=120,
        required=False,
        help_text=_(
            "Write it as it should follow “lives with”. For example: asthma. Leave it empty to say nothing."
        ),
    )


class EmergencyPersonForm(PlainForm):
    """Whose record."""

    who = LineField(
        label=_("Email address or sign-in name of the person"),
        name=_("the email address or sign-in name"),
        max_length=254,
    )


class EmergencyForm(PlainForm):
    """Why an administrator needs to read somebody's record now."""

    reason = LongTextField(
        label=_("Why do you need to read it now?"),
        name=_("the reason"),
        max_length=170,
        rows=3,
        help_text=_("At least 20 characters. The person reads this, and so do others who watch."),
    )
