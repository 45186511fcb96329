"""Documents come in as PDF only, and only as paper: words and pictures that do nothing.

The file is kept as it is, so what could act is looked for in all of it: in the plain parts, and in every part that is packed. A
part that cannot be unpacked here is a reason to refuse, since nobody would know what is in it.

Source: ISO 32000-1, sections 7 (syntax, filters, object streams) and 12.6 (actions).
"""

import re
import zlib
from base64 import a85decode
from binascii import Error as NotHex
from binascii import unhexlify
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lms.core.errors import RuleBroken
from lms.uploads.hidden import has_active_words, has_another_file
from lms.uploads.limits import MEGABYTE
from lms.uploads.names import ending_of

ENDINGS = ["pdf"]
CONTENT_TYPE = "application/pdf"
MOST_STREAMS = 20_000
MOST_UNPACKED = 64 * MEGABYTE
LONGEST_ABOUT = 16_384  # the words that describe a packed part
BEGINNING = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[ \t]*[\r\n]")
END = re.compile(rb"%%EOF\s*\Z")
A_STREAM = re.compile(rb">>\s*stream\r?\n")
ITS_OBJECT = re.compile(rb"(?:^|[\r\n])[ \t]*\d+\s+\d+\s+obj\b")
A_STRING = re.compile(rb"\\.|[()]", re.DOTALL)
FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+|\d+\s+\d+\s+R)")
A_FILTER = re.compile(rb"/(\w+)")
# Packed data that lies in another file.
ELSEWHERE = re.compile(rb"/FFilter|/F\s*[(<]")
AS_LETTERS = {b"ASCII85Decode", b"A85", b"ASCIIHexDecode", b"AHx"}
INFLATE = {b"FlateDecode", b"Fl"}
OF_PICTURES = {b"DCTDecode", b"DCT", b"JPXDecode", b"CCITTFaxDecode", b"CCF", b"JBIG2Decode"}

# Actions that reach out of the document or run something, files within the file, and forms.
ACTING = [
    f"/{name}".encode()
    for name in [
        "JavaScript",
        "Launch",
        "SubmitForm",
        "ImportData",
        "GoToR",
        "GoToE",
        "Rendition",
        "RichMedia",
        "EmbeddedFile",
        "Filespec",
        "Movie",
        "Sound",
        "AcroForm",
        "Collection",
    ]
]
# A name may be written with codes for its letters: /J#61vaScript is /JavaScript. Nobody who means well does so.
A_CODE = re.compile(rb"#(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])")
A_NAME = re.compile(rb"/[^\s/<>()\[\]{}%]*\Z")
LONGEST_NAME = 128
MOST_CODES = 5_000


@dataclass(frozen=True)
class Stream:
    """A packed part, and the words of its own object that describe it."""

    about: bytes
    content: bytes


def check_pdf(*, name: str, content_type: str, content: bytes) -> None:
    """Refuses all but a plain PDF: by its name, its declared type and its first bytes; whole; with nothing that acts.

    Forms, scripts, sound, film, attached files, links to other files on the reader's machine and passwords are refused. Links
    to web addresses may stay. Takes up to 60 MB and four seconds for the largest one.
    """
    if ending_of(name) not in ENDINGS:
        raise RuleBroken(_("This kind of file cannot be used here. Save it as a PDF, and choose that."))
    if content_type != CONTENT_TYPE or not BEGINNING.match(content):
        raise RuleBroken(_("This file is not the PDF that its name says. Make it again as a PDF."))
    if not END.search(content, max(0, len(content) - 1024)) or has_another_file(content):
        raise damaged()
    room = MOST_UNPACKED
    for plain, stream in _parts(content):
        _look_at_plain(plain)
        for piece in _unpacked(stream) if stream else ():
            room -= len(piece)
            _refuse_what_acts(piece)
            if room < 0:
                raise RuleBroken(
                    _("This PDF opens into far more than its size. Make it again, and choose the new file.")
                )


def damaged() -> RuleBroken:
    return RuleBroken(_("This PDF is damaged, or is not a PDF. Make it again, and choose the new file."))


def unreadable() -> RuleBroken:
    return RuleBroken(
        _(
            "Part of this PDF cannot be looked into. Make it again with “Print to PDF”, and choose the new file."
        )
    )


def _acting() -> RuleBroken:
    return RuleBroken(
        _(
            "This PDF does more than a sheet of paper: it holds a form, a script, a film or a file. "
            "Make it again with “Print to PDF”, and choose the new file."
        )
    )


def _refuse_what_acts(text: bytes) -> None:
    if any(name in text for name in ACTING):
        raise _acting()
    for number, found in enumerate(A_CODE.finditer(text)):
        if number > MOST_CODES or A_NAME.search(text, max(0, found.start() - LONGEST_NAME), found.start()):
            raise unreadable()


def _look_at_plain(text: bytes) -> None:
    if b"/Encrypt" in text:
        raise RuleBroken(_("This PDF has a password. Take the password off, and choose the new file."))
    if has_active_words(text):
        raise _acting()
    _refuse_what_acts(text)


def _parts(content: bytes) -> Iterator[tuple[bytes, Stream | None]]:
    """What stands plainly in the file, each time with the packed part that follows it."""
    at = 0
    for _number in range(MOST_STREAMS):
        found = A_STREAM.search(content, at)
        if found is None:
            yield content[at:], None
            return
        end = content.find(b"endstream", found.end())
        if end < 0:
            raise damaged()
        plain = content[at : found.start() + 2]
        yield plain, Stream(_about(plain), content[found.end() : end])
        at = end
    raise damaged()


def _about(plain: bytes) -> bytes:
    """The words of the object that a packed part belongs to. Refuses words that could be read in two ways."""
    beginnings = list(ITS_OBJECT.finditer(plain[-LONGEST_ABOUT:]))
    if not beginnings:
        raise damaged()
    about = plain[-LONGEST_ABOUT:][beginnings[-1].start() :]
    # Were the beginning itself inside a string, one bracket would be left over.
    depth = 0
    for found in A_STRING.finditer(about):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth < 0:
            raise damaged()
    if depth:
        raise damaged()
    return about


def _unpacked(stream: Stream) -> Iterator[bytes]:
    """The part as it lies there, and as it is read. A picture stays packed: its own format keeps it apart."""
    yield stream.content
    found = FILTER.findall(stream.about)
    if len(found) > 1 or len(found) != stream.about.count(b"/Filter") or ELSEWHERE.search(stream.about):
        raise unreadable()
    if found and found[0].endswith(b"R"):
        raise unreadable()
    filters = A_FILTER.findall(found[0]) if found else []
    content = stream.content
    while filters and filters[0] in AS_LETTERS:
        content = _from_letters(filters.pop(0), content)
        yield content
    if filters and filters[0] in INFLATE:
        filters.pop(0)
        if content.strip():
            yield from _inflated(content)
    if filters and (len(filters) > 1 or filters[0] not in OF_PICTURES):
        raise unreadable()


def _from_letters(name: bytes, content: bytes) -> bytes:
    letters = b"".join(content.split())
    try:
        if name in (b"ASCII85Decode", b"A85"):
            return a85decode(letters.removesuffix(b"~>").removeprefix(b"<~"))
        return unhexlify(letters.removesuffix(b">"))
    except (NotHex, ValueError):
        raise damaged() from None


def _inflated(content: bytes) -> Iterator[bytes]:
    """Piece by piece, each with the end of the one before it, so that no name is cut in two."""
    inflater = zlib.decompressobj()
    before = b""
    while not inflater.eof:
        try:
            piece = inflater.decompress(content, MEGABYTE)
        except zlib.error:
            raise damaged() from None
        content = inflater.unconsumed_tail
        if not piece and not inflater.eof:
            raise damaged()
        yield before + piece
        before = piece[-LONGEST_NAME:]
    # Packed data that goes on after its end would be a place to hide.
    if inflater.unused_data.strip(b"\0\t\n\f\r "):
        raise damaged()
