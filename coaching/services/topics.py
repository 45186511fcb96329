"""Moving an agenda's topics. Each move is one transaction that locks the agenda first; moves are only ever added."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from coaching.board import AGREED, LATER, LEFT_OUT, TAKEN_BACK, WAITING, Board, Topic, board_of
from coaching.models import Agenda, AgendaItem, AgendaMove, Side
from coaching.queries import agendas_visible_to
from coaching.services.words import tidy
from lms.core.errors import RuleBroken
from lms.people.models import CareTie, User

MOST_OPEN_TOPICS = 12
FURTHEST_DAY = timedelta(days=2 * 366)
Kind = AgendaMove.Kind


@transaction.atomic
def add_topic(
    *, agenda: Agenda, by: User, words: str, minutes_asked: int | None = None, priority: int | None = None
) -> AgendaItem:
    """Put a topic on the table. Both need to agree the list again after it.

    `priority` 1 to 3 puts it in that place, and whatever of the same side stood there and after moves down; by default
    it takes the first free place, or comes after the three. Refuses a thirteenth open topic of one side.
    """
    board = lock_board(agenda, by)
    side = side_on(board.agenda.tie, by)
    words = tidy(
        words,
        most=AgendaItem.MOST_CHARACTERS,
        field="words",
        needed=_("Write what you want to talk about."),
        too_long=too_long(),
    )
    if minutes_asked is not None and not 1 <= minutes_asked <= AgendaItem.MOST_MINUTES:
        raise RuleBroken(_("A topic takes between 1 and 120 minutes."), field="minutes_asked")
    mine = [t.item for t in board.topics if t.is_open and t.item.raised_by_side == side]
    if len(mine) >= MOST_OPEN_TOPICS:
        raise RuleBroken(
            _("You have 12 topics already. Take one back, or move one to later, to add another.")
        )
    item = AgendaItem.objects.create(
        agenda=board.agenda,
        raised_by_side=side,
        raised_by=by,
        words=words,
        minutes_asked=minutes_asked,
        priority=_make_room(mine, priority),
    )
    _move(board, item, by, Kind.PROPOSE)
    return item


def _make_room(mine: list[AgendaItem], wanted: int | None) -> int | None:
    """The place a new topic gets among the three; whoever stood there moves down one, and the next in turn."""
    standing = {item.priority: item for item in mine if item.priority}
    if wanted is None:
        return next((place for place in (1, 2, 3) if place not in standing), None)
    if wanted not in (1, 2, 3):
        raise RuleBroken(_("Choose first, second or third place, or after those."), field="priority")
    place, moving = wanted, standing.get(wanted)
    while moving is not None:
        place += 1
        pushed = standing.get(place)
        moving.priority = place if place <= 3 else None
        moving.save(update_fields=["priority"])
        moving = pushed
    return wanted


@transaction.atomic
def agree_topic(*, item: AgendaItem, by: User) -> AgendaMove:
    """Say yes to a topic the other one put on the table. Saying yes twice changes nothing."""
    board, topic = _lock_topic(item, by)
    if topic.state == AGREED:
        return topic.last_move
    if topic.state != WAITING:
        raise RuleBroken(_("Bring this topic back first."))
    if not topic.waits_for(by.pk):
        raise RuleBroken(_("You put this on the table. The other person answers."))
    return _move(board, topic.item, by, Kind.AGREE)


@transaction.atomic
def park_topic(*, item: AgendaItem, by: User, until: date | None, reason: str = "") -> AgendaMove:
    """Move a topic to a later day. Refuses when no day is named, or one that is not after the visit."""
    board, topic = _lock_topic(item, by)
    if until is None:
        raise RuleBroken(
            _("Choose a day. A topic for later needs a date, so that it is not lost."), field="until"
        )
    if until <= board.agenda.visit_on:
        raise RuleBroken(_("Choose a day after this visit."), field="until")
    if until > board.agenda.visit_on + FURTHEST_DAY:
        raise RuleBroken(_("Choose a day within two years of the visit."), field="until")
    reason = tidy(reason, most=200, field="reason", too_long=too_long())
    if topic.state == TAKEN_BACK:
        raise RuleBroken(_("This topic was taken back."))
    last = topic.last_move
    if topic.state == LATER and (last.until, last.reason) == (until, reason):
        return last
    return _move(board, topic.item, by, Kind.PARK, until=until, reason=reason)


@transaction.atomic
def leave_out_topic(*, item: AgendaItem, by: User, reason: str) -> AgendaMove:
    """Leave a topic out, with a reason the other one can read. Leaving it out twice changes nothing."""
    board, topic = _lock_topic(item, by)
    reason = tidy(
        reason,
        most=200,
        field="reason",
        too_long=too_long(),
        needed=_("Say why in one short sentence, so that the other person understands."),
    )
    if topic.state == TAKEN_BACK:
        raise RuleBroken(_("This topic was taken back."))
    if topic.state == LEFT_OUT:
        return topic.last_move
    return _move(board, topic.item, by, Kind.LEAVE_OUT, reason=reason)


@transaction.atomic
def withdraw_topic(*, item: AgendaItem, by: User) -> AgendaMove:
    """Take one's own topic back. Twice changes nothing. Refuses a topic of the other side."""
    board, topic = _lock_topic(item, by)
    if topic.item.raised_by_id != by.pk:
        raise RuleBroken(
            _("Only the person who raised a topic can take it back. You can leave it out instead.")
        )
    if topic.state == TAKEN_BACK:
        return topic.last_move
    return _move(board, topic.item, by, Kind.WITHDRAW)


@transaction.atomic
def bring_back_topic(*, item: AgendaItem, by: User) -> AgendaMove:
    """Put a topic back on the table that was for later, left out or taken back (this one only by its owner)."""
    board, topic = _lock_topic(item, by)
    if topic.is_open:
        return topic.last_move
    if topic.state == TAKEN_BACK and topic.item.raised_by_id != by.pk:
        raise RuleBroken(_("Only the person who took this topic back can bring it back."))
    return _move(board, topic.item, by, Kind.BRING_BACK)


def side_on(tie: CareTie, person: User) -> Side:
    """Whose chair the person sits in; refuses anybody who is neither of the two."""
    if person.pk == tie.patient_id:
        return Side.PERSON
    if person.pk == tie.professional_id:
        return Side.PROFESSIONAL
    raise RuleBroken(_("Only the two people of a visit can do this."))


def lock_board(agenda: Agenda, by: User) -> Board:
    """The agenda as it is now, locked until the transaction ends.

    Refuses somebody who may not see it any more, and a tie that has ended: then the list is only kept to read.
    """
    locked = (
        agendas_visible_to(by)
        .select_related(None)
        .select_for_update(of=("self",))
        .filter(pk=agenda.pk)
        .first()
    )
    if locked is None or locked.tie.accepted_at is None or locked.tie.ended_at is not None:
        raise RuleBroken(_("This list cannot be changed any more."))
    return board_of(locked)


def _lock_topic(item: AgendaItem, by: User) -> tuple[Board, Topic]:
    board = lock_board(item.agenda, by)
    return board, next(topic for topic in board.topics if topic.item.pk == item.pk)


def _move(
    board: Board, item: AgendaItem, by: User, kind: str, *, until: date | None = None, reason: str = ""
) -> AgendaMove:
    """Add one move, under the agenda's lock; the next number is one more than the last."""
    last = AgendaMove.objects.filter(agenda=board.agenda).aggregate(last=Max("seq"))["last"] or 0
    return AgendaMove.objects.create(
        agenda=board.agenda, item=item, by=by, kind=kind, until=until, reason=reason, seq=last + 1
    )


def too_long() -> str:
    return _("Use %(most)s characters or fewer. You have used %(used)s.")
