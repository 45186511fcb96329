"""Sample data for the page that shows every component: for those who build pages, and for the tests."""

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from lms.ui.fields import (
    ChoiceList,
    ChoiceRadios,
    LineField,
    LongTextField,
    PlainDateField,
    PlainEmailField,
    PlainTimeField,
    ScaleField,
    WholeNumberField,
    YesField,
)
from lms.ui.forms import PlainForm


class SampleForm(PlainForm):
    """One field of every kind."""

    words = LineField(
        label=_("What do you want to talk about?"),
        name=_("the topic"),
        max_length=120,
        help_text=_("A few words will do. For example: pain at night."),
    )
    email = PlainEmailField(label=_("Email address"))
    more = LongTextField(label=_("Anything else?"), max_length=200, required=False, rows=3)
    audience = ChoiceRadios(
        label=_("Which of these is you?"),
        name=_("which of these is you"),
        choices=[("patient", _("I live with a condition")), ("professional", _("I work with people who do"))],
        hints={"patient": _("You will learn with Moving on Together.")},
    )
    before = ChoiceRadios(
        label=_("Have you done this before?"), choices=[("yes", _("Yes")), ("no", _("No"))], inline=True
    )
    needs = ChoiceList(
        label=_("What would help you to take part?"),
        choices=[
            ("step_free", _("A place without steps")),
            ("loop", _("A hearing loop")),
            ("large", _("Large print")),
        ],
        required=False,
    )
    day = PlainDateField(label=_("Which day?"), name=_("the day"))
    start = PlainTimeField(label=_("When does it start?"), name=_("the start"))
    places = WholeNumberField(
        label=_("How many places?"), name=_("the number of places"), min_value=4, max_value=20
    )
    confidence = ScaleField(
        label=_("How sure are you that you will do it?"),
        low=_("not at all sure"),
        high=_("very sure"),
        optional=True,
    )
    agree = YesField(label=_("I have read who can see this"), name=_("“I have read who can see this”"))


class FilterForm(PlainForm):
    """What stands on top of a list."""

    near = LineField(label=_("Near which place?"), max_length=60, required=False, width=10)
    when = ChoiceRadios(
        label=_("When?"),
        choices=[("day", _("In the day")), ("evening", _("In the evening"))],
        required=False,
        inline=True,
    )


def guide_context(*, sent: dict | None = None) -> dict:
    """What components/guide.html needs; with `sent`, the form as it comes back."""
    return {
        "form": SampleForm(data=sent) if sent is not None else SampleForm(),
        "filters": FilterForm(),
        "page_of_many": Paginator(range(60), 20).page(2),
        "kinds_of_tag": ["green", "blue", "yellow", "orange", "red", "purple", "grey", "white"],
    }
