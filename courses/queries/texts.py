"""What a reader can read in a page, as plain text: for searching in it."""

import html
import re
from collections.abc import Iterator
from typing import Any

from django.core.cache import caches
from wagtail import blocks
from wagtail.rich_text import RichText

from courses.models import HandbookPage, LessonPage
from courses.queries.outlines import OutlineLesson

TAG = re.compile(r"<[^>]*>")
# What is read only after something was tried, and what is for the machine. A result of a search gives none of it away.
LEFT_OUT = {"id", "start", "next", "practice", "nodes", "feedback", "model", "look_for", "correct"}


def texts_of_lessons(entries: list[OutlineLesson]) -> dict[int, str]:
    """The text of each lesson's published words, by its number. One query for those that are not in memory."""
    found: dict[int, str] = {}
    for entry in entries:
        kept = caches["process"].get(_key(entry.pk, entry.revision)) if entry.revision else None
        if kept is not None:
            found[entry.pk] = kept
    missing = [entry.pk for entry in entries if entry.pk not in found]
    for lesson in LessonPage.objects.filter(pk__in=missing) if missing else ():
        found[lesson.pk] = text = text_of(lesson)
        if lesson.live_revision_id:
            caches["process"].set(_key(lesson.pk, lesson.live_revision_id), text)
    return found


def texts_of_handbooks(pks: list[int]) -> dict[int, str]:
    """The text of each of these handbooks' published words, by its number. One query."""
    return {page.pk: text_of(page) for page in HandbookPage.objects.filter(pk__in=pks)} if pks else {}


def _key(pk: int, revision: int) -> str:
    return f"text:{pk}:{revision}"


def text_of(lesson: LessonPage | HandbookPage) -> str:
    return " ".join(" ".join(_words_in(lesson.body.stream_block, lesson.body)).split())


def _words_in(block: blocks.Block, value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, RichText):
        yield html.unescape(TAG.sub(" ", str(value.source)))
    elif isinstance(block, blocks.CharBlock | blocks.TextBlock):
        yield str(value)
    elif isinstance(block, blocks.StreamBlock):
        for child in value:
            yield from _words_in(child.block, child.value)
    elif isinstance(block, blocks.ListBlock):
        for part in value:
            yield from _words_in(block.child_block, part)
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            if name not in LEFT_OUT:
                yield from _words_in(child, value.get(name))
