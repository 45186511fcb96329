"""How much a first visit sends over the wire: the home page, and every file it asks for."""

import gzip
import re
import sys
from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import Client

LINKED = re.compile(r'(?:href|src)="(/static/[^"?#]+)"')
FACE = re.compile(r"@font-face\s*\{([^}]*)\}")
LATIN_LETTER = 0x61


def first_visit_bytes() -> int:
    """Bytes of a first visit with an empty cache, compressed as the site sends them, headers left out.

    A browser fetches a font face only for letters in its range: those for Latin letters count.
    """
    answer = Client().get("/", headers={"accept-encoding": "gzip"})
    size = len(answer.content)
    html = (
        gzip.decompress(answer.content)
        if answer.headers.get("Content-Encoding") == "gzip"
        else answer.content
    )
    wanted = {address.removeprefix("/static/") for address in LINKED.findall(html.decode())}
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        seen.add(name)
        path = _found(name)
        if path is None:
            print(f"The home page asks for {name}, which is not there.", file=sys.stderr)
            continue
        size += _sent(path)
        if path.suffix == ".css":
            wanted |= _asked_by_css(name, path.read_text()) - seen
        if path.suffix == ".js":
            wanted |= _asked_by_script(name, path.read_text()) - seen
    return size


def _found(name: str) -> Path | None:
    path = finders.find(name)
    return Path(path) if path else None


def _sent(path: Path) -> int:
    """Text goes compressed; fonts and images are compressed already."""
    content = path.read_bytes()
    return len(gzip.compress(content, 6)) if path.suffix in {".css", ".js", ".svg"} else len(content)


def _asked_by_css(name: str, css: str) -> set[str]:
    found = set()
    for face in FACE.findall(css):
        if _covers_latin(face):
            found |= set(re.findall(r"""url\(["']?([^"')]+)""", face))
    rest = FACE.sub("", css)
    found |= {
        url for url in re.findall(r"""url\(["']?([^"')]+)""", rest) if not url.startswith(("data:", "#"))
    }
    return {_beside(name, url) for url in found}


def _covers_latin(face: str) -> bool:
    ranges = re.search(r"unicode-range:([^;]+)", face)
    if ranges is None:
        return True
    for each in ranges[1].replace("U+", "").replace("u+", "").split(","):
        low, _dash, high = each.strip().partition("-")
        if int(low, 16) <= LATIN_LETTER <= int(high or low, 16):
            return True
    return False


def _asked_by_script(name: str, script: str) -> set[str]:
    static = re.findall(r"""^\s*(?:import|export)\b[^"'\n]*["'](\.{1,2}/[^"']+)["']""", script, re.MULTILINE)
    return {_beside(name, url) for url in static}


def _beside(name: str, url: str) -> str:
    parts: list[str] = []
    for part in [*name.split("/")[:-1], *url.split("?")[0].split("/")]:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
