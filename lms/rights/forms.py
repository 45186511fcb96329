"""Forms about what is held: to have it gone, and how long it stays."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.people.forms import AddressOrNameField
from lms.rights.models import Erasure
from lms.rights.periods import CLASSES
from lms.rights.services.retention import LONGEST_DAYS
from lms.ui.fields import ChoiceRadios, LineField, WholeNumberField, YesField
from lms.ui.forms import PlainForm


class EraseForm(PlainForm):
    """A word to type, so that nobody is erased by one press."""

    word = LineField(
        label=_("Type the word erase"),
        name=_("the word erase"),
        max_length=20,
        width=10,
        autocomplete="off",
    )

    def clean_word(self) -> str:
        if self.cleaned_data["word"].casefold() != gettext("erase").casefold():
            raise ValidationError(_("Type the word erase, with nothing else."))
        return self.cleaned_data["word"]


class EraseForThemForm(PlainForm):
    """Somebody without email asked a coordinator, who made sure who asks."""

    how = ChoiceRadios(
        label=_("How did they ask?"),
        name=_("how they asked"),
        choices=[choice for choice in Erasure.Asked.choices if choice[0] != Erasure.Asked.SELF],
    )
    sure = YesField(
        label=_("I made sure that it is this person who asks, and they know what goes."),
        name=_("that you made sure"),
    )


class PeriodForm(PlainForm):
    """How many days one class is kept."""

    key = forms.ChoiceField(
        label=_("What"), choices=lambda: [(one.key, one.label) for one in CLASSES.values()]
    )
    days = WholeNumberField(
        label=_("Days to keep it"),
        name=_("the days to keep it"),
        min_value=1,
        max_value=LONGEST_DAYS,
        required=False,
        width=5,
        help_text=_("Leave it empty to keep it for ever."),
    )


class HoldForm(PlainForm):
    """Whose data must stay, and why."""

    email = AddressOrNameField(
        label=_("Their email address or sign-in name"),
        name=_("their email address or sign-in name"),
        autocomplete="off",
    )
    reason = LineField(
        label=_("Why must it stay?"),
        name=_("why it must stay"),
        max_length=200,
        help_text=_("The person reads this. Write a whole sentence."),
    )
