"""Forms of practice that sticks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Commitment
from lms.ui.fields import ChoiceRadios, LongTextField, PlainDateField
from lms.ui.forms import PlainForm


class CommitmentForm(PlainForm):
    """One thing to use in the next visit, and when that is."""

    words = LongTextField(
        label=_("What is the one thing?"),
        name=_("the one thing you want to use"),
        max_length=Commitment.LONGEST,
        rows=2,
        help_text=_("In your own words. Nobody else reads it."),
    )
    visit_on = PlainDateField(
        label=_("When is your next visit?"),
        name=_("the day of your visit"),
        required=False,
        help_text=_("Leave it empty if you do not know yet."),
    )


class UsedForm(PlainForm):
    """How it went."""

    mark_optional = False

    used = ChoiceRadios(label=_("Did you use it?"), name=_("how it went"), choices=Commitment.Used.choices)


class SkillForm(PlainForm):
    """Which lesson is the team's skill of the month."""

    nouns = {"lesson": _("the skill")}

    lesson = forms.ChoiceField(label=_("Skill of this month"))

    def __init__(self, *args, lessons: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lesson"].choices = lessons
