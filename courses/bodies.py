"""A lesson's body as plain values, ready for its templates and for reading answers against it.

Made once for each revision and kept in the process's memory, so that a learner's page costs neither the StreamField nor
a query for each link.
"""

import re
from typing import Any

from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.rich_text import RichText, expand_db_html

from courses.consultations import nodes_of, script
from courses.materials import MATERIALS, with_voices
from courses.models import LessonPage
from courses.practices import practice
from lms.ui.safe_html import clean_to_show

PRACTICES = {"reflection", "choice", "sort", "order", "rewrite", "ruler", "practice", "consultation"}
NESTED = ("options", "groups", "items")  # lists of a practice whose entries an answer names
BETWEEN = "\x1e"  # between the rich texts of a lesson while their links are looked up together
LISTS = {
    "<ul>": '<ul class="nhsuk-list nhsuk-list--bullet">',
    "<ol>": '<ol class="nhsuk-list nhsuk-list--number">',
}

Prepared = dict[str, Any]


def prepared_body(lesson: LessonPage, *, stamp: str = "", voices: bool = True) -> list[Prepared]:
    """The lesson's blocks in order. With the outline's `stamp` they are kept until a page changes; without, never.

    A block that is kept has a name for these very words, `kept_as`, under which what is drawn of it can be kept too.
    Voices are never kept: one query says who agrees to be heard, where a lesson has any; without `voices`, nobody is asked or heard.
    """
    blocks = _kept(lesson.pk, lesson.live_revision_id, stamp)
    if blocks is None:
        blocks = prepared_stream(lesson.body)
        if stamp and lesson.live_revision_id:
            key = _key(lesson.pk, lesson.live_revision_id, stamp)
            blocks = [block | {"kept_as": f"{key}:{number}"} for number, block in enumerate(blocks)]
            caches["process"].set(key, blocks)
    return with_voices(blocks, asked=voices)


def kept_body(
    lesson_pk: int, revision: int | None, stamp: str, *, voices: bool = True
) -> list[Prepared] | None:
    """What `prepared_body` has kept for these words under this stamp, if it has; without reading the lesson."""
    blocks = _kept(lesson_pk, revision, stamp)
    return None if blocks is None else with_voices(blocks, asked=voices)


def _kept(lesson_pk: int, revision: int | None, stamp: str) -> list[Prepared] | None:
    return caches["process"].get(_key(lesson_pk, revision, stamp)) if stamp and revision else None


def _key(lesson_pk: int, revision: int, stamp: str) -> str:
    return f"body:{lesson_pk}:{revision}:{stamp}"


def prepared_alone(body: StreamValue) -> Prepared:
    """The one block of this stream, as it is before anybody has chosen it."""
    return prepared_stream(body)[0]


def practice_blocks(blocks: list[Prepared]) -> list[Prepared]:
    return [block for block in blocks if block["type"] in PRACTICES]


def prepared_stream(body: StreamValue) -> list[Prepared]:
    """The blocks of a stream as plain values, its links looked up together. Kept nowhere."""
    rich_texts: list[str] = []
    blocks = []
    for child in body:
        block = {
            "type": child.block_type,
            "id": child.id,
            "template": f"courses/blocks/{child.block_type}.html",
        }
        if child.block_type in MATERIALS:
            value = MATERIALS[child.block_type](child.value)
            if value is None:  # it is no longer there
                continue
        else:
            value = _plain(child.value, rich_texts)
        block |= value if isinstance(value, dict) else {"html": value}
        if child.block_type in PRACTICES:
            _put_ids(block, child.value)
        blocks.append(block)
    ready = _with_links(rich_texts)
    blocks = [_put(block, ready) for block in blocks]
    for block in blocks:
        if block["type"] in PRACTICES:
            block["label"] = _label(block)
        if block["type"] == "consultation":
            block["nodes"] = nodes_of(block)
            block["script"] = script(block["start"], block["nodes"])
    return blocks


def _put_ids(plain: Prepared, value: StructValue) -> None:
    """Give the entries of a practice's lists the ids that answers name them by; an edit of their words leaves those."""
    for name in NESTED:
        if name in plain and isinstance(value[name], ListValue):
            for entry, child in zip(plain[name], value[name].bound_blocks, strict=True):
                entry["id"] = child.id
                _put_ids(entry, child.value)


class _Slot(int):
    """Where a rich text stands in the list of all of them."""


class _Line(_Slot):
    """The same for a line of a list, which needs no paragraph of its own."""


def _plain(value: Any, rich_texts: list[str]) -> Any:
    if isinstance(value, RichText):
        rich_texts.append(str(value.source))
        return _Slot(len(rich_texts) - 1)
    if isinstance(value, StreamValue):
        return [
            {"type": child.block_type, "id": child.id} | (_plain(child.value, rich_texts) or {})
            for child in value
        ]
    if hasattr(value, "items"):
        return {name: _plain(part, rich_texts) for name, part in value.items()}
    if hasattr(value, "__iter__") and not isinstance(value, str):
        parts = [_plain(part, rich_texts) for part in value]
        return [_Line(part) if isinstance(part, _Slot) else part for part in parts]
    return value


def _put(value: Any, ready: list[SafeString]) -> Any:
    if isinstance(value, _Line):
        return _without_paragraph(ready[value])
    if isinstance(value, _Slot):
        return ready[value]
    if isinstance(value, dict):
        return {name: _put(part, ready) for name, part in value.items()}
    if isinstance(value, list):
        return [_put(part, ready) for part in value]
    return value


def _with_links(rich_texts: list[str]) -> list[SafeString]:
    html = BETWEEN.join(rich_texts)
    if "linktype=" in html or "<embed" in html:
        html = expand_db_html(html)
    # Each by itself: a tag that one leaves open must not reach into the next.
    html = BETWEEN.join(clean_to_show(part) for part in html.split(BETWEEN))
    for theirs, ours in LISTS.items():
        html = html.replace(theirs, ours)
    return [mark_safe(part) for part in html.split(BETWEEN)]


def _without_paragraph(html: SafeString) -> SafeString:
    match = re.fullmatch(r"<p[^>]*>((?:(?!</?p\b).)*)</p>", html, re.DOTALL)
    return mark_safe(match[1]) if match else html


def _label(block: Prepared) -> str:
    """How a sentence calls this practice."""
    if block["type"] == "practice":
        known = practice(block["practice"])
        return str(known.label) if known else ""
    words = (block.get(name) for name in ("prompt", "question", "task", "title"))
    return Truncator(next(filter(None, words), "")).chars(80)
