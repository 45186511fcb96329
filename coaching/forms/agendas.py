"""The forms of the agenda."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coaching.models import Agenda, AgendaItem
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

PLACES = [(1, _("It matters most")), (2, _("Second")), (3, _("Third")), (0, _("After my first three"))]


def topic_field(label, *, required: bool = False, **kwargs) -> LineField:
    return LineField(label=label, max_length=AgendaItem.MOST_CHARACTERS, required=required, **kwargs)


def minutes_field(label) -> WholeNumberField:
    return WholeNumberField(
        label=label,
        name=_("the number of minutes"),
        required=False,
        width=3,
        min_value=1,
        max_value=AgendaItem.MOST_MINUTES,
    )


class AgendaForm(PlainForm):
    """A new agenda: what matters, up to three topics in order, and when the visit is."""

    TOPICS = ["topic_1", "topic_2", "topic_3"]
    MINUTES = ["minutes_1", "minutes_2", "minutes_3"]

    what_matters = LongTextField(
        label=_("What matters most to you at the moment?"),
        name=_("what matters most to you"),
        max_length=500,
        rows=3,
        required=False,
        help_text=_("In your own words. You can leave this empty."),
    )
    topic_1 = topic_field(_("First topic"), name=_("the first topic"), required=True)
    topic_2 = topic_field(_("Second topic"), name=_("the second topic"))
    topic_3 = topic_field(_("Third topic"), name=_("the third topic"))
    minutes_1 = minutes_field(_("Minutes for the first topic"))
    minutes_2 = minutes_field(_("Minutes for the second topic"))
    minutes_3 = minutes_field(_("Minutes for the third topic"))
    visit_on = PlainDateField(label=_("Which day is the visit?"), name=_("the day of the visit"))
    visit_at = PlainTimeField(label=_("What time?"), name=_("the time of the visit"), required=False)
    minutes = WholeNumberField(
        label=_("How many minutes do you have together?"),
        name=_("the minutes you have together"),
        required=False,
        min_value=Agenda.FEWEST_MINUTES,
        max_value=Agenda.MOST_MINUTES,
        width=3,
        help_text=_("Often 10 or 15. Leave it empty if you do not know."),
    )
    share = YesField(label=_("Yes, we both may see this list"), name=_("“Yes, we both may see this list”"))

    def __init__(self, *args, is_patient: bool, needs_share: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_patient:
            del self.fields["what_matters"]
            self.fields["minutes"].help_text = ""
        if not needs_share:
            del self.fields["share"]

    def topics(self) -> list[tuple[str, int | None]]:
        """The topics written, in order, with the minutes each may take."""
        data = self.cleaned_data
        pairs = zip(self.TOPICS, self.MINUTES, strict=True)
        return [(data[topic], data.get(minutes)) for topic, minutes in pairs if data.get(topic)]


class TopicForm(PlainForm):
    words = LineField(
        label=_("What do you want to talk about?"), name=_("the topic"), max_length=AgendaItem.MOST_CHARACTERS
    )
    priority = ChoiceRadios(
        label=_("How much does it matter to you?"), name=_("how much it matters"), choices=PLACES
    )
    minutes_asked = minutes_field(_("About how many minutes may it take?"))


class LaterForm(PlainForm):
    until = PlainDateField(
        label=_("When will you come back to it?"),
        name=_("the day you will come back to it"),
        help_text=_("A day after this visit, so that the topic is not lost."),
    )
    reason = LineField(label=_("Why later?"), name=_("the reason"), max_length=200, required=False)


class LeaveOutForm(PlainForm):
    reason = LineField(
        label=_("Why leave it out?"),
        name=_("the reason"),
        max_length=200,
        help_text=_("One short sentence. The other person reads it."),
    )


class MoveForm(forms.Form):
    """One press on the agenda's page: which move, of which topic, of which state of the list."""

    AGREE, WITHDRAW, BRING_BACK, VOICE, TELL = "agree", "withdraw", "bring_back", "voice", "tell"

    move = forms.ChoiceField(choices=[(m, m) for m in (AGREE, WITHDRAW, BRING_BACK, VOICE, TELL)])
    item = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    on_seq = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
