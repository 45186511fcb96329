"""allauth's forms for single sign-on, in this site's words and look."""

from allauth.socialaccount import forms as social
from django.utils.translation import gettext_lazy as _

from lms.people.account_forms import AccountWords
from lms.people.forms import AUDIENCE_HINTS
from lms.people.models import Audience
from lms.ui.fields import ChoiceRadios, LineField
from lms.ui.forms import SpeaksPlainly


class SingleSignUpForm(AccountWords, social.SignupForm):
    """What the provider did not say: which programme. Name and address can be put right."""

    first_name = LineField(
        label=_("First name"), name=_("your first name"), max_length=60, autocomplete="given-name"
    )
    last_name = LineField(
        label=_("Last name"), name=_("your last name"), max_length=60, autocomplete="family-name"
    )
    audience = ChoiceRadios(
        label=_("Which of these is you?"),
        name=_("which of these is you"),
        choices=Audience.choices,
        hints=AUDIENCE_HINTS,
        help_text=_("You can look at both programmes. You can change this later."),
    )

    field_order = ["audience", "first_name", "last_name", "email"]


class DisconnectForm(SpeaksPlainly, social.DisconnectForm):
    pass
