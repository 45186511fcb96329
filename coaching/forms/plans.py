"""The forms of the action plan. The same words are asked in practice and for real."""

from django.utils.translation import gettext_lazy as _

from coaching.models import ActionPlan, FollowUp
from coaching.services.plans import MOST
from lms.ui.fields import ChoiceRadios, LineField, LongTextField, PlainDateField, ScaleField
from lms.ui.forms import PlainForm

SURE = {"low": _("Not at all sure"), "high": _("Very sure")}


def line(key: str, label, name, **kwargs) -> LineField:
    return LineField(label=label, name=name, max_length=MOST[key], **kwargs)


def confidence_field(**kwargs) -> ScaleField:
    return ScaleField(
        label=kwargs.pop("label", _("How sure are you that you will do it?")),
        optional=True,
        help_text=kwargs.pop(
            "help_text", _("0 is not at all sure. 10 is very sure. There is no wrong number.")
        ),
        **SURE,
        **kwargs,
    )


def sure_in_words() -> LineField:
    return LineField(
        label=_("Or say it in words"),
        name=_("how sure you are in words"),
        max_length=200,
        required=False,
        help_text=_("For example: not very sure, fairly sure, very sure."),
    )


class PlanWordsForm(PlainForm):
    """One small step in the owner's words, and how sure they are."""

    goal = line(
        "goal",
        _("What would you like to be able to do?"),
        _("what you would like to be able to do"),
        required=False,
        help_text=_("Something that matters to you. For example: play with my grandchildren."),
    )
    why = line("why", _("Why does it matter to you?"), _("why it matters"), required=False)
    importance = ScaleField(
        label=_("How much does it matter?"),
        low=_("Not at all"),
        high=_("Very much"),
        optional=True,
        required=False,
    )
    what = line(
        "what",
        _("I will…"),
        _("what you will do"),
        help_text=_("One small step you can do. For example: walk to the shop."),
    )
    how_much = line("how_much", _("How much?"), _("how much"), help_text=_("For example: for 10 minutes."))
    when = line("when", _("When?"), _("when"), help_text=_("For example: after breakfast."))
    how_often = line(
        "how_often", _("How often?"), _("how often"), help_text=_("For example: on Monday and Thursday.")
    )
    where_with = line(
        "where_with",
        _("Where, and with whom?"),
        _("where and with whom"),
        required=False,
        help_text=_("For example: in the park with Jo."),
    )
    barrier = line("barrier", _("What could get in the way?"), _("what could get in the way"), required=False)
    if_then = line(
        "if_then",
        _("If that happens, what will you do?"),
        _("what you will do then"),
        required=False,
        help_text=_("For example: walk indoors when it rains."),
    )
    support = line("support", _("Who or what could help?"), _("who or what could help"), required=False)
    confidence = confidence_field()
    confidence_words = sure_in_words()

    def words(self) -> dict[str, str]:
        """The plan's text fields by name."""
        return {name: self.cleaned_data.get(name, "") for name in MOST if name in self.fields}


class PlanForm(PlanWordsForm):
    """The words, the days, and who may see it."""

    ONLY_ME = "only-me"

    starts_on = PlainDateField(label=_("Which day will you start?"), name=_("the day you start"))
    follow_up_on = PlainDateField(
        label=_("When shall we ask how it went?"),
        name=_("the day we ask how it went"),
        required=False,
        help_text=_("One or two weeks is a good time. Leave it empty if you do not want to be asked."),
    )
    share_with = ChoiceRadios(label=_("Who may see this plan?"), name=_("who may see this plan"))

    def __init__(self, *args, people: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self.fields["share_with"], people)
        if not people:
            del self.fields["share_with"]


class ShareForm(PlainForm):
    share_with = ChoiceRadios(label=_("Who may see this plan?"), name=_("who may see this plan"))

    def __init__(self, *args, people: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self.fields["share_with"], people)


def _offer(field: ChoiceRadios, people: list[tuple[str, str]]) -> None:
    """Only the owner, or one of `people` (the tie's public id and a name)."""
    field.choices = [
        (PlanForm.ONLY_ME, _("Only me")),
        *((tie_id, _("%(name)s and me") % {"name": name}) for tie_id, name in people),
    ]
    field.widget.hints = {
        tie_id: _(
            "%(name)s sees this plan, how sure you are, and how it goes. You can stop this at any time."
        )
        % {"name": name}
        for tie_id, name in people
    }


class EasierForm(PlainForm):
    """The same plan in smaller words, and how sure they are now."""

    what = line("what", _("I will…"), _("what you will do"))
    how_much = line("how_much", _("How much?"), _("how much"), help_text=_("Could it be less, or shorter?"))
    when = line("when", _("When?"), _("when"), help_text=_("Is there a better time of day?"))
    how_often = line("how_often", _("How often?"), _("how often"), help_text=_("Could it be less often?"))
    where_with = line(
        "where_with",
        _("Where, and with whom?"),
        _("where and with whom"),
        required=False,
        help_text=_("Would it be easier somewhere else, or with somebody?"),
    )
    support = line("support", _("Who or what could help?"), _("who or what could help"), required=False)
    confidence = confidence_field(label=_("How sure are you now?"))
    confidence_words = sure_in_words()

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ActionPlan.WORDING}


class ConfidenceForm(PlainForm):
    confidence = confidence_field(label=_("How sure are you now?"))
    confidence_words = sure_in_words()


class FollowUpForm(PlainForm):
    """How it went, in one press; the rest is there for those who want to say more."""

    done = ChoiceRadios(label=_("How did it go?"), name=_("how it went"), choices=FollowUp.Done.choices)
    helped = LongTextField(
        label=_("What helped?"), name=_("what helped"), max_length=500, rows=2, required=False
    )
    got_in_way = LongTextField(
        label=_("What got in the way?"), name=_("what got in the way"), max_length=500, rows=2, required=False
    )
    learned = LongTextField(
        label=_("What did you learn?"), name=_("what you learned"), max_length=500, rows=2, required=False
    )
    decision = ChoiceRadios(
        label=_("What comes next?"), name=_("what comes next"), choices=FollowUp.Decision.choices
    )
    next_on = PlainDateField(
        label=_("When shall we ask again?"),
        name=_("the day we ask again"),
        required=False,
        help_text=_("Leave it empty if you do not want to be asked."),
    )
    confidence_now = confidence_field(label=_("How sure are you about the next stretch?"), required=False)
