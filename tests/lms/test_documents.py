"""Documents on paper: whole, readable aloud, the same twice, and deaf to every address."""

import shutil
import subprocess
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import page
import pikepdf
import pytest
from weasyprint.urls import URLFetcher

from lms.documents import render_pdf
from lms.documents.press import Press, the_press

CREATED = datetime(2026, 11, 12, 15, 30, tzinfo=UTC)
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")


def text_of(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def printed(title: str = "A letter", **more) -> bytes:
    return render_pdf(
        template="documents/base.html", context={}, title=title, language="en", created=CREATED, **more
    )


@pytest.fixture
def listener():
    """A host that notes whoever calls."""
    calls = []

    class Note(BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/css")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Note)
    Thread(target=server.serve_forever, daemon=True).start()
    server.calls = calls
    server.address = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


def hostile_page(listener, secret) -> str:
    """Every way that a page could ask for something: each names the host, or the file that holds a secret."""
    host, file = listener.address, secret.as_uri()
    return f"""<!doctype html><html lang="en"><head><title>Hostile</title><base href="{host}/base/">
      <link rel="stylesheet" href="{host}/link.css"><link rel="stylesheet" href="{file}">
      <link rel="attachment" href="{file}"><link rel="attachment" href="{host}/attached">
      <style>@import url({host}/import.css); @import "{file}"; @import url("data:text/css,h1%7Bcolor:red%7D");
        @font-face {{ font-family: Away; src: url({host}/away.ttf) }} p {{ font-family: Away }}
        h1 {{ background: url({host}/background.png) }} li {{ list-style-image: url({host}/list.png) }}
        h1::before {{ content: url({host}/content.png) }} @page {{ background: url({host}/page.png) }}</style></head>
      <body><h1>Here</h1><p>Words</p><ul><li>One</li></ul>
      <img alt="a" src="{host}/image.png"><img alt="b" src="{file}"><img alt="c" src="relative.png">
      <img alt="d" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E">
      <object data="{host}/object.svg"></object><embed src="{host}/embed.svg">
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">
        <title>e</title><image xlink:href="{host}/in-svg.png" width="9" height="9"/>
        <image href="{file}" width="9" height="9"/><use href="{host}/use.svg#a"/></svg></body></html>"""


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret.svg"
    file.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>the-secret</text></svg>')
    return file


@pytest.fixture
def reads(monkeypatch):
    """Which files are read by path while a page is printed."""
    seen = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: seen.append(path) or real(path))
    return seen


def test_a_document_fetches_nothing_whatever_it_asks_for(listener, secret, reads):
    press = the_press()
    reads.clear()

    pdf = press.print(hostile_page(listener, secret), [])

    assert listener.calls == []
    assert reads == []
    with _opened(pdf) as document:
        assert not document.attachments
        assert b"the-secret" not in b"".join(
            each.read_bytes() for each in document.objects if isinstance(each, pikepdf.Stream)
        )


def test_with_the_packages_own_fetcher_the_same_page_does_reach_out(listener, secret):
    press = Press()
    press.fetcher = URLFetcher()

    pdf = press.print(hostile_page(listener, secret), [])

    assert "/base/relative.png" in listener.calls
    assert "/import.css" in listener.calls
    with _opened(pdf) as document:
        assert len(document.attachments) > 0


def test_a_hostile_stylesheet_is_denied_too(listener, settings, tmp_path):
    sheet = tmp_path / "away.css"
    sheet.write_text(f'@import "{listener.address}/sheet.css"; h1 {{ color: #0b5563 }}')
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]

    printed(stylesheet="away.css")

    assert listener.calls == []


def test_only_our_fonts_and_our_mark_can_be_fetched():
    fetcher = the_press().fetcher
    fonts = sorted(address for address in fetcher._files if address.endswith(".ttf"))

    assert len(fonts) >= 4
    assert [address.rpartition("/")[2] for address in set(fetcher._files) - set(fonts)] == ["favicon.svg"]
    assert fetcher.fetch(fonts[0]).read(4) == b"\x00\x01\x00\x00"
    for address in [
        fonts[0] + "?a=1",
        fonts[0].replace("file:///", "file://localhost/"),
        "file:///etc/passwd",
    ]:
        with pytest.raises(ValueError):
            fetcher.fetch(address)
        with pytest.raises(ValueError):
            fetcher.open(address)


def test_a_document_is_tagged_and_says_its_title_and_language():
    pdf = printed(title="A letter to keep", author="Riverside Clinic")

    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in report.failures] == []
    with _opened(pdf) as document:
        assert document.Root.Lang == "en"
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.docinfo["/Title"] == "A letter to keep"
        assert document.docinfo["/Author"] == "Riverside Clinic"
        assert document.docinfo["/CreationDate"] == "D:20261112153000Z"


def test_the_check_for_faults_finds_one():
    with _opened(printed()) as document:
        del document.Root.StructTreeRoot
        spoilt = _saved(document)

    assert not page.validate_pdf_bytes(spoilt, profile=page.ValidationProfile.PDF_UA_1).is_compliant


def test_the_same_words_give_the_same_bytes_and_others_do_not():
    first, second, other = printed(), printed(), printed(title="Another letter")

    assert first == second
    assert first != other


def test_a_fresh_press_gives_the_same_bytes_too():
    html = '<!doctype html><html lang="en"><title>T</title><p>Words שלום سلام</p>'

    assert the_press().print(html, []) == Press().print(html, [])


@needs_poppler
def test_control_characters_and_markup_in_words_do_no_harm():
    pdf = render_pdf(
        template="certificates/pdf/certificate.html",
        context={
            "facts": {
                "recipient": "A\x00B\x0b<img src='http://127.0.0.1:9/'> \u202e\U0001f600",
                "course": "C",
            }
        },
        title="Odd \x01 title",
        language="en",
    )

    words = text_of(pdf)
    assert "AB<img src=" in words
    assert page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1).document.page_count == 1


def test_right_to_left_languages_turn_the_page_round():
    pdf = render_pdf(template="documents/base.html", context={}, title="رسالة", language="ar")

    with _opened(pdf) as document:
        assert document.Root.Lang == "ar"
        assert document.docinfo["/Title"] == "رسالة"


def _opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def _saved(document: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()
