"""The registry of what a patient can share with a professional; each app adds its own in its privacy.py."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shareable:
    """`key` is stored; `label` names it; `words` is the sentence the patient agrees to."""

    key: str
    label: str
    words: str


_shareables: dict[str, Shareable] = {}


def register_shareable(shareable: Shareable) -> None:
    """Add a thing that can be shared; the same key twice is refused."""
    known = _shareables.setdefault(shareable.key, shareable)
    if known != shareable:
        raise ValueError(f"Two things want to be shared as {shareable.key!r}.")


def shareables() -> list[Shareable]:
    """All that can be shared, in the order it was registered."""
    return list(_shareables.values())


def shareable(key: str) -> Shareable | None:
    return _shareables.get(key)
