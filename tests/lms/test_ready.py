"""Queries whose SQL is written once: the same rows as Django's, asked anew each time."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import BigIntegerField, DateField, UUIDField

from lms.core import clock
from lms.core.memory import ProcessMemory
from lms.core.ready import ReadyQuery
from lms.people.models import CareTie, Role, User
from lms.people.queries import consents_of, holds_role, role_kinds_of
from lms.people.services import give_consent, withdraw_consent
from lms.people.sharing import shareables

pytestmark = pytest.mark.django_db

roles = ReadyQuery(
    lambda person, day: (
        Role.objects.in_force(on=day).filter(person=person).order_by("pk").values_list("kind", "starts_on")
    ),
    person=BigIntegerField(),
    day=DateField(),
)
by_public_id = ReadyQuery(
    lambda public_id: User.objects.filter(public_id=public_id).values_list("public_id", "date_joined"),
    public_id=UUIDField(),
)


def test_it_gives_the_rows_that_django_gives(cast):
    person, today = cast.clinical_tutor, clock.today()

    assert roles(person=person.pk, day=today) == list(
        Role.objects.in_force().filter(person=person).values_list("kind", "starts_on")
    )
    assert by_public_id(public_id=person.public_id) == [(person.public_id, person.date_joined)]
    assert roles(person=cast.patient.pk, day=today) == []


def test_it_asks_each_time_and_once(cast, django_assert_num_queries):
    person, today = cast.lay_tutor, clock.today()
    assert len(roles(person=person.pk, day=today)) == 1

    with django_assert_num_queries(2):
        assert len(roles(person=person.pk, day=today - timedelta(days=4000))) == 0
        Role.objects.filter(person=person).update(ends_on=today)

    assert roles(person=person.pk, day=today) == []


def test_a_value_is_never_read_as_sql(cast):
    by_name = ReadyQuery(
        lambda name: User.objects.filter(first_name=name).values_list("pk"),
        name=User._meta.get_field("first_name"),
    )

    assert by_name(name=cast.patient.first_name) == [(cast.patient.pk,)]
    for odd in ("' OR 1=1 --", "%s", "%", "\\"):
        assert by_name(name=odd) == []


def test_a_role_that_ended_is_ended_for_the_next_request(cast):
    assert role_kinds_of(User.objects.get(pk=cast.lay_tutor.pk)) == {"lay_tutor"}
    assert holds_role(cast.lay_tutor, Role.Kind.LAY_TUTOR)

    Role.objects.filter(person=cast.lay_tutor).update(ends_on=clock.today())

    assert role_kinds_of(User.objects.get(pk=cast.lay_tutor.pk)) == set()
    assert not holds_role(cast.lay_tutor, Role.Kind.LAY_TUTOR)


def test_a_consent_that_was_withdrawn_is_gone_at_once(cast):
    tie = CareTie.objects.create(
        patient=cast.patient,
        professional=cast.professional,
        invited_by=cast.patient,
        invited_email=cast.professional.email,
        accepted_at=clock.now(),
    )
    what = shareables()[0].key
    assert consents_of(tie) == set()

    give_consent(tie=tie, person=cast.patient, what=what)
    assert consents_of(tie) == {what}

    withdraw_consent(tie=tie, person=cast.patient, what=what)
    assert consents_of(tie) == set()


def test_each_thread_has_a_query_of_its_own(cast):
    roles(person=1, day=clock.today())
    seen = []

    def ask():
        seen.append(getattr(roles._of_thread, "known", None))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()

    assert seen == [None]


def test_the_memory_of_a_process_is_one_for_all_threads_and_lets_the_oldest_go():
    first, second = (ProcessMemory("test-of-memory", {"OPTIONS": {"MAX_ENTRIES": 2}}) for _ in range(2))
    thing = object()

    first.set("a", thing)
    assert second.get("a") is thing
    for key in "bc":
        second.set(key, key)

    assert (first.get("a"), first.get("b"), first.get("c")) == (None, "b", "c")
    assert (first.add("c", 1), first.get("c"), first.delete("c"), first.get("c")) == (False, "c", True, None)
    first.set("gone", 1, timeout=0)
    assert first.get("gone") is None
    first.clear()
    assert second.get("b") is None
