"""Forms of those who help others in: finding, roles, checks, invitations on paper, organisations."""

from collections.abc import Iterable
from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.people.forms import AddressOrNameField
from lms.people.models import Audience, Locality, Organisation, Role, VettingCheck
from lms.people.printed_codes import LENGTH, tidied_code
from lms.ui.fields import ChoiceRadios, LineField, PlainDateField, PlainEmailField
from lms.ui.forms import PlainForm, speak_plainly
from lms.ui.words import sentence


class FindPersonForm(PlainForm):
    """Find somebody by what they sign in with, typed in full."""

    who = AddressOrNameField(
        label=_("Their email address or sign-in name"), name=_("their email address or sign-in name")
    )


class KindFilterForm(PlainForm):
    """Which roles the list shows."""

    once = None
    kind = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("Everybody")), *Role.Kind.choices]
    )


class OfAnOrganisation(PlainForm):
    """Asks for which organisation, where there is more than one to choose from."""

    def __init__(self, *args, organisations: Iterable[Organisation], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {str(each.public_id): each for each in organisations}
        if len(self.organisations) > 1:
            field = forms.ChoiceField(
                label=_("Organisation"),
                choices=[(key, each.name) for key, each in self.organisations.items()],
            )
            field.noun = _("the organisation")
            self.fields = {"once": self.fields.pop("once"), "organisation": field, **self.fields}
            speak_plainly(self)

    @property
    def organisation(self) -> Organisation:
        """The one that was chosen, or the only one."""
        chosen = self.cleaned_data.get("organisation") or next(iter(self.organisations))
        return self.organisations[chosen]


class GiveRoleForm(OfAnOrganisation):
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
            for name, words in {
                "register": _("Write which professional register you looked at."),
                "number": _("Write the registration number you saw."),
                "seen_on": _("Enter the day you looked at the register."),
                "renew_on": _("Enter the day the next check is due."),
            }.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return cleaned


class VettingForm(OfAnOrganisation):
    """What was decided about somebody's vetting. What a check showed is never asked."""

    kind = ChoiceRadios(
        label=_("Which check did you see?"), name=_("the check"), choices=VettingCheck.Kind.choices
    )
    decision = ChoiceRadios(
        label=_("What did you decide?"), name=_("what you decided"), choices=VettingCheck.Decision.choices
    )
    reason = LineField(
        label=_("Why is no check needed?"),
        name=_("why no check is needed"),
        max_length=200,
        required=False,
        help_text=_("Only if no check is needed. Write what they will do, and never what a check showed."),
    )
    seen_on = PlainDateField(label=_("When did you see it, or decide?"), name=_("the day you saw it"))
    renew_on = PlainDateField(label=_("When will you look again?"), name=_("the day you look again"))

    @staticmethod
    def usual() -> dict:
        today = clock.today()
        return {"seen_on": today, "renew_on": today + timedelta(days=3 * 365)}


class InviteOnPaperForm(OfAnOrganisation):
    """Who the invitation is for."""

    first_name = LineField(label=_("First name"), name=_("the first name"), max_length=60)
    last_name = LineField(label=_("Last name"), name=_("the last name"), max_length=60)
    audience = ChoiceRadios(
        label=_("Which programme is theirs?"),
        name=_("the programme"),
        choices=[
            (Audience.PATIENT, _("They live with a condition")),
            (Audience.PROFESSIONAL, _("They work with people who do")),
        ],
    )


class HelpInForm(OfAnOrganisation):
    """How the coordinator made sure that it is the right person."""

    identity_note = LineField(
        label=_("How did you make sure who this is?"),
        name=_("how you made sure who this is"),
        max_length=200,
        help_text=_("For example: they came to the desk, and we know them. They can read this line."),
    )


class ResetSecondStepForm(PlainForm):
    """Why somebody's second step is taken away."""

    reason = LineField(
        label=_("How did you make sure who this is?"),
        name=_("how you made sure who this is"),
        max_length=200,
    )


class StartForm(PlainForm):
    """The sign-in name and the code from the paper, and a password of one's own."""

    nouns = {"password": _("a password")}

    sign_in_name = LineField(
        label=_("Your sign-in name"), name=_("your sign-in name"), max_length=150, autocomplete="username"
    )
    secret_code = LineField(
        label=_("Your code"),
        name=_("your code"),
        max_length=80,
        autocomplete="off",
        help_text=_("28 letters and numbers. Small or large letters and spaces make no difference."),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("12 letters or more. A few words with spaces are easy to remember."),
    )

    def clean_secret_code(self) -> str:
        code = self.cleaned_data["secret_code"]
        length = len(tidied_code(code))
        if length != LENGTH:
            raise forms.ValidationError(
                sentence(
                    _("A code has %(needed)s letters and numbers. You typed %(typed)s."),
                    needed=LENGTH,
                    typed=length,
                )
            )
        return code


class ContactDetailsForm(PlainForm):
    """How people reach an organisation."""

    contact_email = PlainEmailField(
        label=_("Email address for questions"),
        name=_("the email address"),
        required=False,
        autocomplete="off",
    )
    contact_phone = LineField(
        label=_("Phone number for questions"),
        name=_("the phone number"),
        max_length=40,
        required=False,
        width=20,
        help_text=_("It stands on printed invitations, as the number to call for help."),
    )


class OrganisationForm(ContactDetailsForm):
    """An organisation as administrators know it."""

    nouns = {"locality": _("the locality")}
    field_order = ["name", "locality", "contact_email", "contact_phone"]

    name = LineField(label=_("Name"), name=_("the name"), max_length=120)
    locality = forms.ChoiceField(label=_("Locality"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.localities = {str(each.public_id): each for each in Locality.objects.all()}
        self.fields["locality"].choices = [
            ("", _("None")),
            *((key, each.name) for key, each in self.localities.items()),
        ]

    @property
    def facts(self) -> dict:
        """What the services take."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "locality": self.localities.get(said["locality"]),
            "contact_email": said["contact_email"],
            "contact_phone": said["contact_phone"],
        }


class LocalityForm(PlainForm):
    name = LineField(label=_("Name of the town or area"), name=_("the name"), max_length=120)
