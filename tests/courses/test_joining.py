"""Coming by a code, and by a team: who may make them, what they lead to, and what nobody gets to see."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from courses.models import CodeUse, Enrolment, JoiningCode, Offer, Team, TeamMember
from courses.queries import outline_of, progress
from courses.queries.enrolling import coverage_of, members_of, offers_to, teams_visible_to
from courses.services import complete_lesson, enrol, leave
from courses.services.codes import join_with_code, revoke_code
from courses.services.offers import accept_offer
from courses.services.teams import join_team, leave_every_team, leave_team, offer_place
from lms.audit.models import Entry
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.home.cards import cards_for
from lms.notifications.models import Message
from lms.people.models import Role
from lms.people.printed_codes import hash_of, new_code, tidied_code
from lms.settings import base
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.courses import make_curriculum, make_lesson, make_module
from tests.factories.joining import code_for, members, team_of

pytestmark = pytest.mark.django_db
MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)


@pytest.fixture
def course():
    return make_curriculum(title="Working together", slug="working", lessons=2)


@pytest.fixture
def code(course, cast):
    return code_for(course, cast.organisation, cast.coordinator)


def how_of(person) -> list[str]:
    return list(Enrolment.objects.filter(learner=person).values_list("how", flat=True))


# ---------------------------------------------------------------- a code


def test_only_a_digest_of_a_code_is_kept(code, cast):
    made, words = code

    row = JoiningCode.objects.values().get()
    assert row["code_hash"] == hash_of(words)
    assert tidied_code(words) not in str(row) and words not in str(list(Entry.objects.values()))
    assert len(tidied_code(words)) == 28


def test_a_code_puts_people_on_the_course_as_often_as_it_may(course, cast):
    made, _words = code_for(course, cast.organisation, cast.coordinator, most_uses=2)
    first, second, third = members(3)

    for person in (first, second, first):
        join_with_code(person=person, code=made)
    with pytest.raises(RuleBroken, match="no longer works"):
        join_with_code(person=third, code=made)

    made.refresh_from_db()
    assert (made.uses, CodeUse.objects.count()) == (2, 2)
    assert how_of(first) == how_of(second) == ["code"]
    assert how_of(third) == []


@pytest.mark.parametrize("end", ["called back", "too old", "works"])
def test_a_code_ends(course, cast, at, end):
    at(MONDAY)
    made, words = code_for(course, cast.organisation, cast.coordinator)
    if end == "called back":
        for _ in range(2):
            revoke_code(code=made, revoked_by=cast.coordinator)
    elif end == "too old":
        at(MONDAY + timedelta(days=29))
    client = Client()

    client.get(f"/learn/join/{tidied_code(words)}/")
    page = client.get("/learn/join/").text

    assert ("Working together" in page) == (end == "works")
    assert ("This code does not work" in page) == (end != "works")


def test_who_makes_a_code_and_for_how_long(course, cast, at):
    at(MONDAY)
    with pytest.raises(RuleBroken, match="Only a coordinator"):
        code_for(course, cast.organisation, cast.professional)
    with pytest.raises(RuleBroken, match="Only a coordinator"):
        code_for(course, OrganisationFactory(), cast.coordinator)
    today = clock.today()
    for day in (today - timedelta(days=1), today + timedelta(days=367)):
        with pytest.raises(RuleBroken, match="within a year"):
            code_for(course, cast.organisation, cast.coordinator, last_day=day)
    for uses in (0, 1001):
        with pytest.raises(RuleBroken, match="1,?000 people at most"):
            code_for(course, cast.organisation, cast.coordinator, most_uses=uses)
    assert not JoiningCode.objects.exists()

    code_for(course, cast.organisation, cast.coordinator, last_day=today)  # the control
    assert JoiningCode.objects.count() == 1


# ---------------------------------------------------------------- its link


def test_opening_a_link_changes_nothing_and_leaves_no_code_in_an_address(code, cast, signed_in):
    made, words = code
    browser = signed_in(cast.patient)

    opened = browser.get(f"/learn/join/{tidied_code(words)}/")
    page = browser.get(opened.url)

    assert opened.url == "/learn/join/"
    assert "Riverside Clinic invites you" in page.text and "Join this course" in page.text
    assert tidied_code(words) not in page.text
    assert not Enrolment.objects.exists() and not CodeUse.objects.exists()
    assert opened["Cache-Control"] == page["Cache-Control"] == "private, no-store"


def test_pressing_join_twice_is_once(code, course, cast, signed_in):
    _made, words = code
    browser = signed_in(cast.patient)
    browser.post("/learn/join/", {"secret_code": words.lower()})
    once = re.search(r'name="once" value="([^"]+)"', browser.get("/learn/join/").text)[1]

    answers = [browser.post("/learn/join/", {"join": "1", "once": once}) for _ in range(2)]

    assert {answer.url for answer in answers} == {progress(cast.patient, course).next_url}
    assert how_of(cast.patient) == ["code"]
    assert JoiningCode.objects.get().uses == 1


def test_a_visitor_comes_back_to_it_after_signing_in(code, cast):
    _made, words = code
    browser = Client()
    browser.get(f"/learn/join/{tidied_code(words)}/")

    page = browser.get("/learn/join/").text
    assert "/accounts/signup/?next=%2Flearn%2Fjoin%2F" in page and tidied_code(words) not in page
    assert browser.post("/learn/join/", {"join": "1"}).url == "/accounts/login/?next=/learn/join/"
    browser.post(
        "/accounts/login/?next=/learn/join/",
        {"login": cast.patient.email, "password": "a-long-walk-in-the-rain"},
    )

    assert "Join this course" in browser.get("/learn/join/").text


def test_a_wrong_code_says_so_beside_the_box(client):
    short = client.post("/learn/join/", {"secret_code": "ABC"}).text
    unknown = client.post("/learn/join/", {"secret_code": new_code()}).text

    assert "A code has 28 letters and numbers. You typed 3." in short
    assert "This code does not work." in unknown


def test_codes_cannot_be_tried_without_end(settings, code, client):
    _made, words = code
    settings.DOOR_LIMITS = {"joining_code": "3/m/ip"}

    for _ in range(3):
        client.post("/learn/join/", {"secret_code": new_code()})
    typed = client.post("/learn/join/", {"secret_code": words})
    client.get(f"/learn/join/{tidied_code(words)}/")

    assert "That was many tries." in typed.text
    assert "Working together" not in client.get("/learn/join/").text
    assert base.DOOR_LIMITS["joining_code"]

    settings.DOOR_LIMITS = False  # the control
    assert client.post("/learn/join/", {"secret_code": words}).status_code == 302


def test_the_sheet_is_shown_to_who_made_it_for_an_hour(course, cast, signed_in, monkeypatch):
    browser = signed_in(cast.coordinator)
    day = clock.today() + timedelta(days=10)
    form = {
        "course": "working",
        "most_uses": "5",
        "last_day_day": day.day,
        "last_day_month": day.month,
        "last_day_year": day.year,
    }
    sheet = browser.post("/learn/codes/new/", form).url

    page = browser.get(sheet).text
    words = " ".join(re.findall(r"<span>([A-Z0-9]{4})</span>", page))
    assert hash_of(words) == JoiningCode.objects.get().code_hash
    assert browser.get(f"{sheet}sheet.pdf")["Content-Type"] == "application/pdf"

    second = UserFactory()
    RoleFactory(person=second, kind=Role.Kind.COORDINATOR, organisation=cast.organisation)
    assert signed_in(second).get(sheet).url == "/learn/codes/"
    assert signed_in(cast.professional).get(sheet).status_code == 404
    later = clock.now().timestamp() + 3700
    monkeypatch.setattr("lms.people.paper.time.time", lambda: later)
    assert browser.get(sheet).url == "/learn/codes/"


def test_calling_a_code_back_from_the_list(code, cast, signed_in):
    made, _words = code
    browser = signed_in(cast.coordinator)
    assert "0 of 10" in browser.get("/learn/codes/").text

    browser.post("/learn/codes/", {"call_back": made.pk})

    assert "Called back" in browser.get("/learn/codes/").text
    made.refresh_from_db()
    assert made.revoked_at is not None
    outsider = UserFactory()
    RoleFactory(person=outsider, kind=Role.Kind.COORDINATOR)
    assert signed_in(outsider).post("/learn/codes/", {"call_back": made.pk}).status_code == 404


# ---------------------------------------------------------------- teams


@pytest.fixture
def team(course, cast):
    return team_of(course, cast.organisation, cast.coordinator, lead=cast.professional, sponsor="Dr Bell")


def test_a_coordinator_makes_a_team_and_its_lead_is_told(team, course, cast):
    assert (team.lead, team.made_by) == (cast.professional, cast.coordinator)
    assert Message.objects.get().to == cast.professional
    with pytest.raises(RuleBroken, match="has this name"):
        team_of(course, cast.organisation, cast.coordinator, name="THE PRACTICE")
    with pytest.raises(RuleBroken, match="Only a coordinator"):
        team_of(course, cast.organisation, cast.professional, name="Another")
    assert Team.objects.count() == 1


def test_a_team_is_made_on_its_page(course, cast, signed_in):
    browser = signed_in(cast.coordinator)
    form = {"course": "working", "name": "The ward", "lead": "nobody@example.org", "sponsor": ""}

    refused = browser.post("/learn/teams/new/", form)
    made = browser.post("/learn/teams/new/", form | {"lead": cast.professional.email})

    assert "Nobody has an account with this." in refused.text
    assert made.url == f"/learn/teams/{Team.objects.get().public_id}/"
    assert signed_in(cast.professional).get(made.url).status_code == 200


def test_a_team_code_joins_team_and_course(team, course, cast, signed_in):
    made, words = code_for(course, cast.organisation, cast.professional, team=team)
    browser = signed_in(cast.patient)
    browser.get(f"/learn/join/{tidied_code(words)}/")
    assert "The practice" in browser.get("/learn/join/").text

    browser.post("/learn/join/", {"join": "1"})

    assert [member.person for member in members_of(team)] == [cast.patient]
    assert how_of(cast.patient) == ["team"]


def test_a_team_code_is_for_the_teams_course(team, cast):
    with pytest.raises(RuleBroken, match="another course"):
        code_for(make_curriculum(), cast.organisation, cast.professional, team=team)
    with pytest.raises(RuleBroken, match="Only the team's lead"):
        code_for(make_curriculum(), cast.organisation, cast.patient, team=team)


def test_known_and_unknown_addresses_get_the_same_answer(team, cast, signed_in):
    browser = signed_in(cast.professional)
    here = f"/learn/teams/{team.public_id}/"
    join_team(team=team, person=cast.lay_tutor)

    pages = []
    for address in (cast.patient.email, "nobody@example.org", cast.lay_tutor.email):
        page = browser.post(here, {"email": address}, follow=True).text
        pages.append(re.sub(r'(value|once)="[^"]*"', "", page))

    assert len(set(pages)) == 1 and "they have a message from us now" in pages[0]
    sent = Message.objects.filter(template="team_offer").values_list("address", flat=True)
    assert sorted(sent) == sorted([cast.patient.email, "nobody@example.org"])  # a member has no second one


def test_an_offer_is_answered_by_whose_address_it_is(team, course, cast, signed_in):
    for _ in range(2):
        offer = offer_place(team=team, email=cast.patient.email.upper(), offered_by=cast.professional)
    assert Offer.objects.count() == 1
    assert "A team asks you to learn with them: The practice" in [
        card.title for card in cards_for(cast.patient)
    ]
    here = f"/learn/offers/{offer.public_id}/"

    assert signed_in(cast.outsider).post(here, {"answer": "yes"}).status_code == 404
    with pytest.raises(RuleBroken, match="no longer open"):
        accept_offer(offer=offer, person=cast.outsider)
    browser = signed_in(cast.patient)
    assert "The practice" in browser.get("/learn/offers/").text
    browser.post(here, {"answer": "yes"})

    assert how_of(cast.patient) == ["team"]
    assert not offers_to(cast.patient).exists()


def test_saying_no_puts_nobody_anywhere(team, cast, signed_in):
    offer = offer_place(team=team, email=cast.patient.email, offered_by=cast.coordinator)

    signed_in(cast.patient).post(f"/learn/offers/{offer.public_id}/", {"answer": "no"})

    assert not TeamMember.objects.exists() and not Enrolment.objects.exists()
    assert not offers_to(cast.patient).exists()


def test_a_course_one_is_on_is_offered_no_more(team, course, cast):
    facts = {"organisation": cast.organisation, "curriculum_key": course.translation_key}
    Offer.objects.create(email=cast.patient.email, **facts)
    assert offers_to(cast.patient).count() == 1

    enrol(learner=cast.patient, curriculum=course)
    offer_place(team=team, email=cast.patient.email, offered_by=cast.professional)

    assert [offer.team for offer in offers_to(cast.patient)] == [team]  # a team is asked about all the same


def test_an_offer_to_an_address_that_is_not_confirmed_is_not_shown(team, cast):
    unconfirmed = UserFactory(email="amina@example.org", confirmed=False)
    offer_place(team=team, email="amina@example.org", offered_by=cast.coordinator)

    assert not offers_to(unconfirmed).exists()


def test_a_visitor_reads_how_to_get_to_an_offer_and_no_address(client):
    page = client.get("/learn/offers/").text

    assert "Create an account with the email address that our message came to." in page


def done_by(people, course, module) -> None:
    for person in people:
        for lesson in module.get_children().specific():
            complete_lesson(learner=person, lesson=lesson)


def test_coverage_counts_and_names_nobody(course, cast, signed_in):
    other = make_module(course, title="Second module")
    make_lesson(other)
    people = members(8)
    team = team_of(course, cast.organisation, cast.coordinator, *people, lead=cast.professional)
    first, second = (module.specific for module in course.get_children())
    done_by(people[:5], course, first)
    done_by(people[:4], course, second)

    rows = coverage_of(team, outline_of(course))
    page = signed_in(people[7]).get(f"/learn/teams/{team.public_id}/").text

    assert [row.done for row in rows] == [5, None]
    assert "5 of 8" in page and "fewer than 5 of 8" in page
    assert not any(person.first_name in page for person in people[:7])
    leads = signed_in(cast.professional).get(f"/learn/teams/{team.public_id}/").text
    assert all(person.first_name in leads for person in people)


def test_a_small_team_sees_no_numbers(course, cast, signed_in):
    people = members(4)
    team = team_of(course, cast.organisation, cast.coordinator, *people)
    done_by(people, course, course.get_children().first().specific)
    here = f"/learn/teams/{team.public_id}/"

    assert coverage_of(team, outline_of(course)) == []
    assert "once 5 people are in the team" in signed_in(people[0]).get(here).text

    fifth = UserFactory()  # the control: with five of them there are numbers
    join_team(team=team, person=fifth)
    done_by([fifth], course, course.get_children().first().specific)
    assert [row.done for row in coverage_of(team, outline_of(course))] == [5]


def test_who_left_the_team_is_not_counted(course, cast):
    people = members(6)
    team = team_of(course, cast.organisation, cast.coordinator, *people)
    done_by(people[:5], course, course.get_children().first().specific)

    leave_team(team=team, person=people[0])

    assert [row.done for row in coverage_of(team, outline_of(course))] == [None]


def test_leaving_a_team_is_one_press_and_keeps_the_course(team, course, cast, signed_in):
    join_team(team=team, person=cast.patient)
    browser, here = signed_in(cast.patient), f"/learn/teams/{team.public_id}/"

    answers = [browser.post(here, {"do": "leave"}) for _ in range(2)]

    assert {answer.url for answer in answers} == {"/learn/teams/"}
    assert not members_of(team).exists()
    assert how_of(cast.patient) == ["team"]
    assert browser.get(here).status_code == 404
    assert Entry.objects.filter(act="left team").count() == 1


def test_the_lead_may_leave_and_take_somebody_out(team, cast, signed_in):
    join_team(team=team, person=cast.patient)
    browser, here = signed_in(cast.professional), f"/learn/teams/{team.public_id}/"

    browser.post(here, {"do": "take_out", "member": TeamMember.objects.get().pk})
    assert not members_of(team).exists()
    assert Entry.objects.get(act="took out of team").subject == cast.patient

    browser.post(here, {"do": "leave"})
    team.refresh_from_db()
    assert team.lead is None
    assert browser.get(here).status_code == 404


def test_a_member_can_neither_ask_in_nor_take_out(team, cast, signed_in):
    for person in (cast.patient, cast.lay_tutor):
        join_team(team=team, person=person)
    browser, here = signed_in(cast.patient), f"/learn/teams/{team.public_id}/"

    assert browser.post(here, {"email": "new@example.org"}).status_code == 404
    browser.post(here, {"do": "take_out", "member": TeamMember.objects.get(person=cast.lay_tutor).pk})
    browser.post(here, {"do": "join"})

    assert members_of(team).count() == 2
    assert not Offer.objects.exists()


def test_looking_at_the_names_is_noted_once_for_each(team, cast, signed_in):
    join_team(team=team, person=cast.patient)

    signed_in(cast.professional).get(f"/learn/teams/{team.public_id}/")
    signed_in(cast.patient).get(f"/learn/teams/{team.public_id}/")

    looks = Entry.objects.filter(purpose="running a team", verb="looked")
    assert [(look.actor, look.subject) for look in looks] == [(cast.professional, cast.patient)]


def test_teams_of_another_organisation_are_not_there(team, course, cast, signed_in):
    stranger = UserFactory()
    RoleFactory(person=stranger, kind=Role.Kind.COORDINATOR)

    assert not teams_visible_to(stranger).exists()
    assert signed_in(stranger).get(f"/learn/teams/{team.public_id}/").status_code == 404


def test_who_is_erased_leaves_every_team(team, cast):
    join_team(team=team, person=cast.professional)

    leave_every_team(cast.professional)

    team.refresh_from_db()
    assert team.lead is None and not members_of(team).exists()


def test_leaving_the_course_and_coming_by_code_again_brings_it_back(code, course, cast):
    made, _words = code
    join_with_code(person=cast.patient, code=made)
    leave(learner=cast.patient, curriculum=course)

    join_with_code(person=cast.patient, code=made)

    assert progress(cast.patient, course).left_at is None
    made.refresh_from_db()
    assert made.uses == 1


@pytest.mark.parametrize("path", ["/learn/teams/", "/learn/codes/"])
def test_a_list_costs_the_same_with_one_and_with_three(
    path, course, cast, signed_in, django_assert_max_num_queries
):
    browser = signed_in(cast.coordinator)

    def make(number: int) -> None:
        team = team_of(course, cast.organisation, cast.coordinator, name=f"Team {number}")
        code_for(course, cast.organisation, cast.coordinator, team=team)

    make(1)
    browser.get(path)
    with django_assert_max_num_queries(50) as one:
        browser.get(path)
    make(2)
    make(3)
    with django_assert_max_num_queries(len(one)):
        browser.get(path)
