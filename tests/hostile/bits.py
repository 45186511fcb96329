"""Parts of files, well formed or not, and good files of each kind."""

import struct
import zlib
from functools import cache
from io import BytesIO

import pikepdf
from PIL import Image, PngImagePlugin

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><rect width='9' height='9'/></svg>"
XXE = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg"><text>&file;</text></svg>'
)
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><lolz>&l9;</lolz>"
)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options) -> bytes:
    """A good picture: a slope of colours."""
    image = Image.linear_gradient("L").resize(size).convert(mode)
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def photo(kind: str = "JPEG", words: bytes = b"taken at 51.5N", **options) -> bytes:
    """A picture with EXIF: turned on its side, and saying where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = words.decode()
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    return picture(kind, exif=exif, **options)


def moving(kind: str = "GIF", frames: int = 3) -> bytes:
    stills = [Image.new("RGB", (40, 30), (n * 40 % 255, 0, 0)) for n in range(frames)]
    written = BytesIO()
    stills[0].save(written, kind, save_all=True, append_images=stills[1:], duration=50)
    return written.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    *,
    size: tuple[int, int] = (8, 8),
    before: bytes = b"",
    data: bytes | None = None,
    after: bytes = b"",
    bits: int = 8,
    colour: int = 2,
) -> bytes:
    """A PNG by hand: a claim of its size, chunks before and after the packed rows, and the rows."""
    width, height = size
    rows = (b"\0" + b"\x80" * (width * 3)) * height if data is None else None
    packed = zlib.compress(rows) if data is None else data
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + before + chunk(b"IDAT", packed) + after + chunk(b"IEND", b"")


@cache
def zeros(megabytes: int) -> bytes:
    """So many megabytes of nothing, packed; made piece by piece."""
    packer = zlib.compressobj(9)
    nothing = bytes(1024 * 1024)
    return b"".join([*(packer.compress(nothing) for _ in range(megabytes)), packer.flush()])


def png_with_words(words: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", words, zip=False)
    return picture("PNG", pnginfo=info)


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def jpeg_with(*segments: bytes) -> bytes:
    good = picture("JPEG")
    return good[:2] + b"".join(segments) + good[2:]


def jpeg_claiming(width: int, height: int, **options) -> bytes:
    """A JPEG whose header claims another size than it has."""
    good = bytearray(picture("JPEG", **options))
    frame = next(at for at in range(len(good)) if good[at] == 0xFF and good[at + 1] in (0xC0, 0xC2))
    good[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(good)


def gif(
    *, size: tuple[int, int] = (1, 1), frames: int = 1, frame_size=None, extra: bytes = b"", end=b";"
) -> bytes:
    wide, high = frame_size or (1, 1)
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, wide, high, 0) + b"\x02\x02\x44\x01\x00"
    screen = b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return screen + extra + frame * frames + end


def riff(*parts: bytes, length: int | None = None) -> bytes:
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body) if length is None else length) + body


def webp_part(kind: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2)


def pdf(pages: int = 1) -> bytes:
    """A good PDF, packed as many programs do: its objects lie in object streams."""
    document = pikepdf.new()
    for _number in range(pages):
        document.add_blank_page()
    return saved(document)


def saved(document: pikepdf.Pdf, packed: bool = True, **options) -> bytes:
    written = BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    # The same bytes each time; a password wants a name by chance.
    document.save(written, object_stream_mode=mode, deterministic_id="encryption" not in options, **options)
    return written.getvalue()
