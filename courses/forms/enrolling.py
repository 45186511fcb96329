"""Forms of the ways onto a course: a code, a team, a list, an address."""

from datetime import timedelta

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from courses.interfaces.address_lists import MOST_BYTES, read_address_list
from courses.models import CurriculumPage, Team
from courses.queries.outlines import curricula
from courses.services.codes import MOST_USES
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.coordinate_forms import OfAnOrganisation
from lms.people.forms import AddressOrNameField
from lms.people.models import User
from lms.people.printed_codes import LENGTH, tidied_code
from lms.people.queries import person_by_address_or_name
from lms.ui.fields import LineField, PlainDateField, PlainEmailField, WholeNumberField
from lms.ui.forms import PlainForm, speak_plainly
from lms.ui.words import sentence
from lms.uploads.looking import LooksFirst
from lms.uploads.names import ending_of

USUAL_DAYS, USUAL_USES = 56, 20


class JoinForm(PlainForm):
    """A code from a sheet or a message."""

    secret_code = LineField(
        label=_("Your code"),
        name=_("your code"),
        max_length=80,
        autocomplete="off",
        help_text=_("28 letters and numbers. Small or large letters and spaces make no difference."),
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


class ForACourse(OfAnOrganisation):
    """Asks for which course, and for which organisation where there is more than one to choose from."""

    nouns = {"course": _("the course")}

    course = forms.ChoiceField(label=_("Course"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.pages = {page.slug: page for page in curricula()}
        self.fields["course"].choices = [(slug, page.title) for slug, page in self.pages.items()]
        speak_plainly(self)

    @property
    def curriculum(self) -> CurriculumPage:
        return self.pages[self.cleaned_data["course"]]


def last_day_field() -> PlainDateField:
    return PlainDateField(
        label=_("Last day on which it works"),
        name=_("the last day"),
        help_text=_("From today on, within a year."),
    )


def uses_field() -> WholeNumberField:
    return WholeNumberField(
        label=_("For how many people?"),
        name=_("how many people"),
        min_value=1,
        max_value=MOST_USES,
        help_text=_("Each person counts once, however often they use it."),
    )


class TeamCodeForm(PlainForm):
    """A code for a team that is known already."""

    last_day = last_day_field()
    most_uses = uses_field()

    @staticmethod
    def usual() -> dict:
        return {"last_day": clock.today() + timedelta(days=USUAL_DAYS), "most_uses": USUAL_USES}


class CodeForm(ForACourse):
    """A code for a course."""

    last_day = last_day_field()
    most_uses = uses_field()

    usual = staticmethod(TeamCodeForm.usual)


class TeamForm(ForACourse):
    """A team: its name and course, who leads it, and who stands behind it."""

    name = LineField(
        label=_("Name of the team"),
        name=_("the team's name"),
        max_length=Team._meta.get_field("name").max_length,
        help_text=_("For example, the name of the practice or the ward."),
    )
    lead = AddressOrNameField(
        label=_("Who leads it: their email address or sign-in name"),
        name=_("the lead's email address or sign-in name"),
        required=False,
        autocomplete="off",
        help_text=_("They need an account. They can ask others in, and see how far the team is."),
    )
    sponsor = LineField(
        label=_("Who stands behind the team"),
        name=_("who stands behind the team"),
        max_length=Team._meta.get_field("sponsor").max_length,
        required=False,
        help_text=_("For example, the senior partner. Members read this. Ask first, if you name a person."),
    )

    @cached_property
    def found_lead(self) -> User | None:
        words = self.cleaned_data.get("lead", "")
        return person_by_address_or_name(words) if words else None

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("lead") and self.found_lead is None:
            self.add_error(
                "lead", _("Nobody has an account with this. Check the spelling, or leave it empty.")
            )
        return cleaned


class AskIntoTeamForm(PlainForm):
    """The address of somebody to ask into a team."""

    email = PlainEmailField(
        label=_("Their email address"),
        name=_("their email address"),
        autocomplete="off",
        help_text=_("We send them a short message with your name and the team's. They say yes or no."),
    )


class AddressListField(LooksFirst, forms.FileField):
    """A CSV file of addresses. The whole file is read before it is taken; its lines are then `upload.lines`."""

    most_bytes = MOST_BYTES

    def look(self, upload) -> None:
        if ending_of(upload.name) not in ("csv", "txt"):
            raise RuleBroken(
                _("Save your table as “CSV UTF-8”, and choose that file. Its name ends in .csv.")
            )
        upload.lines = read_address_list(upload.file.getvalue())


class ListForm(ForACourse):
    """A file of people to put on a course."""

    file = AddressListField(
        label=_("The file"),
        help_text=_("A table saved as “CSV UTF-8”, with up to 10,000 lines below the first."),
        max_length=150,
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
