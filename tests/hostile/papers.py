"""Files for the door of documents."""

import base64
import re
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pikepdf
from openpyxl import Workbook
from pikepdf import Array, Dictionary, Name

from tests.hostile import Hostile
from tests.hostile.bits import LAUGHS, SCRIPT, SVG, XXE, pdf, picture, saved, zeros

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def with_change(change: Callable[[pikepdf.Pdf], None], packed: bool = True, **options) -> Callable[[], bytes]:
    """A good PDF with something added to it."""

    def make() -> bytes:
        document = pikepdf.new()
        document.add_blank_page()
        change(document)
        return saved(document, packed, **options)

    return make


def opens_with(**action) -> Callable[[pikepdf.Pdf], None]:
    """On opening, the document does this."""

    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = document.make_indirect(Dictionary(**action))

    return change


SCRIPT_ACTION = {"S": Name.JavaScript, "JS": "app.alert(1)"}


def on_page(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=Dictionary(**SCRIPT_ACTION))


def named_script(document: pikepdf.Pdf) -> None:
    names = Array([pikepdf.String("go"), document.make_indirect(Dictionary(**SCRIPT_ACTION))])
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=names))


def attached(document: pikepdf.Pdf) -> None:
    document.attachments["run.exe"] = b"MZ" + bytes(100)


def note(subtype: str, **more) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        annotation = Dictionary(
            Type=Name.Annot, Subtype=Name("/" + subtype), Rect=Array([0, 0, 50, 50]), **more
        )
        document.pages[0].obj.Annots = Array([document.make_indirect(annotation)])

    return change


def form(document: pikepdf.Pdf) -> None:
    xfa = document.make_stream(
        b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><script>app.alert(1)</script></xdp:xdp>"
    )
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=xfa)


def spelt_with_codes() -> bytes:
    plain = with_change(opens_with(**SCRIPT_ACTION), packed=False)()
    return plain.replace(b"/JavaScript", b"/J#61v#61Script")


def by_hand(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF as text: object 1 is its catalogue. Readers mend the list of places, so there is none."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Root 1 0 R " + trailer + b">>\nstartxref\n0\n%%EOF\n"


def stream(about: bytes, packed: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (about, len(packed), packed)


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [] /Count 0 >>"
INSIDE = b"5 0 << /S /JavaScript /JS (app.alert(1)) >>"


def packed_script() -> bytes:
    return zlib.compress(INSIDE)


def object_stream(filters: bytes, packed: bytes) -> bytes:
    about = b"/Type /ObjStm /N 1 /First 4 /Filter " + filters
    return by_hand(CATALOGUE, PAGES, stream(about, packed))


def hidden_beginning(disguise: bytes) -> bytes:
    """The packed part's own words end with something that looks like the beginning of another part."""
    about = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /X " + disguise
    return by_hand(CATALOGUE, PAGES, stream(about, zlib.compress(INSIDE)))


def office(*files: tuple[str, bytes]) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in files:
            archive.writestr(name, content)
    return written.getvalue()


def sheet(*cells: str) -> bytes:
    workbook, written = Workbook(), BytesIO()
    workbook.active.append(cells)
    workbook.save(written)
    return written.getvalue()


def a_page_and_a_pdf() -> bytes:
    return b"<!doctype html>" + SCRIPT + b"<!--" + pdf() + b"-->"


def papers() -> list[Hostile]:
    return [*acting(), *hidden(), *locked_or_broken(), *not_pdf(), *by_name()]


def acting() -> list[Hostile]:
    spec = Dictionary(Type=Name.Filespec, F="run.exe")
    return [
        Hostile("PDF with a script on opening", "a.pdf", PDF, with_change(opens_with(**SCRIPT_ACTION))),
        Hostile("the same, not packed", "a.pdf", PDF, with_change(opens_with(**SCRIPT_ACTION), packed=False)),
        Hostile("PDF with a script on a page", "a.pdf", PDF, with_change(on_page)),
        Hostile("PDF with a script among its names", "a.pdf", PDF, with_change(named_script)),
        Hostile("PDF that starts a program", "a.pdf", PDF, with_change(opens_with(S=Name.Launch, F=spec))),
        Hostile("PDF that sends a form", "a.pdf", PDF,
                with_change(opens_with(S=Name.SubmitForm, F="https://example.org/"))),
        Hostile("PDF that reads data in", "a.pdf", PDF, with_change(opens_with(S=Name.ImportData, F="data.fdf"))),
        Hostile("PDF that opens a file of the machine", "a.pdf", PDF,
                with_change(opens_with(S=Name.GoToR, F="\\\\example.org\\share\\a.pdf", D=Array([0])))),
        Hostile("PDF that opens a file within it", "a.pdf", PDF,
                with_change(opens_with(S=Name.GoToE, D=Array([0])))),
        Hostile("PDF with a program in it", "a.pdf", PDF, with_change(attached)),
        Hostile("PDF with a program in it, not packed", "a.pdf", PDF, with_change(attached, packed=False)),
        Hostile("PDF with a form that is a program", "a.pdf", PDF, with_change(form)),
        Hostile("PDF with a film", "a.pdf", PDF, with_change(note("Movie", Movie=Dictionary(F=spec)))),
        Hostile("PDF with a sound", "a.pdf", PDF, with_change(note("Sound", Sound=Dictionary()))),
        Hostile("PDF with rich media", "a.pdf", PDF, with_change(note("RichMedia"))),
        Hostile("PDF with a screen that plays", "a.pdf", PDF,
                with_change(note("Screen", A=Dictionary(S=Name.Rendition)))),
        Hostile("PDF with a link that is a script", "a.pdf", PDF,
                with_change(note("Link", A=Dictionary(S=Name.URI, URI="javascript:alert(1)")), packed=False)),
    ]  # fmt: skip


def hidden() -> list[Hostile]:
    packed = zlib.compress(INSIDE)
    return [
        Hostile("script spelt with codes", "a.pdf", PDF, spelt_with_codes),
        Hostile("script spelt with codes, packed", "a.pdf", PDF,
                lambda: object_stream(b"/FlateDecode", zlib.compress(INSIDE.replace(b"/Java", b"/#4aav#61")))),
        Hostile("script packed in letters", "a.pdf", PDF,
                lambda: object_stream(b"/ASCII85Decode", base64.a85encode(INSIDE) + b"~>")),
        Hostile("script packed twice", "a.pdf", PDF,
                lambda: object_stream(b"[/ASCIIHexDecode /FlateDecode]", packed.hex().encode() + b">")),
        Hostile("script packed twice the same way", "a.pdf", PDF,
                lambda: object_stream(b"[/FlateDecode /FlateDecode]", zlib.compress(packed))),
        Hostile("script packed in a way that we do not unpack", "a.pdf", PDF,
                lambda: object_stream(b"/LZWDecode", packed)),
        Hostile("script packed with runs", "a.pdf", PDF, lambda: object_stream(b"/RunLengthDecode", packed)),
        Hostile("script whose packing is named elsewhere", "a.pdf", PDF, lambda: object_stream(b"9 0 R", packed)),
        Hostile("script whose packing is spelt with codes", "a.pdf", PDF,
                lambda: object_stream(b"/Fl#61teDecode", packed)),
        Hostile("script behind a comment that looks like a beginning", "a.pdf", PDF,
                lambda: hidden_beginning(b"% 9 0 obj <<\n")),
        Hostile("script behind words that look like a beginning", "a.pdf", PDF,
                lambda: hidden_beginning(b"(\n9 0 obj << )")),
        Hostile("script between false marks of a stream", "a.pdf", PDF,
                lambda: by_hand(CATALOGUE, PAGES, b"[(>>\nstream\n) << /S /JavaScript /JS (1) >> (endstream)]")),
        Hostile("script after the end of what is packed", "a.pdf", PDF,
                lambda: object_stream(b"/FlateDecode", zlib.compress(b"0 0 null") + b"<< /S /JavaScript >>")),
        Hostile("part that lies in another file", "a.pdf", PDF,
                lambda: by_hand(CATALOGUE, PAGES, stream(b"/F (https://example.org/x) /FFilter /FlateDecode", b"."))),
    ]  # fmt: skip


def locked_or_broken() -> list[Hostile]:
    lock = pikepdf.Encryption(owner="owner", user="user")
    return [
        Hostile("PDF with a password", "a.pdf", PDF, with_change(lambda document: None, encryption=lock)),
        Hostile("PDF with a script and a password", "a.pdf", PDF,
                with_change(opens_with(**SCRIPT_ACTION), encryption=lock)),
        Hostile("PDF that opens into 100 MB", "a.pdf", PDF,
                lambda: by_hand(CATALOGUE, PAGES, stream(b"/Filter /FlateDecode", zeros(100)))),
        Hostile("PDF of 16 parts of 5 MB", "a.pdf", PDF,
                lambda: by_hand(CATALOGUE, PAGES, *[stream(b"/Filter /FlateDecode", zeros(5))] * 16)),
        Hostile("PDF of 100,000 parts", "a.pdf", PDF,
                lambda: by_hand(CATALOGUE, PAGES, *[stream(b"", b".")] * 100_000)),
        Hostile("PDF of open brackets", "a.pdf", PDF,
                lambda: by_hand(CATALOGUE, PAGES, stream(b"/Filter [" * 700_000, b"."))),
        Hostile("PDF of a few open brackets", "a.pdf", PDF,
                lambda: by_hand(CATALOGUE, PAGES, stream(b"/Filter [" * 1_000, packed_script()))),
        Hostile("PDF cut in half", "a.pdf", PDF, lambda: pdf(50)[: len(pdf(50)) // 2]),
        Hostile("PDF of its first line", "a.pdf", PDF, lambda: b"%PDF-1.7\n"),
        Hostile("PDF with a page before it", "a.pdf", PDF, a_page_and_a_pdf),
        Hostile("PDF with a page after it", "a.pdf", PDF, lambda: pdf() + b"<html>" + SCRIPT + b"</html>"),
        Hostile("PDF with a script in its plain words", "a.pdf", PDF,
                lambda: re.sub(rb"^(%PDF-...)\n", rb"\1\n%" + SCRIPT + b"\n", pdf())),
        Hostile("PDF with a zip after it", "a.pdf", PDF, lambda: pdf() + office()),
        Hostile("PDF with a zip inside, and an end", "a.pdf", PDF, lambda: pdf() + office() + b"\n%%EOF\n"),
        Hostile("PDF of 11 MB", "a.pdf", PDF,
                lambda: by_hand(CATALOGUE, PAGES, stream(b"", b"x" * 11 * 1024 * 1024))),
        Hostile("empty", "a.pdf", PDF, lambda: b""),
    ]  # fmt: skip


def not_pdf() -> list[Hostile]:
    macro = office(
        ("word/document.xml", b"<w:document/>"), ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(90))
    )
    return [
        Hostile("HTML", "a.html", "text/html", lambda: SCRIPT),
        Hostile("HTML called PDF", "a.pdf", PDF, lambda: b"<html>" + SCRIPT),
        Hostile("SVG called PDF", "a.pdf", PDF, lambda: SVG),
        Hostile("SVG", "a.svg", "image/svg+xml", lambda: SVG),
        Hostile("XML that reads a file", "a.xml", "application/xml", lambda: XXE),
        Hostile("XML that reads a file, called PDF", "a.pdf", PDF, lambda: XXE),
        Hostile("billion laughs", "a.xml", "application/xml", lambda: LAUGHS),
        Hostile("letter with a macro", "a.docm", WORD, lambda: macro),
        Hostile("letter with a macro, called letter", "a.docx", WORD, lambda: macro),
        Hostile("letter that reads a file", "a.docx", WORD, lambda: office(("word/document.xml", XXE))),
        Hostile("letter called PDF", "a.pdf", PDF, lambda: office(("word/document.xml", b"<w:document/>"))),
        Hostile("sheet with a formula", "a.xlsx", EXCEL, lambda: sheet("=WEBSERVICE(\"https://example.org/\")")),
        Hostile("table with a formula", "a.csv", "text/csv", lambda: b"=cmd|' /C calc'!A0,1\n"),
        Hostile("table with a formula, called PDF", "a.pdf", PDF, lambda: b"=cmd|' /C calc'!A0,1\n"),
        Hostile("PostScript called PDF", "a.pdf", PDF, lambda: b"%!PS\n(%pipe%id) (w) file\n"),
        Hostile("program called PDF", "a.pdf", PDF, lambda: b"MZ" + bytes(300)),
        Hostile("rich text with an object", "a.rtf", "application/rtf", lambda: b"{\\rtf1{\\object\\objdata 01}}"),
        Hostile("zip", "a.zip", "application/zip", office),
        Hostile("zip called PDF", "a.pdf", PDF, office),
        Hostile("link of Windows", "a.url", "text/plain", lambda: b"[InternetShortcut]\nURL=file://example.org/a\n"),
        Hostile("plain words", "a.txt", "text/plain", lambda: b"Hello"),
        Hostile("picture called PDF", "a.pdf", PDF, lambda: picture("JPEG")),
    ]  # fmt: skip


def by_name() -> list[Hostile]:
    return [
        Hostile("PDF sent as HTML", "a.pdf", "text/html", pdf),
        Hostile("PDF sent as anything", "a.pdf", "application/octet-stream", pdf),
        Hostile("two endings", "a.exe.pdf", PDF, pdf),
        Hostile("two endings, the other way", "a.pdf.exe", PDF, pdf),
        Hostile("a zero before the ending", "a.html\x00.pdf", PDF, pdf),
        Hostile("a zero after the ending", "a.pdf\x00.html", PDF, pdf),
        Hostile("written from right to left", "a\u202efdp.exe", PDF, pdf),
        Hostile("no ending", "letter", PDF, pdf),
        Hostile("a name of 240 letters", "a" * 236 + ".pdf", PDF, pdf),
        Hostile("a path of another machine", "..\\..\\a.html", PDF, pdf),
    ]
