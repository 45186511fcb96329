"""The registry of what people can agree to. Each app adds its own in its privacy.py; a consent that nothing reads is not offered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Over(Enum):
    """To whom the yes is given: one professional, one carer, or all whom the words name."""

    TIE = "tie"
    CARER = "carer"
    ALL = "all"


def everybody(person: Any) -> bool:
    return True


@dataclass(frozen=True)
class Shareable:
    """`key` is stored; `label` names it; `words` is the sentence the person agrees to.

    Raise `version` when the words change. Consents to versions below `counts_from` no longer count, and the person is
    asked again; leave it where the change takes nothing and adds nothing. `offered_to` says whom the purpose concerns.
    For a carer: `opens` are the names of the addresses that the carer may open for the person, `start` the first.
    """

    key: str
    label: str
    words: str
    version: int = 1
    counts_from: int = 1
    over: Over = Over.TIE
    offered_to: Callable[[Any], bool] = everybody
    opens: frozenset[str] = frozenset()
    start: str = ""


_shareables: dict[str, Shareable] = {}


def register_shareable(shareable: Shareable) -> None:
    """Add a thing that can be agreed to; the same key twice is refused."""
    known = _shareables.setdefault(shareable.key, shareable)
    if known != shareable:
        raise ValueError(f"Two things want to be shared as {shareable.key!r}.")


def _over(over: Over) -> list[Shareable]:
    return [one for one in _shareables.values() if one.over is over]


def shareables() -> list[Shareable]:
    """All that can be shared with one professional, in the order it was registered."""
    return _over(Over.TIE)


def carer_scopes() -> list[Shareable]:
    """All that a carer can be asked to do for somebody."""
    return _over(Over.CARER)


def purposes_for(person: Any, *, held: Iterable[str] = ()) -> list[Shareable]:
    """The purposes that concern this person, and those they agreed to while one did."""
    kept = set(held)
    return [one for one in _over(Over.ALL) if one.key in kept or one.offered_to(person)]


def shareable(key: str) -> Shareable | None:
    return _shareables.get(key)


def outdated() -> list[tuple[str, int]]:
    """(key, lowest version that counts) of what changed so much that people are asked again."""
    return [(one.key, one.counts_from) for one in _shareables.values() if one.counts_from > 1]
