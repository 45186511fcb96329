"""The press: one set of fonts and one fetcher for the life of a process, one document at a time."""

import hashlib
import re
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from pydyf import PDF, Stream
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from lms.documents.fetcher import OnlyOurs
from lms.documents.fonts import document_fonts
from lms.documents.images import document_images

COMMON_STYLESHEET = "documents/base.css"
RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "yi", "ps"}

NOT_FOR_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# The text engine's font map may not be used by two threads at once.
_one_at_a_time = Lock()


class Press:
    """Fonts are read once: sharing them takes a third off each document."""

    def __init__(self) -> None:
        fonts = document_fonts()
        images = document_images()
        self.images = {name: path.as_uri() for name, path in images.items()}
        self.fetcher = OnlyOurs([*(font.path for font in fonts), *images.values()])
        self.fonts = FontConfiguration()
        self.faces = CSS(
            string="\n".join(font.rule for font in fonts), font_config=self.fonts, url_fetcher=self.fetcher
        )
        self.stylesheets: dict[str, CSS] = {}

    def stylesheet(self, name: str) -> CSS:
        if name not in self.stylesheets:
            self.stylesheets[name] = CSS(
                string=render_to_string(name, {"images": self.images}),
                font_config=self.fonts,
                url_fetcher=self.fetcher,
            )
        return self.stylesheets[name]

    def print(self, html: str, stylesheets: list[str]) -> bytes:
        document = HTML(string=html, url_fetcher=self.fetcher)
        return document.write_pdf(
            stylesheets=[self.faces, *(self.stylesheet(name) for name in stylesheets)],
            font_config=self.fonts,
            pdf_variant="pdf/ua-1",
            finisher=give_every_shape_a_letter,
            pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
        )


@cache
def the_press() -> Press:
    return Press()


def press(
    *,
    template: str,
    context: dict[str, Any],
    title: str,
    stylesheet: str,
    language: str,
    author: str,
    created: datetime | None,
) -> bytes:
    """See lms.documents.render_pdf."""
    with translation.override(language):
        html = render_to_string(
            template,
            {
                **context,
                "title": title,
                "language": language,
                "direction": "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr",
                "author": author,
                "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if created else "",
            },
        )
    html = without_controls(html)
    with _one_at_a_time:
        return the_press().print(html, [COMMON_STYLESHEET, *([stylesheet] if stylesheet else [])])


def without_controls(text: str) -> str:
    """Without the characters that have no shape and that the PDF's own metadata may not hold."""
    return NOT_FOR_XML.sub("", text)


def give_every_shape_a_letter(document: Document, pdf: PDF) -> None:
    """Letters drawn as several shapes (a dotted Arabic letter) leave all but one without a letter of its own.

    A reader of the document wants one for each: those get the invisible joiner U+034F, which reading and
    searching pass over.
    """
    for each in pdf.objects:
        if isinstance(each, Stream) and b"begincmap" in each.stream:
            each.stream = [
                line.replace(b"> <>", b"> <034f>") if isinstance(line, bytes) else line
                for line in each.stream
            ]
