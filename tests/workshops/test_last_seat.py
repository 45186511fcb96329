"""Many hands, two seats, on a real database: the lock is what keeps the number."""

import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from lms.core.errors import RuleBroken
from workshops.models import Booking, Series
from workshops.services.booking import book_place, join_waiting_list

SEATS, HANDS = 2, 8

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def shared_database(folder: Path):
    """A database that threads can share as processes do. SQLite's test database lives in memory, where the locks are
    not those of a file: the threads get a copy of it in a file, opened with the site's own settings.
    """
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    settings = connections.settings["default"]
    in_memory, file = settings["NAME"], str(folder / "seats.sqlite3")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [file])
    settings["NAME"] = file
    try:
        yield
    finally:
        settings["NAME"] = in_memory


def in_threads(action, people) -> list[str]:
    """What `action(person)` gave for each, all started at once."""
    ready = threading.Barrier(len(people))
    answers: list[str] = []

    def one(person) -> None:
        ready.wait()
        try:
            action(person)
            answers.append("booked")
        except RuleBroken:
            answers.append("full")
        except Exception as error:
            answers.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def counted(query) -> int:
    """A count as the threads' database has it."""
    found: list[int] = []

    def count() -> None:
        found.append(query())
        connections.close_all()

    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    return found[0]


def test_last_seats_are_never_sold_twice(opened, people, tmp_path):
    series = opened(capacity=SEATS)
    hands = people(HANDS)

    with shared_database(tmp_path):
        answers = in_threads(lambda person: book_place(series=series, person=person), hands)
        booked = counted(Booking.objects.filter(series=series, state="booked").count)

    assert sorted(answers) == ["booked"] * SEATS + ["full"] * (HANDS - SEATS)
    assert booked == SEATS


def test_one_person_with_many_presses_has_one_place(opened, cast, tmp_path):
    series = opened(capacity=SEATS)

    with shared_database(tmp_path):
        answers = in_threads(lambda person: book_place(series=series, person=person), [cast.patient] * HANDS)
        booked = counted(Booking.objects.filter(series=series).count)

    assert answers == ["booked"] * HANDS
    assert booked == 1


def test_everybody_who_waits_has_a_turn_of_their_own(opened, cast, people, tmp_path):
    series = opened(capacity=1)
    book_place(series=series, person=cast.patient)
    hands = people(HANDS)

    with shared_database(tmp_path):
        answers = in_threads(lambda person: join_waiting_list(series=series, person=person), hands)
        waiting = counted(Booking.objects.filter(series=series, state="waiting").count)

    assert answers == ["booked"] * HANDS
    assert waiting == HANDS


def test_counting_without_the_lock_oversells(opened, people, tmp_path):
    """The negative control: the same race with the count outside the lock sells too many."""
    series = opened(capacity=SEATS)
    hands = people(HANDS)

    def count_then_insert(person) -> None:
        taken = Booking.objects.filter(series=series, state="booked").count()
        time.sleep(0.2)  # the moment between looking and writing, made long enough to see
        if taken >= SEATS:
            raise RuleBroken("full")
        with transaction.atomic():
            Booking.objects.create(series=Series(pk=series.pk), person=person, state="booked")

    with shared_database(tmp_path):
        in_threads(count_then_insert, hands)
        booked = counted(Booking.objects.filter(series=series, state="booked").count)

    assert booked > SEATS
