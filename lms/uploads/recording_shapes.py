"""Readers that walk through all parts of a recording. Each says how long it lasts and whether there are pictures in it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lms.core.errors import RuleBroken

MOST_PARTS = 400_000
DEEPEST = 8


@dataclass(frozen=True)
class Shape:
    seconds: float
    has_pictures: bool


def not_whole() -> RuleBroken:
    return RuleBroken(
        _("This recording is damaged, or is not whole. Save it again, and choose the new file.")
    )


def something_else() -> RuleBroken:
    return RuleBroken(
        _("There is something else in this recording. Save it again with sound and pictures only.")
    )


def not_for_browsers() -> RuleBroken:
    return RuleBroken(
        _("Not every browser can play this recording. Save it again as MP4 for the web (H.264 and AAC).")
    )


# ---------------------------------------------------------------- MP3

# Thousands of bits a second and samples a second, by the numbers in a frame's first bytes.
BITS_OF_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
BITS_OF_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def mp3_shape(content: bytes) -> Shape:
    """One frame after the other, from the words about it to the end."""
    at = _after_words(content)
    end = len(content) - 128 if content[-128:-125] == b"TAG" else len(content)
    seconds, rate = 0.0, None
    while at < end:
        size, samples, this_rate = _frame(content, at)
        if rate not in (None, this_rate):
            raise not_whole()
        rate = this_rate
        seconds += samples / rate
        at += size
    if at != end or rate is None:
        raise not_whole()
    return Shape(seconds, has_pictures=False)


def _after_words(content: bytes) -> int:
    """Where the sound begins: behind an ID3 tag, if there is one."""
    if not content.startswith(b"ID3"):
        return 0
    size = content[6:10]
    if content[3] not in (2, 3, 4) or len(size) < 4 or any(byte > 127 for byte in size):
        raise not_whole()
    return 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])


def _frame(content: bytes, at: int) -> tuple[int, int, int]:
    """How many bytes and samples the frame has, and how many samples a second."""
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        raise not_whole()
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bits, rate, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer != 1 or bits in (0, 15) or rate == 3:
        raise not_whole()
    per_second = SAMPLES[version][rate]
    if version == 3:
        return 144_000 * BITS_OF_1[bits] // per_second + padding, 1152, per_second
    return 72_000 * BITS_OF_2[bits] // per_second + padding, 576, per_second


# ---------------------------------------------------------------- MP4

AT_THE_TOP = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"styp", b"sidx", b"moof", b"mfra"}
WITHIN = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf"}
HANDLERS = {b"vide": True, b"soun": False}
CODECS = {b"avc1", b"avc3", b"av01", b"vp09", b"mp4a", b"Opus", b"fLaC"}
PLACES = (b"\xa9xyz", b"loci", b"location.ISO6709")


def mp4_shape(content: bytes) -> Shape:
    """Every box of the file, and all boxes within the one that describes the tracks."""
    moov: tuple[int, int] | None = None
    for number, (kind, start, end) in enumerate(_boxes(content, 0, len(content))):
        if kind not in AT_THE_TOP or (kind == b"ftyp") != (number == 0):
            raise something_else()
        if kind == b"moov":
            if moov:
                raise not_whole()
            moov = (start, end)
    if moov is None:
        raise not_whole()
    if any(content.find(place, *moov) >= 0 for place in PLACES):
        raise RuleBroken(_("This recording says where it was made. Save it again without its place."))
    found = _Tracks()
    found.read(content, *moov)
    if found.seconds is None or not found.handlers:
        raise not_whole()
    return Shape(found.seconds, has_pictures=b"vide" in found.handlers)


class _Tracks:
    """What the boxes about the tracks say."""

    def __init__(self) -> None:
        self.seconds: float | None = None
        self.handlers: list[bytes] = []

    def read(self, content: bytes, start: int, end: int, depth: int = 0) -> None:
        if depth > DEEPEST:
            raise not_whole()
        for kind, at, after in _boxes(content, start, end):
            if kind in WITHIN:
                self.read(content, at, after, depth + 1)
            elif kind == b"cmov":
                raise something_else()
            elif kind == b"mvhd":
                self.seconds = _seconds(content[at:after])
            elif kind == b"hdlr":
                self._handler(content[at + 8 : at + 12])
            elif kind == b"stsd":
                _look_at_codecs(content, at, after)
            elif kind == b"dref":
                _look_at_sources(content, at, after)

    def _handler(self, handler: bytes) -> None:
        if handler not in HANDLERS:
            raise something_else()
        self.handlers.append(handler)


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box: its kind, and where its content begins and ends. Together they fill the room exactly."""
    at = start
    for _number in range(MOST_PARTS):
        if at == end:
            return
        if end - at < 8:
            raise not_whole()
        size, kind = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1 and end - at >= 16:
            (size,) = struct.unpack_from(">Q", content, at + 8)
            head = 16
        if size < head or at + size > end:
            raise not_whole()
        yield kind, at + head, at + size
        at += size
    raise not_whole()


def _seconds(head: bytes) -> float:
    try:
        if head[0] == 1:
            scale, length = struct.unpack_from(">IQ", head, 20)
        else:
            scale, length = struct.unpack_from(">II", head, 12)
        return length / scale
    except (struct.error, IndexError, ZeroDivisionError):
        raise not_whole() from None


def _look_at_codecs(content: bytes, start: int, end: int) -> None:
    for kind, _at, _after in _boxes(content, start + 8, end):
        if kind not in CODECS:
            raise not_for_browsers()


def _look_at_sources(content: bytes, start: int, end: int) -> None:
    """A track may lie in this file alone: "url ", with the mark for "here" and no address."""
    for kind, at, after in _boxes(content, start + 8, end):
        if kind != b"url " or content[at:after] != b"\0\0\0\1":
            raise something_else()


# ---------------------------------------------------------------- WEBM

HEAD, SEGMENT, INFO, TRACKS = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B
# Where parts begin, cues, clusters, words about it, nothing, a sum.
IN_SEGMENT = {0x114D9B74, INFO, TRACKS, 0x1C53BB6B, 0x1F43B675, 0x1254C367, 0xEC, 0xBF}
DOC_TYPE, TRACK, TRACK_TYPE, CODEC, SCALE, DURATION = 0x4282, 0xAE, 0x83, 0x86, 0x2AD7B1, 0x4489
WEBM_CODECS = (b"V_VP8", b"V_VP9", b"V_AV1", b"A_VORBIS", b"A_OPUS")


def webm_shape(content: bytes) -> Shape:
    """The head, one segment to the very end, and in it only what sound and pictures need."""
    top = list(_elements(content, 0, len(content)))
    if [kind for kind, _at, _after in top] != [HEAD, SEGMENT]:
        raise something_else()
    head = {kind: content[at:after] for kind, at, after in _elements(content, *top[0][1:])}
    if head.get(DOC_TYPE) != b"webm":
        raise not_for_browsers()
    seconds, kinds = 0.0, set()
    for kind, at, after in _elements(content, *top[1][1:]):
        if kind not in IN_SEGMENT:
            raise something_else()
        if kind == INFO:
            seconds = _length(content, at, after)
        elif kind == TRACKS:
            kinds |= set(_track_kinds(content, at, after))
    if not kinds:
        raise not_whole()
    return Shape(seconds, has_pictures=1 in kinds)


def _length(content: bytes, start: int, end: int) -> float:
    found = {kind: content[at:after] for kind, at, after in _elements(content, start, end)}
    scale = int.from_bytes(found.get(SCALE, b"\x0f\x42\x40"))
    duration = found.get(DURATION, b"")
    if len(duration) not in (4, 8):
        raise not_whole()
    (length,) = struct.unpack(">f" if len(duration) == 4 else ">d", duration)
    return length * scale / 1_000_000_000


def _track_kinds(content: bytes, start: int, end: int) -> Iterator[int]:
    for kind, at, after in _elements(content, start, end):
        if kind != TRACK:
            continue
        track = {inner: content[a:b] for inner, a, b in _elements(content, at, after)}
        number = int.from_bytes(track.get(TRACK_TYPE, b""))
        if number not in (1, 2):
            raise something_else()
        if not track.get(CODEC, b"").startswith(WEBM_CODECS):
            raise not_for_browsers()
        yield number


def _elements(content: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Each element: its number, and where its content begins and ends. One of unknown size is refused."""
    at = start
    for _number in range(MOST_PARTS):
        if at == end:
            return
        kind, at = _number_at(content, at, end, keep_mark=True)
        size, at = _number_at(content, at, end, keep_mark=False)
        if size < 0 or at + size > end:
            raise not_whole()
        yield kind, at, at + size
        at += size
    raise not_whole()


def _number_at(content: bytes, at: int, end: int, *, keep_mark: bool) -> tuple[int, int]:
    """A number of one to eight bytes, and where it ends. A size that is not known is -1."""
    first = content[at] if at < end else 0
    length = 9 - first.bit_length()
    if not first or length > (4 if keep_mark else 8) or at + length > end:
        raise not_whole()
    number = int.from_bytes(content[at : at + length])
    if keep_mark:
        return number, at + length
    bits = 7 * length
    number &= (1 << bits) - 1
    return (-1 if number == (1 << bits) - 1 else number), at + length
