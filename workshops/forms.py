"""What people type about workshops."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from courses.models import CurriculumPage
from lms.people.models import NeedsMet, Organisation, User
from lms.people.needs_sharing import NEEDS_WITH_TUTORS
from lms.ui.fields import (
    ChoiceRadios,
    LineField,
    LongTextField,
    PlainDateField,
    PlainTimeField,
    WholeNumberField,
    YesField,
)
from lms.ui.forms import PlainForm
from workshops.formats import format_choices, format_hints
from workshops.models import Attendance, Booking, SeriesTutor
from workshops.models.series import LARGEST_CAPACITY, SMALLEST_CAPACITY
from workshops.services.needs import Answer
from workshops.services.scheduling import Dates, Venue
from workshops.words import first_names

USUAL_CAPACITY = 12


def curriculum_choices(curricula: Iterable[CurriculumPage]) -> list[tuple[str, str]]:
    return [(str(curriculum.pk), curriculum.title) for curriculum in curricula]


class FindForm(PlainForm):
    """Filters on top of the list. `curricula` are those there is something of."""

    programme = forms.ChoiceField(label=_("Programme"), required=False)
    format = forms.ChoiceField(label=_("How long"), required=False)

    def __init__(self, *args, curricula: Sequence[CurriculumPage], **kwargs):
        super().__init__(*args, **kwargs)
        by_key = [(str(curriculum.translation_key), curriculum.title) for curriculum in curricula]
        self.fields["programme"].choices = [("", _("Both programmes")), *by_key]
        self.fields["format"].choices = [("", _("Any length")), *format_choices()]


class BookForm(PlainForm):
    """One optional question; nothing more is needed."""

    needs = LongTextField(
        label=_("Is there anything that would help you take part?"),
        name=_("what would help you"),
        help_text=_(
            "For example large print, a hearing loop or a seat near the door. The two tutors see this."
        ),
        max_length=500,
        rows=3,
        required=False,
    )

    def __init__(self, *args, known: str = "", **kwargs):
        """`known` is what the person wrote down once for all; then they are asked whether these tutors may see it."""
        super().__init__(*args, **kwargs)
        self.known = known
        if known:
            self.fields["shares_needs"] = YesField(
                label=_("Let the two tutors see what helps me: %(needs)s") % {"needs": known},
                name=_("what helps you"),
                required=False,
                help_text=NEEDS_WITH_TUTORS.words,
            )
            self.fields["needs"].label = _("Is there anything else that would help you take part?")


class SeriesForm(PlainForm):
    """What a series is, where and when."""

    curriculum = ChoiceRadios(label=_("Which programme?"), name=_("the programme"), choices=[])
    format = ChoiceRadios(
        label=_("How long?"), name=_("how long"), choices=format_choices(), hints=format_hints()
    )
    organisation = ChoiceRadios(
        label=_("Which organisation runs it?"), name=_("the organisation"), choices=[]
    )
    first_day = PlainDateField(
        label=_("Day of the first session"),
        name=_("the day of the first session"),
        help_text=_("The other sessions follow at the same time of day."),
    )
    start_time = PlainTimeField(label=_("Start time"), name=_("the start time"))
    venue_name = LineField(label=_("Name of the place"), name=_("the name of the place"), max_length=120)
    venue_address = LineField(
        label=_("Address"), name=_("the address"), max_length=300, autocomplete="street-address"
    )
    access_notes = LongTextField(
        label=_("Getting in and around"),
        name=_("getting in and around"),
        help_text=_("Steps, lift, toilet, parking, bus, hearing loop."),
        max_length=600,
        rows=3,
        required=False,
    )
    capacity = WholeNumberField(
        label=_("Number of places"),
        name=_("the number of places"),
        min_value=SMALLEST_CAPACITY,
        max_value=LARGEST_CAPACITY,
        width=3,
    )

    def __init__(
        self, *args, curricula: Sequence[CurriculumPage], organisations: Sequence[Organisation], **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.by_key = {str(curriculum.pk): curriculum for curriculum in curricula}
        self.organisations = {str(organisation.public_id): organisation for organisation in organisations}
        self.fields["curriculum"].choices = curriculum_choices(curricula)
        self.fields["organisation"].choices = [(key, one.name) for key, one in self.organisations.items()]
        self.fields["capacity"].initial = USUAL_CAPACITY
        if len(self.organisations) == 1:
            self.fields["organisation"].initial = next(iter(self.organisations))

    def plan(self) -> dict:
        """What the services ask for, out of what was typed."""
        said = self.cleaned_data
        return {
            "curriculum": self.by_key[said["curriculum"]],
            "format": said["format"],
            "organisation": self.organisations[said["organisation"]],
            "dates": Dates([datetime.combine(said["first_day"], said["start_time"])]),
            "venue": Venue(said["venue_name"], said["venue_address"], said["access_notes"]),
            "capacity": said["capacity"],
        }


class TutorChoice:
    """The choice of a tutor to invite; names say which kind of tutor each is."""

    def offer(self, tutors: Iterable[tuple[User, str]]) -> None:
        self.tutors = {}
        choices = [("", _("Choose a tutor"))]
        for person, kinds in tutors:
            self.tutors[str(person.public_id)] = person
            choices.append((str(person.public_id), f"{person.display_name}, {kinds}"))
        self.fields["co_tutor"].choices = choices

    def chosen_tutor(self) -> User | None:
        return self.tutors.get(self.cleaned_data["co_tutor"])


class ScheduleForm(TutorChoice, SeriesForm):
    """A series with its second tutor."""

    co_tutor = forms.ChoiceField(
        label=_("Who leads it with you?"),
        help_text=_(
            "Each series has a lay tutor and a clinical tutor. They get a mail and can say yes or no."
        ),
        required=False,
    )

    # The partner is asked for by the service, in words that say why; so the field is not called optional.
    mark_optional = False

    def __init__(self, *args, tutors: Iterable[tuple[User, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["access_notes"].label = _("Getting in and around (optional)")
        self.offer(tutors)


class InviteForm(TutorChoice, PlainForm):
    """Somebody for a free place on the team."""

    nouns = {"co_tutor": _("a tutor to invite")}

    do = forms.CharField(widget=forms.HiddenInput, initial="invite", required=False, max_length=10)
    co_tutor = forms.ChoiceField(label=_("Who would you like to invite?"))

    def __init__(self, *args, kind: str, tutors: Iterable[tuple[User, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(tutors)
        is_lay = kind == SeriesTutor.Kind.LAY
        self.fields["co_tutor"].label = _("Invite a lay tutor") if is_lay else _("Invite a clinical tutor")


def _needs_words(words: str) -> str:
    """What would help the person, under their name. Their words are escaped: a hint may hold mark-up."""
    return format_html("{} <bdi>{}</bdi>", _("What would help:"), words) if words else ""


class RegisterForm(PlainForm):
    """Three large marks for each person; marks may be left for later.

    `needs` are the words of those whom something helps: for them there is also whether it was there.
    """

    mark_optional = False

    def __init__(
        self,
        *args,
        bookings: Sequence[Booking],
        marks: dict[int, str],
        needs: dict[int, str],
        answers: dict[int, NeedsMet],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.needs = needs
        names = first_names([booking.person for booking in bookings])
        self.bookings = list(bookings)
        for booking in self.bookings:
            self.fields[self.key(booking)] = ChoiceRadios(
                label=names[booking.person_id],
                choices=Attendance.Mark.choices,
                required=False,
                inline=True,
                initial=marks.get(booking.pk, ""),
                help_text=_needs_words(needs.get(booking.pk, "")),
            )
            if booking.pk in needs:
                self._ask_whether_met(booking, names[booking.person_id], answers.get(booking.pk))

    def _ask_whether_met(self, booking: Booking, name: str, answer: NeedsMet | None) -> None:
        self.fields[f"met_{booking.pk}"] = ChoiceRadios(
            label=_("Was what helps %(name)s there?") % {"name": name},
            choices=NeedsMet.Outcome.choices,
            required=False,
            inline=True,
            initial=answer.outcome if answer else "",
        )
        self.fields[f"done_{booking.pk}"] = LineField(
            label=_("What you did, or what was missing"),
            name=_("what you did"),
            max_length=200,
            required=False,
            initial=answer.words if answer else "",
        )

    @staticmethod
    def key(booking: Booking) -> str:
        return f"mark_{booking.pk}"

    def marks(self) -> dict[int, str]:
        """The marks that were set, by booking."""
        said = {booking.pk: self.cleaned_data[self.key(booking)] for booking in self.bookings}
        return {key: mark for key, mark in said.items() if mark}

    def answers(self) -> dict[int, Answer]:
        """Whether needs were met, by booking, where that was said."""
        said = {key: self.cleaned_data[f"met_{key}"] for key in self.needs}
        return {
            key: Answer(outcome, self.cleaned_data[f"done_{key}"]) for key, outcome in said.items() if outcome
        }
