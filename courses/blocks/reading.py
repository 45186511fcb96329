"""Blocks to read."""

from django.utils.text import format_lazy
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
        description = _("Words: headings, paragraphs, lists, links.")
        preview_value = format_lazy(
            "<h2>{}</h2><p>{}</p>", _("A visit is short"), _("Begin with what matters most.")
        )


class KeyPoints(blocks.StructBlock):
    """What to take away."""

    heading = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(line())

    class Meta:
        icon = "tick"
        label = _("Key points")
        description = _("Three or four things to take away.")
        preview_value = {
            "heading": _("To take away"),
            "items": [_("Say it first."), _("Ask what comes next.")],
        }


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
        description = _("What helps beside what does not.")
        preview_value = {
            "do": {"heading": _("Do"), "items": [_("Bring your list.")]},
            "dont": {"heading": _("Don't"), "items": [_("Wait for the door.")]},
        }


class Steps(blocks.StructBlock):
    """A numbered way through something."""

    heading = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(line())

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        description = _("A numbered way through something.")
        preview_value = {
            "heading": _("Before the visit"),
            "items": [_("Write down all of it."), _("Choose two.")],
        }


class Details(blocks.StructBlock):
    """Something for those who want to know more; folded."""

    summary = blocks.CharBlock(max_length=200)
    text = blocks.RichTextBlock(features=PROSE)

    class Meta:
        icon = "arrow-down"
        label = _("More, folded")
        description = _("For those who want to know more. Closed until it is opened.")
        preview_value = {
            "summary": _("Where this comes from"),
            "text": format_lazy("<p>{}</p>", _("From people who tried it.")),
        }


class CareCard(blocks.StructBlock):
    """When it cannot wait. The words and numbers come from the site's crisis lines, never from the lesson."""

    kind = blocks.ChoiceBlock(choices=[("urgent", _("Urgent")), ("emergency", _("Emergency"))])

    class Meta:
        icon = "warning"
        label = _("Care card")
        description = _("When it cannot wait. Its words and numbers are the site's own.")
        preview_value = {"kind": "urgent"}


class Voice(blocks.StructBlock):
    """Somebody's words that we made up; the page always says so. Real people's are in `VoiceRecord`."""

    who = blocks.CharBlock(max_length=120)
    text = blocks.RichTextBlock(features=LINE)

    class Meta:
        icon = "openquote"
        label = _("A voice, made up")
        description = _("Words of somebody who is made up. The page says so.")
        preview_value = {
            "who": _("Rosa"),
            "text": format_lazy("<p>{}</p>", _("I say my hardest thing first.")),
        }
