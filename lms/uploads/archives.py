"""Reads a zip that somebody sent, without trusting a word of it.

`ZipFile.extractall` repairs silently, and accepts parts that lie over one another. Here everything that the zip says of itself is
looked at first; then each part is unpacked while it is counted, and kept under a name made here.

Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4.
"""

import re
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext_lazy as _

from lms.core.errors import RuleBroken
from lms.uploads.limits import MEGABYTE

PIECE = 64 * 1024
LOCAL_HEADER = struct.Struct("<4s5H3I2H")
SIZES_FOLLOW = 0x08
LOCKED = 0x01 | 0x40 | 0x2000
DESCRIPTOR = 24  # bytes at most, after a part whose sizes follow it
PLAIN_PARTS = {0, stat.S_IFREG, stat.S_IFDIR}
ANOTHER_ARCHIVE = (
    b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ",
)  # fmt: skip
DEVICE = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
XML = {"xml", "xsd", "dtd", "svg", "rels"}
CALLS_OTHERS = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)|\x00", re.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """How much may be in a zip. `endings` are those of the files that may be in it, in small letters."""

    endings: frozenset[str]
    most_parts: int = 2_000
    most_bytes_of_one: int = 50 * MEGABYTE
    most_bytes: int = 200 * MEGABYTE
    most_growth: int = 200  # times the packed size; plain words reach about ten
    most_letters: int = 200
    most_depth: int = 10


@dataclass(frozen=True)
class Part:
    """One file of a zip: what the zip calls it, and where it is kept."""

    name: str
    path: Path
    size: int


def read_archive(*, file: BinaryIO, limits: Limits, into: Path) -> list[Part]:
    """Unpack a zip into the new folder `into`, each part under a name made here. Leaves nothing when it refuses.

    Refuses parts that would land elsewhere, are no plain files, share a place or a name, are packed in an unknown way or with
    a password, hold another archive, are of a kind not asked for, or come out otherwise than they say or larger than the limits.
    Refuses XML with a document type: it could name other files. Unpacks one piece of 64 kB at a time.
    """
    into.mkdir(parents=True)
    try:
        with ZipFile(file) as archive:
            places = _places(archive, file, limits)
            return [_keep(file, info, start, into) for info, start in places if not info.is_dir()]
    except RuleBroken:
        rmtree(into)
        raise
    # Whatever a hostile zip breaks, nothing of it stays.
    except (BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, ValueError, OSError):
        rmtree(into)
        raise _damaged() from None


def _damaged() -> RuleBroken:
    return RuleBroken(_("This zip is damaged, or is not a zip. Make it again, and choose the new file."))


def _too_much() -> RuleBroken:
    return RuleBroken(_("This zip opens into more than can be kept here. Make a smaller one."))


def _refused(name: str) -> RuleBroken:
    shown = "".join(sign if sign.isprintable() else "?" for sign in name[:60])
    return RuleBroken(
        _("“%(name)s” in this zip cannot be used. Make the zip again without it.") % {"name": shown}
    )


def _places(archive: ZipFile, file: BinaryIO, limits: Limits) -> list[tuple[ZipInfo, int]]:
    """Every part, with where its packed bytes begin, once all that the zip says of itself is in order."""
    infos = archive.infolist()
    if not infos or archive.comment:
        raise _damaged()
    if len(infos) > limits.most_parts or sum(info.file_size for info in infos) > limits.most_bytes:
        raise _too_much()
    for info in infos:
        _look_at_name(info, limits)
        _look_at_kind(info, limits)
    _look_at_all_names(infos)
    return _look_at_places(infos, file, archive.start_dir)


def _look_at_name(info: ZipInfo, limits: Limits) -> None:
    name = info.orig_filename
    steps = name.removesuffix("/").split("/")
    if (
        not name.isprintable()
        or "\\" in name
        or ":" in name
        or len(name) > limits.most_letters
        or len(steps) > limits.most_depth
        or any(step in ("", ".", "..") or step != step.strip(" .") or DEVICE.match(step) for step in steps)
    ):
        raise _refused(name)
    if not info.is_dir() and steps[-1].rpartition(".")[2].lower() not in limits.endings:
        raise _refused(name)


def _look_at_kind(info: ZipInfo, limits: Limits) -> None:
    if info.flag_bits & LOCKED:
        raise RuleBroken(_("This zip has a password. Make it again without one."))
    if stat.S_IFMT(info.external_attr >> 16) not in PLAIN_PARTS or (info.is_dir() and info.file_size):
        raise _refused(info.filename)
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise _refused(info.filename)
    if info.file_size > min(limits.most_bytes_of_one, limits.most_growth * info.compress_size + 1024):
        raise _too_much()


def _look_at_all_names(infos: list[ZipInfo]) -> None:
    # Two names that differ in their capitals are one file on many machines; and no file is a folder of another.
    files: set[str] = set()
    folders: set[str] = set()
    for info in infos:
        name = info.filename.removesuffix("/").casefold()
        steps = name.split("/")
        folders |= {"/".join(steps[:depth]) for depth in range(1, len(steps))}
        if name in files:
            raise _refused(info.filename)
        files.add(name)
    for info in infos:
        if not info.is_dir() and info.filename.casefold() in folders:
            raise _refused(info.filename)


def _look_at_places(infos: list[ZipInfo], file: BinaryIO, directory: int) -> list[tuple[ZipInfo, int]]:
    """The parts lie one after the other from the first byte to the list at the end, and say the same there and here."""
    places = []
    free_from = gap = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if not 0 <= info.header_offset - free_from <= gap:
            raise _damaged()
        file.seek(info.header_offset)
        sign, _version, flags, method, _time, _day, crc, packed, size, letters, extra = LOCAL_HEADER.unpack(
            file.read(LOCAL_HEADER.size)
        )
        name = file.read(letters).decode("utf-8" if flags & 0x800 else "cp437")
        says = (sign, flags, method, name)
        if says != (b"PK\x03\x04", info.flag_bits, info.compress_type, info.orig_filename):
            raise _damaged()
        sizes_follow = bool(flags & SIZES_FOLLOW)
        if not sizes_follow and (crc, packed, size) != (info.CRC, info.compress_size, info.file_size):
            raise _damaged()
        start = info.header_offset + LOCAL_HEADER.size + letters + extra
        places.append((info, start))
        free_from = start + info.compress_size
        gap = DESCRIPTOR if sizes_follow else 0
    if not 0 <= directory - free_from <= gap:
        raise _damaged()
    return places


def _keep(file: BinaryIO, info: ZipInfo, start: int, into: Path) -> Part:
    ending = info.filename.rpartition(".")[2].lower()
    path = into / f"{token_hex(16)}.{ending}"
    size = crc = 0
    before = b""
    with path.open("xb") as kept:
        for piece in _unpacked(file, info, start):
            if not size and piece.startswith(ANOTHER_ARCHIVE):
                raise _refused(info.filename)
            if ending in XML and CALLS_OTHERS.search(before + piece):
                raise _refused(info.filename)
            size += len(piece)
            if size > info.file_size:
                raise _damaged()
            crc = zlib.crc32(piece, crc)
            before = piece[-64:]
            kept.write(piece)
    if size != info.file_size or crc != info.CRC:
        raise _damaged()
    return Part(info.filename, path, size)


def _unpacked(file: BinaryIO, info: ZipInfo, start: int) -> Iterator[bytes]:
    """What the packed bytes give, whatever the zip says that they give."""
    file.seek(start)
    left = info.compress_size
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while left:
        packed = file.read(min(left, PIECE))
        if not packed:
            raise _damaged()
        left -= len(packed)
        if info.compress_type == ZIP_STORED:
            yield packed
            continue
        while packed:
            yield inflater.decompress(packed, PIECE)
            packed = inflater.unconsumed_tail
        if inflater.unused_data:
            raise _damaged()
    if info.compress_type == ZIP_DEFLATED and not inflater.eof:
        raise _damaged()
