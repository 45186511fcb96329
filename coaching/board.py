"""An agenda as one page shows it: worked out from its moves and voices, and from nothing else. No queries here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from coaching.models import Agenda, AgendaItem, AgendaMove, AgendaVoice, Side
from lms.people.models import User

WAITING, AGREED, LATER, LEFT_OUT, TAKEN_BACK = "waiting", "agreed", "later", "left out", "taken back"
STATE_AFTER = {
    AgendaMove.Kind.PROPOSE: WAITING,
    AgendaMove.Kind.BRING_BACK: WAITING,
    AgendaMove.Kind.AGREE: AGREED,
    AgendaMove.Kind.PARK: LATER,
    AgendaMove.Kind.LEAVE_OUT: LEFT_OUT,
    AgendaMove.Kind.WITHDRAW: TAKEN_BACK,
}
# On the table or on the list: what counts towards the most topics a side may have.
OPEN = {WAITING, AGREED}


def called(person: User | None) -> str:
    """What a page or a mail calls somebody: their name, never their address."""
    if person is None:
        return _("the other person")
    return person.get_full_name() or _("the other person")


@dataclass
class Topic:
    """One topic and where it stands after its last move."""

    item: AgendaItem
    state: str
    last_move: AgendaMove
    moves: list[AgendaMove] = field(default_factory=list)

    @property
    def is_waiting(self) -> bool:
        return self.state == WAITING

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def waits_for(self, person_id: int) -> bool:
        """Whether this person owes the topic an answer: the other one moved last."""
        return self.state == WAITING and self.last_move.by_id != person_id

    def place(self) -> tuple[int, str, int]:
        """Ranked ones first, the patient's before the professional's of the same rank."""
        return (self.item.priority or 9, self.item.raised_by_side, self.item.pk)


@dataclass
class Board:
    """All topics of an agenda by where they stand, who has agreed the list, and the minutes."""

    agenda: Agenda
    topics: list[Topic]
    last_seq: int
    voices_now: set[int]
    had_voices: bool

    def __post_init__(self) -> None:
        self.topics.sort(key=Topic.place)

    def in_state(self, state: str) -> list[Topic]:
        return [topic for topic in self.topics if topic.state == state]

    def waiting_of(self, side: str) -> list[Topic]:
        """Topics on the table of one side."""
        return [topic for topic in self.in_state(WAITING) if topic.item.raised_by_side == side]

    def top_three(self, side: str = Side.PERSON) -> list[Topic]:
        return [t for t in self.topics if t.item.raised_by_side == side and t.is_open][:3]

    @property
    def agreed(self) -> list[Topic]:
        return self.in_state(AGREED)

    @property
    def later(self) -> list[Topic]:
        return sorted(self.in_state(LATER), key=lambda topic: topic.last_move.until or date.max)

    @property
    def left_out(self) -> list[Topic]:
        return self.in_state(LEFT_OUT)

    @property
    def taken_back(self) -> list[Topic]:
        return self.in_state(TAKEN_BACK)

    @property
    def minutes_asked(self) -> int:
        return sum(topic.item.minutes_asked or 0 for topic in self.topics if topic.is_open)

    @property
    def minutes_over(self) -> int:
        """By how many minutes the topics ask for more than there is; 0 when they fit or nobody said."""
        return max(0, self.minutes_asked - self.agenda.minutes) if self.agenda.minutes else 0

    @property
    def is_complete(self) -> bool:
        """Every topic has an answer and at least one is on the list: it can be agreed."""
        return bool(self.agreed) and not self.in_state(WAITING)

    @property
    def is_agreed(self) -> bool:
        """Both have named the list as it stands now."""
        tie = self.agenda.tie
        return self.last_seq > 0 and {tie.patient_id, tie.professional_id} <= self.voices_now

    @property
    def changed_since_voices(self) -> bool:
        """Somebody had agreed, and then something moved."""
        return self.had_voices and not self.voices_now

    def answers_owed_by(self, person: User) -> list[Topic]:
        return [topic for topic in self.topics if topic.waits_for(person.pk)]

    def spoken(self, person: User) -> bool:
        """Whether this person has agreed the list as it stands now."""
        return person.pk in self.voices_now

    def status_for(self, viewer: User) -> str:
        """Where the agenda stands, in one or two sentences to this viewer."""
        other = called(self.agenda.tie.other(viewer))
        if not self.topics:
            return _("Nothing is on the table yet. Add the first topic.")
        if self.is_agreed:
            return _("You have both agreed this list.")
        owed = self.answers_owed_by(viewer)
        if owed:
            return _("%(name)s is waiting for your answer.") % {"name": other}
        if self.in_state(WAITING):
            return _("Waiting for %(name)s to answer.") % {"name": other}
        if not self.agreed:
            return _("Nothing is on your list yet.")
        if self.spoken(viewer):
            return _("Waiting for %(name)s to agree.") % {"name": other}
        if self.voices_now:
            return _("%(name)s has agreed this list. Now it is your turn.") % {"name": other}
        if self.changed_since_voices:
            return _("The list has changed since it was agreed. You both need to agree it again.")
        return _("Every topic has an answer. You can both agree the list now.")


def board_of(
    agenda: Agenda,
    *,
    items: Iterable[AgendaItem] | None = None,
    moves: Iterable[AgendaMove] | None = None,
    voices: Iterable[AgendaVoice] | None = None,
) -> Board:
    """Work out the board from rows that were fetched already (by default the agenda's own prefetched ones)."""
    items = list(agenda.items.all() if items is None else items)
    moves = sorted(agenda.moves.all() if moves is None else moves, key=lambda move: move.seq)
    voices = list(agenda.voices.all() if voices is None else voices)
    of_item: dict[int, list[AgendaMove]] = {item.pk: [] for item in items}
    for move in moves:
        of_item[move.item_id].append(move)
    topics = [
        Topic(
            item=item,
            state=STATE_AFTER[AgendaMove.Kind(of_item[item.pk][-1].kind)],
            last_move=of_item[item.pk][-1],
            moves=of_item[item.pk],
        )
        for item in items
        if of_item[item.pk]
    ]
    last_seq = moves[-1].seq if moves else 0
    return Board(
        agenda=agenda,
        topics=topics,
        last_seq=last_seq,
        voices_now={voice.person_id for voice in voices if voice.on_seq == last_seq and last_seq},
        had_voices=bool(voices),
    )
