"""What courses put on somebody's page, and the doors they open on the front page."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.joining_cards import offers_and_teams
from courses.keeping_cards import keeping_cards
from courses.queries import Progress, curricula, outline_of, progress_of_all
from courses.reviewing_cards import review_cards
from lms.home.cards import Card, register_cards
from lms.home.doors import Door, register_doors
from lms.people.models import User

SECTION = gettext_lazy("My path")


def cards(person: User) -> Iterable[Card]:
    """Where to go on, for each course the person is on; for a new person, where to start. Two queries, or three for who
    has done a module: what they want to use in their next visit."""
    all_progress = [progress for progress in progress_of_all(person) if progress.left_at is None]
    enrolled = [progress for progress in all_progress if progress.is_enrolled]
    for progress in enrolled:
        if progress.paused_at is not None and not progress.is_complete:
            yield _paused(progress)
            continue
        if progress.is_met:
            yield _done(progress)
        else:
            yield _continue(progress) if progress.next_lesson else _start(progress)
    yield from keeping_cards(person, enrolled)
    if not enrolled:
        yield from (
            _start(progress) for progress in all_progress if progress.outline.audience == person.audience
        )


def _continue(progress: Progress) -> Card:
    lesson = progress.next_lesson
    return Card(
        urgency=40,
        section=SECTION,
        title=_("Continue: %(title)s") % {"title": lesson.title},
        text=ngettext(
            "%(course)s, %(module)s. About %(minutes)d minute.",
            "%(course)s, %(module)s. About %(minutes)d minutes.",
            lesson.minutes,
        )
        % {"course": progress.outline.title, "module": lesson.module_title, "minutes": lesson.minutes},
        action=_("Continue"),
        url=progress.next_url,
        done=progress.done,
        total=progress.total,
    )


def _paused(progress: Progress) -> Card:
    return Card(
        urgency=85,
        section=SECTION,
        title=_("You are having a break from %(course)s") % {"course": progress.outline.title},
        text=_("Your place is kept. Take it up again when it suits you."),
        action=_("Open the course"),
        url=progress.outline.url,
        done=progress.done,
        total=progress.total,
    )


def _start(progress: Progress) -> Card:
    outline = progress.outline
    return Card(
        urgency=40,
        section=SECTION,
        title=_("Start here: %(course)s") % {"course": outline.title},
        text=_("See what it is and begin with one small lesson. You can stop at any point."),
        action=_("Start here"),
        url=outline.url,
    )


def _done(progress: Progress) -> Card:
    return Card(
        urgency=90,
        section=SECTION,
        title=_("You finished %(course)s") % {"course": progress.outline.title},
        text=_("Every lesson that is ready is done. You can read each one again."),
        action=_("Look at it again"),
        url=progress.outline.url,
        done=progress.done,
        total=progress.total,
    )


def doors() -> Iterable[Door]:
    """One door for each published course, patients' first; a lesson to try where visitors may."""
    for page in curricula():
        outline = outline_of(page)
        start = outline.start
        yield Door(
            title=page.get_audience_display(),
            course=page.title,
            text=page.strapline,
            url=outline.url,
            try_title=start.title if start and start.open_to_visitors else "",
            try_url=start.url if start and start.open_to_visitors else "",
        )


register_cards("courses", cards)
register_cards("reviews", review_cards)
register_cards("courses: offers and teams", offers_and_teams)
register_doors(doors)
