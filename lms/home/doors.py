"""The front page's door registry: an app offers visitors a way in, and the front page knows no app."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Door:
    """A way in: who it is for, what is behind it, and something to try without an account (or nothing)."""

    title: str
    course: str
    text: str
    url: str
    try_title: str = ""
    try_url: str = ""


Maker = Callable[[], Iterable[Door]]
_makers: list[Maker] = []


def register_doors(make: Maker) -> None:
    """Add a function that gives an app's doors; it may spend one query."""
    if make not in _makers:
        _makers.append(make)


def doors() -> list[Door]:
    return [door for make in _makers for door in make()]
