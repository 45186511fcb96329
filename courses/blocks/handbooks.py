"""Blocks that only handbooks have: their parts, room to write by hand, and what is done in a workshop."""

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.blocks import materials, reading
from courses.blocks.reading import PROSE

PAUSES = {"arrive": 10, "break": 20}  # minutes of what is in a session beside its activities


class Chapter(blocks.StructBlock):
    """A new part. It begins on a new page of paper, and stands in the contents."""

    title = blocks.CharBlock(max_length=120)

    class Meta:
        icon = "title"
        label = _("Chapter")
        description = _("A new part. On paper it begins on a new page.")
        preview_value = {"title": _("Before you start")}


class Lines(blocks.StructBlock):
    """Room to write by hand."""

    label = blocks.CharBlock(max_length=250)
    lines = blocks.IntegerBlock(default=4, min_value=1, max_value=30, label=_("Lines to write on"))

    class Meta:
        icon = "edit"
        label = _("Room to write")
        description = _("Lines to write on by hand.")
        preview_value = {"label": _("What matters most to me"), "lines": 3}


class Activity(blocks.StructBlock):
    """Some minutes of a workshop, as both tutors lead it. Only one that is adaptable says what may be changed."""

    title = blocks.CharBlock(max_length=120)
    minutes = blocks.IntegerBlock(min_value=1, max_value=240)
    kind = blocks.ChoiceBlock(choices=[("fixed", _("Fixed")), ("adaptable", _("Adaptable"))])
    leads = blocks.ChoiceBlock(
        choices=[
            ("lay", _("The lay tutor leads")),
            ("clinical", _("The clinical tutor leads")),
            ("both", _("Both lead")),
        ]
    )
    purpose = blocks.TextBlock(max_length=600)
    needs = blocks.ListBlock(
        blocks.CharBlock(max_length=250), min_num=0, default=[], label=_("What it needs")
    )
    steps = blocks.ListBlock(reading.line(), min_num=1, max_num=12)
    say = blocks.TextBlock(max_length=2000, label=_("Words to open with"))
    watch_for = blocks.TextBlock(max_length=1500, label=_("What to watch for"))
    adapt = blocks.TextBlock(max_length=1500, required=False, label=_("What may be changed"))

    def clean(self, value):
        cleaned = super().clean(value)
        may, said = cleaned["kind"] == "adaptable", cleaned["adapt"].strip()
        if may and not said:
            raise _at_adapt(_("Say what may be changed, or make it fixed."))
        if said and not may:
            raise _at_adapt(_("Only an adaptable activity says what may be changed: take out the words."))
        return cleaned

    class Meta:
        icon = "group"
        label = _("Activity")
        description = _("Some minutes of a workshop: what for, who leads, what to do and to say.")
        preview_value = {
            "title": _("The opening round"),
            "minutes": 20,
            "kind": "fixed",
            "leads": "lay",
            "purpose": _("Everybody has spoken once."),
            "needs": [_("Flip chart")],
            "steps": [_("Say your own name first."), _("Go round.")],
            "say": _("Tell us your name, and one thing you look forward to."),
            "watch_for": _("One person takes all the time. Thank them, and go on."),
        }


def _at_adapt(sentence) -> blocks.StructBlockValidationError:
    return blocks.StructBlockValidationError({"adapt": ValidationError(sentence)})


def _plan() -> blocks.StreamBlock:
    """What a session is made of, in its order."""
    return blocks.StreamBlock(
        [
            ("activity", Activity()),
            ("arrive", blocks.StaticBlock(label=_("Arriving, 10 minutes"), icon="user")),
            ("break", blocks.StaticBlock(label=_("Break, 20 minutes"), icon="time")),
        ],
        label=_("Plan"),
        min_num=1,
        max_num=40,
    )


def plan_minutes(plan) -> int:
    """How long all of a plan takes, in minutes."""
    return sum(PAUSES.get(child.block_type) or child.value["minutes"] for child in plan)


class Session(blocks.StructBlock):
    """A meeting of a workshop: its activities written out, whose minutes add up."""

    title = blocks.CharBlock(max_length=120)
    minutes = blocks.IntegerBlock(min_value=1, max_value=600)
    before = blocks.RichTextBlock(features=PROSE, required=False, label=_("What to have ready"))
    plan = _plan()
    after = blocks.RichTextBlock(features=PROSE, required=False, label=_("When it is over"))

    def clean(self, value):
        cleaned = super().clean(value)
        planned = plan_minutes(cleaned["plan"])
        if planned != cleaned["minutes"]:
            sentence = _("The plan takes %(planned)d minutes, and the session has %(minutes)d.") % {
                "planned": planned,
                "minutes": cleaned["minutes"],
            }
            raise blocks.StructBlockValidationError({"minutes": ValidationError(sentence)})
        return cleaned

    class Meta:
        icon = "time"
        label = _("Session")
        description = _("A meeting of a workshop, with all that is done in it. Its minutes have to add up.")
        preview_value = {
            "title": _("Session 1"),
            "minutes": 30,
            "before": format_lazy("<p>{}</p>", _("Chairs in a circle.")),
            "plan": [
                {"type": "arrive", "value": None},
                {"type": "break", "value": None},
            ],
        }


HANDBOOK_BLOCKS: list[tuple[str, blocks.Block]] = [
    ("chapter", Chapter()),
    ("text", reading.Text()),
    ("key_points", reading.KeyPoints()),
    ("do_dont", reading.DoDont()),
    ("steps", reading.Steps()),
    ("details", reading.Details()),
    ("care_card", reading.CareCard()),
    ("drawing", materials.Drawing()),
    ("glossary", materials.Glossary()),
    ("tool_sheet", materials.ToolSheet()),
    ("lines", Lines()),
    ("activity", Activity()),
    ("session", Session()),
]
