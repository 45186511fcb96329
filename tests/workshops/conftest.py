"""The workshops' tests live on Monday 4 January 2027, a month before their series start."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.people.models import Audience
from tests.factories import UserFactory
from tests.factories.workshops import open_series, scheduled_series
from workshops.models import Attendance, Booking
from workshops.services.attendance import record_attendance
from workshops.services.booking import book_place

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def january(at):
    at(NOW)


@pytest.fixture
def schedule(cast):
    """`schedule(**plan)`: a series that waits for the clinical tutor's answer."""

    def make(**plan):
        team = {"lay": cast.lay_tutor, "clinical": cast.clinical_tutor, "organisation": cast.organisation}
        return scheduled_series(**(team | plan))

    return make


@pytest.fixture
def opened(cast):
    """`opened(**plan)`: a series that is open for booking."""

    def make(**plan):
        team = {"lay": cast.lay_tutor, "clinical": cast.clinical_tutor, "organisation": cast.organisation}
        return open_series(**(team | plan))

    return make


@pytest.fixture
def people():
    """`people(3)`: so many more who could come."""

    def make(number: int, audience: str = Audience.PATIENT):
        return [UserFactory(audience=audience) for _each in range(number)]

    return make


@pytest.fixture
def hold(at, cast):
    """`hold(series, {person: 5})`: everybody booked; each came to so many sessions; the last one is over."""

    def run(series, came_to, partly=()):
        at(NOW)
        for person in came_to:
            book_place(series=series, person=person)
        booked = {
            booking.person_id: booking for booking in Booking.objects.filter(series=series, state="booked")
        }
        for session in series.sessions.order_by("number").select_related("series"):
            at(session.starts_at + timedelta(minutes=5))
            marks = {}
            for person, sessions in came_to.items():
                came = session.number <= sessions
                mark = Attendance.Mark.PRESENT if came else Attendance.Mark.ABSENT
                if came and person in partly:
                    mark = Attendance.Mark.PARTLY
                marks[booked[person.pk].pk] = mark
            record_attendance(session=session, marks=marks, by=cast.lay_tutor)
        at(session.ends_at + timedelta(minutes=1))

    return run
