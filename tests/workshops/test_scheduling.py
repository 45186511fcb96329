"""A codelivered series has a lay and a clinical tutor, at times that exist, or it is not scheduled at all."""

from datetime import UTC, date, datetime

import pytest

from lms.core.errors import RuleBroken
from lms.notifications.models import Message
from lms.people.models import Audience, RegistrationCheck, Role
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.workshops import HALL, curriculum_for, dates
from workshops.models import Series, SeriesTutor, Session
from workshops.services.scheduling import Dates, schedule_series, want_series
from workshops.services.team import accept_invitation


@pytest.fixture
def attempt(cast):
    """`attempt(**changes)` schedules a series that is right but for the changes."""

    def schedule(**changes):
        plan = {
            "scheduled_by": cast.lay_tutor,
            "curriculum": curriculum_for(),
            "format": "seven-weeks",
            "organisation": cast.organisation,
            "dates": dates(),
            "venue": HALL,
            "capacity": 12,
            "co_tutor": cast.clinical_tutor,
        }
        return schedule_series(**(plan | changes))

    return schedule


def refused(attempt, **changes) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        attempt(**changes)
    assert Series.objects.count() == 0
    assert not Message.objects.filter(template="tutor_invitation").exists()
    return caught.value


def test_series_waits_for_the_invited_tutor(attempt, cast):
    series = attempt()

    assert series.state == Series.State.INVITING
    assert set(series.team.values_list("person", "kind", "state")) == {
        (cast.lay_tutor.pk, "lay", "accepted"),
        (cast.clinical_tutor.pk, "clinical", "invited"),
    }
    assert series.sessions.count() == 7
    assert (series.sessions_planned, series.min_attended, series.session_minutes) == (7, 5, 180)
    mail = Message.objects.get(template="tutor_invitation")
    assert mail.to == cast.clinical_tutor
    assert mail.subject == "You are invited to lead workshop sessions"
    assert cast.lay_tutor.display_name in mail.text
    assert "Moving on Together" not in mail.subject


def test_series_needs_a_clinical_tutor(attempt):
    error = refused(attempt, co_tutor=None)

    assert str(error) == (
        "A codelivered series needs a lay tutor and a clinical tutor. Choose a clinical tutor to invite."
    )
    assert error.field == "co_tutor"


def test_series_needs_a_lay_tutor(attempt, cast):
    error = refused(attempt, scheduled_by=cast.clinical_tutor, co_tutor=None)

    assert str(error).endswith("Choose a lay tutor to invite.")


def test_two_lay_tutors_are_no_team(attempt, cast):
    other = UserFactory()
    RoleFactory(person=other, organisation=cast.organisation, kind=Role.Kind.LAY_TUTOR)

    error = refused(attempt, co_tutor=other)

    assert str(error).endswith("Choose a clinical tutor to invite.")


def test_one_person_with_both_roles_is_no_team(attempt, cast):
    RoleFactory(person=cast.lay_tutor, organisation=cast.organisation, kind=Role.Kind.CLINICAL_TUTOR)

    error = refused(attempt, co_tutor=cast.lay_tutor)

    assert str(error).startswith("One person cannot fill both places.")


def test_clinical_tutor_of_another_organisation_may_lead(attempt):
    guest = UserFactory()
    RoleFactory(person=guest, organisation=OrganisationFactory(), kind=Role.Kind.CLINICAL_TUTOR)

    assert attempt(co_tutor=guest).state == Series.State.INVITING


def test_role_must_hold_on_every_date(attempt, cast):
    Role.objects.filter(person=cast.clinical_tutor).update(ends_on=date(2027, 3, 1))

    error = refused(attempt)

    assert str(error) == (
        "Lena Field is not confirmed as a clinical tutor on 2 March 2027. Choose other dates, or ask a coordinator."
    )


def test_registration_check_must_hold_on_every_date(attempt, cast):
    RegistrationCheck.objects.filter(person=cast.clinical_tutor).update(renew_on=date(2027, 3, 1))

    assert "2 March 2027" in str(refused(attempt))


def test_scheduler_must_teach_in_the_organisation(attempt):
    error = refused(attempt, organisation=OrganisationFactory())

    assert (str(error), error.field) == ("Choose an organisation that you are a tutor of.", "organisation")


def test_past_dates_are_refused(attempt):
    error = refused(attempt, dates=dates("2027-01-04T08:59"))

    assert str(error) == "The first session must be in the future. Choose a later day."
    assert error.field == "first_day"


@pytest.mark.parametrize("capacity", [0, -1, 41])
def test_capacity_out_of_range_is_refused(attempt, capacity):
    error = refused(attempt, capacity=capacity)

    assert str(error) == "The number of places must be from 1 to 40."


def test_format_of_the_other_programme_is_refused(attempt):
    error = refused(attempt, format="three-half-days")

    assert error.field == "format"


def test_unknown_format_is_refused(attempt):
    assert str(refused(attempt, format="bogus")) == "Choose one of the formats."


def test_weekly_session_stays_at_ten_over_the_clock_change(attempt):
    series = attempt(dates=dates("2027-03-16T10:00"))

    starts = list(series.sessions.order_by("number").values_list("starts_at", flat=True))
    local = [session.local_start.hour for session in series.sessions.select_related("series")]

    assert starts[1] == datetime(2027, 3, 23, 10, tzinfo=UTC)
    assert starts[2] == datetime(2027, 3, 30, 9, tzinfo=UTC)
    assert local == [10] * 7


def test_time_that_the_clocks_skip_is_refused(attempt):
    error = refused(attempt, dates=dates("2027-03-28T01:30"))

    assert str(error).startswith("The clocks go forward on 28 March 2027, so 1:30 a.m. does not exist then.")
    assert error.field == "start_time"


def test_time_that_comes_twice_is_refused(attempt):
    error = refused(attempt, dates=dates("2027-10-31T01:30"))

    assert str(error).startswith("The clocks go back on 31 October 2027, so 1:30 a.m. comes twice.")


def test_clock_change_in_a_later_week_is_refused_too(attempt):
    refused(attempt, dates=dates("2027-03-14T01:30"))


def test_explicit_dates_are_kept(attempt, cast):
    days = [datetime(2027, 5, day, 9, 30) for day in (3, 10, 17)]

    series = attempt(
        curriculum=curriculum_for(Audience.PROFESSIONAL), format="three-half-days", dates=Dates(days)
    )

    assert [session.local_start for session in series.sessions.select_related("series")] == days


def test_explicit_dates_may_not_overlap(attempt):
    days = [datetime(2027, 5, 3, 9), datetime(2027, 5, 3, 12), datetime(2027, 5, 10, 9)]

    error = refused(
        attempt,
        curriculum=curriculum_for(Audience.PROFESSIONAL),
        format="three-half-days",
        dates=Dates(days),
    )

    assert str(error) == "A session cannot start before the one before it has ended."


def test_number_of_explicit_dates_must_fit_the_format(attempt):
    error = refused(attempt, dates=Dates([datetime(2027, 5, 3, 9), datetime(2027, 5, 10, 9)]))

    assert str(error) == "This format has 7 sessions. Give a date for each of them."


def test_nobody_is_in_two_places_at_once(attempt, cast):
    first = attempt()
    accept_invitation(series=first, person=cast.clinical_tutor)
    other = UserFactory()
    RoleFactory(person=other, organisation=cast.organisation, kind=Role.Kind.LAY_TUTOR)

    with pytest.raises(RuleBroken) as caught:
        attempt(scheduled_by=other, dates=dates("2027-02-09T12:59"))
    after = attempt(scheduled_by=other, dates=dates("2027-02-09T13:00"))

    assert str(caught.value).startswith("Lena Field already leads a session on 9 February 2027 at that time.")
    assert after.state == Series.State.INVITING


def test_outsider_cannot_schedule(attempt, cast):
    assert str(refused(attempt, scheduled_by=cast.outsider)).startswith("You are not confirmed as a tutor")


def test_coordinator_wants_a_series_without_a_team(cast):
    series = want_series(
        wanted_by=cast.coordinator,
        curriculum=curriculum_for(),
        format="six-weeks",
        organisation=cast.organisation,
        dates=dates(),
        venue=HALL,
        capacity=10,
    )

    assert series.state == Series.State.WANTED
    assert SeriesTutor.objects.count() == 0
    assert Session.objects.count() == 6


def test_patient_cannot_want_a_series(cast):
    with pytest.raises(RuleBroken):
        want_series(
            wanted_by=cast.patient,
            curriculum=curriculum_for(),
            format="six-weeks",
            organisation=cast.organisation,
            dates=dates(),
            venue=HALL,
            capacity=10,
        )

    assert Series.objects.count() == 0
