"""What a document asks for while it is printed, one kind after another: no host is called, no file is read."""

import os
import socket
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pytest
from weasyprint.urls import URLFetcher, URLFetchingError

from lms.documents.fetcher import Denied, OnlyOurs
from lms.documents.press import Press, the_press
from tests.hostile.bits import picture
from tests.lms.test_documents import listener  # noqa: F401

CANARY = "canary-in-a-file"
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"


def svg(inside: str, before: str = "") -> str:
    return f'{before}<svg xmlns="{SVG}" xmlns:xlink="{XLINK}" width="90" height="90">{inside}</svg>'


def data_svg(inside: str) -> str:
    return "data:image/svg+xml," + quote(svg(inside))


def styled(rules: str) -> str:
    return f"<style>{rules}</style><h1>Words</h1><p>More</p><ul><li>One</li></ul>"


DRAWING = data_svg("<image href=__URL__ width='9' height='9'/>")

# Each asks for `{url}`: once an address of a host, once a file with a canary in it.
KINDS = {
    "picture": '<img alt="" src="{url}">',
    "picture of several sizes": '<img alt="" srcset="{url} 1x, {url}?2 2x">',
    "picture by choice": '<picture><source srcset="{url}"><img alt="" src="{url}"></picture>',
    "object": '<object data="{url}" type="image/svg+xml"></object>',
    "embed": '<embed src="{url}" type="image/svg+xml">',
    "frame": '<iframe src="{url}"></iframe>',
    "film": '<video src="{url}" poster="{url}"></video>',
    "sound": '<audio src="{url}"></audio>',
    "picture of a button": '<input type="image" src="{url}">',
    "stylesheet": '<link rel="stylesheet" href="{url}">',
    "other stylesheet": '<link rel="alternate stylesheet" title="x" href="{url}">',
    "icon": '<link rel="icon" href="{url}">',
    "attachment": '<link rel="attachment" href="{url}">',
    "attachment behind a link": '<a rel="attachment" href="{url}">Words</a>',
    "manifest and preload": '<link rel="manifest" href="{url}"><link rel="preload" as="image" href="{url}">',
    "base": '<base href="{url}"><img alt="" src="other.png"><link rel="stylesheet" href="other.css">',
    "refresh": '<meta http-equiv="refresh" content="0; url={url}">',
    "script": '<script src="{url}"></script>',
    "import": styled("@import '{url}';"),
    "import by url()": styled("@import url({url}) print;"),
    "import within an import": styled("@import url('data:text/css,@import%20url({url});');"),
    "font": styled("@font-face {{ font-family: Away; src: url({url}) }} p {{ font-family: Away }}"),
    "font of the machine": styled(
        "@font-face {{ font-family: Away; src: local(serif), url({url}) }} p {{ font-family: Away }}"
    ),
    "background": styled("h1 {{ background-image: url({url}) }}"),
    "border": styled("h1 {{ border: 9px solid; border-image: url({url}) 30 }}"),
    "mark of a list": styled("li {{ list-style-image: url({url}) }}"),
    "content": styled("h1::before {{ content: url({url}) }}"),
    "content of a page's edge": styled("@page {{ @top-left {{ content: url({url}) }} }}"),
    "background of a page": styled("@page {{ background: url({url}) }}"),
    "cursor": styled("h1 {{ cursor: url({url}), auto }}"),
    "mask, filter and clip": styled(
        "h1 {{ mask: url({url}); filter: url({url}#a); clip-path: url({url}#b) }}"
    ),
    "set of pictures": styled("h1 {{ background: image-set(url({url}) 1x) }}"),
    "shape": styled("h1 {{ float: left; shape-outside: url({url}) }}"),
    "target of a counter": styled("a::after {{ content: target-counter(url({url}#a), page) }}")
    + '<a href="{url}#a">x</a>',
    "colour profile": styled("@color-profile --a {{ src: url({url}) }} h1 {{ color: color(--a 1 0 0) }}"),
    "style of one thing": '<p style="background: url({url})">Words</p>',
    "picture in a drawing": svg('<image href="{url}" width="90" height="90"/>'),
    "picture in a drawing, the old way": svg('<image xlink:href="{url}" width="90" height="90"/>'),
    "use in a drawing": svg('<use href="{url}#a"/>'),
    "fill in a drawing": svg('<rect width="9" height="9" fill="url({url}#a)"/>'),
    "style in a drawing": svg(
        "<style>@import url({url}); rect {{ fill: url({url}#a) }}</style><rect width='9' height='9'/>"
    ),
    "font in a drawing": svg(
        "<style>@font-face {{ font-family: A; src: url({url}) }}</style><text font-family='A'>x</text>"
    ),
    "page in a drawing": svg(
        '<foreignObject width="9" height="9"><img xmlns="http://www.w3.org/1999/xhtml" src="{url}"/></foreignObject>'
    ),
    "drawing within the page": f'<img alt="" src="{DRAWING}">',
    "inclusion": '<div xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{url}" parse="text"/></div>',
    "entity": '<!DOCTYPE html [<!ENTITY canary SYSTEM "{url}">]><p>&canary;</p>',
}
SCHEMES = {
    "host": "{host}/x.svg",
    "host without a scheme": "//{netloc}/x.svg",
    "file": "{file}",
}


def asking(kind: str, url: str) -> str:
    body = KINDS[kind].format(url=url).replace("__URL__", quote(f"'{url}'"))
    return f'<html lang="en"><head><title>Asking</title></head><body>{body}</body></html>'


@pytest.fixture
def canary(tmp_path) -> Path:
    """A drawing that would be seen in the document, were it read."""
    file = tmp_path / "canary.svg"
    file.write_text(svg(f'<text id="a">{CANARY}</text><rect width="40" height="40"/>'))
    return file


@pytest.fixture
def calls(monkeypatch):
    """Every try to reach another machine, by whatever way; each is refused."""
    tried = []

    def note(*args, **kwargs):
        tried.append(args)
        raise OSError("no network here")

    monkeypatch.setattr(socket.socket, "connect", note)
    monkeypatch.setattr(socket, "create_connection", note)
    monkeypatch.setattr(socket, "getaddrinfo", note)
    return tried


@pytest.fixture
def reads(monkeypatch):
    """Files that are opened or read while a document is printed."""
    seen = []
    for module, name in ((Path, "read_bytes"), (Path, "read_text"), (Path, "open")):
        real = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda path, *a, real=real, **k: seen.append(str(path)) or real(path, *a, **k)
        )
    return seen


def printed(press: Press, html: str) -> tuple[bytes, int]:
    """All that stands in the document, unpacked, and how many things it carries: pictures and attached files."""
    try:
        pdf = press.print(html, [])
    except URLFetchingError:  # where a colour profile is denied, there is no document at all
        return b"", 0
    with pikepdf.open(BytesIO(pdf)) as document:
        streams = [one for one in document.objects if isinstance(one, pikepdf.Stream)]
        pictures = [one for one in streams if one.get("/Subtype") == "/Image"]
        text = b"".join(one.read_bytes() for one in streams if one not in pictures)
        return text, len(pictures) + len(document.attachments)


def url_for(scheme: str, host: str, canary: Path) -> str:
    return SCHEMES[scheme].format(host=host, netloc=host.partition("//")[2], file=canary.as_uri())


@pytest.mark.parametrize(
    ("kind", "scheme"),
    [(kind, scheme) for kind in KINDS for scheme in ("host", "file")]
    + [(kind, "host without a scheme") for kind in ("picture", "stylesheet", "font", "attachment")],
)
def test_nothing_is_fetched(kind, scheme, canary, calls, reads):
    press = the_press()
    reads.clear()

    text, carried = printed(press, asking(kind, url_for(scheme, "http://192.0.2.1", canary)))

    assert (calls, [path for path in reads if "canary" in path], carried) == ([], [], 0)
    assert CANARY.encode() not in text


def test_the_packages_own_fetcher_fetches_many_of_them(listener, canary):  # noqa: F811
    """The control: the same pages, with the fetcher that comes with WeasyPrint."""
    press = Press()
    press.fetcher = URLFetcher(timeout=2)
    called, carried_file = set(), set()
    empty = printed(press, "<html lang='en'><title>x</title><p>Words")[0]

    for kind in KINDS:
        listener.calls.clear()
        printed(press, asking(kind, f"{listener.address}/x.svg"))
        if listener.calls:
            called.add(kind)
        text, carried = printed(press, asking(kind, canary.as_uri()))
        if carried or b"40 40 re" in text and b"40 40 re" not in empty:
            carried_file.add(kind)

    assert len(called) > 10 and {"picture", "import", "attachment", "picture in a drawing"} <= called
    assert {"attachment", "picture", "background"} <= carried_file


# ---------------------------------------------------------------- addresses


@pytest.fixture
def ours(tmp_path):
    """A fetcher that may give out one file, in a folder with a secret and a link to it."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "Our Face.ttf").write_bytes(b"our face")
    (tmp_path / "secret.ttf").write_bytes(CANARY.encode())
    (folder / "link.ttf").symlink_to(tmp_path / "secret.ttf")
    return OnlyOurs([folder / "Our Face.ttf"]), folder


def test_our_own_file_is_given_out_by_its_one_address(ours):
    fetcher, folder = ours

    assert fetcher.fetch((folder / "Our Face.ttf").as_uri()).read() == b"our face"


OTHERS = [
    "file://{folder}/link.ttf", "file://{folder}/../secret.ttf", "file://{folder}/./Our%20Face.ttf", "file://{folder}/Our Face.ttf",
    "file://{folder}/%4Fur%20Face.ttf", "file://{folder}/Our%20Face.ttf?a", "file://{folder}/Our%20Face.ttf#a",
    "file://{folder}/Our%20Face.ttf/../../secret.ttf", "file://{folder}/%2e%2e/secret.ttf", "file://{folder}%2f..%2fsecret.ttf",
    "file://localhost{folder}/Our%20Face.ttf", "file://example.org{folder}/Our%20Face.ttf", "FILE://{folder}/Our%20Face.ttf",
    "file:{folder}/Our%20Face.ttf", "file:////{folder}/secret.ttf", "{folder}/Our%20Face.ttf", "Our%20Face.ttf", "",
    "file:///", "file:///etc/passwd", "file:///proc/self/environ", "\\\\example.org\\share\\a.ttf", "file://\\\\example.org/a.ttf",
    "jar:file://{folder}/a.jar!/a.ttf", "zip:file://{folder}/a.zip", "ftp://example.org/a.ttf", "gopher://example.org:70/_a",
    "data:font/ttf;base64,AAEAAAA=", "data:text/css,p{{}}", "data:image/svg+xml,<svg/>", "http://example.org/", "https://[::1]/",
    "HTTP://192.0.2.1/", "http:192.0.2.1", "//example.org/a.ttf", "ldap://example.org/", "dict://example.org/", "about:blank",
    "javascript:1", "php://filter", "netdoc:///etc/passwd", "file://{folder}/Our%20Face.ttf\0", "file://{folder}/Our%20Face.ttf ",
]  # fmt: skip


@pytest.mark.parametrize("address", OTHERS)
def test_no_other_address_gives_anything(ours, calls, address):
    fetcher, folder = ours
    address = address.format(folder=folder)

    for ask in (fetcher.fetch, fetcher.open, fetcher):
        with pytest.raises(Denied):
            ask(address)
    assert calls == []


def test_a_link_in_the_place_of_our_file_is_not_followed_by_name(ours):
    """Only what stood on the list when the site started is ours: another name in the same folder is not."""
    fetcher, folder = ours
    os.link(folder / "Our Face.ttf", folder / "Other.ttf")

    with pytest.raises(Denied):
        fetcher.fetch((folder / "Other.ttf").as_uri())


def test_a_picture_of_the_site_is_none_of_a_documents(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a.png").write_bytes(picture())

    _text, carried = printed(the_press(), asking("picture", (tmp_path / "a.png").as_uri()))

    assert carried == 0
