"""A series is open only while both kinds of tutor have said yes."""

from datetime import date

import pytest

from lms.core.errors import RuleBroken
from lms.notifications.models import Message
from lms.people.models import Role
from tests.factories import RoleFactory, UserFactory
from workshops.models import Booking, Series, SeriesTutor
from workshops.queries.team import invitations_of, series_that_want
from workshops.services.booking import book_place, cancel_booking, join_waiting_list
from workshops.services.scheduling import cancel_series
from workshops.services.team import (
    accept_invitation,
    decline_invitation,
    invite_tutor,
    offer_to_lead,
    withdraw_tutor,
)


def state_of(series) -> str:
    return Series.objects.get(pk=series.pk).state


def clinical_colleague(cast):
    person = UserFactory(first_name="Omar")
    RoleFactory(person=person, organisation=cast.organisation, kind=Role.Kind.CLINICAL_TUTOR)
    return person


def test_series_opens_only_when_both_have_accepted(schedule, cast):
    series = schedule()
    before = state_of(series)

    accept_invitation(series=series, person=cast.clinical_tutor)

    assert (before, state_of(series)) == ("inviting", "open")
    assert set(Message.objects.filter(template="series_open").values_list("to", flat=True)) == {
        cast.lay_tutor.pk,
        cast.clinical_tutor.pk,
    }


def test_accepting_twice_is_once(schedule, cast):
    series = schedule()

    accept_invitation(series=series, person=cast.clinical_tutor)
    accept_invitation(series=series, person=cast.clinical_tutor)

    assert Message.objects.filter(template="series_open").count() == 2


def test_nobody_accepts_for_another(schedule, cast):
    series = schedule()

    with pytest.raises(RuleBroken):
        accept_invitation(series=series, person=cast.outsider)

    assert state_of(series) == "inviting"


def test_role_that_ended_meanwhile_cannot_accept(schedule, cast):
    series = schedule()
    Role.objects.filter(person=cast.clinical_tutor).update(ends_on=date(2027, 2, 20))

    with pytest.raises(RuleBroken, match="not confirmed as a clinical tutor on 23 February 2027"):
        accept_invitation(series=series, person=cast.clinical_tutor)

    assert state_of(series) == "inviting"


def test_invited_for_two_series_at_once_can_accept_one(schedule, cast):
    first = schedule()
    other = UserFactory()
    RoleFactory(person=other, organisation=cast.organisation, kind=Role.Kind.LAY_TUTOR)
    second = schedule(lay=other)

    accept_invitation(series=first, person=cast.clinical_tutor)
    with pytest.raises(RuleBroken, match="already leads a session"):
        accept_invitation(series=second, person=cast.clinical_tutor)

    assert (state_of(first), state_of(second)) == ("open", "inviting")


def test_declining_frees_the_place_for_another(schedule, cast):
    series = schedule()
    omar = clinical_colleague(cast)

    decline_invitation(series=series, person=cast.clinical_tutor)
    after_decline = state_of(series)
    invite_tutor(series=series, person=omar, kind="clinical", by=cast.lay_tutor)
    accept_invitation(series=series, person=omar)

    assert (after_decline, state_of(series)) == ("wanted", "open")
    assert Message.objects.get(template="tutor_place_free").to == cast.lay_tutor
    assert not invitations_of(cast.clinical_tutor).exists()


def test_place_that_is_filled_cannot_be_filled_again(schedule, cast):
    series = schedule()

    with pytest.raises(RuleBroken, match="Somebody already fills the place of the clinical tutor."):
        invite_tutor(series=series, person=clinical_colleague(cast), kind="clinical", by=cast.lay_tutor)

    assert series.team.count() == 2


def test_outsider_cannot_invite(schedule, cast):
    series = schedule()
    decline_invitation(series=series, person=cast.clinical_tutor)

    with pytest.raises(RuleBroken, match="Only a tutor of this series or a coordinator"):
        invite_tutor(series=series, person=clinical_colleague(cast), kind="clinical", by=cast.outsider)


def test_withdrawal_pauses_booking_and_keeps_places(opened, cast):
    series = opened()
    booking = book_place(series=series, person=cast.patient)

    withdraw_tutor(series=series, person=cast.clinical_tutor)

    booking.refresh_from_db()
    assert state_of(series) == "inviting"
    assert booking.state == Booking.State.BOOKED
    assert Message.objects.get(template="series_paused").to == cast.patient
    with pytest.raises(RuleBroken, match="Booking is paused"):
        book_place(series=series, person=cast.outsider)


def test_place_given_back_in_the_pause_goes_to_the_waiting_when_it_opens_again(opened, cast):
    series = opened(capacity=1)
    book_place(series=series, person=cast.patient)
    waiting = join_waiting_list(series=series, person=cast.outsider)
    withdraw_tutor(series=series, person=cast.clinical_tutor)
    cancel_booking(series=series, person=cast.patient)
    waiting.refresh_from_db()
    in_the_pause = waiting.state

    offer_to_lead(series=series, person=clinical_colleague(cast), kind="clinical")

    waiting.refresh_from_db()
    assert (in_the_pause, waiting.state) == ("waiting", "booked")


def test_tutor_offers_for_dates_that_want_a_pair(schedule, cast):
    series = schedule()
    omar = clinical_colleague(cast)
    wanted_before = list(series_that_want(omar))
    decline_invitation(series=series, person=cast.clinical_tutor)

    wanted = list(series_that_want(omar))
    offer_to_lead(series=series, person=omar, kind="clinical")

    assert wanted_before == []
    assert wanted == [series]
    assert state_of(series) == "open"


def test_lay_tutor_cannot_offer_as_a_clinical_one(schedule, cast):
    series = schedule()
    decline_invitation(series=series, person=cast.clinical_tutor)
    other = UserFactory()
    RoleFactory(person=other, organisation=cast.organisation, kind=Role.Kind.LAY_TUTOR)

    with pytest.raises(RuleBroken, match="not confirmed as a clinical tutor"):
        offer_to_lead(series=series, person=other, kind="clinical")

    assert state_of(series) == "wanted"


def test_participant_cannot_become_a_tutor_of_the_series(opened, cast):
    series = opened()
    RoleFactory(person=cast.patient, organisation=cast.organisation, kind=Role.Kind.LAY_TUTOR)
    book_place(series=series, person=cast.patient)
    withdraw_tutor(series=series, person=cast.lay_tutor)

    with pytest.raises(RuleBroken, match="has a place on this series as a participant"):
        offer_to_lead(series=series, person=cast.patient, kind="lay")


def test_calling_off_tells_everybody(opened, cast):
    series = opened(capacity=1)
    book_place(series=series, person=cast.patient)
    join_waiting_list(series=series, person=cast.outsider)

    cancel_series(series=series, by=cast.coordinator)
    cancel_series(series=series, by=cast.coordinator)

    mails = Message.objects.filter(template="series_cancelled")
    assert state_of(series) == "cancelled"
    assert {mail.to for mail in mails} == {cast.patient, cast.outsider}
    assert {mail.to: mail.attachments.count() for mail in mails} == {cast.patient: 1, cast.outsider: 0}
    assert not Booking.objects.exclude(state="cancelled").exists()


def test_coordinator_of_another_organisation_cannot_call_off(opened, cast):
    series = opened()
    stranger = UserFactory()
    RoleFactory(person=stranger, kind=Role.Kind.COORDINATOR)

    with pytest.raises(RuleBroken, match="Only its tutors or a coordinator"):
        cancel_series(series=series, by=stranger)

    assert SeriesTutor.objects.filter(state="accepted").count() == 2
    assert state_of(series) == "open"
