"""Forms of the report of a course, and of the page of one learner."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Team
from courses.queries.reports import SORTS, STATES
from lms.ui.fields import LineField, LongTextField
from lms.ui.forms import PlainForm


class SearchForm(PlainForm):
    """Part of a name. It is sent, and stands in no address."""

    once = None
    words = LineField(
        label=_("Find a name"),
        name=_("the name"),
        max_length=100,
        required=False,
        width=20,
        autocomplete="off",
        help_text=_("A part of it is enough. Leave it empty to see everybody."),
    )


class FilterForm(PlainForm):
    """Whom the report shows, and in which order."""

    once = None
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("Everybody")), *((key, words) for key, (words, _rule) in STATES.items())],
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    sort = forms.ChoiceField(
        label=_("Order"), required=False, choices=[(key, words) for key, (words, _order) in SORTS.items()]
    )

    def __init__(self, *args, teams: Iterable[Team] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(team.public_id), team.name) for team in teams]
        if named:
            self.fields["team"].choices = [("", _("All teams")), *named]
        else:
            del self.fields["team"]


class MarkDoneForm(PlainForm):
    """Why a coordinator says that a lesson is done."""

    reason = LongTextField(
        label=_("Why do you mark it as done?"),
        name=_("why you mark it as done"),
        max_length=300,
        rows=3,
        help_text=_("They read this sentence. For example: we did this lesson together at the clinic."),
    )
