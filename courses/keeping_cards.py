"""Cards of practice that sticks, for who has done a module: the one thing for the next visit, and what is done."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Commitment
from courses.queries import Progress
from courses.queries.keeping import commitment_of, is_to_be_asked
from lms.home.cards import Card
from lms.people.models import User

SECTION = gettext_lazy("Keep it going")


def keeping_cards(person: User, begun: list[Progress]) -> Iterable[Card]:
    """Nothing, and no query, for who has done no module yet; else one query."""
    if not any(module.is_done for progress in begun for module in progress.modules):
        return
    kept = commitment_of(person)
    if kept is not None:
        yield _ask(kept) if is_to_be_asked(kept) else _remember(kept)
    yield Card(
        urgency=80,
        section=SECTION,
        title=_("What I have done, and what is left"),
        text=_("See each lesson. Choose to be reminded, or one thing for your next visit."),
        action=_("See what I have done"),
        url=reverse("courses:my_learning"),
    )


def _ask(kept: Commitment) -> Card:
    return Card(
        urgency=30,
        section=SECTION,
        title=_("Did you use it?"),
        text=kept.words,
        action=_("Say how it went"),
        url=reverse("courses:commitment"),
    )


def _remember(kept: Commitment) -> Card:
    title = _("For your next visit")
    if kept.visit_on is not None:
        title = _("For your visit on %(day)s") % {"day": dateformat.format(kept.visit_on, "l j F")}
    return Card(
        urgency=55,
        section=SECTION,
        title=title,
        text=kept.words,
        action=_("Change it"),
        url=reverse("courses:commitment"),
    )
