"""Practice blocks in which lines are put somewhere: into groups, or into an order."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.blocks.practice import required


class SortLine(blocks.StructBlock):
    text = blocks.TextBlock(max_length=300)
    feedback = blocks.TextBlock(max_length=600, help_text=_("Why it belongs here. Everybody reads it."))

    class Meta:
        label = _("Line")


class SortGroup(blocks.StructBlock):
    name = blocks.CharBlock(max_length=60)
    items = blocks.ListBlock(SortLine(), label=_("Lines that belong here"), min_num=1)

    class Meta:
        label = _("Group")


class Sort(blocks.StructBlock):
    """Lines to sort into groups; they are shown mixed. Nobody is marked: each line teaches something."""

    question = blocks.TextBlock(max_length=600)
    groups = blocks.ListBlock(SortGroup(), min_num=2, max_num=4)
    required = required()

    class Meta:
        icon = "list-ul"
        label = _("Sort into groups")
        description = _("Lines that the learner puts into two to four groups, and what each line teaches.")
        preview_value = {
            "question": _("Does the line open the talk, or close it?"),
            "groups": [
                {
                    "name": _("Opens"),
                    "items": [{"text": _("“What else?”"), "feedback": _("It expects that there is more.")}],
                },
                {
                    "name": _("Closes"),
                    "items": [
                        {"text": _("“Anything else?” at the door"), "feedback": _("It expects a no.")},
                        {"text": _("“We will see.”"), "feedback": _("It gives no day and no name.")},
                    ],
                },
            ],
        }


class OrderLine(blocks.StructBlock):
    text = blocks.TextBlock(max_length=300)
    feedback = blocks.TextBlock(max_length=600, help_text=_("Why it comes here. Everybody reads it."))

    class Meta:
        label = _("Line")


class Order(blocks.StructBlock):
    """Lines to put in order. The author writes them in the order that works; they are shown mixed."""

    question = blocks.TextBlock(max_length=600)
    items = blocks.ListBlock(OrderLine(), label=_("Lines, in the order that works"), min_num=3, max_num=10)
    required = required()

    class Meta:
        icon = "list-ol"
        label = _("Put in order")
        description = _("Lines that the learner moves up and down, and why each comes where it does.")
        preview_value = {
            "question": _("You open a visit. What comes first?"),
            "items": [
                {"text": _("Say what time there is"), "feedback": _("Then both know the frame.")},
                {"text": _("Ask what matters"), "feedback": _("Their list comes before yours.")},
                {"text": _("Agree on an order"), "feedback": _("You need the whole list for that.")},
            ],
        }
