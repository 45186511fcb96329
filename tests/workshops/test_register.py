"""The register: only the two tutors, only from the start, newer marks win."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.people.models import RegistrationCheck, Role
from tests.factories import RoleFactory, UserFactory
from workshops.models import Attendance, Series
from workshops.services.attendance import record_attendance
from workshops.services.booking import book_place, cancel_booking

START = datetime(2027, 2, 2, 10, tzinfo=UTC)


@pytest.fixture
def first_session(opened, cast):
    series = opened()
    booking = book_place(series=series, person=cast.patient)
    session = series.sessions.select_related("series").get(number=1)
    return session, booking


def marks():
    return list(Attendance.objects.values_list("mark", flat=True))


def test_tutor_marks_who_is_here(first_session, cast, at):
    session, booking = first_session
    at(START)

    marked = record_attendance(session=session, marks={booking.pk: "present"}, by=cast.clinical_tutor)

    assert marked == 1
    assert Attendance.objects.get().marked_by == cast.clinical_tutor


def test_register_is_closed_before_the_session_starts(first_session, cast, at):
    session, booking = first_session
    at(START - timedelta(seconds=1))

    with pytest.raises(RuleBroken) as caught:
        record_attendance(session=session, marks={booking.pk: "present"}, by=cast.lay_tutor)

    assert str(caught.value) == (
        "You can mark the register from 10 a.m. on Tuesday 2 February 2027, when the session starts."
    )
    assert marks() == []


@pytest.mark.parametrize("who", ["patient", "coordinator", "outsider", "professional"])
def test_nobody_but_the_two_tutors_marks(first_session, cast, at, who):
    session, booking = first_session
    at(START)

    with pytest.raises(RuleBroken, match="Only the two tutors"):
        record_attendance(session=session, marks={booking.pk: "present"}, by=getattr(cast, who))

    assert marks() == []


def test_mark_for_a_stranger_is_refused_and_nothing_is_half_written(first_session, opened, cast, at, people):
    session, booking = first_session
    other = opened(start="2027-02-03T10:00")
    stranger = book_place(series=other, person=people(1)[0])
    at(START)

    with pytest.raises(RuleBroken, match="Somebody on this page has no place"):
        record_attendance(
            session=session, marks={booking.pk: "present", stranger.pk: "present"}, by=cast.lay_tutor
        )

    assert marks() == []


def test_mark_for_somebody_who_gave_their_place_back_is_refused(first_session, cast, at):
    session, booking = first_session
    cancel_booking(series=session.series, person=cast.patient)
    at(START)

    with pytest.raises(RuleBroken, match="has no place"):
        record_attendance(session=session, marks={booking.pk: "present"}, by=cast.lay_tutor)


def test_unknown_mark_is_refused(first_session, cast, at):
    session, booking = first_session
    at(START)

    with pytest.raises(RuleBroken, match="Choose one of the marks"):
        record_attendance(session=session, marks={booking.pk: "gone fishing"}, by=cast.lay_tutor)


def test_newer_mark_wins_whatever_the_order(first_session, cast, at):
    session, booking = first_session
    at(START + timedelta(hours=1))
    later, earlier = START + timedelta(minutes=30), START + timedelta(minutes=10)

    record_attendance(session=session, marks={booking.pk: "partly"}, by=cast.lay_tutor, marked_at=later)
    record_attendance(
        session=session, marks={booking.pk: "absent"}, by=cast.clinical_tutor, marked_at=earlier
    )

    assert marks() == ["partly"]


def test_same_marks_again_change_nothing(first_session, cast, at):
    session, booking = first_session
    at(START)

    for _time in range(2):
        record_attendance(session=session, marks={booking.pk: "present"}, by=cast.lay_tutor)

    assert marks() == ["present"]
    assert Entry.objects.filter(act="marked register").count() == 1


def test_register_page_saves_and_counts(first_session, cast, at, signed_in, people):
    session, booking = first_session
    for person in people(2):
        book_place(series=session.series, person=person)
    at(START)
    page = f"/workshops/tutor/{session.series.public_id}/sessions/1/"

    answer = signed_in(cast.lay_tutor).post(page, {f"mark_{booking.pk}": "present"}, follow=True)

    assert "Saved. 1 of 3 marked." in answer.content.decode()
    assert marks() == ["present"]


def test_stale_register_page_is_answered_with_a_sentence(first_session, cast, at, signed_in):
    session, booking = first_session
    cancel_booking(series=session.series, person=cast.patient)
    at(START)
    page = f"/workshops/tutor/{session.series.public_id}/sessions/1/"

    answer = signed_in(cast.lay_tutor).post(page, {f"mark_{booking.pk}": "present"})

    assert answer.status_code == 200
    assert "Somebody on this page has no place on the series any more." in answer.content.decode()


def test_looking_at_the_register_is_noted_for_each_person(first_session, cast, at, signed_in):
    session, _booking = first_session
    at(START)

    signed_in(cast.lay_tutor).get(f"/workshops/tutor/{session.series.public_id}/sessions/1/")

    look = Entry.objects.get(verb="looked")
    assert (look.actor, look.subject, look.purpose) == (cast.lay_tutor, cast.patient, "marking the register")


def test_tutor_of_another_series_cannot_open_the_register(first_session, cast, signed_in):
    session, _booking = first_session
    other = UserFactory()
    RoleFactory(person=other, organisation=cast.organisation)
    page = f"/workshops/tutor/{session.series.public_id}/sessions/1/"

    assert signed_in(other).get(page).status_code == 404
    assert signed_in(cast.patient).get(page).status_code == 404
    assert signed_in(cast.lay_tutor).get(page).status_code == 200
    assert signed_in(cast.lay_tutor).get(page.replace("/1/", "/8/")).status_code == 404


def test_a_tutor_whose_check_has_run_out_reads_and_marks_nothing(first_session, cast, at, signed_in):
    """Being a tutor of the other kind still, or elsewhere, does not open what the place on this team opened."""
    session, booking = first_session
    RoleFactory(person=cast.clinical_tutor, kind=Role.Kind.LAY_TUTOR)
    at(START)
    here = f"/workshops/tutor/{session.series.public_id}/"
    pages = [here, f"{here}sessions/1/"]
    assert [signed_in(cast.clinical_tutor).get(page).status_code for page in pages] == [200, 200]

    RegistrationCheck.objects.filter(person=cast.clinical_tutor).update(renew_on=START.date())

    assert [signed_in(cast.clinical_tutor).get(page).status_code for page in pages] == [404, 404]
    assert session.series.venue_name not in signed_in(cast.clinical_tutor).get("/my/").text
    with pytest.raises(RuleBroken, match="Only the two tutors"):
        record_attendance(session=session, marks={booking.pk: "present"}, by=cast.clinical_tutor)
    record_attendance(session=session, marks={booking.pk: "present"}, by=cast.lay_tutor)


def test_what_would_help_somebody_is_not_shown_once_the_series_is_closed(opened, cast, signed_in):
    series = opened()
    book_place(series=series, person=cast.patient, needs="Canarywort")
    here = f"/workshops/tutor/{series.public_id}/"
    assert "Canarywort" in signed_in(cast.lay_tutor).get(here).text

    Series.objects.filter(pk=series.pk).update(state=Series.State.CLOSED)

    for page in (here, f"{here}sessions/1/"):
        answer = signed_in(cast.lay_tutor).get(page)
        assert answer.status_code == 200 and "Canarywort" not in answer.text
