"""Forms about people: signing up, who somebody is here, roles, and working together."""

from allauth.account.forms import SignupForm as AllauthSignupForm
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from lms.people.account_forms import AccountWords
from lms.people.models import Audience
from lms.people.printed_codes import SIGN_IN_NAME
from lms.ui.fields import ChoiceRadios, LineField
from lms.ui.forms import PlainForm

AUDIENCE_HINTS = {
    Audience.PATIENT: _("You will learn with Moving on Together."),
    Audience.PROFESSIONAL: _("You will learn with Working in Partnership."),
}


class SignupForm(AccountWords, AllauthSignupForm):
    """Making an account: names, address, which programme, and one password."""

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

    field_order = ["audience", "first_name", "last_name", "email", "password1"]

    def try_save(self, request):
        """A known address takes as long as a new one, so that the time does not tell which it is."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class AccountForm(PlainForm):
    """How somebody is called here, and which programme is theirs."""

    first_name = LineField(
        label=_("First name"), name=_("your first name"), max_length=60, autocomplete="given-name"
    )
    last_name = LineField(
        label=_("Last name"), name=_("your last name"), max_length=60, autocomplete="family-name"
    )
    audience = ChoiceRadios(label=_("Which of these is you?"), choices=Audience.choices, hints=AUDIENCE_HINTS)


class AddressOrNameField(LineField):
    """An email address; or, for people who have none, the sign-in name on their paper. Small letters."""

    def __init__(self, **kwargs):
        super().__init__(max_length=254, **kwargs)
        self.validators = [_address_or_name]

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"autocapitalize": "none", "spellcheck": "false"}

    def tidy(self, text: str) -> str:
        return super().tidy(text).lower()


def _address_or_name(typed: str) -> None:
    try:
        validate_email(typed)
    except ValidationError:
        if not SIGN_IN_NAME.fullmatch(typed):
            raise ValidationError(
                _("Enter an email address like name@example.com, or a sign-in name like amina-hart-27.")
            ) from None


class InviteForm(PlainForm):
    """The address of somebody to work with."""

    email = AddressOrNameField(
        label=_("Their email address or sign-in name"),
        name=_("their email address or sign-in name"),
        autocomplete="off",
        help_text=_("We send them a short message with your name. It says nothing about your health."),
    )
