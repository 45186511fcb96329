"""Zips, for whatever reads them: a course sent as a package."""

import stat
import struct
import warnings
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

from tests.hostile import Hostile
from tests.hostile.bits import LAUGHS, SCRIPT, SVG, XXE, pdf, zeros

ZIP = "application/zip"
PAGE = b"<!doctype html><title>Lesson</title><p>Words</p>"


def archive(*parts: tuple[str | ZipInfo, bytes], method: int = ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    written = BytesIO()
    with warnings.catch_warnings(), ZipFile(written, "w", method) as made:
        warnings.simplefilter("ignore")  # that a name comes twice is the point
        for name, content in parts:
            made.writestr(name, content)
        made.comment = comment
    return written.getvalue()


def good() -> bytes:
    """A plain package: a page, its style, a folder, and a list in XML."""
    return archive(
        ("index.html", PAGE), ("style/", b""), ("style/page.css", b"p { margin: 0 }"),
        ("imsmanifest.xml", b'<?xml version="1.0"?><manifest/>'), ("empty.txt", b""),
    )  # fmt: skip


def named(name: str, content: bytes = PAGE):
    return lambda: archive(("index.html", PAGE), (name, content))


def renamed(old: str, new: str, both: bool = True):
    """A name that ZipFile would not write: put in afterwards, of the same length."""

    def make() -> bytes:
        made = archive((old, PAGE))
        return made.replace(old.encode(), new.encode(), -1 if both else 1)

    return make


def special(mode: int, content: bytes = b"/etc/passwd"):
    def make() -> bytes:
        info = ZipInfo("link.html")
        info.create_system, info.external_attr = 3, mode << 16
        return archive((info, content))

    return make


def raw(
    *parts: tuple[str, bytes, int, int],
    flags: int = 0,
    at: list[int] | None = None,
    gap: bytes = b"",
    method: int = ZIP_DEFLATED,
) -> bytes:
    """A zip by hand. Each part: its name, its packed bytes, the size and the checksum that it claims."""
    body, listed = b"", b""
    for number, (name, packed, size, crc) in enumerate(parts):
        offset = len(body) if at is None else at[number]
        common = struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 33, crc, len(packed), size, len(name), 0)
        body += b"PK\3\4" + common + name.encode() + packed + gap
        listed += b"PK\1\2\x14\0" + common + struct.pack("<HHHII", 0, 0, 0, 0, offset) + name.encode()
    end = struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(listed), len(body), 0)
    return body + listed + b"PK\5\6" + end


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def part(name: str = "a.html", content: bytes = PAGE, size: int | None = None, crc: int | None = None):
    claims = (len(content) if size is None else size, zlib.crc32(content) if crc is None else crc)
    return (name, deflated(content), *claims)


def bomb(megabytes: int, claim: int | None = None) -> bytes:
    packed = zeros(megabytes)[2:-4]  # without the wrapping that a zip does not have
    size = megabytes * 1024 * 1024
    crc = 0
    for _number in range(megabytes):
        crc = zlib.crc32(bytes(1024 * 1024), crc)
    return raw(("a.html", packed, size if claim is None else claim, crc))


def overlapping() -> bytes:
    """Every name leads to the same packed bytes: a small file that opens into a large one."""
    one = part(content=b"a" * 100_000)
    return raw(*[(f"{number:03}.html", *one[1:]) for number in range(200)], at=[0] * 200)


def quine_like() -> bytes:
    """The classic way: each part holds the beginnings of those that follow it."""
    inner = part("b.html")
    within = raw(inner)[: -len(raw()) or None]
    outer = (
        "a.html",
        b"\0" + struct.pack("<HH", len(within), 0xFFFF ^ len(within)) + within + deflated(b""),
        0,
        0,
    )
    both = raw(outer, inner)
    place = both.index(b"b.html") - 30
    return raw(outer, inner, at=[0, place])


def disagreeing() -> bytes:
    """The list at the end says another name than the part itself."""
    made = archive(("index.html", PAGE))
    return made.replace(b"index.html", b"..\\run.php", 1)


def archives() -> list[Hostile]:
    nested = archive(("index.html", PAGE))
    kinds = [
        ("climbs out", named("../a.html")),
        ("climbs out from within", named("style/../../a.html")),
        ("climbs out, Windows", named("..\\a.html")),
        ("begins at the root", named("/etc/a.html")),
        ("begins at a drive", named("C:/a.html")),
        ("goes to another machine", named("//example.org/a.html")),
        ("stays where it is", named("./a.html")),
        ("an empty step", named("style//a.html")),
        ("a stream of Windows", named("a.txt:x.html")),
        ("a device of Windows", named("con.html")),
        ("a zero in its name", renamed("index.html.aspx", "index.aspx\0html")),
        ("right to left", named("lm\u202eth.html")),
        ("a new line in its name", named("a\nb.html")),
        ("a space at the end", named("style /a.html")),
        ("a name of 5,000 letters", named("a" * 5000 + ".html")),
        ("a hundred folders deep", named("a/" * 100 + "a.html")),
        ("a kind not asked for", named("run.php")),
        ("a program", named("run.exe", b"MZ")),
        ("settings of a web server", named(".htaccess")),
        ("a drawing with a script", named("a.svg", SVG)),
        ("the same name twice", lambda: archive(("a.html", PAGE), ("a.html", SCRIPT))),
        ("the same name in capitals", lambda: archive(("a.html", PAGE), ("A.HTML", SCRIPT))),
        ("a file that is a folder too", lambda: archive(("a.html", PAGE), ("a.html/b.html", PAGE))),
        ("a symbolic link", special(stat.S_IFLNK | 0o777)),
        ("a pipe", special(stat.S_IFIFO | 0o666)),
        ("a device", special(stat.S_IFBLK | 0o666)),
        ("opens into 100 MB", lambda: bomb(100)),
        ("opens into 40 MB of nothing", lambda: bomb(40)),
        ("says 40 bytes, opens into 100 MB", lambda: bomb(100, claim=40)),
        (
            "six parts of 40 MB",
            lambda: raw(*[(f"{n}.html", bytes(300_000), 40 * 1024**2, 0) for n in range(6)]),
        ),
        ("5,000 parts", lambda: archive(*[(f"{n}.html", b"") for n in range(5000)], method=ZIP_STORED)),
        ("parts over one another", overlapping),
        ("parts within one another", quine_like),
        ("says that it is smaller", lambda: raw(part(size=5, crc=zlib.crc32(PAGE[:5])))),
        ("says that it is larger", lambda: raw(part(size=500))),
        ("says that it is 4 GB", lambda: raw(part(size=0xFFFFFFF0))),
        ("a wrong checksum", lambda: raw(part(crc=1))),
        (
            "more after the packed bytes",
            lambda: raw(("a.html", deflated(PAGE) + SCRIPT, len(PAGE), zlib.crc32(PAGE))),
        ),
        (
            "packed bytes that end early",
            lambda: raw(("a.html", deflated(PAGE)[:-5], len(PAGE), zlib.crc32(PAGE))),
        ),
        ("its list says another name", disagreeing),
        ("a password", lambda: raw(part(), flags=1)),
        ("packed in another way", lambda: archive(("a.html", PAGE), method=ZIP_LZMA)),
        ("a zip within", named("inner.html", nested)),
        ("a zip within, ten times over", lambda: nested_zips(10)),
        ("a packed file within", named("inner.html", b"\x1f\x8b\x08" + bytes(40))),
        ("XML that reads a file", named("imsmanifest.xml", XXE)),
        ("billion laughs", named("imsmanifest.xml", LAUGHS)),
        (
            "XML that reads a file, in another alphabet",
            named("imsmanifest.xml", XXE.decode().encode("utf-16")),
        ),
        ("a page before it", lambda: PAGE + archive(("a.html", PAGE))),
        ("something between its parts", lambda: raw(part(), part("b.html"), gap=SCRIPT)),
        ("words at its end", lambda: archive(("a.html", PAGE), comment=SCRIPT)),
        ("nothing in it", lambda: archive()),
        ("cut in half", lambda: good()[: len(good()) // 2]),
        ("empty", lambda: b""),
        ("a PDF", pdf),
        ("noise", lambda: b"PK\3\4" + bytes(range(256)) * 20),
    ]
    return [Hostile(harm, "package.zip", ZIP, make) for harm, make in kinds]


def nested_zips(depth: int) -> bytes:
    made = archive(("index.html", PAGE))
    for _level in range(depth):
        made = archive(("inner.html", made))
    return made
