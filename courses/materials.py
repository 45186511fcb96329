"""Materials made ready for their templates: plain values, with which a lesson can be drawn without asking for them again.

Only a voice is left out of what is kept: its words are put in at each request, while the person agrees.
"""

from collections.abc import Callable
from typing import Any

from django.templatetags.static import static
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.blocks import StructValue
from wagtail.images import get_image_model
from wagtail.images.shortcuts import get_rendition_or_not_found

from courses.drawings import drawings
from courses.models import Recording
from courses.queries.voices import shown_by_id

Ready = dict[str, Any]
# A column of text, and the same on a screen with twice as many dots.
WIDTHS = ("max-720x1200", "max-1440x2400")


def _paragraphs(words: str) -> SafeString:
    return mark_safe(linebreaks(words, autoescape=True))


def _picture(value: StructValue) -> Ready | None:
    image = value["image"]
    if not isinstance(image, get_image_model()):
        return None
    small, large = (get_rendition_or_not_found(image, width) for width in WIDTHS)
    more = f"{small.url} {small.width}w, {large.url} {large.width}w" if large.width > small.width else ""
    return _described(value) | {
        "src": small.url,
        "srcset": more,
        "width": small.width,
        "height": small.height,
    }


def _drawing(value: StructValue) -> Ready | None:
    file = drawings().get(value["name"])
    if file is None:
        return None
    return _described(value) | {
        "drawing": file.name,
        "src": static(file.path),
        "width": file.width,
        "height": file.height,
    }


def _described(value: StructValue) -> Ready:
    alt = "" if value.get("decorative") else value["alt"]
    return {"alt": alt, "caption": value.get("caption")}


def _recording(value: StructValue) -> Ready | None:
    recording = value["recording"]
    if recording is None:
        return None
    return {
        "kind": recording.kind,
        "title": recording.title,
        "minutes": max(1, round(recording.seconds / 60)),
        "language": recording.language,
        "src": recording.file.url,
        "captions": recording.captions.url,
        "transcript": _paragraphs(recording.transcript),
    }


def _glossary(value: StructValue) -> Ready | None:
    terms = [term for term in value["terms"] if term is not None]
    return {"terms": [{"term": one.term, "means": one.explanation} for one in terms]} if terms else None


def _voice(value: StructValue) -> Ready | None:
    return {"voice_pk": value["voice"].pk} if value["voice"] else None


MATERIALS: dict[str, Callable[[StructValue], Ready | None]] = {
    "image": _picture,
    "drawing": _drawing,
    "recording": _recording,
    "glossary": _glossary,
    "voice_record": _voice,
}


def with_voices(blocks: list[Ready], *, asked: bool = True) -> list[Ready]:
    """The blocks with the words of those who agree to be heard today; a voice that may not be heard is not among them."""
    there = {block["voice_pk"] for block in blocks if "voice_pk" in block}
    if not there:
        return blocks
    voices = shown_by_id(there) if asked else {}
    return [
        _heard(block, voices[block["voice_pk"]]) if "voice_pk" in block else block
        for block in blocks
        if "voice_pk" not in block or block["voice_pk"] in voices
    ]


def _heard(block: Ready, voice: Any) -> Ready:
    """Drawn each time: what is drawn of a voice must not outlive its consent."""
    words = {"who": voice.who, "words": _paragraphs(voice.words), "language": voice.language}
    return {name: value for name, value in block.items() if name != "kept_as"} | words


# Examples for the editor, of what an author has to bring along.
PREVIEWS: dict[str, Callable[[], Ready]] = {
    "image": lambda: {
        "src": static("images/logo.svg"),
        "width": 64,
        "height": 64,
        "alt": _("A picture"),
        "caption": _("Words below it"),
    },
    "recording": lambda: {
        "kind": Recording.Kind.AUDIO,
        "title": _("Two minutes before a visit"),
        "minutes": 2,
        "transcript": _paragraphs(_("All that is said stands here, to read.")),
    },
    "glossary": lambda: {
        "terms": [{"term": _("Agenda"), "means": _("The list of what you talk about at a visit.")}]
    },
    "voice_record": lambda: {"who": _("Rosa"), "words": _paragraphs(_("I say my hardest thing first."))},
}
