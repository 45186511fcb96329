"""Who acts for whom in this request. Set by lms.people.acting alone; everybody else only asks."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Acting:
    """`carer` is signed in and acts for `person`, in what `scopes` (keys of the registry) open; `scope` is the one that
    opened this page."""

    person: Any
    carer: Any
    tie: Any
    scopes: frozenset[str] = field(default_factory=frozenset)
    scope: str = ""


current: ContextVar[Acting | None] = ContextVar("acting", default=None)


def acting_now() -> Acting | None:
    """The acting of this request; None where everybody is who they are."""
    return current.get()


def acted_by(person: Any) -> Any:
    """The carer who acts for this person in this request; None where the person is here themselves."""
    acting = current.get()
    return (
        acting.carer if acting is not None and person is not None and person.pk == acting.person.pk else None
    )
