"""What an administrator may read of one person in an emergency. Apps fill the registry in their emergency.py.

Nothing of it opens without a reason, a message to the person and to a second pair of eyes, and a row for each look.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lms.people.models import User


@dataclass(frozen=True)
class Entry:
    """One thing of the record: a heading, and lines of text."""

    title: str
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One part of a record. `key` has words in the audit; `show` reads it, and changes nothing."""

    key: str
    label: str
    show: Callable[[User], Iterable[Entry]]


_parts: dict[str, Part] = {}


def register_emergency(part: Part) -> None:
    """Add a part of people's records; the same key again replaces it."""
    _parts[part.key] = part


def emergency_parts() -> list[Part]:
    return list(_parts.values())
