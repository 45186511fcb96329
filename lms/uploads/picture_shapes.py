"""The shape of a picture file, read without opening the picture.

Each reader walks through all the parts of its format and refuses what a picture that stands still has no need for: more than one
image, parts that open into more than they say, anything after the end. It returns the size that the file claims. Sizes are
looked at before anything is opened, so that a claim costs nothing.

Sources: PNG (W3C, third edition), GIF89a, RFC 9649 (WebP), ITU-T T.81 (JPEG), CIPA DC-007 (multi-picture files).
"""

import re
import struct
import zlib

from django.utils.translation import gettext_lazy as _

from lms.core.errors import RuleBroken
from lms.uploads.limits import MEGABYTE, MOST_PIXELS, MOST_PIXELS_OF_WEBP, MOST_SIDE

MOST_PARTS = 50_000
MOST_SCANS = 20
MOST_OF_A_TEXT = MEGABYTE
Size = tuple[int, int]


def damaged() -> RuleBroken:
    return RuleBroken(
        _("This picture is damaged, or is not a picture. Open it in a picture program and save it again.")
    )


def something_hidden() -> RuleBroken:
    return RuleBroken(
        _("There is something else inside this picture. Open it in a picture program and save it again.")
    )


def moving() -> RuleBroken:
    return RuleBroken(_("This picture moves. Choose one that stands still."))


def checked_size(width: int, height: int, most: int = MOST_PIXELS) -> Size:
    if width < 1 or height < 1:
        raise damaged()
    if width > MOST_SIDE or height > MOST_SIDE or width * height > most:
        raise RuleBroken(
            _(
                "This picture is too large. It may have %(pixels)s million pixels, and %(side)s on each side. "
                "Make it smaller."
            )
            % {"pixels": most // 1_000_000, "side": f"{MOST_SIDE:,}"}
        )
    return width, height


# ---------------------------------------------------------------- PNG

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def png_size(content: bytes) -> Size:
    at, size, opened, row_bytes, ended = 8, None, 0, 0, False
    inflater = zlib.decompressobj()
    for _part in range(MOST_PARTS):
        if at + 12 > len(content):
            raise damaged()
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        at += 12 + length
        if at > len(content) or zlib.crc32(kind + body) != struct.unpack_from(">I", content, at - 4)[0]:
            raise damaged()
        if (kind == b"IHDR") != (size is None):
            raise damaged()
        if kind == b"IHDR":
            if length != 13:
                raise damaged()
            width, height, depth, colour, *_rest = struct.unpack(">IIBBBBB", body)
            size = checked_size(width, height)
            if colour not in CHANNELS:
                raise damaged()
            # An interlaced picture has some rows twice, and each row begins with a byte of its own.
            row_bytes = (width * depth * CHANNELS[colour] + 7) // 8 + 1
            most = (row_bytes + 16) * (height + 16) + (height * 8)
        elif kind in (b"acTL", b"fcTL", b"fdAT"):
            raise moving()
        elif kind == b"IDAT":
            opened = _opened(inflater, body, opened, most)
            ended = ended or inflater.eof
        elif kind in (b"zTXt", b"iTXt", b"iCCP"):
            _look_at_text(kind, body)
        elif kind == b"IEND":
            break
    else:
        raise damaged()
    if at != len(content):
        raise something_hidden()
    if size is None or not ended or opened < row_bytes * size[1] or inflater.unused_data:
        raise damaged()
    return size


def _opened(inflater, body: bytes, opened: int, most: int) -> int:
    """How many bytes came out so far. Stops at the first that the picture has no room for."""
    while body:
        try:
            opened += len(inflater.decompress(body, MEGABYTE))
        except zlib.error:
            raise damaged() from None
        if opened > most:
            raise damaged()
        body = inflater.unconsumed_tail
        if inflater.eof:
            break
    return opened


def _look_at_text(kind: bytes, body: bytes) -> None:
    """Words and colour profiles may be packed: nobody needs more than a megabyte of them."""
    _name, _zero, packed = body.partition(b"\0")
    if kind == b"iTXt":
        if packed[:1] != b"\1":
            return
        packed = b"\0" + packed[2:].split(b"\0", 2)[-1]  # after the language and the translated keyword
    try:
        inflater = zlib.decompressobj()
        text = inflater.decompress(packed[1:], MOST_OF_A_TEXT)
    except zlib.error:
        raise damaged() from None
    if inflater.unconsumed_tail or len(text) >= MOST_OF_A_TEXT:
        raise something_hidden()


# ---------------------------------------------------------------- GIF


def gif_size(content: bytes) -> Size:
    if len(content) < 13:
        raise damaged()
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    size = checked_size(width, height)
    at, images = 13 + _colours(flags), 0
    while True:
        block = content[at : at + 1]
        if block == b"\x3b":
            break
        if block == b"\x21":
            at = _after_blocks(content, at + 2)
        elif block == b"\x2c" and at + 11 <= len(content):
            images += 1
            if images > 1:
                raise moving()
            left, top, wide, high, flags = struct.unpack_from("<HHHHB", content, at + 1)
            if not wide or not high or left + wide > width or top + high > height:
                raise damaged()
            at = _after_blocks(content, at + 10 + _colours(flags) + 1)
        else:
            raise damaged()
    if images != 1:
        raise damaged()
    if at + 1 != len(content):
        raise something_hidden()
    return size


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(content: bytes, at: int) -> int:
    while at < len(content):
        length = content[at]
        at += 1 + length
        if length == 0:
            return at
    raise damaged()


# ---------------------------------------------------------------- WEBP

WEBP_PARTS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"EXIF", b"XMP "}


def webp_size(content: bytes) -> Size:
    if len(content) < 20:
        raise damaged()
    (length,) = struct.unpack_from("<I", content, 4)
    if length + 8 < len(content):
        raise something_hidden()
    if length + 8 != len(content) or length % 2:
        raise damaged()
    at, claimed, size = 12, None, None
    while at < len(content):
        if at + 8 > len(content):
            raise damaged()
        kind, length = struct.unpack_from("<4sI", content, at)
        body = content[at + 8 : at + 8 + min(length, 16)]
        at += 8 + length + length % 2
        if at > len(content):
            raise damaged()
        if kind in (b"ANIM", b"ANMF"):
            raise moving()
        if kind not in WEBP_PARTS:
            raise something_hidden()
        if kind == b"VP8X":
            if length != 10 or claimed is not None:
                raise damaged()
            if body[0] & 2:
                raise moving()
            claimed = checked_size(
                int.from_bytes(body[4:7], "little") + 1,
                int.from_bytes(body[7:10], "little") + 1,
                MOST_PIXELS_OF_WEBP,
            )
        elif kind in (b"VP8 ", b"VP8L"):
            if size is not None:
                raise damaged()
            size = _lossy_size(body) if kind == b"VP8 " else _lossless_size(body)
    if size is None or claimed not in (None, size):
        raise damaged()
    return size


def _lossy_size(body: bytes) -> Size:
    if len(body) < 10 or body[3:6] != b"\x9d\x01\x2a":
        raise damaged()
    width, height = struct.unpack_from("<HH", body, 6)
    return checked_size(width & 0x3FFF, height & 0x3FFF, MOST_PIXELS_OF_WEBP)


def _lossless_size(body: bytes) -> Size:
    if len(body) < 5 or body[0] != 0x2F:
        raise damaged()
    bits = int.from_bytes(body[1:5], "little")
    return checked_size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, MOST_PIXELS_OF_WEBP)


# ---------------------------------------------------------------- JPEG

JPEG_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive; no other is in use
OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def jpeg_size(content: bytes) -> Size:
    at, size, scans, has_more_pictures = 2, None, 0, False
    for _part in range(MOST_PARTS):
        if at + 4 > len(content) and content[at : at + 2] != b"\xff\xd9":
            raise damaged()
        if content[at] != 0xFF:
            raise damaged()
        marker = content[at + 1]
        if marker == 0xFF:  # a filling byte
            at += 1
            continue
        if marker == 0xD9:
            at += 2
            break
        (length,) = struct.unpack_from(">H", content, at + 2)
        body = content[at + 4 : at + 2 + length]
        at += 2 + length
        if length < 2 or at > len(content) or marker < 0xC0 or 0xD0 <= marker <= 0xD8:
            raise damaged()
        if marker in OTHER_FRAMES:
            raise damaged()
        if marker in JPEG_FRAMES:
            if size is not None or len(body) < 6:
                raise damaged()
            height, width = struct.unpack_from(">HH", body, 1)
            size = checked_size(width, height)
        elif marker == 0xE2 and body.startswith(b"MPF\0"):
            has_more_pictures = True
        elif marker == 0xDA:
            scans += 1
            found = END_OF_SCAN.search(content, at)
            if found is None or scans > MOST_SCANS or size is None:
                raise damaged()
            at = found.start()
    else:
        raise damaged()
    if size is None or not scans:
        raise damaged()
    after = content[at:].strip(b"\0")
    # Phones put a second picture after the first, and say so. It is left behind when the first is written again.
    if after and not (has_more_pictures and after.startswith(b"\xff\xd8\xff")):
        raise something_hidden()
    return size
