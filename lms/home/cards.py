"""The dashboard's card registry: each app says what is next for a person; the most pressing one comes first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lms.people.models import User


@dataclass(frozen=True)
class Card:
    """One thing a person could do or should know.

    `urgency` orders the cards: 10 today's session or a visit, 20 an answer somebody waits for, 30 a follow-up that is
    due, 40 go on learning, 50 what is coming, 90 what has been. `section` groups those below the fold.
    `done`/`total` show progress where it makes sense.
    """

    urgency: int
    section: str
    title: str
    text: str
    action: str
    url: str
    done: int | None = None
    total: int | None = None
    details: tuple[str, ...] = field(default_factory=tuple)


Provider = Callable[[User], Iterable[Card]]
_providers: dict[str, Provider] = {}


def register_cards(name: str, provider: Provider) -> None:
    """Add an app's provider under a name of its own. A provider may spend two queries, however many rows there are."""
    _providers[name] = provider


def cards_for(person: User) -> list[Card]:
    """All cards of the person, most pressing first."""
    cards = [card for provider in _providers.values() for card in provider(person)]
    return sorted(cards, key=lambda card: card.urgency)
