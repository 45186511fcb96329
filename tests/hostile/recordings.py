"""Recordings and captions: good ones, made here of silence, and those that mean harm."""

import struct

from tests.hostile import Hostile
from tests.hostile.bits import SCRIPT, pdf, photo
from tests.hostile.pictures import HTML, a_zip

MP3, M4A, MP4, WEBM, VTT = "audio/mpeg", "audio/mp4", "video/mp4", "video/webm", "text/vtt"

# ---------------------------------------------------------------- MP3

FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # 26 ms of silence: 128 kbit/s, 44.1 kHz


def mp3(frames: int = 40, *, before: bytes = b"", after: bytes = b"", between: bytes = b"") -> bytes:
    return before + FRAME * (frames // 2) + between + FRAME * (frames - frames // 2) + after


def id3(words: bytes, *, size: int | None = None) -> bytes:
    size = len(words) if size is None else size
    return b"ID3\x03\0\0" + bytes(size >> shift & 127 for shift in (21, 14, 7, 0)) + words


# ---------------------------------------------------------------- MP4


def box(kind: bytes, *parts: bytes, size: int | None = None) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8 if size is None else size) + kind + body


def track(handler: bytes = b"vide", *, codec: bytes = b"avc1", source: bytes | None = None) -> bytes:
    source = box(b"url ", b"\0\0\0\1") if source is None else source
    dref = box(b"dref", bytes(4), struct.pack(">I", 1), source)
    stsd = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(78)))
    hdlr = box(b"hdlr", bytes(8), handler, bytes(13))
    return box(
        b"trak",
        box(b"mdia", hdlr, box(b"minf", box(b"dinf", dref), box(b"stbl", stsd))),
        box(b"tkhd", bytes(84)),
    )


def mp4(
    *tracks: bytes, seconds: int = 5, more: bytes = b"", within: bytes = b"", begins: bytes = b"isom"
) -> bytes:
    mvhd = box(b"mvhd", bytes(12), struct.pack(">II", 1000, seconds * 1000), bytes(80))
    moov = box(b"moov", mvhd, *(tracks or (track(),)), within)
    return box(b"ftyp", begins, bytes(4), b"isomavc1") + moov + more + box(b"mdat", bytes(500))


def m4a(**options) -> bytes:
    return mp4(track(b"soun", codec=b"mp4a"), begins=b"M4A ", **options)


def deep(levels: int) -> bytes:
    inner = box(b"hdlr", bytes(8), b"vide")
    for _ in range(levels):
        inner = box(b"trak", inner)
    return inner


# ---------------------------------------------------------------- WEBM


def element(kind: int, *parts: bytes, size: bytes | None = None) -> bytes:
    body = b"".join(parts)
    number = kind.to_bytes((kind.bit_length() + 7) // 8)
    return number + (struct.pack(">Q", len(body) | 1 << 56) if size is None else size) + body


def webm(
    *more: bytes,
    doc: bytes = b"webm",
    kinds: bytes = b"\1\2",
    codec: bytes = b"V_VP9",
    size: bytes | None = None,
) -> bytes:
    tracks = [element(0xAE, element(0x83, bytes([kind])), element(0x86, codec)) for kind in kinds]
    info = element(0x1549A966, element(0x2AD7B1, b"\x0f\x42\x40"), element(0x4489, struct.pack(">d", 5000.0)))
    cluster = element(0x1F43B675, bytes(200))
    head = element(0x1A45DFA3, element(0x4282, doc))
    return head + element(0x18538067, info, element(0x1654AE6B, *tracks), cluster, *more, size=size)


def recordings() -> list[Hostile]:
    """Files for the field of a recording."""
    return [
        Hostile("a page called MP3", "a.mp3", MP3, lambda: HTML),
        Hostile("a page called MP4", "a.mp4", MP4, lambda: HTML),
        Hostile("a page of its own kind", "a.html", "text/html", lambda: HTML),
        Hostile("a drawing with a script", "a.svg", "image/svg+xml", lambda: SCRIPT),
        Hostile("a photo called MP4", "a.mp4", MP4, photo),
        Hostile("a PDF called MP3", "a.mp3", MP3, pdf),
        Hostile("an MP4 declared as a page", "a.mp4", "text/html", mp4),
        Hostile("an MP4 declared as a picture", "a.mp4", "image/png", mp4),
        Hostile("two endings", "a.php.mp4", MP4, mp4),
        Hostile("a path in its name", "../../a.mp4", MP4, mp4),
        Hostile("letters that turn round", "a\u202e4pm.mp4", MP4, mp4),
        Hostile("a name of a thousand letters", "a" * 1000 + ".mp3", MP3, mp3),
        Hostile("an empty file", "a.mp3", MP3, bytes),
        Hostile("a playlist", "a.m3u8", "application/vnd.apple.mpegurl", lambda: b"#EXTM3U\nhttp://10.0.0.1/a.ts\n"),
        Hostile("a wave", "a.wav", "audio/wav", lambda: b"RIFF" + bytes(40)),
        Hostile("an MP3 with a page after it", "a.mp3", MP3, lambda: mp3(after=HTML)),
        Hostile("an MP3 with a zip after it", "a.mp3", MP3, lambda: mp3(after=a_zip())),
        Hostile("an MP3 with a page before it", "a.mp3", MP3, lambda: mp3(before=HTML)),
        Hostile("an MP3 with noise between", "a.mp3", MP3, lambda: mp3(between=b"noise")),
        Hostile("an MP3 with a page in its words", "a.mp3", MP3, lambda: mp3(before=id3(HTML))),
        Hostile("an MP3 with a zip in its words", "a.mp3", MP3, lambda: mp3(before=id3(a_zip()))),
        Hostile("words that reach past the end", "a.mp3", MP3, lambda: mp3(before=id3(b"", size=9_000_000))),
        Hostile("words and no sound", "a.mp3", MP3, lambda: id3(b"a" * 500)),
        Hostile("words of no known version", "a.mp3", MP3, lambda: b"ID3\x09\0\0\0\0\0\0" + mp3()),
        Hostile("an MP3 cut in a frame", "a.mp3", MP3, lambda: mp3()[:-9]),
        Hostile("an MP3 of two speeds", "a.mp3", MP3, lambda: mp3() + (b"\xff\xfb\x94\x00" + bytes(380)) * 3),
        Hostile("a frame of size nothing", "a.mp3", MP3, lambda: b"\xff\xfb\x00\x00" * 100),
        Hostile("an MP4 with a page after it", "a.mp4", MP4, lambda: mp4() + HTML),
        Hostile("an MP4 with a zip after it", "a.mp4", MP4, lambda: mp4() + a_zip()),
        Hostile("an MP4 with a page in a free part", "a.mp4", MP4, lambda: mp4(more=box(b"free", HTML))),
        Hostile("an MP4 with a zip in a free part", "a.mp4", MP4, lambda: mp4(more=box(b"free", a_zip()))),
        Hostile("an MP4 with a part of its own", "a.mp4", MP4, lambda: mp4(more=box(b"evil", bytes(9)))),
        Hostile("an MP4 that reads another file", "a.mp4", MP4, lambda: mp4(track(source=box(b"url ", bytes(4), b"file:///etc/passwd\0")))),
        Hostile("an MP4 that reads by name", "a.mp4", MP4, lambda: mp4(track(source=box(b"alis", b"\0\0\0\1")))),
        Hostile("an MP4 with a track of text", "a.mp4", MP4, lambda: mp4(track(), track(b"text"))),
        Hostile("an MP4 of no known codec", "a.mp4", MP4, lambda: mp4(track(codec=b"hvc1"))),
        Hostile("an MP4 packed in itself", "a.mp4", MP4, lambda: mp4(within=box(b"cmov", bytes(9)))),
        Hostile("an MP4 that says where", "a.mp4", MP4, lambda: mp4(within=box(b"udta", box(b"\xa9xyz", b"+51.5-000.1/")))),
        Hostile("an MP4 without tracks", "a.mp4", MP4, lambda: mp4(b"")),
        Hostile("an MP4 without an end", "a.mp4", MP4, lambda: box(b"ftyp", b"isom", size=4_000_000_000)),
        Hostile("a part of size nothing", "a.mp4", MP4, lambda: mp4() + box(b"free", size=0)),
        Hostile("a part smaller than its head", "a.mp4", MP4, lambda: mp4() + box(b"free", size=3)),
        Hostile("two lists of tracks", "a.mp4", MP4, lambda: mp4(more=box(b"moov"))),
        Hostile("an MP4 a thousand deep", "a.mp4", MP4, lambda: mp4(within=deep(900))),
        Hostile("an MP4 that lasts for years", "a.mp4", MP4, lambda: mp4(seconds=4_000_000)),
        Hostile("an MP4 that lasts no time", "a.mp4", MP4, lambda: mp4(seconds=0)),
        Hostile("a film called M4A", "a.m4a", M4A, mp4),
        Hostile("a WEBM with a page after it", "a.webm", WEBM, lambda: webm() + HTML),
        Hostile("a WEBM with a file attached", "a.webm", WEBM, lambda: webm(element(0x1941A469, HTML))),
        Hostile("a WEBM with a page in a gap", "a.webm", WEBM, lambda: webm(element(0xEC, HTML))),
        Hostile("a WEBM with subtitles within", "a.webm", WEBM, lambda: webm(kinds=b"\1\x11")),
        Hostile("a WEBM with buttons", "a.webm", WEBM, lambda: webm(kinds=b"\1\x12")),
        Hostile("a Matroska called WEBM", "a.webm", WEBM, lambda: webm(doc=b"matroska")),
        Hostile("a WEBM of no known codec", "a.webm", WEBM, lambda: webm(codec=b"V_MS/VFW/FOURCC")),
        Hostile("a WEBM without an end", "a.webm", WEBM, lambda: webm(size=b"\xff")),
        Hostile("a WEBM that reaches past its end", "a.webm", WEBM, lambda: webm(size=b"\x08" + b"\xff" * 4)),
        Hostile("a WEBM of zeros", "a.webm", WEBM, lambda: b"\x1aE\xdf\xa3" + bytes(5000)),
    ]  # fmt: skip


GOOD_VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\nHello.\n\n00:05.000 --> 00:06.500 align:start\n<v Rosa>I say it first.\n"


def captions() -> list[Hostile]:
    """Files for the field of captions."""

    def cue(words: bytes, times: bytes = b"00:01.000 --> 00:04.000") -> bytes:
        return b"WEBVTT\n\n" + times + b"\n" + words + b"\n"

    return [
        Hostile("a page called VTT", "a.vtt", VTT, lambda: HTML),
        Hostile("captions called a page", "a.html", VTT, lambda: GOOD_VTT),
        Hostile("captions declared as a page", "a.vtt", "text/html", lambda: GOOD_VTT),
        Hostile("another form of captions", "a.srt", "text/plain", lambda: b"1\n00:00:01,000 --> 00:00:02,000\nHi\n"),
        Hostile("a script in a cue", "a.vtt", VTT, lambda: cue(SCRIPT)),
        Hostile("a picture in a cue", "a.vtt", VTT, lambda: cue(b"<img src=x onerror=alert(1)>")),
        Hostile("a link in a cue", "a.vtt", VTT, lambda: cue(b"<a href=javascript:alert(1)>x</a>")),
        Hostile("a tag that is not closed", "a.vtt", VTT, lambda: cue(b"<script")),
        Hostile("a code that is not known", "a.vtt", VTT, lambda: cue(b"&#x3c;script&#x3e;")),
        Hostile("a style", "a.vtt", VTT, lambda: b"WEBVTT\n\nSTYLE\n::cue{background:url(http://10.0.0.1/)}\n\n" + GOOD_VTT[8:]),
        Hostile("a region", "a.vtt", VTT, lambda: b"WEBVTT\n\nREGION\nid:a\n\n" + GOOD_VTT[8:]),
        Hostile("an arrow in the words", "a.vtt", VTT, lambda: cue(b"one --> two")),
        Hostile("a control character", "a.vtt", VTT, lambda: cue(b"a\0b")),
        Hostile("no letters", "a.vtt", VTT, lambda: cue(b"\xff\xfe")),
        Hostile("a time that runs back", "a.vtt", VTT, lambda: cue(b"Hi", b"00:04.000 --> 00:01.000")),
        Hostile("a time that is none", "a.vtt", VTT, lambda: cue(b"Hi", b"00:99.000 --> 99:99.000")),
        Hostile("a setting that is none", "a.vtt", VTT, lambda: cue(b"Hi", b"00:01.000 --> 00:02.000 onload:1")),
        Hostile("no words", "a.vtt", VTT, lambda: b"WEBVTT\n"),
        Hostile("a line without end", "a.vtt", VTT, lambda: cue(b"a" * 5000)),
        Hostile("more than anybody reads", "a.vtt", VTT, lambda: b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\nHi\n\n" * 15_000),
        Hostile("a recording", "a.vtt", VTT, mp3),
    ]  # fmt: skip
