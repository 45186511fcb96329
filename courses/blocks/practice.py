"""Blocks to do something with. Each has an answer that belongs to the learner alone."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.blocks.reading import LINE, PROSE
from courses.consultations import faults, nodes_of

REQUIRED_HELP = _("Asked for before the lesson counts as done, where the lesson's rule is “answers”.")


def required() -> blocks.BooleanBlock:
    return blocks.BooleanBlock(required=False, help_text=REQUIRED_HELP)


class Reflection(blocks.StructBlock):
    """A private journal entry. Nobody but its writer reads it."""

    prompt = blocks.TextBlock(max_length=500)
    help = blocks.TextBlock(max_length=500, required=False)
    required = required()

    class Meta:
        icon = "edit"
        label = _("Reflection")


class ChoiceOption(blocks.StructBlock):
    text = blocks.TextBlock(max_length=400)
    correct = blocks.BooleanBlock(required=False, label=_("Helps most here"))
    feedback = blocks.TextBlock(max_length=600)


class ChoiceQuestion(blocks.StructBlock):
    """A question with answers to choose from; each answer teaches something. Nobody is marked."""

    question = blocks.TextBlock(max_length=600)
    multiple = blocks.BooleanBlock(required=False, label=_("More than one may be chosen"))
    required = required()
    options = blocks.ListBlock(ChoiceOption(), min_num=2)

    class Meta:
        icon = "radio-full"
        label = _("Choice")


class Ruler(blocks.StructBlock):
    """0 to 10, as radio buttons."""

    question = blocks.TextBlock(max_length=400)
    low_label = blocks.CharBlock(max_length=60)
    high_label = blocks.CharBlock(max_length=60)
    required = required()

    class Meta:
        icon = "order"
        label = _("Ruler, 0 to 10")


class Practice(blocks.StructBlock):
    """A rehearsal on the very screen of a real tool. `practice` names one of the registered practices."""

    practice = blocks.CharBlock(
        max_length=60, help_text=_("For example coaching.agenda or coaching.action_plan")
    )
    intro = blocks.RichTextBlock(features=PROSE)
    scenario = blocks.RichTextBlock(features=PROSE)
    required = required()

    class Meta:
        icon = "form"
        label = _("Practice")


class ConsultationChoice(blocks.StructBlock):
    id = blocks.CharBlock(max_length=60)
    say = blocks.TextBlock(max_length=600)
    technique = blocks.CharBlock(max_length=120)
    feedback = blocks.TextBlock(max_length=600)
    next = blocks.CharBlock(max_length=60, label=_("Leads to"))


class ConsultationNode(blocks.StructBlock):
    id = blocks.CharBlock(max_length=60)
    says = blocks.TextBlock(max_length=600)
    thinks = blocks.TextBlock(max_length=600, label=_("What they do not say aloud"))
    ending = blocks.BooleanBlock(required=False)
    debrief = blocks.RichTextBlock(features=PROSE, required=False)
    choices = blocks.ListBlock(ConsultationChoice(), default=[])


class Consultation(blocks.StructBlock):
    """A dialogue in which the learner chooses what to say, and may step back and try another way."""

    title = blocks.CharBlock(max_length=120)
    scene = blocks.RichTextBlock(features=[*LINE, "ol", "ul"])
    start = blocks.CharBlock(max_length=60, label=_("Starts at"))
    nodes = blocks.ListBlock(ConsultationNode(), min_num=2)
    required = required()

    def clean(self, value):
        """Refuses a graph that somebody could get lost in: unreachable, without a way on, or without a debrief."""
        cleaned = super().clean(value)
        nodes = [node for one in cleaned["nodes"] for node in nodes_of({"nodes": [one]}).values()]
        found = faults(cleaned["start"], nodes)
        if found:
            raise blocks.StructBlockValidationError(
                non_block_errors=[ValidationError(fault) for fault in found]
            )
        return cleaned

    class Meta:
        icon = "group"
        label = _("Consultation")
