"""The pages: who may open which, what is said beside a field, and that lists cost the same however long they are."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from lms.core.kept import whose_mark
from lms.home.cards import cards_for
from lms.people.models import Role
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.workshops import curriculum_for
from workshops.models import Booking, Series
from workshops.services.booking import book_place, join_waiting_list


def page_of(series) -> str:
    return f"/workshops/{series.public_id}/"


def tutor_page_of(series) -> str:
    return f"/workshops/tutor/{series.public_id}/"


def coordinate_page_of(series) -> str:
    return f"/workshops/coordinate/{series.public_id}/"


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def queries_of(browser, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def schedule_form(cast, **changes) -> dict:
    return {
        "curriculum": curriculum_for().pk,
        "format": "seven-weeks",
        "organisation": str(cast.organisation.public_id),
        "first_day_day": "2",
        "first_day_month": "2",
        "first_day_year": "2027",
        "first_day_0": "2",
        "first_day_1": "2",
        "first_day_2": "2027",
        "start_time": "10:00",
        "venue_name": "Harbour Hall",
        "venue_address": "12 Harbour Street",
        "access_notes": "",
        "capacity": "12",
        "co_tutor": str(cast.clinical_tutor.public_id),
        "once": str(uuid.uuid4()),
    } | changes


# ------------------------------------------------------------ finding and booking


def test_visitor_finds_open_series_with_both_names(opened, client):
    series = opened(capacity=3)

    text = words(client.get("/workshops/"))

    assert page_of(series) in text
    assert "3 places left" in text
    assert "Ben and Lena Field" in text or "Lena Field and Ben" in text


def test_series_that_waits_for_a_tutor_is_not_public(schedule, client, cast, signed_in):
    series = schedule()

    assert page_of(series) not in words(client.get("/workshops/"))
    assert client.get(page_of(series)).status_code == 404
    assert signed_in(cast.patient).get(page_of(series)).status_code == 404
    assert signed_in(cast.coordinator).get(page_of(series)).status_code == 200


def test_filters_narrow_the_list(opened, client):
    seven, six = opened(), opened(format="six-weeks", start="2027-02-03T10:00")

    text = words(client.get("/workshops/", {"format": "six-weeks"}))

    assert page_of(six) in text
    assert page_of(seven) not in text


def test_hostile_filters_are_answered(opened, client):
    opened()

    for value in ("x' OR 1=1", "\x00", "<script>", "9" * 500):
        answer = client.get("/workshops/", {"programme": value, "format": value, "page": value})
        assert answer.status_code == 200
        assert "<script>" not in answer.content.decode().split("</head>")[1]


def test_patient_books_in_the_browser_and_a_reload_books_nothing_more(opened, cast, signed_in):
    series = opened()
    browser, form = (
        signed_in(cast.patient),
        {"do": "book", "needs": "A seat by the door", "once": uuid.uuid4()},
    )

    first = browser.post(page_of(series), form, follow=True)
    browser.post(page_of(series), form)

    assert "You have a place." in words(first)
    assert Booking.objects.get().needs == "A seat by the door"


def test_replay_after_cancelling_does_not_book_again(opened, cast, signed_in):
    series = opened()
    browser, form = signed_in(cast.patient), {"do": "book", "needs": "", "once": uuid.uuid4()}
    browser.post(page_of(series), form)
    browser.post(page_of(series), {"do": "cancel", "once": uuid.uuid4()})

    browser.post(page_of(series), form)

    assert Booking.objects.get().state == "cancelled"


def test_stale_page_says_that_the_places_are_gone_and_keeps_what_was_typed(opened, cast, signed_in, people):
    series = opened(capacity=1)
    book_place(series=series, person=people(1)[0])

    answer = signed_in(cast.patient).post(
        page_of(series), {"do": "book", "needs": "Hearing loop", "once": uuid.uuid4()}
    )

    text = words(answer)
    assert "All places are taken now. You can join the waiting list: you would be 1st." in text
    assert "Hearing loop" in text
    assert "Join the waiting list" in text


def test_signed_out_in_the_middle_keeps_what_was_typed(opened, cast, client, signed_in):
    series = opened()

    typed = {"do": "book", "needs": "Hearing loop", "whose": whose_mark(cast.patient)}
    answer = client.post(page_of(series), typed)

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
    client.force_login(cast.patient, backend="django.contrib.auth.backends.ModelBackend")
    assert "Hearing loop" in words(client.get(page_of(series)))
    assert Booking.objects.count() == 0


@pytest.mark.parametrize(
    ("needs", "sentence"),
    [("x" * 501, "500 characters or fewer"), ("null\x00byte", "")],
)
def test_bad_words_are_answered_beside_the_field(opened, cast, signed_in, needs, sentence):
    series = opened()

    answer = signed_in(cast.patient).post(page_of(series), {"do": "book", "needs": needs})

    assert answer.status_code == 200
    assert "nhsuk-error-message" in words(answer)
    assert sentence in words(answer)
    assert Booking.objects.count() == 0


@pytest.mark.parametrize("needs", ["<script>alert(1)</script>", "שלום עולם", "🦽🧏"])
def test_strange_words_come_through_as_words(opened, cast, signed_in, at, needs):
    series = opened()
    signed_in(cast.patient).post(page_of(series), {"do": "book", "needs": needs})
    tutor = signed_in(cast.lay_tutor)

    page = words(tutor.get(tutor_page_of(series)))
    at(datetime(2027, 2, 2, 10, tzinfo=UTC))
    register = words(tutor.get(f"{tutor_page_of(series)}sessions/1/"))

    assert Booking.objects.get().needs == needs
    assert escape(needs) in page
    assert escape(needs) in register
    assert "<script>alert" not in page + register


def test_other_programme_is_said_kindly(opened, cast, signed_in):
    series = opened()

    assert "This series is for the other programme." in words(
        signed_in(cast.professional).get(page_of(series))
    )


def test_waiting_list_says_the_turn(opened, cast, signed_in, people):
    series = opened(capacity=1)
    first, second = people(2)
    book_place(series=series, person=first)
    join_waiting_list(series=series, person=second)

    before = words(signed_in(cast.patient).get(page_of(series)))
    after = signed_in(cast.patient).post(page_of(series), {"do": "wait", "once": uuid.uuid4()}, follow=True)

    assert "Waiting list: you would be 2nd" in before
    assert "You are 2nd on the waiting list." in words(after)


# ------------------------------------------------------------ tutors


def test_lay_tutor_schedules_in_the_browser(cast, signed_in):
    answer = signed_in(cast.lay_tutor).post("/workshops/tutor/schedule/", schedule_form(cast), follow=True)

    series = Series.objects.get()
    assert series.state == "inviting"
    assert "We have invited Lena Field." in words(answer)


def test_schedule_form_sent_twice_makes_one_series(cast, signed_in):
    browser, form = signed_in(cast.lay_tutor), schedule_form(cast)

    browser.post("/workshops/tutor/schedule/", form)
    browser.post("/workshops/tutor/schedule/", form)

    assert Series.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"co_tutor": ""}, "A codelivered series needs a lay tutor and a clinical tutor."),
        ({"co_tutor": "00000000-0000-0000-0000-000000000000"}, "nhsuk-error-message"),
        ({"first_day_year": "2026", "first_day_2": "2026"}, "The first session must be in the future."),
        ({"first_day_day": "31", "first_day_0": "31"}, "Enter a real date."),
        ({"start_time": "25:99"}, "Enter a real time"),
        ({"capacity": "0"}, "nhsuk-error-message"),
        ({"capacity": "41"}, "nhsuk-error-message"),
        ({"venue_name": ""}, "Enter the name of the place."),
        ({"venue_name": "x" * 121}, "120 characters or fewer"),
        ({"curriculum": "999999"}, "nhsuk-error-message"),
        ({"format": "three-half-days"}, "This format belongs to the other programme."),
        ({"organisation": "00000000-0000-0000-0000-000000000000"}, "nhsuk-error-message"),
    ],
)
def test_bad_schedule_is_answered_beside_the_field(cast, signed_in, changes, sentence):
    answer = signed_in(cast.lay_tutor).post("/workshops/tutor/schedule/", schedule_form(cast, **changes))

    assert answer.status_code == 200
    assert sentence in words(answer)
    assert "nhsuk-error-summary" in words(answer)
    assert Series.objects.count() == 0


def test_dates_without_a_partner_can_be_listed_as_wanted(cast, signed_in):
    form = schedule_form(cast, co_tutor="", wanted="1")

    signed_in(cast.lay_tutor).post("/workshops/tutor/schedule/", form)

    series = Series.objects.get()
    assert series.state == "wanted"
    assert tutor_page_of(series) in words(signed_in(cast.clinical_tutor).get("/workshops/tutor/"))


def test_clinical_tutor_accepts_in_the_browser(schedule, cast, signed_in):
    series, browser = schedule(), signed_in(cast.clinical_tutor)

    asked = words(browser.get("/workshops/tutor/"))
    browser.post(tutor_page_of(series), {"do": "accept", "once": uuid.uuid4()})

    assert "Together with Ben Field" in asked
    assert Series.objects.get().state == "open"


def test_tutor_page_shows_first_names_and_needs_only(opened, cast, signed_in, people):
    series = opened()
    person = UserFactory(first_name="Mei", last_name="Tan", email="mei.tan@example.org")
    book_place(series=series, person=person, needs="Large print")

    text = words(signed_in(cast.clinical_tutor).get(tutor_page_of(series)))

    assert "Mei" in text and "Large print" in text
    assert "Tan" not in text
    assert "mei.tan" not in text


def test_others_series_look_like_missing_ones(opened, cast, signed_in):
    series = opened()
    other_tutor = UserFactory()
    RoleFactory(person=other_tutor, organisation=cast.organisation)
    elsewhere = UserFactory()
    RoleFactory(person=elsewhere, organisation=OrganisationFactory(), kind=Role.Kind.COORDINATOR)

    pages = {
        other_tutor: tutor_page_of(series),
        cast.patient: tutor_page_of(series),
        cast.coordinator: tutor_page_of(series),
        elsewhere: coordinate_page_of(series),
        cast.lay_tutor: coordinate_page_of(series),
        cast.outsider: coordinate_page_of(series),
    }
    for person, page in pages.items():
        assert signed_in(person).get(page).status_code == 404, (person, page)
        assert signed_in(person).post(page, {"do": "cancel"}).status_code == 404, (person, page)
    assert Series.objects.get().state == "open"
    assert signed_in(cast.lay_tutor).get(tutor_page_of(series)).status_code == 200
    assert signed_in(cast.coordinator).get(coordinate_page_of(series)).status_code == 200


def test_invited_tutor_sees_no_participants(opened, cast, signed_in):
    series = opened()
    book_place(series=series, person=cast.patient, needs="Large print")
    omar = UserFactory(first_name="Omar")
    RoleFactory(person=omar, organisation=cast.organisation, kind=Role.Kind.CLINICAL_TUTOR)
    series.team.filter(kind="clinical").update(person=omar, state="invited")

    text = words(signed_in(omar).get(tutor_page_of(series)))

    assert "You are invited to lead this series." in text
    assert "Amina" not in text
    assert "Large print" not in text


# ------------------------------------------------------------ coordinators


def test_coordinator_sees_counts_and_no_participant(opened, schedule, cast, signed_in):
    book_place(series=opened(), person=cast.patient, needs="Large print")
    schedule(start="2027-02-04T10:00")
    browser = signed_in(cast.coordinator)

    text = words(browser.get("/workshops/coordinate/"))
    page = words(browser.get(coordinate_page_of(Series.objects.get(state="open"))))

    assert "1 of 12" in text
    assert "Waiting for a co-tutor" in text
    assert "Amina" not in text + page
    assert "Large print" not in text + page


def test_coordinator_wants_a_series_and_invites(cast, signed_in):
    browser = signed_in(cast.coordinator)
    form = schedule_form(cast)
    del form["co_tutor"]

    browser.post("/workshops/coordinate/want/", form)
    series = Series.objects.get()
    browser.post(
        coordinate_page_of(series),
        {"do": "invite", "co_tutor": str(cast.lay_tutor.public_id), "once": uuid.uuid4()},
    )

    series.refresh_from_db()
    assert series.state == "inviting"
    assert series.team.get().person == cast.lay_tutor


# ------------------------------------------------------------ what it costs


def test_lists_cost_the_same_with_one_and_with_three(opened, cast, signed_in, people):
    more = people(3)

    def fill(day: int) -> None:
        series = opened(start=f"2027-02-0{day}T10:00")
        for person in (cast.patient, *more[: day - 1]):
            book_place(series=series, person=person)

    fill(1)
    visits = {
        "/workshops/": cast.patient,
        "/workshops/mine/": cast.patient,
        "/workshops/tutor/": cast.lay_tutor,
        "/workshops/coordinate/": cast.coordinator,
    }
    browsers = {page: signed_in(person) for page, person in visits.items()}
    with_one = {page: queries_of(browser, page) for page, browser in browsers.items()}
    fill(2)
    fill(3)

    assert {page: queries_of(browser, page) for page, browser in browsers.items()} == with_one
    assert max(with_one.values()) <= 12


def test_series_pages_cost_the_same_with_one_and_with_sixteen(opened, cast, signed_in, people, at):
    series = opened(capacity=20)
    book_place(series=series, person=cast.patient)
    at(datetime(2027, 2, 2, 10, tzinfo=UTC))
    pages = [tutor_page_of(series), f"{tutor_page_of(series)}sessions/1/"]
    browser = signed_in(cast.lay_tutor)
    with_one = [queries_of(browser, page) for page in pages]
    at(datetime(2027, 1, 4, 9, tzinfo=UTC))
    for person in people(15):
        book_place(series=series, person=person)
    at(datetime(2027, 2, 2, 10, tzinfo=UTC))

    assert [queries_of(browser, page) for page in pages] == with_one
    assert max(with_one) <= 14


# ------------------------------------------------------------ the dashboard


def workshop_cards(person):
    return [
        (card.title, card.urgency)
        for card in cards_for(person)
        if str(card.section) in ("Workshops", "Tutoring")
    ]


def test_dashboard_says_what_is_next(opened, schedule, cast, at):
    series = opened()
    book_place(series=series, person=cast.patient)
    schedule(start="2027-02-05T10:00")

    in_january = workshop_cards(cast.patient), workshop_cards(cast.clinical_tutor)
    at(datetime(2027, 2, 2, 10, 5, tzinfo=UTC))

    assert in_january == (
        [("Your session 1 of 7", 50)],
        [("You are invited to lead a series", 20), ("You lead session 1 of 7", 50)],
    )
    assert workshop_cards(cast.patient) == [("Your session 1 of 7", 10)]
    assert ("Mark the register of session 1", 20) in workshop_cards(cast.lay_tutor)


def test_dashboard_asks_to_confirm_when_all_is_over(opened, cast, hold, people):
    series = opened()
    hold(series, {people(1)[0]: 7})

    assert workshop_cards(cast.lay_tutor) == [("Did the series take place?", 20)]


def test_dashboard_cards_spend_two_queries_at_most(opened, cast):
    from workshops.dashboard import cards

    for day in (1, 2, 3):
        book_place(series=opened(start=f"2027-02-0{day}T10:00"), person=cast.patient)
    spent = []
    for person in (cast.patient, cast.lay_tutor):
        fresh = type(person).objects.get(pk=person.pk)
        with CaptureQueriesContext(connection) as captured:
            cards(fresh)
        spent.append(len([query for query in captured if "people_role" not in query["sql"]]))

    assert spent == [1, 2]
