"""Forms about people: signing up, who somebody is here, roles, and working together."""

from datetime import timedelta

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.people.account_forms import AccountWords
from lms.people.models import Audience, Role
from lms.ui.fields import ChoiceRadios, LineField, PlainDateField, PlainEmailField
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


class InviteForm(PlainForm):
    """The address of somebody to work with."""

    email = PlainEmailField(
        label=_("Their email address"),
        name=_("their email address"),
        help_text=_("We send them a short mail with your name. It says nothing about your health."),
    )


class FindPersonForm(PlainForm):
    """Find somebody by the address they signed up with."""

    email = PlainEmailField(label=_("Email address they signed up with"), name=_("the email address"))


class GiveRoleForm(PlainForm):
    """A role, its days, and for clinical roles what the coordinator saw in the register."""

    nouns = {"kind": _("the role")}

    kind = forms.ChoiceField(label=_("Role"), choices=Role.Kind.choices)
    starts_on = PlainDateField(label=_("First day"), name=_("the first day"))
    ends_on = PlainDateField(
        label=_("Ends on"),
        name=_("the day it ends"),
        required=False,
        help_text=_("Leave empty if there is no end yet."),
    )
    register = LineField(
        label=_("Which professional register did you look at?"),
        name=_("the register"),
        max_length=120,
        required=False,
        help_text=_(
            "For professionals, clinical tutors and clinical reviewers. For example, the nursing register."
        ),
    )
    number = LineField(
        label=_("Registration number"),
        name=_("the registration number"),
        max_length=40,
        required=False,
        width=10,
    )
    seen_on = PlainDateField(label=_("When did you look?"), name=_("the day you looked"), required=False)
    renew_on = PlainDateField(
        label=_("When is the next check due?"), name=_("the day of the next check"), required=False
    )

    @staticmethod
    def usual() -> dict:
        """What the form starts with: from today, checked today, checked again in a year."""
        today = clock.today()
        return {"starts_on": today, "seen_on": today, "renew_on": today + timedelta(days=365)}

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("kind") in Role.NEEDS_CHECK:
            for name, sentence in {
                "register": _("Write which professional register you looked at."),
                "number": _("Write the registration number you saw."),
                "seen_on": _("Enter the day you looked at the register."),
                "renew_on": _("Enter the day the next check is due."),
            }.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned
