"""The last seats, two hundred times: several processes book, wait and give back at once."""

import json
import subprocess
import sys
import time

import pytest

from tests.processes import ROOT

PROCESSES, PEOPLE, SEATS = 4, 12, 3

PREPARE = """
import json
from datetime import datetime, timedelta
from django.conf import settings
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
from django.utils import timezone
from lms.people.models import Audience, Role
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.workshops import open_series
people = [UserFactory(audience=Audience.PROFESSIONAL).pk for _each in range({people})]
organisation = OrganisationFactory()
series = []
for number in range({rounds}):
    if number % 10 == 0:
        lay, clinical = UserFactory(), UserFactory(audience=Audience.PROFESSIONAL)
        RoleFactory(person=lay, kind=Role.Kind.LAY_TUTOR, organisation=organisation)
        RoleFactory(person=clinical, kind=Role.Kind.CLINICAL_TUTOR, organisation=organisation)
    start = timezone.now() + timedelta(days=30 + 60 * (number % 10))
    made = open_series(lay=lay, clinical=clinical, organisation=organisation, audience=Audience.PROFESSIONAL,
                       start=start.strftime("%Y-%m-%dT10:00"), capacity={seats})
    series.append(made.pk)
print(json.dumps([series, people]))
"""

# In the order in which the locks were held: what happened to each place of a series.
HISTORY = """
SELECT b.series_id, e.act, b.id, b.person_id FROM audit_entry e
JOIN workshops_booking b ON e.thing_id = CAST(b.id AS VARCHAR)
WHERE e.act IN ('booked place', 'joined waiting list', 'cancelled booking', 'place came free') ORDER BY e.id
"""


def race(new_site, rounds: int) -> dict:
    """So many rounds; how often a rule was broken that must hold."""
    site = new_site(PREPARE.format(people=PEOPLE, rounds=rounds, seats=SEATS))
    all_series, people = site.facts
    hands = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.drills.seats"],
            cwd=ROOT,
            env=site.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _each in range(PROCESSES)
    ]
    share = PEOPLE // PROCESSES
    found = {"oversold": 0, "out of turn": 0, "lost": 0, "errors": 0, "idle": 0, "acts": 0, "came free": 0}
    told: dict[int, dict[int, str]] = {}
    try:
        for number, series in enumerate(all_series):
            at = time.time() + (5 if number == 0 else 0.1)
            for which, hand in enumerate(hands):
                mine = people[which * share : (which + 1) * share]
                task = {"series": series, "people": mine, "at": at, "seed": number * 100 + which}
                hand.stdin.write(json.dumps(task) + "\n")
                hand.stdin.flush()
            told[series] = {}
            for hand in hands:
                answer = json.loads(hand.stdout.readline())
                told[series] |= {int(person): what for person, what in answer["last"].items()}
                found["errors"] += len(answer["errors"])
                found["acts"] += answer["acts"]
                assert not answer["errors"], answer["errors"]
    finally:
        for hand in hands:
            hand.kill()
            hand.wait()
    _look(site, told, found)
    return found


def _look(site, told: dict, found: dict) -> None:
    bookings = site.rows("SELECT series_id, person_id, state, id FROM workshops_booking ORDER BY id")
    queue_order = dict(site.rows("SELECT id, booked_at FROM workshops_booking"))
    states = {series: {} for series in told}
    for series, person, state, _id in bookings:
        if state != "cancelled":
            states[series][person] = state
    seats = {series: {} for series in told}
    for series, act, booking, _person in site.rows(HISTORY):
        now = seats[series]
        if act == "booked place":
            now[booking] = "booked"
        elif act == "joined waiting list":
            now[booking] = "waiting"
        elif act == "cancelled booking":
            now.pop(booking)
        else:
            found["came free"] += 1
            turn = min(
                (each for each, state in now.items() if state == "waiting"),
                key=lambda each: (queue_order[each], each),
            )
            found["out of turn"] += turn != booking
            now[booking] = "booked"
        found["oversold"] += sum(state == "booked" for state in now.values()) > SEATS
    for series, people in told.items():
        has = states[series]
        booked = sum(state == "booked" for state in has.values())
        found["idle"] += booked < SEATS and "waiting" in has.values()
        for person, what in people.items():
            expected = {
                "booked": {"booked"},
                "in the queue": {"waiting", "booked"},
                "out": {None},
                "nothing": {None},
            }[what]
            found["lost"] += has.get(person) not in expected


def show(figure, found: dict, rounds: int) -> None:
    note = f"{rounds} rounds, {PROCESSES} processes, {PEOPLE} people, {SEATS} seats, {found['acts']:,} acts"
    figure("last seats: oversold", found["oversold"], "", bar="= 0", note=note)
    figure(
        "last seats: out of turn", found["out of turn"], f"of {found['came free']:,}", bar="= 0", note=note
    )
    figure("last seats: acknowledged and not there", found["lost"], "", bar="= 0", note=note)
    figure("last seats: errors", found["errors"], "", bar="= 0", note=note)
    figure("last seats: a seat free while somebody waits", found["idle"], "", bar="= 0", note=note)
    assert found["came free"] >= rounds // 4, "the race was one"


@pytest.mark.drill
@pytest.mark.django_db
def test_two_hundred_rounds_for_the_last_seats(new_site, figure):
    show(figure, race(new_site, 200), 200)


@pytest.mark.drill
@pytest.mark.django_db
def test_a_seat_too_many_is_seen(new_site, figure):
    """The negative control: the same looking finds a seat that was sold twice, and one who jumped the queue."""
    site = new_site(PREPARE.format(people=4, rounds=1, seats=1))
    (series,), people = site.facts
    site.script(
        "from workshops.models import Booking, Series\n"
        "from lms.audit.services import record_act\n"
        "from lms.people.models import User\n"
        f"for person, act in zip({people}, ['booked place', 'booked place', 'joined waiting list', 'joined waiting list']):\n"
        f"    booking = Booking.objects.create(series_id={series}, person_id=person,\n"
        "        state='booked' if act == 'booked place' else 'waiting')\n"
        "    record_act(actor=None, act=act, obj=booking)\n"
        "record_act(actor=None, act='place came free', obj=booking)\n"
        "Booking.objects.filter(pk=booking.pk).update(state='booked')\nprint(0)"
    )
    found = dict.fromkeys(["oversold", "out of turn", "lost", "errors", "idle", "acts", "came free"], 0)

    _look_with_one_seat(site, {series: {people[2]: "booked"}}, found)

    assert found["oversold"] > 0 and found["out of turn"] == 1 and found["lost"] == 1


def _look_with_one_seat(site, told, found) -> None:
    global SEATS
    SEATS, before = 1, SEATS
    try:
        _look(site, told, found)
    finally:
        SEATS = before
