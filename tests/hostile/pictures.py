"""Files for the door of pictures."""

import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

from PIL import Image

from tests.hostile import Hostile
from tests.hostile.bits import (
    LAUGHS,
    SCRIPT,
    SVG,
    XXE,
    chunk,
    gif,
    jpeg_claiming,
    jpeg_with,
    moving,
    pdf,
    photo,
    picture,
    png,
    png_with_words,
    riff,
    segment,
    webp_part,
    zeros,
)

PNG, JPEG, GIF, WEBP = "image/png", "image/jpeg", "image/gif", "image/webp"
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"


def a_zip() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("run.html", HTML)
    return written.getvalue()


def as_format(kind: str, **options):
    return lambda: picture(kind, **options)


def tiff_claiming(width: int, height: int) -> bytes:
    entries = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
    ]
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + b"\0\0\0\0"


def apng(frames: int) -> bytes:
    control = chunk(b"acTL", struct.pack(">II", frames, 0))
    frame = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 8, 8, 0, 0, 1, 50, 0, 0))
    return png(before=control + frame, after=frame * min(frames, 1000))


def many_scans() -> bytes:
    """A progressive picture with its last scan a thousand times over: each takes a whole pass of the reader."""
    good = picture("JPEG", progressive=True)
    last = good.rindex(b"\xff\xda")
    return good[:-2] + good[last:-2] * 1000 + b"\xff\xd9"


def pictures() -> list[Hostile]:
    return [*not_pictures(), *two_in_one(), *floods(), *broken(), *by_name(), *moving_ones()]


def not_pictures() -> list[Hostile]:
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%touch /tmp/owned) (w) file\n"
    return [
        Hostile("SVG with a script", "drawing.svg", "image/svg+xml", lambda: SVG),
        Hostile("SVG called PNG", "drawing.png", PNG, lambda: SVG),
        Hostile("SVG that reads a file", "drawing.svg", "image/svg+xml", lambda: XXE),
        Hostile("SVG that reads a file, called PNG", "drawing.png", PNG, lambda: XXE),
        Hostile("billion laughs called PNG", "laughs.png", PNG, lambda: LAUGHS),
        Hostile("billion laughs as XML", "laughs.xml", "application/xml", lambda: LAUGHS),
        Hostile("SVG packed with gzip", "drawing.svgz", "image/svg+xml", lambda: zlib.compress(SVG)),
        Hostile("HTML called PNG", "page.png", PNG, lambda: HTML),
        Hostile("HTML called JPEG", "page.jpg", JPEG, lambda: HTML),
        Hostile("PHP called GIF", "page.gif", GIF, lambda: b"<?php system($_GET['c']); ?>"),
        Hostile("program of Linux called PNG", "run.png", PNG, lambda: b"\x7fELF\x02\x01\x01" + bytes(200)),
        Hostile("program of Windows called JPEG", "run.jpg", JPEG, lambda: b"MZ\x90\0" + bytes(200)),
        Hostile("zip called PNG", "archive.png", PNG, a_zip),
        Hostile("PDF called PNG", "paper.png", PNG, pdf),
        Hostile("EPS, which Ghostscript would run", "print.eps", "application/postscript", lambda: eps),
        Hostile("EPS called JPEG", "print.jpg", JPEG, lambda: eps),
        Hostile("TIFF", "scan.tiff", "image/tiff", as_format("TIFF")),
        Hostile("TIFF called JPEG", "scan.jpg", JPEG, as_format("TIFF")),
        Hostile("BMP", "old.bmp", "image/bmp", as_format("BMP")),
        Hostile("BMP called PNG", "old.png", PNG, as_format("BMP")),
        Hostile("ICO", "icon.ico", "image/x-icon", as_format("ICO", size=(32, 32))),
        Hostile("AVIF", "photo.avif", "image/avif", as_format("AVIF")),
        Hostile("AVIF called WEBP", "photo.webp", WEBP, as_format("AVIF")),
        Hostile("PCX called GIF", "old.gif", GIF, as_format("PCX", mode="L")),
        Hostile(
            "HEIC by its first bytes", "photo.heic", "image/heic", lambda: b"\0\0\0\x18ftypheic" + bytes(99)
        ),
        Hostile("PSD called JPEG", "layers.jpg", JPEG, lambda: b"8BPS\0\x01" + bytes(600)),
        Hostile("JPEG 2000 called JPEG", "photo.jpg", JPEG, as_format("JPEG2000")),
        Hostile("multi-language letter called PNG", "a.png", PNG, lambda: "\ufeff<html>".encode("utf-16")),
    ]


def two_in_one() -> list[Hostile]:
    gif_script = b"GIF89a/*" + b"\0" * 300 + b"*/=1;alert(1)//;"
    return [
        Hostile("GIF that is a script", "a.gif", GIF, lambda: gif_script),
        Hostile("GIF with a script in its comment", "a.gif", GIF,
                lambda: gif(extra=b"\x21\xfe" + bytes([len(SCRIPT)]) + SCRIPT + b"\0")),
        Hostile("GIF with a page after its end", "a.gif", GIF, lambda: gif() + HTML),
        Hostile("JPEG with a page in its comment", "a.jpg", JPEG, lambda: jpeg_with(segment(0xFE, HTML))),
        Hostile("JPEG with a page after its end", "a.jpg", JPEG, lambda: picture("JPEG") + HTML),
        Hostile("JPEG with PHP in its EXIF", "a.jpg", JPEG, lambda: photo(words=b"<?php system('id'); ?>")),
        Hostile("JPEG with a script in its EXIF", "a.jpg", JPEG, lambda: photo(words=SCRIPT)),
        Hostile("JPEG with a zip after its end", "a.jpg", JPEG, lambda: picture("JPEG") + a_zip()),
        Hostile("JPEG with a zip in a segment", "a.jpg", JPEG, lambda: jpeg_with(segment(0xED, a_zip()))),
        Hostile("PNG with a zip after its end", "a.png", PNG, lambda: picture("PNG") + a_zip()),
        Hostile("PNG with a zip in a chunk", "a.png", PNG, lambda: png(before=chunk(b"ziPp", a_zip()))),
        Hostile("PNG with a page in its words", "a.png", PNG, lambda: png_with_words(HTML.decode())),
        Hostile("PNG with a script after its end", "a.png", PNG, lambda: picture("PNG") + SCRIPT),
        Hostile("PNG with a PDF in a chunk", "a.png", PNG, lambda: png(before=chunk(b"pdFp", pdf()))),
        Hostile("WEBP with a page in an unknown part", "a.webp", WEBP,
                lambda: riff(picture("WEBP")[12:], webp_part(b"HTML", HTML))),
        Hostile("WEBP with a script after its end", "a.webp", WEBP, lambda: picture("WEBP") + SCRIPT),
        Hostile("WEBP with a script in its XMP", "a.webp", WEBP, lambda: picture("WEBP", xmp=SCRIPT)),
        Hostile("two JPEGs in a row", "a.jpg", JPEG, lambda: picture("JPEG") * 2),
    ]  # fmt: skip


def floods() -> list[Hostile]:
    return [
        Hostile("PNG that claims 2 billion rows", "a.png", PNG, lambda: png(size=(1, 2**31 - 1), data=zeros(1))),
        Hostile("PNG of 400 million dots", "a.png", PNG, lambda: png(size=(20_000, 20_000), data=zeros(1))),
        Hostile("PNG of 33 million dots, all there", "a.png", PNG,
                lambda: png(size=(5900, 5900), data=zeros(100))),
        Hostile("PNG of one dot that opens into 100 MB", "a.png", PNG,
                lambda: png(size=(1, 1), data=zeros(100))),
        Hostile("PNG with 100 MB of words (zTXt)", "a.png", PNG,
                lambda: png(before=chunk(b"zTXt", b"Comment\0\0" + zeros(100)))),
        Hostile("PNG with 100 MB of words (iTXt)", "a.png", PNG,
                lambda: png(before=chunk(b"iTXt", b"Comment\0\1\0\0\0" + zeros(100)))),
        Hostile("PNG with a profile of 100 MB", "a.png", PNG,
                lambda: png(before=chunk(b"iCCP", b"profile\0\0" + zeros(100)))),
        Hostile("PNG of 800,000 chunks", "a.png", PNG, lambda: png(before=chunk(b"quIp", b"") * 800_000)),
        Hostile("JPEG that claims 65,500 by 65,500", "a.jpg", JPEG, lambda: jpeg_claiming(65_500, 65_500)),
        Hostile("progressive JPEG that claims 65,500 by 65,500", "a.jpg", JPEG,
                lambda: jpeg_claiming(65_500, 65_500, progressive=True)),
        Hostile("JPEG of a thousand scans", "a.jpg", JPEG, many_scans),
        Hostile("GIF that claims 65,535 by 65,535", "a.gif", GIF,
                lambda: gif(size=(65_535, 65_535), frame_size=(65_535, 65_535))),
        Hostile("GIF with a frame larger than its screen", "a.gif", GIF,
                lambda: gif(size=(1, 1), frame_size=(65_535, 65_535))),
        Hostile("WEBP that claims 16,383 by 16,383", "a.webp", WEBP,
                lambda: riff(webp_part(b"VP8L", b"\x2f" + (0x0FFFFFFF).to_bytes(4, "little") + bytes(40)))),
        Hostile("WEBP whose canvas claims 16 million a side", "a.webp", WEBP,
                lambda: riff(webp_part(b"VP8X", bytes(4) + b"\xff" * 6), picture("WEBP")[12:])),
        Hostile("TIFF that claims 60,000 by 60,000", "a.tif", "image/tiff", lambda: tiff_claiming(60_000, 60_000)),
        Hostile("TIFF claim called PNG", "a.png", PNG, lambda: tiff_claiming(60_000, 60_000)),
        Hostile("BMP that claims 60,000 by 60,000", "a.bmp", "image/bmp",
                lambda: b"BM" + struct.pack("<IIIIiiHHIIiiII", 54, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0)),
        Hostile("picture of 10.6 MB", "a.png", PNG,
                lambda: png(before=chunk(b"quIp", bytes(1024)) * 10_200)),
        Hostile("picture of 11 MB of nothing", "a.jpg", JPEG, lambda: picture("JPEG") + bytes(11 * 1024 * 1024)),
    ]  # fmt: skip


def broken() -> list[Hostile]:
    good = {
        kind: (lambda kind=kind: picture(kind, size=(200, 200))) for kind in ("PNG", "JPEG", "GIF", "WEBP")
    }
    endings = {"PNG": ("png", PNG), "JPEG": ("jpg", JPEG), "GIF": ("gif", GIF), "WEBP": ("webp", WEBP)}
    cut = [
        Hostile(
            f"{kind} cut in half",
            f"a.{ending}",
            content_type,
            lambda make=good[kind]: make()[: len(make()) // 2],
        )
        for kind, (ending, content_type) in endings.items()
    ]
    only_begun = [
        Hostile(f"{kind} of eight bytes", f"a.{ending}", content_type, lambda make=good[kind]: make()[:8])
        for kind, (ending, content_type) in endings.items()
    ]
    return [
        *cut,
        *only_begun,
        Hostile("empty", "a.png", PNG, lambda: b""),
        Hostile("PNG without rows", "a.png", PNG, lambda: png(data=b"")),
        Hostile("PNG of no size", "a.png", PNG, lambda: png(size=(0, 0), data=zeros(0))),
        Hostile("JPEG of no size", "a.jpg", JPEG, lambda: jpeg_claiming(0, 0)),
        Hostile("GIF of no size", "a.gif", GIF, lambda: gif(size=(0, 0), frame_size=(0, 0))),
        Hostile("PNG with a wrong checksum", "a.png", PNG, lambda: png()[:40] + b"\xff" + png()[41:]),
        Hostile("PNG with two headers", "a.png", PNG,
                lambda: png(before=chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)))),
        Hostile("JPEG with two frames", "a.jpg", JPEG,
                lambda: jpeg_with(segment(0xC0, b"\x08\0\x10\0\x10\x01\x01\x11\0"))),
        Hostile("GIF without an end", "a.gif", GIF, lambda: gif(end=b"")),
        Hostile("WEBP that says it is longer", "a.webp", WEBP, lambda: riff(picture("WEBP")[12:], length=10**6)),
        Hostile("PNG of 16-bit greys", "a.png", PNG, lambda: sixteen_bits()),
        Hostile("noise", "a.png", PNG, lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50),
    ]  # fmt: skip


def sixteen_bits() -> bytes:
    written = BytesIO()
    Image.new("I;16", (20, 20), 40_000).save(written, "PNG")
    return written.getvalue()


def by_name() -> list[Hostile]:
    good = picture
    return [
        Hostile("PNG called JPEG", "a.jpg", JPEG, good),
        Hostile("JPEG called PNG", "a.png", PNG, lambda: picture("JPEG")),
        Hostile("PNG sent as HTML", "a.png", "text/html", good),
        Hostile("PNG sent as SVG", "a.png", "image/svg+xml", good),
        Hostile("PNG sent as GIF", "a.png", GIF, good),
        Hostile("two endings", "a.php.png", PNG, good),
        Hostile("two endings, the other way", "a.png.php", PNG, good),
        Hostile("two endings with capitals", "a.PHtmL.png", PNG, good),
        Hostile("a zero before the ending", "a.php\x00.png", PNG, good),
        Hostile("a zero after the ending", "a.png\x00.php", PNG, good),
        Hostile("written from right to left", "photo\u202egnp.exe", PNG, good),
        Hostile("right to left, and two endings", "photo.\u202egpj.png", PNG, good),
        Hostile("no ending", "photo", PNG, good),
        Hostile("only an ending", ".png", PNG, good),
        Hostile("a dot at the end", "a.png.", PNG, good),
        Hostile("settings of a web server", ".htaccess", PNG, good),
        Hostile("a stream of Windows", "a.asp:x.png", PNG, good),
        Hostile("a name of 240 letters", "a" * 236 + ".png", PNG, good),
        Hostile("a path of another machine", "..\\..\\a.php", PNG, good),
        Hostile("full-width dot", "a.php．png", PNG, good),
    ]


def moving_ones() -> list[Hostile]:
    return [
        Hostile("GIF that moves", "a.gif", GIF, lambda: moving("GIF")),
        Hostile("GIF of 100,000 frames", "a.gif", GIF, lambda: gif(frames=100_000)),
        Hostile("PNG that moves", "a.png", PNG, lambda: moving("PNG")),
        Hostile("PNG that says it has 100,000 frames", "a.png", PNG, lambda: apng(100_000)),
        Hostile("WEBP that moves", "a.webp", WEBP, lambda: moving("WEBP")),
    ]
