"""What the dashboard says about letters, calls, and what helps somebody take part."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core import clock
from lms.home.cards import Card, register_cards
from lms.notifications.queries import waiting_for
from lms.people.models import Role, User
from lms.people.queries import role_kinds_of

DESK_KINDS = {Role.Kind.COORDINATOR, Role.Kind.ADMINISTRATOR}
WAITED_FOR, DUE = 20, 30


def cards(user: User) -> list[Card]:
    """Ask again what helps; and for who works the desk, what waits there. One query for those, none for others."""
    found = []
    if user.ask_needs_on is not None and user.ask_needs_on <= clock.today():
        found.append(
            Card(
                urgency=DUE,
                section=_("About you"),
                title=_("Is what helps you still right?"),
                text=_("A year has passed since we asked. One press is enough."),
                action=_("Look at it"),
                url=reverse("privacy:needs"),
            )
        )
    if DESK_KINDS & role_kinds_of(user):
        waiting = waiting_for(user)
        if waiting:
            found.append(
                Card(
                    urgency=WAITED_FOR,
                    section=_("Coordinating"),
                    title=_("Letters and calls wait for you"),
                    text=", ".join(_counts(waiting)),
                    action=_("Open letters and calls"),
                    url=reverse("people:desk"),
                )
            )
    return found


def _counts(waiting) -> list[str]:
    said = []
    if waiting.calls:
        said.append(ngettext("%(n)d call", "%(n)d calls", waiting.calls) % {"n": waiting.calls})
    if waiting.letters:
        said.append(ngettext("%(n)d letter", "%(n)d letters", waiting.letters) % {"n": waiting.letters})
    if waiting.given_up:
        said.append(
            ngettext("%(n)d mail that did not arrive", "%(n)d mails that did not arrive", waiting.given_up)
            % {"n": waiting.given_up}
        )
    return said


register_cards("letters and calls", cards)
