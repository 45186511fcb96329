"""Blocks that show what is kept elsewhere: pictures, drawings, recordings, people's own words, explained words; and sheets."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.blocks.reading import PROSE
from courses.drawings import drawing_choices


class MaterialChooser(SnippetChooserBlock):
    """Chooses one of the materials. They are numbered by UUIDs, which a stream keeps as text."""

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        return super().bulk_to_python([_uuid(value) for value in values])

    def to_python(self, value: Any) -> Any:
        return self.bulk_to_python([value])[0]

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(value.pk)

    def get_form_state(self, value: Any) -> dict[str, Any] | None:
        """What the editor is given as JSON, which knows no UUID."""
        state = super().get_form_state(value)
        return state and state | {"id": str(state["id"])}


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


class Described(blocks.StructBlock):
    """Something to look at: what it shows is said in words, or it shows nothing that anybody would miss."""

    def clean(self, value):
        cleaned = super().clean(value)
        said, decorative = cleaned["alt"].strip(), cleaned["decorative"]
        if not said and not decorative:
            raise blocks.StructBlockValidationError(
                {"alt": ValidationError(_("Say what it shows, or tick that it is only decoration."))}
            )
        if said and decorative:
            raise blocks.StructBlockValidationError(
                {"decorative": ValidationError(_("It cannot be both: take out the words, or untick this."))}
            )
        return cleaned


def alt() -> blocks.CharBlock:
    return blocks.CharBlock(
        max_length=250, required=False, label=_("What it shows"),
        help_text=_("Read aloud to those who cannot see it."),
    )  # fmt: skip


def decorative() -> blocks.BooleanBlock:
    return blocks.BooleanBlock(required=False, label=_("Only decoration: nobody misses it who cannot see it"))


def caption() -> blocks.CharBlock:
    return blocks.CharBlock(max_length=250, required=False, label=_("Words below it"))


class Picture(Described):
    image = ImageChooserBlock(label=_("Picture"))
    alt = alt()
    decorative = decorative()
    caption = caption()

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("A photo or a picture, and words for those who cannot see it.")
        preview_value: dict = {}


class Drawing(Described):
    """A line drawing that comes with the software, in any size as sharp."""

    name = blocks.ChoiceBlock(choices=drawing_choices, label=_("Drawing"))
    alt = alt()
    decorative = decorative()
    caption = caption()

    class Meta:
        icon = "image"
        label = _("Drawing")
        description = _("One of the drawings of this course.")
        preview_value = {"name": "symptom-cycle", "alt": _("How symptoms feed each other, in a circle.")}


class ShownRecording(blocks.StructBlock):
    """A sound or a film, with its captions and its transcript: a recording is not kept without them."""

    recording = MaterialChooser("courses.Recording", label=_("Recording"))

    class Meta:
        icon = "media"
        label = _("Sound or film")
        description = _("A recording of our own, with captions, and with its words to read.")
        preview_value: dict = {}


class ConsentedVoice(blocks.StructBlock):
    """Words of somebody who took part, for as long as they agree."""

    voice = MaterialChooser("courses.VoiceRecord", label=_("Voice"))

    class Meta:
        icon = "openquote"
        label = _("A voice of somebody who took part")
        description = _("Somebody's own words. They are gone from the page once that person says no.")
        preview_value: dict = {}


class Glossary(blocks.StructBlock):
    """Words that not everybody knows, each explained the same wherever it stands."""

    terms = blocks.ListBlock(MaterialChooser("courses.GlossaryTerm", label=_("Word")), min_num=1, max_num=12)

    class Meta:
        icon = "help"
        label = _("Words explained")
        description = _("Words that not everybody knows, in plain words.")
        preview_value: dict = {}


class SheetRow(blocks.StructBlock):
    prompt = blocks.CharBlock(max_length=200)
    help = blocks.TextBlock(max_length=300, required=False)
    lines = blocks.IntegerBlock(default=3, min_value=1, max_value=12, label=_("Lines to write on"))


class ToolSheet(blocks.StructBlock):
    """A sheet to write on with a pen: seen here, printed, or saved as a PDF."""

    title = blocks.CharBlock(max_length=120)
    intro = blocks.RichTextBlock(features=PROSE, required=False)
    rows = blocks.ListBlock(SheetRow(), min_num=1, max_num=12)

    class Meta:
        icon = "clipboard-list"
        label = _("Sheet to write on")
        description = _("A sheet of paper: to print, or to save as a PDF.")
        preview_value = {
            "title": _("My list for the visit"),
            "rows": [{"prompt": _("What matters most to me today"), "lines": 2}],
        }
