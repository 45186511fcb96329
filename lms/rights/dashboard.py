"""What the dashboard says to administrators: how long things are kept. No query."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.home.cards import Card, register_cards
from lms.people.models import Role, User
from lms.people.queries import role_kinds_of

STANDING = 85


def cards(user: User) -> Iterator[Card]:
    if Role.Kind.ADMINISTRATOR in role_kinds_of(user):
        yield Card(
            urgency=STANDING,
            section=_("Coordinating"),
            title=_("How long things are kept"),
            text=_("What goes by itself, what has gone, and what must stay."),
            action=_("Open how long things are kept"),
            url=reverse("records:retention"),
        )


register_cards("rights", cards)
