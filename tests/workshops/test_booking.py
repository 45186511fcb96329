"""Full is full, the first who waits is the first who gets a place, and twice is once."""

from datetime import UTC, datetime

import pytest

from lms.core.errors import RuleBroken
from lms.notifications.models import Message
from lms.people.models import Audience
from workshops.models import Booking
from workshops.queries.calendar import turn_of
from workshops.services.booking import book_place, cancel_booking, join_waiting_list


def test_patient_books_a_place(opened, cast):
    booking = book_place(series=opened(), person=cast.patient, needs="Large print")

    assert (booking.state, booking.needs) == ("booked", "Large print")
    mail = Message.objects.get(template="booking_confirmed")
    assert mail.to == cast.patient
    assert mail.subject == "Your place is booked"
    assert "Tuesday 2 February 2027, 10 a.m. to 1 p.m." in mail.text
    assert "Large print" not in mail.text


def test_professional_books_a_place_on_working_in_partnership(opened, cast):
    series = opened(audience=Audience.PROFESSIONAL)

    assert book_place(series=series, person=cast.professional).state == "booked"


def test_series_for_the_other_programme_is_refused(opened, cast):
    series = opened()

    with pytest.raises(RuleBroken, match="This series is for the other programme."):
        book_place(series=series, person=cast.professional)

    assert Booking.objects.count() == 0


def test_booking_twice_is_once(opened, cast):
    series = opened()

    first = book_place(series=series, person=cast.patient)
    second = book_place(series=series, person=cast.patient)

    assert first == second
    assert Message.objects.filter(template="booking_confirmed").count() == 1


def test_series_that_waits_for_a_tutor_cannot_be_booked(schedule, cast):
    with pytest.raises(RuleBroken, match="not open for booking"):
        book_place(series=schedule(), person=cast.patient)


def test_series_that_has_started_cannot_be_booked(opened, cast, at):
    series = opened()
    at(datetime(2027, 2, 2, 10, tzinfo=UTC))

    with pytest.raises(RuleBroken, match="This series has started."):
        book_place(series=series, person=cast.patient)


def test_tutor_cannot_book_their_own_series(opened, cast):
    with pytest.raises(RuleBroken, match="You lead this series"):
        book_place(series=opened(), person=cast.lay_tutor)


def test_full_is_full_and_says_the_turn(opened, people):
    series = opened(capacity=2)
    first, second, third, fourth = people(4)
    book_place(series=series, person=first)
    book_place(series=series, person=second)
    join_waiting_list(series=series, person=third)

    with pytest.raises(RuleBroken) as caught:
        book_place(series=series, person=fourth)

    assert str(caught.value) == ("All places are taken now. You can join the waiting list: you would be 2nd.")
    assert series.bookings.filter(state="booked").count() == 2


def test_nobody_waits_while_a_place_is_free(opened, cast):
    with pytest.raises(RuleBroken, match="A place has come free."):
        join_waiting_list(series=opened(), person=cast.patient)


def test_waiting_list_keeps_its_order(opened, people):
    series = opened(capacity=1)
    booked, *queue = people(4)
    book_place(series=series, person=booked)
    turns = [join_waiting_list(series=series, person=person) for person in queue]
    numbers = [turn_of(turn) for turn in turns]

    cancel_booking(series=series, person=queue[1])  # leaves the queue
    cancel_booking(series=series, person=booked)

    states = [Booking.objects.get(pk=turn.pk).state for turn in turns]
    assert numbers == [1, 2, 3]
    assert states == ["booked", "cancelled", "waiting"]
    assert turn_of(turns[2]) == 1
    assert Message.objects.get(template="place_came_free").to == queue[0]


def test_cancelling_twice_promotes_one(opened, people):
    series = opened(capacity=1)
    booked, *queue = people(3)
    book_place(series=series, person=booked)
    for person in queue:
        join_waiting_list(series=series, person=person)

    cancel_booking(series=series, person=booked)
    cancel_booking(series=series, person=booked)

    assert series.bookings.filter(state="booked").get().person == queue[0]
    assert Message.objects.filter(template="booking_cancelled").count() == 1


def test_place_is_kept_once_the_series_has_started(opened, cast, at):
    series = opened()
    book_place(series=series, person=cast.patient)
    at(datetime(2027, 2, 2, 10, tzinfo=UTC))

    with pytest.raises(RuleBroken, match="Tell your tutors"):
        cancel_booking(series=series, person=cast.patient)

    assert series.bookings.get().state == "booked"


def test_who_gave_a_place_back_can_book_again(opened, cast):
    series = opened()
    book_place(series=series, person=cast.patient)
    cancel_booking(series=series, person=cast.patient)

    again = book_place(series=series, person=cast.patient)

    assert again.state == "booked"
    assert series.bookings.count() == 2
