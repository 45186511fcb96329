"""How two people come to one list: moves, voices, and what is refused."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from coaching.board import board_of
from coaching.models import Agenda, AgendaItem, AgendaMove
from coaching.services import (
    add_topic,
    agree_agenda,
    agree_topic,
    bring_back_topic,
    leave_out_topic,
    park_topic,
    start_agenda,
    withdraw_topic,
)
from lms.core.errors import RuleBroken
from tests.factories.coaching import agenda_for

pytestmark = pytest.mark.django_db


def board(agenda: Agenda):
    return board_of(Agenda.objects.select_related("tie").get(pk=agenda.pk))


def words(topics) -> list[str]:
    return [topic.item.words for topic in topics]


@pytest.fixture
def agenda(two) -> Agenda:
    """The patient's two topics, both agreed by the professional."""
    agenda = agenda_for(two.tie, topics=("Pain at night", "A letter for work"))
    for item in agenda.items.all():
        agree_topic(item=item, by=two.professional)
    return agenda


def test_agenda_is_agreed_when_both_have_said_so(two, agenda):
    last = board(agenda).last_seq

    assert agree_agenda(agenda=agenda, by=two.patient, on_seq=last) is False
    assert not board(agenda).is_agreed
    assert board(agenda).status_for(two.patient) == "Waiting for Priya Field to agree."
    assert agree_agenda(agenda=agenda, by=two.professional, on_seq=last) is True

    assert board(agenda).is_agreed
    assert board(agenda).status_for(two.professional) == "You have both agreed this list."


def test_one_voice_said_twice_is_still_one(two, agenda):
    last = board(agenda).last_seq

    agree_agenda(agenda=agenda, by=two.patient, on_seq=last)
    agree_agenda(agenda=agenda, by=two.patient, on_seq=last)

    assert agenda.voices.count() == 1
    assert not board(agenda).is_agreed


def test_a_move_after_agreement_asks_both_again(two, agenda):
    last = board(agenda).last_seq
    agree_agenda(agenda=agenda, by=two.patient, on_seq=last)
    agree_agenda(agenda=agenda, by=two.professional, on_seq=last)

    park_topic(item=agenda.items.first(), by=two.professional, until=date(2026, 4, 1))

    assert not board(agenda).is_agreed
    assert board(agenda).voices_now == set()
    assert "You both need to agree it again" in board(agenda).status_for(two.patient)


def test_a_list_that_moved_meanwhile_is_not_agreed_unseen(two, agenda):
    seen = board(agenda).last_seq
    park_topic(item=agenda.items.first(), by=two.professional, until=date(2026, 4, 1))

    with pytest.raises(RuleBroken, match="changed while you were reading"):
        agree_agenda(agenda=agenda, by=two.patient, on_seq=seen)

    assert agenda.voices.count() == 0
    assert agree_agenda(agenda=agenda, by=two.patient, on_seq=board(agenda).last_seq) is False


def test_unanswered_topics_come_before_agreeing(two, agenda):
    add_topic(agenda=agenda, by=two.patient, words="One more")

    with pytest.raises(RuleBroken, match="still need an answer"):
        agree_agenda(agenda=agenda, by=two.patient, on_seq=board(agenda).last_seq)


def test_an_empty_list_is_not_agreed(two):
    agenda = agenda_for(two.tie)
    leave_out_topic(item=agenda.items.get(), by=two.professional, reason="We did it last week")

    with pytest.raises(RuleBroken, match="Nothing is on your list yet"):
        agree_agenda(agenda=agenda, by=two.patient, on_seq=board(agenda).last_seq)


def test_parking_needs_a_day_after_the_visit(two, agenda):
    item = agenda.items.first()

    for until, why in (
        (None, "needs a date"),
        (agenda.visit_on, "after this visit"),
        (agenda.visit_on - timedelta(days=1), "after this visit"),
        (agenda.visit_on + timedelta(days=800), "within two years"),
    ):
        with pytest.raises(RuleBroken, match=why):
            park_topic(item=item, by=two.professional, until=until)
    park_topic(item=item, by=two.professional, until=agenda.visit_on + timedelta(days=1))

    assert words(board(agenda).later) == ["Pain at night"]


def test_the_database_too_refuses_a_parked_topic_without_a_date(two, agenda):
    move = {"agenda": agenda, "item": agenda.items.first(), "by": two.patient, "kind": "park"}

    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaMove.objects.create(**move, seq=90)
    AgendaMove.objects.create(**move, seq=91, until=date(2026, 4, 1))


def test_leaving_out_needs_a_reason(two, agenda):
    item = agenda.items.first()

    with pytest.raises(RuleBroken, match="Say why") as refused:
        leave_out_topic(item=item, by=two.professional, reason="   ")
    leave_out_topic(item=item, by=two.professional, reason="We did it last week")

    assert refused.value.field == "reason"
    assert words(board(agenda).left_out) == ["Pain at night"]


def test_only_ones_own_topic_can_be_taken_back(two, agenda):
    item = agenda.items.first()

    with pytest.raises(RuleBroken, match="Only the person who raised"):
        withdraw_topic(item=item, by=two.professional)
    withdraw_topic(item=item, by=two.patient)

    assert words(board(agenda).taken_back) == ["Pain at night"]
    with pytest.raises(RuleBroken, match="Only the person who took"):
        bring_back_topic(item=item, by=two.professional)
    bring_back_topic(item=item, by=two.patient)
    assert words(board(agenda).in_state("waiting")) == ["Pain at night"]


def test_nobody_says_yes_to_their_own_topic(two):
    agenda = agenda_for(two.tie)

    with pytest.raises(RuleBroken, match="The other person answers"):
        agree_topic(item=agenda.items.get(), by=two.patient)
    agree_topic(item=agenda.items.get(), by=two.professional)

    assert words(board(agenda).agreed) == ["Pain at night"]


def test_the_same_answer_twice_is_one_move(two, agenda):
    item = agenda.items.first()
    moves = agenda.moves.count()

    agree_topic(item=item, by=two.professional)
    park_topic(item=item, by=two.professional, until=date(2026, 4, 1))
    park_topic(item=item, by=two.professional, until=date(2026, 4, 1))

    assert agenda.moves.count() == moves + 1


def test_moves_are_counted_and_never_changed(two, agenda):
    move = agenda.moves.last()

    assert list(agenda.moves.values_list("seq", flat=True)) == [1, 2, 3, 4]
    with pytest.raises(TypeError):
        move.save()
    with pytest.raises(TypeError):
        agenda.moves.update(kind="propose")


def test_a_side_has_twelve_open_topics_at_most(two):
    agenda = agenda_for(two.tie, topics=())
    for number in range(12):
        add_topic(agenda=agenda, by=two.patient, words=f"Topic {number}")

    with pytest.raises(RuleBroken, match="12 topics already"):
        add_topic(agenda=agenda, by=two.patient, words="The thirteenth")
    add_topic(agenda=agenda, by=two.professional, words="Mine still fits")
    park_topic(item=agenda.items.first(), by=two.professional, until=date(2026, 4, 1))
    add_topic(agenda=agenda, by=two.patient, words="Now there is room")

    assert agenda.items.count() == 14


def test_a_topic_that_matters_most_moves_the_others_down(two):
    agenda = agenda_for(two.tie, topics=("First", "Second", "Third"))

    add_topic(agenda=agenda, by=two.patient, words="New worry", priority=1)
    add_topic(agenda=agenda, by=two.patient, words="After those")

    assert words(board(agenda).topics) == ["New worry", "First", "Second", "Third", "After those"]
    assert list(AgendaItem.objects.order_by("pk").values_list("priority", flat=True)) == [2, 3, None, 1, None]


def test_minutes_asked_are_shown_against_the_minutes_there_are(two):
    agenda = start_agenda(
        tie=two.tie,
        by=two.patient,
        visit_on=date(2026, 3, 5),
        minutes=10,
        topics=[("Pain", 8), ("Sleep", 7), ("", 30)],
    )

    assert board(agenda).minutes_asked == 15
    assert board(agenda).minutes_over == 5


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"visit_on": date(2026, 3, 1)}, "visit_on"),
        ({"visit_on": date(2029, 3, 1)}, "visit_on"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 241}, "minutes"),
        ({"what_matters": "x" * 501}, "what_matters"),
        ({"topics": [("x" * 201, None)]}, "words"),
        ({"topics": [("Pain", 0)]}, "minutes_asked"),
    ],
)
def test_an_impossible_agenda_is_refused(two, details, field):
    fine = {"tie": two.tie, "by": two.patient, "visit_on": date(2026, 3, 2), "topics": [("Pain", 5)]}

    with pytest.raises(RuleBroken) as refused:
        start_agenda(**(fine | details))

    assert refused.value.field == field
    assert Agenda.objects.count() == 0
    assert start_agenda(**fine).items.get().words == "Pain"


def test_right_to_left_words_and_emoji_are_kept_and_control_characters_are_not(two):
    agenda = agenda_for(two.tie, topics=("\u200fכאב בלילה", "👩‍👧 school", "pain\x00 and\x07 sleep"))

    assert list(agenda.items.values_list("words", flat=True)) == [
        "\u200fכאב בלילה",
        "👩‍👧 school",
        "pain and sleep",
    ]
