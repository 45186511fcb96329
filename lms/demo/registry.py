"""The demonstration's registry: each app brings its own part, from its demo.py."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.module_loading import autodiscover_modules

from lms.people.models import Organisation, User

PASSWORD = "a-quiet-walk-by-the-river"  # noqa: S105 (printed to whoever starts a demonstration)


@dataclass
class Stage:
    """What the parts share while the demonstration loads: the organisation, the cast by name, and where to say so."""

    organisation: Organisation
    cast: dict[str, User] = field(default_factory=dict)
    say: Callable[[str], None] = print


Part = Callable[[Stage], None]
_parts: list[tuple[int, str, Part]] = []


def register_part(order: int, name: str, part: Part) -> None:
    """Add a part that loads itself, and changes nothing when it is there already. Lower orders come first."""
    _parts.append((order, name, part))


def parts() -> list[tuple[int, str, Part]]:
    autodiscover_modules("demo")
    return sorted(_parts, key=lambda row: row[0])
