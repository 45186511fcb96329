"""What helps somebody take part, in six steps: identify, record, flag, share, meet, review."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.people.models import Consent, Needs, NeedsMet, Role
from lms.people.needs_sharing import NEEDS_WITH_COORDINATORS, NEEDS_WITH_TUTORS
from lms.people.queries.needs import needs_seen_by_coordinator, needs_seen_by_tutors
from lms.people.services import give_consent, withdraw_consent
from lms.people.services.needs import forget_needs, record_needs, record_needs_met
from tests.factories import OrganisationFactory, RoleFactory
from tests.factories.workshops import open_series
from workshops.models import Booking
from workshops.services.booking import book_place
from workshops.services.needs import Answer, record_needs_met_at, show_needs

MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
CANARY = "canary seat by the door"
FLAG = f"Large print · Interpreter: Bengali · {CANARY}"


@pytest.fixture
def amina(cast, at):
    """A patient of the coordinator's organisation."""
    at(MONDAY)
    RoleFactory(person=cast.patient, kind="patient", organisation=cast.organisation)
    return cast.patient


@pytest.fixture
def needs(amina) -> Needs:
    return record_needs(
        person=amina, by=amina, kinds=["language", "large_print"], language="Bengali", words=CANARY
    )


@pytest.fixture
def series(cast, amina):
    return open_series(
        lay=cast.lay_tutor,
        clinical=cast.clinical_tutor,
        organisation=cast.organisation,
        start="2027-01-05T15:00",
    )


def text_of(answer) -> str:
    return answer.content.decode()


# ---------------------------------------------------------------- identify and record


def test_a_person_says_once_what_helps(amina, signed_in):
    said = {
        "kinds": ["large_print", "language"],
        "language": "Bengali",
        "words": CANARY,
        "once": uuid.uuid4(),
    }

    page = signed_in(amina).post("/privacy/needs/edit/", said, follow=True)

    needs = Needs.objects.get(person=amina)
    amina.refresh_from_db()
    assert (needs.flag, needs.recorded_by, needs.recorded_at) == (FLAG, amina, MONDAY)
    assert amina.ask_needs_on == date(2028, 1, 4)
    assert FLAG in text_of(page) and "Written down on 4 January 2027 by Amina Field." in text_of(page)


def test_nothing_needed_is_an_answer(amina, signed_in):
    page = signed_in(amina).post("/privacy/needs/edit/", {"once": uuid.uuid4()}, follow=True)

    assert Needs.objects.get(person=amina).flag == ""
    assert "You said that you need nothing special." in text_of(page)


@pytest.mark.parametrize(
    ("said", "field"),
    [({"kinds": ["language"]}, "language"), ({"kinds": ["a spaceship"]}, "kinds")],
)
def test_what_cannot_be_arranged_is_refused(amina, said, field):
    with pytest.raises(RuleBroken) as refused:
        record_needs(person=amina, by=amina, **said)

    assert refused.value.field == field
    assert not Needs.objects.exists()


def test_a_coordinator_writes_it_down_only_when_the_person_said_so(amina, cast, signed_in):
    browser, page = signed_in(cast.coordinator), f"/people/{amina.public_id}/needs/"
    said = {"kinds": ["bsl"], "once": uuid.uuid4()}

    refused = browser.post(page, said)
    assert "Tick the box beside what they said." in text_of(refused) and not Needs.objects.exists()

    browser.post(page, said | {"said_so": "on", "once": uuid.uuid4()})
    assert Needs.objects.get(person=amina).recorded_by == cast.coordinator
    assert "A British Sign Language interpreter" in text_of(browser.get(page))
    consent = Consent.objects.get(person=amina, what=NEEDS_WITH_COORDINATORS.key)
    assert Entry.objects.get(act="kept spoken consent", thing_id=str(consent.pk)).actor == cast.coordinator


def test_the_person_takes_it_all_away(amina, needs, signed_in):
    signed_in(amina).post("/privacy/needs/", {"do": "forget", "once": uuid.uuid4()})

    amina.refresh_from_db()
    assert not Needs.objects.exists() and amina.ask_needs_on is None
    forget_needs(person=amina)


# ---------------------------------------------------------------- flag and share


def pages_of_tutors(series) -> list[str]:
    return [
        f"/workshops/tutor/{series.public_id}/",
        f"/workshops/tutor/{series.public_id}/sessions/1/",
    ]


def pages_of_coordinators(amina) -> list[str]:
    return [f"/people/{amina.public_id}/needs/"]


def test_the_booking_asks_and_the_tutors_see_it(amina, needs, series, cast, signed_in):
    browser, page = signed_in(amina), f"/workshops/{series.public_id}/"
    assert FLAG in text_of(browser.get(page))

    browser.post(page, {"do": "book", "shares_needs": "on", "needs": "", "once": uuid.uuid4()})

    for tutor in (cast.lay_tutor, cast.clinical_tutor):
        for shown in pages_of_tutors(series):
            assert FLAG in text_of(signed_in(tutor).get(shown)), shown
    consent = Consent.objects.get(person=amina, what=NEEDS_WITH_TUTORS.key)
    assert consent.words == str(NEEDS_WITH_TUTORS.words) and consent.created_at == MONDAY
    looks = Entry.objects.filter(verb="looked", thing="people.needs", subject=amina)
    assert looks.count() == 4, "two tutors, two pages each"
    assert "What helps you take part" in text_of(browser.get("/privacy/looked/"))


def test_without_the_tick_the_tutors_see_nothing(amina, needs, series, cast, signed_in):
    signed_in(amina).post(
        f"/workshops/{series.public_id}/", {"do": "book", "needs": "", "once": uuid.uuid4()}
    )

    for shown in pages_of_tutors(series):
        page = text_of(signed_in(cast.lay_tutor).get(shown))
        assert "Amina" in page and CANARY not in page
    assert not Consent.objects.filter(person=amina).exists()


@pytest.mark.parametrize("how", ["withdrawn", "hidden", "taken away", "closed", "cancelled"])
def test_what_is_withdrawn_is_gone_at_the_next_request(amina, needs, series, cast, signed_in, how):
    book_place(series=series, person=amina, shares_needs=True)
    browser = signed_in(cast.lay_tutor)
    assert [CANARY in text_of(browser.get(page)) for page in pages_of_tutors(series)] == [True, True]

    match how:
        case "withdrawn":
            withdraw_consent(person=amina, what=NEEDS_WITH_TUTORS.key)
        case "hidden":
            data = {"do": "hide", "once": uuid.uuid4()}
            signed_in(amina).post(f"/workshops/{series.public_id}/", data)
        case "taken away":
            forget_needs(person=amina)
        case "closed":
            type(series).objects.filter(pk=series.pk).update(state="closed")
        case "cancelled":
            Booking.objects.update(state="cancelled")

    assert [CANARY in text_of(browser.get(page)) for page in pages_of_tutors(series)] == [False, False]


def test_a_yes_for_one_series_is_no_yes_for_another(amina, needs, series, cast, signed_in):
    book_place(series=series, person=amina, shares_needs=True)
    other = open_series(
        lay=cast.lay_tutor,
        clinical=cast.clinical_tutor,
        organisation=cast.organisation,
        start="2027-03-03T15:00",
    )
    book_place(series=other, person=amina)

    browser = signed_in(cast.lay_tutor)
    assert CANARY not in text_of(browser.get(pages_of_tutors(other)[0]))
    show_needs(series=other, person=amina, shows=True)
    assert CANARY in text_of(browser.get(pages_of_tutors(other)[0]))


def test_coordinators_see_it_by_consent_and_only_their_own_people(amina, needs, cast, signed_in):
    (page,) = pages_of_coordinators(amina)
    ours = signed_in(cast.coordinator)
    other = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory()).person
    assert CANARY not in text_of(ours.get(page))

    give_consent(person=amina, what=NEEDS_WITH_COORDINATORS.key)
    assert CANARY in text_of(ours.get(page))
    assert signed_in(other).get(page).status_code == 404
    assert list(needs_seen_by_coordinator(other)) == []

    withdraw_consent(person=amina, what=NEEDS_WITH_COORDINATORS.key)
    assert CANARY not in text_of(ours.get(page))
    looks = Entry.objects.filter(verb="looked", subject=amina, purpose="arranging what helps")
    assert looks.count() == 1, "the page that showed it, and no other"


def test_each_audience_has_a_consent_of_its_own(amina, needs, cast):
    give_consent(person=amina, what=NEEDS_WITH_TUTORS.key)
    assert not needs_seen_by_coordinator(cast.coordinator).exists()
    assert set(needs_seen_by_tutors([amina.pk])) == {amina.pk}


def test_a_guard_taken_away_is_seen(amina, needs, series, cast, signed_in, monkeypatch):
    """The control: without the question for consent, the words stand on the page, and the test above would fail."""
    book_place(series=series, person=amina, shares_needs=True)
    withdraw_consent(person=amina, what=NEEDS_WITH_TUTORS.key)
    monkeypatch.setattr(
        "workshops.queries.needs.needs_seen_by_tutors",
        lambda people: {row.person_id: row for row in Needs.objects.filter(person__in=people)},
    )

    assert CANARY in text_of(signed_in(cast.lay_tutor).get(pages_of_tutors(series)[0]))


@pytest.mark.parametrize("page", [0, 1])
def test_the_tutors_pages_cost_the_same_with_one_and_with_three(
    amina, needs, series, cast, signed_in, django_assert_num_queries, page
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories import UserFactory

    book_place(series=series, person=amina, shares_needs=True)
    browser, address = signed_in(cast.lay_tutor), pages_of_tutors(series)[page]
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        browser.get(address)
    for _more in range(2):
        person = UserFactory()
        record_needs(person=person, by=person, kinds=["bsl"])
        book_place(series=series, person=person, shares_needs=True)

    with django_assert_num_queries(len(one)):
        browser.get(address)


# ---------------------------------------------------------------- meet


def test_a_tutor_notes_at_the_register_whether_it_was_there(amina, needs, series, cast, signed_in, at):
    book_place(series=series, person=amina, shares_needs=True)
    at(MONDAY + timedelta(days=1, hours=7))
    booking, page = Booking.objects.get(), pages_of_tutors(series)[1]
    said = {
        f"mark_{booking.pk}": "present",
        f"met_{booking.pk}": "partly",
        f"done_{booking.pk}": "Print was there, the interpreter was late",
        "once": uuid.uuid4(),
    }

    signed_in(cast.lay_tutor).post(page, said)

    met = NeedsMet.objects.get(person=amina)
    assert (met.outcome, met.words) == ("partly", "Print was there, the interpreter was late")
    assert met.occasion == f"workshops.session:{series.sessions.get(number=1).pk}"
    assert met.recorded_by == cast.lay_tutor
    assert "the interpreter was late" in text_of(signed_in(amina).get("/privacy/needs/"))
    assert "the interpreter was late" in text_of(signed_in(cast.clinical_tutor).get(page))


def test_the_register_does_not_ask_about_those_whom_nothing_helps(amina, series, cast, signed_in, at):
    book_place(series=series, person=amina)
    at(MONDAY + timedelta(days=1, hours=7))

    page = text_of(signed_in(cast.lay_tutor).get(pages_of_tutors(series)[1]))

    assert "mark_" in page and "met_" not in page


def test_only_the_tutors_note_it(amina, needs, series, cast, at):
    book_place(series=series, person=amina, shares_needs=True)
    at(MONDAY + timedelta(days=1, hours=7))
    session, answers = series.sessions.get(number=1), {Booking.objects.get().pk: Answer("met")}

    with pytest.raises(RuleBroken, match="Only the two tutors"):
        record_needs_met_at(session=session, answers=answers, by=cast.outsider)
    assert record_needs_met_at(session=session, answers=answers, by=cast.lay_tutor) == 1


def test_the_same_answer_twice_is_one(amina, needs, cast):
    facts = {
        "person": amina,
        "by": cast.lay_tutor,
        "occasion": "workshops.session:1",
        "occasion_words": "One",
    }

    for outcome in ("not", "not", "met"):
        record_needs_met(**facts, outcome=outcome)

    assert NeedsMet.objects.get().outcome == "met"
    assert Entry.objects.filter(act="noted whether needs were met").count() == 2


# ---------------------------------------------------------------- review


@pytest.mark.parametrize(("days", "is_asked"), [(364, False), (365, True)])
def test_after_a_year_it_is_asked_again(amina, needs, cast, signed_in, at, days, is_asked):
    give_consent(person=amina, what=NEEDS_WITH_COORDINATORS.key)
    at(MONDAY + timedelta(days=days))

    assert ("Is what helps you still right?" in text_of(signed_in(amina).get("/my/"))) is is_asked
    assert ("Is this still right?" in text_of(signed_in(amina).get("/privacy/needs/"))) is is_asked
    desk = text_of(signed_in(cast.coordinator).get("/people/letters-and-calls/"))
    assert ("Ask again what helps" in desk) is is_asked


def test_one_press_says_that_it_is_still_right(amina, needs, signed_in, at):
    at(MONDAY + timedelta(days=366))

    signed_in(amina).post("/privacy/needs/", {"do": "review", "once": uuid.uuid4()})

    amina.refresh_from_db()
    assert amina.ask_needs_on == date(2029, 1, 4)
    assert Needs.objects.get().flag == FLAG
