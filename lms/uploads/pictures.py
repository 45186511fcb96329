"""Pictures come in as JPEG, PNG, WEBP or GIF, and are written again before they are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from lms.core.errors import RuleBroken
from lms.uploads.hidden import has_active_words, has_another_file
from lms.uploads.names import ending_of
from lms.uploads.picture_shapes import (
    Size,
    damaged,
    gif_size,
    jpeg_size,
    png_size,
    something_hidden,
    webp_size,
)

PLAIN_MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA"}


@dataclass(frozen=True)
class Kind:
    """A format of pictures. Its ending, what the browser calls it and how it begins must agree."""

    name: str
    endings: tuple[str, ...]
    content_type: str
    begins: tuple[bytes, ...]
    size_of: Callable[[bytes], Size]

    def fits(self, content: bytes) -> bool:
        return content.startswith(self.begins) and (self.name != "WEBP" or content[8:12] == b"WEBP")


KINDS = [
    Kind("JPEG", ("jpg", "jpeg"), "image/jpeg", (b"\xff\xd8\xff",), jpeg_size),
    Kind("PNG", ("png",), "image/png", (b"\x89PNG\r\n\x1a\n",), png_size),
    Kind("WEBP", ("webp",), "image/webp", (b"RIFF",), webp_size),
    Kind("GIF", ("gif",), "image/gif", (b"GIF87a", b"GIF89a"), gif_size),
]
ENDINGS = [ending for kind in KINDS for ending in kind.endings]


@dataclass(frozen=True)
class Picture:
    content: bytes
    ending: str
    content_type: str


def clean_picture(*, name: str, content_type: str, content: bytes) -> Picture:
    """The picture, written anew: the same dots, turned the right way up, and nothing else that was in the file.

    Where and with what a photo was taken is gone, and so are words, profiles and previews. Refuses whatever is not
    one picture that stands still, of one of the four kinds by its name, its declared type and its first bytes alike.
    Takes up to 150 MB and three seconds for the largest picture allowed.
    """
    kind = _kind_by_name(name)
    if content_type != kind.content_type or not kind.fits(content):
        raise RuleBroken(
            _("This file is not the %(kind)s picture that its name says. Save it again as JPEG or PNG.")
            % {"kind": kind.name}
        )
    size = kind.size_of(content)
    if has_active_words(content) or has_another_file(content):
        raise something_hidden()
    return Picture(_written_again(content, kind, size), kind.endings[0], kind.content_type)


def _kind_by_name(name: str) -> Kind:
    ending = ending_of(name)
    for kind in KINDS:
        if ending in kind.endings:
            return kind
    raise RuleBroken(_("This kind of file cannot be used here. Choose a JPEG, PNG, WEBP or GIF picture."))


def _written_again(content: bytes, kind: Kind, size: Size) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=[kind.name]) as image:
            if image.size != size:
                raise damaged()
            image.load()
            if image.mode not in PLAIN_MODES | {"CMYK"}:
                raise RuleBroken(
                    _("The colours of this picture cannot be shown here. Save it again as JPEG or 8-bit PNG.")
                )
            ImageOps.exif_transpose(image, in_place=True)
            return _saved(image, kind, is_lossless=b"VP8L" in content[12:64])
    except RuleBroken:
        raise
    # A hostile file may break its reader in any way: each of them means that it is no picture.
    except Exception:
        raise damaged() from None


def _saved(image: Image.Image, kind: Kind, *, is_lossless: bool) -> bytes:
    see_through = image.info.get("transparency")
    # Pillow writes what it finds here: the profile, the comment, where the photo was taken.
    image.info.clear()
    options: dict[str, object] = {}
    if kind.name == "JPEG":
        options = {"quality": 90, "progressive": True}
    elif kind.name == "WEBP":
        options = {"lossless": True} if is_lossless else {"quality": 90}
    elif see_through is not None:
        options = {"transparency": see_through}
    if kind.name == "JPEG" and image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    written = BytesIO()
    image.save(written, kind.name, **options)
    return written.getvalue()
