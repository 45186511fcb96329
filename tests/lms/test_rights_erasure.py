"""Who is erased is gone from everything; what others need stays, without a name."""

from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from coaching.models import AgendaItem
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.notifications.models import Message
from lms.people.models import CareTie, Role, User
from lms.people.services import invite_to_tie
from lms.rights import registry
from lms.rights.models import Deletion, Erasure, Hold
from lms.rights.registry import KEEP, Kind, personal
from lms.rights.services import ask_for_erasure, call_back_erasure, erase, erase_due
from lms.rights.services.exports import part_of
from tests.factories import RoleFactory, UserFactory
from tests.factories.certificates import certificate_for
from tests.factories.workshops import open_series
from tests.lms import doors_world
from tests.lms.doors_world import LAST_NAME, REACHED, WORDS
from tests.lms.planted import Planter, where_kept, words_kept
from workshops.models import Booking
from workshops.services.booking import book_place, join_waiting_list


@pytest.fixture
def world(db, at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    at(doors_world.MONDAY)
    return doors_world.build()


def asked(person: User) -> Erasure:
    return ask_for_erasure(person=person, asked_by=person, how=Erasure.Asked.SELF)


def erased(person: User) -> Erasure:
    erasure = asked(person)
    assert erase(erasure=erasure)
    return erasure


def all_held_of(person: User) -> list[dict]:
    return [part_of(one, person) for one in personal()]


def planted_in(person: User) -> Planter:
    planter = Planter(person)
    planter.plant()
    assert set(planter.where) - words_kept() == set(), "the search sees every word before"
    return planter


def left_of(planter: Planter) -> list[str]:
    return sorted(planter.where[word] for word in words_kept())


def test_not_one_planted_word_is_left(world):
    planter = planted_in(world.people["patient"])

    erased(planter.person)

    assert left_of(planter) == []
    assert len(planter.where) > 100
    assert planter.refused == {
        "people.CareTie.invited_name",  # an invitation has an address or a name
        "courses.LessonCompletion.reason",  # only staff say why, and then the rule is theirs
    }


@pytest.mark.parametrize("line", ["workshops.Booking.needs", "coaching.Agenda.what_matters"])
def test_one_line_of_the_registry_less_leaves_a_word_and_is_seen(world, monkeypatch, line):
    planter = planted_in(world.people["patient"])
    model, _dot, name = line.rpartition(".")
    one = registry.classified_as(model)
    monkeypatch.setitem(registry._registry, model, replace(one, kinds={**one.kinds, name: Kind.RECORD}))

    erased(planter.person)

    assert set(left_of(planter)) == {line}


def test_a_row_that_nobody_said_to_delete_is_seen(world, monkeypatch):
    planter = planted_in(world.people["patient"])
    one = registry.classified_as("people.LivedWith")
    monkeypatch.setitem(registry._registry, one.model, replace(one, erase=KEEP))

    erased(planter.person)

    assert left_of(planter) == ["people.LivedWith.words"]


def test_what_somebody_really_wrote_is_gone_and_what_others_wrote_is_not(world):
    patient, other = world.people["patient"], world.people["other_patient"]
    invite_to_tie(inviter=patient, email="somebody@example.org", as_professional=False)
    invite_to_tie(inviter=world.people["other_professional"], email=patient.email, as_professional=True)
    theirs = all_held_of(other)
    assert where_kept(LAST_NAME) >= {"people_user", "notifications_message", "certificates_certificate"}

    erased(patient)

    left = {word: where_kept(word) for word in WORDS - REACHED if where_kept(word)}
    assert left == {"canary-reason": {"coaching_agendamove"}}, "the professional's own reason"
    assert where_kept(LAST_NAME) == where_kept("canary-address") == set()
    assert all_held_of(other) == theirs
    assert set(AgendaItem.objects.filter(raised_by=patient).values_list("words", flat=True)) == {"-"}
    assert not CareTie.objects.in_force().filter(patient=patient).exists()


def test_a_number_stays_that_cannot_sign_in(world, client):
    patient = world.people["patient"]
    before = (patient.username, patient.public_id)

    erased(patient)

    husk = User.objects.get(pk=patient.pk)
    assert (husk.first_name, husk.last_name, husk.email, husk.is_active) == ("", "", "", False)
    assert before != (husk.username, husk.public_id)
    assert not husk.has_usable_password()
    assert not EmailAddress.objects.filter(user=husk).exists()


def test_messages_to_others_keep_their_sense_without_the_name(world):
    patient = world.people["patient"]
    invite_to_tie(inviter=patient, email="somebody@example.org", as_professional=False)
    name = patient.display_name
    waiting = Message.objects.get(address="somebody@example.org")
    assert name in waiting.text and waiting.sent_at is None

    erased(patient)

    waiting.refresh_from_db()
    assert name not in waiting.text + waiting.html
    assert "somebody" in waiting.text


def test_the_log_counts_and_names_nobody(world):
    patient = world.people["patient"]

    erasure = erased(patient)

    log = {row.model: (row.deleted, row.cleared) for row in Deletion.objects.filter(husk=patient.pk)}
    assert log["people.User"] == (0, 1)
    assert log["coaching.ActionPlan"][0] == 3
    assert {row.rule for row in Deletion.objects.all()} == {"erasure", "erasure: named to others"}
    assert erasure.person_id == patient.pk


def test_a_job_that_dies_on_the_way_leaves_all_as_it_was_and_the_next_one_ends_it(world, monkeypatch):
    patient = world.people["patient"]
    before = all_held_of(patient)
    erasure = asked(patient)
    before_asking = len(before)

    def dies(words):
        raise SystemExit("killed")

    with monkeypatch.context() as half, pytest.raises(SystemExit):
        half.setattr("lms.rights.services.erasure.forget_in_caches", dies)
        erase(erasure=erasure)
    now = {part["kind"]: part for part in all_held_of(patient)}

    assert len(now) == before_asking
    for part in before:
        if part["kind"] not in {"audit.Entry", "notifications.Message", "rights.Erasure"}:
            assert now[part["kind"]] == part
    assert erase(erasure=erasure)
    assert where_kept(LAST_NAME) == set()
    assert not erase(erasure=erasure), "twice is once"


def test_it_happens_after_seven_days_and_can_be_called_back_until_then(world, at):
    stays, goes = world.people["outsider"], world.people["other_patient"]
    asked(stays)
    asked(goes)
    assert asked(goes).due_at == doors_world.MONDAY + timedelta(days=7)

    at(doors_world.MONDAY + timedelta(days=6))
    assert erase_due() == 0
    call_back_erasure(person=stays, by=stays)
    at(doors_world.MONDAY + timedelta(days=8))

    assert erase_due() == 1
    assert User.objects.filter(pk__in=[stays.pk, goes.pk], is_active=True).get() == stays
    assert [mail.template for mail in Message.objects.filter(to=stays)].count("erasure_asked") == 1


def test_a_hold_stops_it_and_says_so(cast):
    hold = Hold.objects.create(person=cast.patient, reason="A court asks for it.", placed_by=cast.coordinator)

    with pytest.raises(RuleBroken, match="We must keep your data for now. The reason: A court asks for it."):
        asked(cast.patient)

    hold.lifted_at = clock.now()
    hold.save()
    assert asked(cast.patient).done_at is None


def test_a_hold_that_comes_later_makes_it_wait(cast, settings):
    settings.ERASURE_DAYS = 0
    asked(cast.patient)
    Hold.objects.create(person=cast.patient, reason="A court asks.", placed_by=cast.coordinator)

    assert erase_due() == 0
    assert User.objects.get(pk=cast.patient.pk).is_active


def test_the_only_coordinator_stays_until_there_is_another(cast):
    with pytest.raises(RuleBroken, match="You are the only coordinator of Riverside Clinic."):
        asked(cast.coordinator)

    other = UserFactory()
    RoleFactory(person=other, kind=Role.Kind.COORDINATOR, organisation=cast.organisation)
    erased(cast.coordinator)

    assert not Role.objects.in_force().filter(person=cast.coordinator).exists()
    assert Role.objects.filter(person=cast.coordinator).exists(), "who gave which role stays provable"


def test_a_place_comes_free_for_who_waits(world):
    series = open_series(
        lay=world.people["lay_tutor"],
        clinical=world.people["clinical_tutor"],
        organisation=Role.objects.get(person=world.people["lay_tutor"]).organisation,
        start="2027-09-07T10:00",
        capacity=1,
    )
    patient, waits = world.people["patient"], world.people["other_patient"]
    book_place(series=series, person=patient)
    join_waiting_list(series=series, person=waits)

    erased(patient)

    assert Booking.objects.get(series=series, person=waits).state == Booking.State.BOOKED
    assert Booking.objects.get(series=series, person=patient).state == Booking.State.CANCELLED


def test_a_tutors_name_stays_on_the_certificates_of_others_and_nowhere_else(world):
    tutor = world.people["lay_tutor"]
    User.objects.filter(pk=tutor.pk).update(last_name="Tutorcanary")
    tutor.refresh_from_db()
    certificate_for(
        world.people["patient"],
        Role.objects.get(person=tutor).organisation,
        source_key="series:9:person:9",
        tutors=[{"name": tutor.display_name, "side": "lay"}],
    )

    erased(tutor)

    assert where_kept("Tutorcanary") == {"certificates_certificate"}


def test_only_a_coordinator_asks_for_somebody_else(cast):
    with pytest.raises(RuleBroken, match="Only a coordinator"):
        ask_for_erasure(person=cast.patient, asked_by=cast.outsider, how=Erasure.Asked.LETTER)
    with pytest.raises(RuleBroken, match="Choose how they asked."):
        ask_for_erasure(person=cast.patient, asked_by=cast.coordinator, how=Erasure.Asked.SELF)

    asked_for = ask_for_erasure(person=cast.patient, asked_by=cast.coordinator, how=Erasure.Asked.LETTER)

    assert asked_for.asked_by == cast.coordinator
