"""Recordings come in as MP3, M4A, MP4 or WEBM, are walked through part by part, and are kept as they came.

They cannot be written again without a program that decodes them, so all of the file must be what its kind consists of: sound and
pictures, in the forms that browsers play, and nothing before, between or after.

Sources: ISO 11172-3 (frames of MP3), ID3v2.3; ISO 14496-12 (boxes of MP4); RFC 8794 and RFC 9559 (elements of WEBM).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lms.core.errors import RuleBroken
from lms.uploads.hidden import has_active_words, has_another_file
from lms.uploads.limits import MEGABYTE
from lms.uploads.names import ending_of
from lms.uploads.recording_shapes import Shape, mp3_shape, mp4_shape, not_whole, something_else, webm_shape

AUDIO, VIDEO = "audio", "video"


@dataclass(frozen=True)
class Kind:
    """A format of recordings. `declared` is what browsers call it when they send one, `served` what we call it."""

    ending: str
    declared: tuple[str, ...]
    served: str
    shape_of: Callable[[bytes], Shape]
    may_show: bool  # whether there may be pictures in it

    def begins(self, content: bytes) -> bool:
        if self.ending == "mp3":
            return content.startswith(b"ID3") or (content[:1] == b"\xff" and content[1:2] >= b"\xe0")
        if self.ending == "webm":
            return content.startswith(b"\x1aE\xdf\xa3")
        return content[4:8] == b"ftyp"


KINDS = {
    kind.ending: kind
    for kind in [
        Kind("mp3", ("audio/mpeg", "audio/mp3"), "audio/mpeg", mp3_shape, may_show=False),
        Kind("m4a", ("audio/mp4", "audio/x-m4a", "audio/m4a"), "audio/mp4", mp4_shape, may_show=False),
        Kind("mp4", ("video/mp4",), "video/mp4", mp4_shape, may_show=True),
        Kind("webm", ("video/webm", "audio/webm"), "video/webm", webm_shape, may_show=True),
    ]
}


@dataclass(frozen=True)
class Recorded:
    """What a recording was found to be: "audio" or "video", and how long it lasts."""

    kind: str
    seconds: int
    ending: str


def check_recording(*, name: str, content_type: str, content: bytes) -> Recorded:
    """Refuses all but one whole recording that browsers play: by its name, its declared type and all of its parts.

    Attached files, other tracks than sound and pictures, parts that lie elsewhere, and the place where it was made are refused.
    Takes a few MB more than the file, and two seconds for the largest one.
    """
    kind = KINDS.get(ending_of(name))
    if kind is None:
        raise RuleBroken(
            _("This kind of file cannot be used here. Choose a recording that is MP3, M4A, MP4 or WEBM.")
        )
    if content_type not in kind.declared or not kind.begins(content):
        raise RuleBroken(
            _("This file is not the %(kind)s recording that its name says. Save it again as MP3 or MP4.")
            % {"kind": kind.ending.upper()}
        )
    shape = kind.shape_of(content)
    if _has_active_words(content) or has_another_file(content):
        raise something_else()
    if shape.has_pictures and not kind.may_show:
        raise RuleBroken(_("There is a film in this sound file. Give it a name that ends in .mp4."))
    if not 0 < shape.seconds < 4 * 60 * 60:
        raise not_whole()
    return Recorded(VIDEO if shape.has_pictures else AUDIO, max(1, round(shape.seconds)), kind.ending)


def _has_active_words(content: bytes) -> bool:
    """Piece by piece, each with the beginning of the next, so that no copy of the whole is made."""
    return any(has_active_words(content[at : at + MEGABYTE + 32]) for at in range(0, len(content), MEGABYTE))
