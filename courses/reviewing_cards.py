"""A reviewer's page: which lessons wait for their word."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import ROLE_OF_SIDE, HandbookPage
from courses.queries.review import seats_waiting_for
from lms.home.cards import Card
from lms.people.models import User
from lms.people.queries import role_kinds_of

SECTION = gettext_lazy("Reviewing")
MOST = 20


def review_cards(person: User) -> Iterable[Card]:
    """One card for each lesson that waits. One query for reviewers, none for everybody else."""
    if not set(ROLE_OF_SIDE.values()) & role_kinds_of(person):
        return
    for seat in seats_waiting_for(person)[:MOST]:
        lesson = seat.review.lesson
        is_handbook = lesson.specific_class is HandbookPage
        yield Card(
            urgency=20,
            section=SECTION,
            title=(
                _("A handbook waits for you: %(title)s")
                if is_handbook
                else _("A lesson waits for you: %(title)s")
            )
            % {"title": lesson.draft_title or lesson.title},
            text=_("Read it as a learner would. Then sign it, or say what should change."),
            action=_("Review the handbook") if is_handbook else _("Review the lesson"),
            url=reverse("courses:review", args=[seat.public_id]),
        )
