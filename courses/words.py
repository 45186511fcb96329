"""What of a page its reviewers sign: every word that a learner reads, and what a lesson asks of them."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db import models
from wagtail import blocks

# What is left out says nothing to a learner: the address, dates of publishing, notes from author to author.
WORDS = (
    "title", "seo_title", "search_description", "minutes", "open_to_visitors", "completion", "pass_mark",
    "optional", "body",
)  # fmt: skip
IN_A_LIST = {"type", "value", "id"}  # how a stream keeps one of its blocks


def signed_fields(page: Any) -> tuple[str, ...]:
    """The fields whose words are signed: a lesson's, or what another kind of page says of itself."""
    return getattr(page, "SIGNED_FIELDS", WORDS)


def words_digest(lesson: Any) -> str:
    """A name for these very words: SHA-256 over them, the same for the page, a revision of it, and a second save.

    What is empty is left out, so that a block that learns to hold something new asks nobody again.
    """
    words = {name: getattr(lesson, name) for name in signed_fields(lesson) if name != "body"}
    list(
        lesson.body
    )  # Wagtail keeps what it has not looked at as it was written, and the rest as it would write it now.
    words["body"] = lesson.body.get_prep_value()
    words["materials"] = list(_materials(lesson.body))
    written = json.dumps(_without_empty(words), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def _materials(value: Any) -> Iterator[Any]:
    """What is said by all that the body shows and that is kept elsewhere: recordings, voices, explained words, pictures."""
    if isinstance(value, models.Model):
        # A picture says which file it is: each has a name of its own.
        yield getattr(value, "words_to_sign", None) or [
            value.file.name if hasattr(value, "file") else str(value.pk)
        ]
    elif isinstance(value, blocks.StreamValue):
        for child in value:
            yield from _materials(child.value)
    elif isinstance(value, blocks.StructValue):
        for part in value.values():
            yield from _materials(part)
    elif isinstance(value, blocks.list_block.ListValue):
        for part in value:
            yield from _materials(part)


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        parts = {name: _without_empty(part) for name, part in value.items()}
        if set(value) == IN_A_LIST:
            del parts["id"]  # the machine's
        return {name: part for name, part in parts.items() if part not in (None, "", False, [], {})}
    if isinstance(value, list):
        return [_without_empty(part) for part in value]
    return value
