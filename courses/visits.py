"""When somebody's next visit is. Higher apps know of visits, and register here how they find them.

An app calls `register_visits` in a visits.py of its own; courses ask `next_visit_of`.
"""

from collections.abc import Callable
from datetime import date

from lms.people.models import User

Finder = Callable[[User], date | None]
_finders: dict[str, Finder] = {}


def register_visits(name: str, find: Finder) -> None:
    """Add an app's way to find the day of a person's next visit, today or later. It may spend one query."""
    _finders[name] = find


def next_visit_of(person: User) -> date | None:
    """The first day on which a visit of theirs is planned; None where nobody knows of one."""
    days = [day for find in _finders.values() if (day := find(person)) is not None]
    return min(days, default=None)
