"""What the dashboard says to coordinators and administrators: roles to confirm, checks to look at again. One query."""

from collections.abc import Iterator

from django.db.models import IntegerField, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.home.cards import Card, register_cards
from lms.people.models import Role, User
from lms.people.queries import proposals_answerable_by, role_kinds_of, roles_with_checks_due

WAITED_FOR, COMING, STANDING = 20, 50, 80


def cards(user: User) -> Iterator[Card]:
    kinds = role_kinds_of(user)
    if not kinds & set(Role.NEEDS_TWO):
        return
    waiting, due = _counts(user)
    if waiting:
        yield Card(
            urgency=WAITED_FOR,
            section=_("Coordinating"),
            title=_("A role waits for you to confirm it"),
            text=_("Two people give this role. Somebody proposed it."),
            action=_("Say yes or no"),
            url=reverse("people:proposals"),
        )
    if due:
        yield Card(
            urgency=COMING,
            section=_("Coordinating"),
            title=_("Checks to look at again"),
            text=ngettext(
                "%(number)d role has a check that is due within 60 days.",
                "%(number)d roles have a check that is due within 60 days.",
                due,
            )
            % {"number": due},
            action=_("See which"),
            url=reverse("people:coordinate"),
        )
    if Role.Kind.ADMINISTRATOR in kinds:
        yield Card(
            urgency=STANDING,
            section=_("Coordinating"),
            title=_("Organisations"),
            text=_("Names, places, and who coordinates."),
            action=_("Open organisations"),
            url=reverse("people:organisations"),
        )


def _counts(user: User) -> tuple[int, int]:
    """How many roles wait for this person, and how many checks are due; both in one query."""
    waiting = _numbered(proposals_answerable_by(user), 0)
    due = _numbered(roles_with_checks_due(user), 1)
    rows = [number for (number,) in waiting.union(due, all=True)]
    return rows.count(0), rows.count(1)


def _numbered(rows, number: int):
    return rows.order_by().annotate(which=Value(number, IntegerField())).values_list("which")


register_cards("people", cards)
