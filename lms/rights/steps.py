"""What has to happen before somebody's rows go: things end properly, and whoever counts on them is told."""

from collections.abc import Callable
from typing import NamedTuple

from lms.people.models import User


class Step(NamedTuple):
    order: int
    name: str
    act: Callable[[User], None]


_steps: dict[str, Step] = {}
_reasons: dict[str, Callable[[User], None]] = {}


def before_erasure(order: int, name: str, act: Callable[[User], None]) -> None:
    """`act(person)` ends what the person is part of, in the transaction of the erasure; doing it twice changes nothing."""
    _steps[name] = Step(order, name, act)


def erasure_waits_for(name: str, refuse: Callable[[User], None]) -> None:
    """`refuse(person)` raises RuleBroken, with a sentence for the person, while they cannot be erased."""
    _reasons[name] = refuse


def steps() -> list[Step]:
    return sorted(_steps.values())


def reasons_to_wait() -> list[Callable[[User], None]]:
    return list(_reasons.values())
