"""A stream as it travels: pictures, materials and pages are named by what they are called everywhere, not by a row's number."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

A = re.compile(r"<a\b[^>]*>")
TO_A_PAGE = re.compile(r'\blinktype="page"')
ID = re.compile(r'\bid="([^"]*)"')


@dataclass(frozen=True)
class Names:
    """How each kind of reference is called on the other side. Each may raise, where it leads nowhere."""

    picture: Callable[[Any], Any]
    material: Callable[[type, Any], Any]
    page: Callable[[str], str | None]  # None takes the link away and leaves its words


def renamed(block: blocks.Block, value: Any, names: Names) -> Any:
    """The stream's plain value with every reference called by its other name."""
    if value is None:
        return None
    if isinstance(block, blocks.StreamBlock):
        return [
            part | {"value": renamed(block.child_blocks[part["type"]], part["value"], names)}
            for part in value
        ]
    if isinstance(block, blocks.ListBlock):
        return [part | {"value": renamed(block.child_block, part["value"], names)} for part in value]
    if isinstance(block, blocks.StructBlock):
        return {
            name: renamed(block.child_blocks[name], part, names) if name in block.child_blocks else part
            for name, part in value.items()
        }
    if isinstance(block, ImageChooserBlock):
        return names.picture(value)
    if isinstance(block, SnippetChooserBlock):
        return names.material(block.target_model, value)
    if isinstance(block, blocks.RichTextBlock):
        return A.sub(lambda found: _link(found[0], names), value)
    return value


def _link(tag: str, names: Names) -> str:
    if not TO_A_PAGE.search(tag):
        return tag
    found = ID.search(tag)
    name = names.page(found[1]) if found else None
    return "<a>" if name is None else ID.sub(f'id="{name}"', tag)


def fault_in(block: blocks.Block, value: Any, path: str) -> tuple[str, str] | None:
    """The first place in a stream's plain value that is not of the right form at all, and what is wrong there."""
    if isinstance(block, blocks.StreamBlock | blocks.ListBlock):
        if not isinstance(value, list):
            return path, "list"
        for number, part in enumerate(value):
            at = f"{path}[{number}]"
            if not isinstance(part, dict) or set(part) != {"type", "value", "id"}:
                return at, "block"
            if not isinstance(part["id"], str) or not 0 < len(part["id"]) <= 36:
                return f"{at}.id", "id"
            child = block.child_block if isinstance(block, blocks.ListBlock) else None
            if child is None and part["type"] not in block.child_blocks:
                return f"{at}.type", "type"
            found = fault_in(child or block.child_blocks[part["type"]], part["value"], f"{at}.value")
            if found:
                return found
        return None
    if isinstance(block, blocks.StructBlock):
        if not isinstance(value, dict):
            return path, "set"
        for name, part in value.items():
            if name not in block.child_blocks:
                return f"{path}.{name}", "name"
            found = fault_in(block.child_blocks[name], part, f"{path}.{name}")
            if found:
                return found
        return None
    return None if _is_plain(block, value) else (path, "kind")


def _is_plain(block: blocks.Block, value: Any) -> bool:
    if value is None:
        return True
    if isinstance(block, blocks.BooleanBlock):
        return isinstance(value, bool)
    if isinstance(block, blocks.IntegerBlock):
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str) and "\x00" not in value


def errors_in(error: ValidationError, path: str) -> tuple[str, str]:
    """Where the first mistake is that a block's own rules found, and the sentence about it."""
    if isinstance(error, StreamBlockValidationError | ListBlockValidationError):
        for number, inner in sorted(error.block_errors.items()):
            return errors_in(inner, f"{path}[{number}].value")
    elif isinstance(error, blocks.StructBlockValidationError):
        for name, inner in error.block_errors.items():
            return errors_in(inner, f"{path}.{name}")
    others = getattr(error, "non_block_errors", None)
    if others:
        return path, str(others.as_data()[0].messages[0])
    return path, str(error.messages[0])
