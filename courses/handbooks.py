"""A handbook as plain values, ready for its page and for paper: its blocks with the levels of their headings, and its contents."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from courses.bodies import Prepared, prepared_stream
from courses.drawings import drawings
from courses.models import HandbookPage

FACE = "Atkinson Hyperlegible"
PARTS = re.compile(r"""(\bid="|url\(#|href="#)([^")]+)""")
HEADINGS = re.compile(r"<(/?)h([2-5])\b")


@dataclass
class Entry:
    """A line of the contents."""

    title: str
    anchor: str
    within: list["Entry"] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    blocks: list[Prepared]
    contents: list[Entry]


def prepared_book(page: HandbookPage) -> Book:
    """What stands before the first chapter has the headings of a chapter, all else those below one."""
    blocks, contents, level = prepared_stream(page.body), list[Entry](), 2
    for block in blocks:
        block["anchor"] = f"b-{block['id']}"
        if block["type"] == "chapter":
            contents.append(Entry(block["title"], block["anchor"]))
            level, block["level"] = 3, 2
            continue
        block["level"] = level
        if block["type"] == "session":
            entry = Entry(block["title"], block["anchor"])
            (contents[-1].within if contents else contents).append(entry)
    return Book(blocks, contents)


def lowered(html: str, by: int) -> SafeString:
    """Rich text whose headings are so many levels further down."""
    return mark_safe(
        HEADINGS.sub(lambda found: f"<{found[1]}h{min(int(found[2]) + by, 6)}", str(html)) if by else html
    )


def drawing_on_paper(name: str, alt: str, place: str) -> SafeString:
    """One of our drawings within the document itself, in the document's own type; `alt` is read aloud. `place` makes the names
    of its parts other than those of a drawing at another place.

    Nothing is fetched for it (lms.documents): the file is ours, and comes with the software.
    """
    svg = _drawing_file(name)
    if not svg:
        return mark_safe("")
    svg = PARTS.sub(lambda found: f"{found[1]}{found[2]}-{place}", svg)
    return mark_safe(svg.replace(">", f"><title>{escape(alt or _('A drawing'))}</title>", 1))


@cache
def _drawing_file(name: str) -> str:
    known = drawings().get(name)
    if known is None:
        return ""
    text = (Path(settings.BASE_DIR) / "static" / known.path).read_text(encoding="utf-8")
    svg = text[text.index("<svg") :]
    svg = re.sub(r"<(title|desc)\b[^>]*>.*?</\1>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'font-family="[^"]*"', f'font-family="{FACE}"', svg)
    return svg.replace("<svg", '<svg class="drawing" role="img"', 1)


def on_paper(block: Prepared) -> dict[str, Any]:
    """What only paper has of a block: the drawing itself, and the lines to write on, counted."""
    more: dict[str, Any] = {}
    if block["type"] == "drawing":
        more["svg"] = drawing_on_paper(block["drawing"], block["alt"], block["id"])
    return block | more
