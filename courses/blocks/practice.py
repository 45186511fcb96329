"""Blocks to do something with. Each has an answer that belongs to the learner alone."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.blocks.reading import LINE, PROSE
from courses.consultations import Fault, find_faults, nodes_of
from courses.practices import practice_choices

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
        description = _("A question to write about. Nobody but the writer ever reads the answer.")
        preview_value = {
            "prompt": _("What gets left out most often when you see somebody?"),
            "help": _("Only you can see this."),
        }


class Rewrite(blocks.StructBlock):
    """A sentence to say another way, and one way of saying it to compare with. As private as a reflection."""

    sentence = blocks.TextBlock(max_length=600, label=_("The sentence"))
    task = blocks.TextBlock(max_length=300, label=_("What to change in it"))
    model = blocks.TextBlock(
        max_length=600,
        label=_("One way to say it"),
        help_text=_("Shown beside the learner's own, once that is kept."),
    )
    look_for = blocks.ListBlock(blocks.TextBlock(max_length=250), label=_("What to look for"), min_num=1)
    required = required()

    class Meta:
        icon = "rotate"
        label = _("Say it another way")
        description = _("A sentence that the learner writes anew, and one way of saying it to compare with.")
        preview_value = {
            "sentence": _("“Why don't you go for a walk every day?”"),
            "task": _("Say it so that the other person decides."),
            "model": _("“What would you like to be able to do more of?”"),
            "look_for": [_("It asks, and does not advise."), _("It can not be answered with yes or no.")],
        }


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
        description = _("A question with answers to choose from. Each answer says what it does.")
        preview_value = {
            "question": _("Which opening would you use?"),
            "options": [
                {
                    "text": _("“What matters most to you today?”"),
                    "correct": True,
                    "feedback": _("An open question."),
                },
                {"text": _("“Any problems?”"), "correct": False, "feedback": _("It expects a no.")},
            ],
        }


class Ruler(blocks.StructBlock):
    """0 to 10, as radio buttons."""

    question = blocks.TextBlock(max_length=400)
    low_label = blocks.CharBlock(max_length=60)
    high_label = blocks.CharBlock(max_length=60)
    required = required()

    class Meta:
        icon = "order"
        label = _("Ruler, 0 to 10")
        description = _("How sure, how important: a number from 0 to 10, or none.")
        preview_value = {
            "question": _("How sure are you that you will do it?"),
            "low_label": _("Not at all sure"),
            "high_label": _("Quite sure"),
        }


class Practice(blocks.StructBlock):
    """A rehearsal on the very screen of a real tool. `practice` names one of the registered practices."""

    practice = blocks.ChoiceBlock(choices=practice_choices, label=_("What is rehearsed"))
    intro = blocks.RichTextBlock(features=PROSE)
    scenario = blocks.RichTextBlock(features=PROSE)
    required = required()

    class Meta:
        icon = "form"
        label = _("Practice")
        description = _(
            "The screen of a real tool, tried out on a made-up visit. Nothing is sent to anybody."
        )

    def get_preview_value(self):
        """The first tool that this site has."""
        value = {
            "practice": next((key for key, _label in practice_choices()), ""),
            "intro": f"<p>{_('Try it on a visit that is made up.')}</p>",
            "scenario": f"<p>{_('Ann comes about her knee. She does not sleep well either.')}</p>",
        }
        return self.normalize(value)


class Name(blocks.CharBlock):
    """What one part is called by another: no word, so nobody translates it."""

    def get_translatable_segments(self, value: str) -> list:
        return []

    def deconstruct(self) -> tuple:
        """As the plain block that it is kept as."""
        _path, args, kwargs = super().deconstruct()
        return "wagtail.blocks.CharBlock", args, kwargs


class ConsultationChoice(blocks.StructBlock):
    id = Name(max_length=60)
    say = blocks.TextBlock(max_length=600)
    technique = blocks.CharBlock(max_length=120)
    feedback = blocks.TextBlock(max_length=600)
    next = Name(max_length=60, label=_("Leads to"))


class ConsultationNode(blocks.StructBlock):
    id = Name(max_length=60)
    says = blocks.TextBlock(max_length=600)
    thinks = blocks.TextBlock(max_length=600, label=_("What they do not say aloud"))
    ending = blocks.BooleanBlock(required=False)
    debrief = blocks.RichTextBlock(features=PROSE, required=False)
    choices = blocks.ListBlock(ConsultationChoice(), default=[])


class Consultation(blocks.StructBlock):
    """A dialogue in which the learner chooses what to say, and may step back and try another way."""

    title = blocks.CharBlock(max_length=120)
    scene = blocks.RichTextBlock(features=[*LINE, "ol", "ul"])
    start = Name(max_length=60, label=_("Starts at"))
    nodes = blocks.ListBlock(ConsultationNode(), min_num=2)
    required = required()

    def clean(self, value):
        """Refuses a graph that somebody could get lost in: unreachable, without a way on, or without a debrief."""
        cleaned = super().clean(value)
        found = self.faults_in(cleaned)
        if found:
            raise _beside_their_moments(found)
        return cleaned

    @staticmethod
    def faults_in(value) -> list[Fault]:
        nodes = [node for one in value["nodes"] for node in nodes_of({"nodes": [one]}).values()]
        return find_faults(value["start"], nodes)

    class Meta:
        icon = "group"
        label = _("Consultation")
        description = _("A talk in which the learner picks what to say, and sees what it does.")

    def get_preview_value(self):
        """Two moments: a line to say, and where it leads."""
        say = {
            "id": "ask",
            "say": _("“What else?”"),
            "technique": _("An open question"),
            "feedback": _("She may tell you about the nights."),
            "next": "end",
        }
        hello = {
            "id": "hello",
            "says": _("It's my knee again."),
            "thinks": _("And the nights."),
            "choices": [say],
        }
        end = {
            "id": "end",
            "says": _("Well, I do not sleep."),
            "thinks": _("She asked."),
            "ending": True,
            "debrief": f"<p>{_('You made room for the second topic.')}</p>",
        }
        scene = f"<p>{_('Ann comes about her knee.')}</p>"
        return self.normalize(
            {"title": _("A visit"), "scene": scene, "start": "hello", "nodes": [hello, end]}
        )


def _beside_their_moments(found: list[Fault]) -> blocks.StructBlockValidationError:
    """The faults as the editor shows them: each beside the moment it is about, else above them all."""
    beside: dict[int, list[ValidationError]] = {}
    above = []
    for fault in found:
        error = ValidationError(fault.sentence)
        if fault.place is None:
            above.append(error)
        else:
            beside.setdefault(fault.place, []).append(error)
    moments = {
        place: blocks.StructBlockValidationError(non_block_errors=errors) for place, errors in beside.items()
    }
    nodes = {"nodes": blocks.ListBlockValidationError(block_errors=moments)} if moments else None
    return blocks.StructBlockValidationError(block_errors=nodes, non_block_errors=above)
