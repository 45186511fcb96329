"""Blocks to read."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

PROSE = ["h2", "h3", "bold", "italic", "link", "ol", "ul"]
LINE = ["bold", "italic", "link"]


def line() -> blocks.RichTextBlock:
    """One line of a list; a few words in it may be bold."""
    return blocks.RichTextBlock(features=LINE, max_length=400)


class Text(blocks.RichTextBlock):
    """Words at reading width."""

    def __init__(self, **options):
        super().__init__(**({"features": PROSE, "label": _("Text")} | options))

    class Meta:
        icon = "doc-full"


class KeyPoints(blocks.StructBlock):
    """What to take away."""

    heading = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(line())

    class Meta:
        icon = "tick"
        label = _("Key points")


class DoOrDont(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(line())


class DoDont(blocks.StructBlock):
    """What helps beside what does not."""

    do = DoOrDont()
    dont = DoOrDont()

    class Meta:
        icon = "list-ul"
        label = _("Do and don't")


class Steps(blocks.StructBlock):
    """A numbered way through something."""

    heading = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(line())

    class Meta:
        icon = "list-ol"
        label = _("Steps")


class Details(blocks.StructBlock):
    """Something for those who want to know more; folded."""

    summary = blocks.CharBlock(max_length=200)
    text = blocks.RichTextBlock(features=PROSE)

    class Meta:
        icon = "arrow-down"
        label = _("More, folded")


class CareCard(blocks.StructBlock):
    """When it cannot wait. The words and numbers come from the site's crisis lines, never from the lesson."""

    kind = blocks.ChoiceBlock(choices=[("urgent", _("Urgent")), ("emergency", _("Emergency"))])

    class Meta:
        icon = "warning"
        label = _("Care card")


class Voice(blocks.StructBlock):
    """Somebody's words. One that is made up says so on the page."""

    who = blocks.CharBlock(max_length=120)
    made_up = blocks.BooleanBlock(
        required=False, default=True, help_text=_("Untick only with that person's written consent.")
    )
    text = blocks.RichTextBlock(features=LINE)

    class Meta:
        icon = "openquote"
        label = _("A voice")
