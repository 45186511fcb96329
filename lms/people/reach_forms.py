"""Forms about reaching somebody, what helps them take part, and the desk where letters and calls are worked."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.notifications.models import Message
from lms.notifications.work import CALL_OUTCOMES
from lms.people.models import Channel, NeedKind, NeedsMet
from lms.ui.fields import ChoiceList, ChoiceRadios, LineField, LongTextField, YesField
from lms.ui.forms import PlainForm

WAY_HINTS = {
    Channel.MAIL: _("Quick, and you can read it again."),
    Channel.LETTER: _("On paper, in an envelope that says nothing about what is inside."),
    Channel.CALL: _("A coordinator calls and tells you."),
}


class ContactForm(PlainForm):
    """How we reach somebody."""

    way = ChoiceRadios(
        label=_("How shall we reach you?"),
        name=_("how we reach you"),
        choices=Channel.choices,
        hints=WAY_HINTS,
        help_text=_("You get the same messages each way."),
    )
    phone = LineField(
        label=_("Phone number"),
        name=_("the phone number"),
        max_length=40,
        required=False,
        width=20,
        autocomplete="tel",
    )
    best_time = LineField(
        label=_("Best time to call"),
        name=_("the best time"),
        max_length=120,
        required=False,
        help_text=_("For example, weekday mornings."),
    )
    may_leave_message = YesField(
        label=_("You may leave a message"),
        required=False,
        help_text=_("We only say who called, and how to call back."),
    )
    address = LongTextField(
        label=_("Postal address"),
        name=_("the address"),
        max_length=300,
        rows=5,
        required=False,
        autocomplete="street-address",
        help_text=_("As on an envelope, without your name. Six lines or fewer."),
    )
    large_print = YesField(label=_("Letters in large print"), required=False)


class NeedsForm(PlainForm):
    """What helps somebody take part."""

    kinds = ChoiceList(
        label=_("What helps you?"),
        name=_("what helps you"),
        choices=NeedKind.choices,
        required=False,
        help_text=_("Tick all that help. Tick nothing if you need nothing."),
    )
    language = LineField(
        label=_("Which language, for an interpreter?"),
        name=_("the language"),
        max_length=60,
        required=False,
        width=20,
    )
    words = LongTextField(
        label=_("Anything else that helps you"),
        name=_("what else helps you"),
        max_length=500,
        rows=3,
        required=False,
        help_text=_("For example, a seat near the door. You do not need to say why."),
    )


class NeedsForThemForm(NeedsForm):
    """The same, written down by a coordinator."""

    said_so = YesField(
        label=_("They asked me to write this down, and said that coordinators may see it"),
        name=_("what they said"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].label = _("What helps them?")
        self.fields["words"].label = _("Anything else that helps them")


class PostedList(ChoiceList):
    """Letters by their public id. One that somebody else has posted meanwhile is no mistake."""

    worked: QuerySet[Message] = Message.objects.none()

    def valid_value(self, value) -> bool:
        if super().valid_value(value):
            return True
        try:
            public_id = UUID(str(value))
        except ValueError:
            return False
        return self.worked.filter(channel=Channel.LETTER, public_id=public_id).exists()


class PostedForm(PlainForm):
    """Which of the waiting letters are in the post now."""

    letters = PostedList(
        label=_("Which letters have you posted?"), name=_("the letters you posted"), choices=[]
    )

    def __init__(self, *args, letters: Iterable[Message], worked: QuerySet[Message], **kwargs):
        """`letters` that wait; `worked` are all that the person works, posted or not."""
        super().__init__(*args, **kwargs)
        self.fields["letters"].worked = worked
        self.fields["letters"].choices = [
            (str(one.public_id), f"{recipient(one)}: {one.subject}") for one in letters
        ]


class CallForm(PlainForm):
    """How a call went; and where the person's needs are known, whether they were met."""

    outcome = ChoiceRadios(
        label=_("How did the call go?"),
        name=_("how the call went"),
        choices=[(one.value, one.label) for one in CALL_OUTCOMES],
    )

    def __init__(self, *args, asks_needs: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if asks_needs:
            self.fields["met"] = ChoiceRadios(
                label=_("Did they have what helps them?"),
                choices=NeedsMet.Outcome.choices,
                required=False,
                inline=True,
            )
            self.fields["met_words"] = LineField(
                label=_("What you did, or what was missing"),
                name=_("what you did"),
                max_length=200,
                required=False,
            )


def recipient(message: Message) -> str:
    """Whom a message is to, as the desk shows it; of a bare address no more than its ends."""
    if message.to is not None:
        return message.to.display_name
    name, _at, host = message.address.partition("@")
    return f"{name[:1]}…@{host}" if host else str(_("Somebody who has left"))
