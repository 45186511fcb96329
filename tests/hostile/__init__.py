"""Files that mean harm, each made when it is asked for: none of them lies in the project.

`pictures()`, `papers()` and `archives()` give the corpus. Each file says which harm it means, by its name.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Hostile:
    """A file as a browser would send it. `make` gives its bytes."""

    harm: str
    name: str
    content_type: str
    make: Callable[[], bytes]

    def __str__(self) -> str:
        return self.harm
