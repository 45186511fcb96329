"""Who has done what: whom a coordinator sees, what each look leaves behind, and what the report costs."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import CodeUse, Enrolment, JoiningCode, LessonCompletion, Offer, Team, TeamMember
from courses.queries import outline_at
from courses.queries.learners import enrolments_seen_by, may_mark
from courses.services import complete_lesson, enrol, leave, pause, save_answer
from lms.audit.models import Entry
from lms.audit.queries import looks_at
from lms.core import clock
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.courses import make_curriculum, make_lesson, make_module, reflection_block

pytestmark = pytest.mark.django_db
SECRET = "canary-what-I-wrote"


@pytest.fixture
def course():
    """Two modules: one of two lessons, of which the second has a reflection, and one of one."""
    curriculum = make_curriculum(title="Small course", slug="small")
    first = make_module(curriculum, title="First module", slug="first")
    lessons = [
        make_lesson(first, title="Listen", slug="listen"),
        make_lesson(first, reflection_block(), title="Ask", slug="ask"),
        make_lesson(
            make_module(curriculum, title="Second module", slug="second"), title="Agree", slug="agree"
        ),
    ]
    curriculum.refresh_from_db()
    return curriculum, lessons


@pytest.fixture
def amina(cast, course):
    """A learner with a role where Ruth coordinates; the first module is done, with something written."""
    curriculum, (listen, ask, _agree) = course
    RoleFactory(person=cast.patient, kind="patient", organisation=cast.organisation)
    enrol(learner=cast.patient, curriculum=curriculum)
    complete_lesson(learner=cast.patient, lesson=listen)
    reflection = next(block for block in ask.body if block.block_type == "reflection")
    save_answer(learner=cast.patient, lesson=ask, block_id=reflection.id, value={"text": SECRET})
    complete_lesson(learner=cast.patient, lesson=ask)
    return cast.patient


def rows_of(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def learners(organisation, curriculum, number: int) -> None:
    for _ in range(number):
        person = UserFactory()
        RoleFactory(person=person, kind="patient", organisation=organisation)
        enrol(learner=person, curriculum=curriculum)


# ---------------------------------------------------------------- whom a coordinator sees


def test_the_report_says_how_far_and_nothing_that_was_written(cast, course, amina, signed_in):
    page = signed_in(cast.coordinator).get("/learn/reports/small/").text

    assert "Amina" in page
    assert "1 of 2" in page
    assert SECRET not in page


def test_somebody_of_another_organisation_is_not_there(cast, course, amina, signed_in):
    curriculum, _lessons = course
    elsewhere = OrganisationFactory()
    other = UserFactory(first_name="Elsewhere")
    RoleFactory(person=other, kind="patient", organisation=elsewhere)
    enrol(learner=other, curriculum=curriculum)
    client = signed_in(cast.coordinator)

    assert "Elsewhere" not in client.get("/learn/reports/small/").text
    assert [row[0] for row in rows_of(client.get("/learn/reports/small/report.csv"))] == [
        "Name",
        "Amina Field",
    ]
    assert client.get(f"/learn/reports/small/{other.public_id}/").status_code == 404
    assert client.post(f"/learn/reports/small/{other.public_id}/done/{_lessons[0].pk}/").status_code == 404
    # The control: with a role here, the same person is there.
    RoleFactory(person=other, kind="patient", organisation=cast.organisation)
    assert "Elsewhere" in client.get("/learn/reports/small/").text
    assert client.get(f"/learn/reports/small/{other.public_id}/").status_code == 200


def test_whoever_is_no_coordinator_finds_no_report(cast, course, amina, signed_in):
    for person in (cast.patient, cast.professional, cast.lay_tutor):
        client = signed_in(person)
        for address in ("", "small/", "small/report.csv", f"small/{amina.public_id}/"):
            assert client.get(f"/learn/reports/{address}").status_code == 404


def test_a_team_a_code_and_a_list_bring_learners_into_view(cast, course):
    curriculum, _lessons = course
    key = curriculum.translation_key
    here = {"organisation": cast.organisation, "curriculum_key": key}
    in_team, by_code, by_list, nobody = (UserFactory() for _ in range(4))
    for person in (in_team, by_code, by_list, nobody):
        enrol(learner=person, curriculum=curriculum)
    team = Team.objects.create(name="Practice", **here)
    membership = TeamMember.objects.create(team=team, person=in_team)
    code = JoiningCode.objects.create(code_hash="x", most_uses=5, expires_at=clock.now(), **here)
    CodeUse.objects.create(code=code, person=by_code)
    Offer.objects.create(email=by_list.email, accepted_by=by_list, accepted_at=clock.now(), **here)

    def seen() -> set[int]:
        return set(enrolments_seen_by(cast.coordinator, str(key)).values_list("learner", flat=True))

    assert seen() == {in_team.pk, by_code.pk, by_list.pk}
    assert may_mark(cast.coordinator, in_team, str(key))
    assert not may_mark(cast.coordinator, nobody, str(key))
    assert not enrolments_seen_by(cast.professional, str(key)).exists()

    membership.left_at = clock.now()
    membership.save()
    assert seen() == {by_code.pk, by_list.pk}
    assert not enrolments_seen_by(cast.coordinator, str(make_curriculum().translation_key)).exists()


def test_a_coordinator_does_not_stand_in_their_own_report(cast, course, amina, signed_in):
    enrol(learner=cast.coordinator, curriculum=course[0])

    assert "Ruth" not in signed_in(cast.coordinator).get("/learn/reports/small/").text.split("<main")[1]


# ---------------------------------------------------------------- what is asked for


def test_filters_search_and_order(cast, course, amina, signed_in):
    curriculum, lessons = course
    zoe, ben = UserFactory(first_name="Zoe"), UserFactory(first_name="Abel")
    for person in (zoe, ben):
        RoleFactory(person=person, kind="patient", organisation=cast.organisation)
        enrol(learner=person, curriculum=curriculum)
    for lesson in lessons:
        complete_lesson(learner=zoe, lesson=lesson)
    pause(learner=ben, curriculum=curriculum)
    client = signed_in(cast.coordinator)

    def names(query: str) -> list[str]:
        return [
            row[0].split()[0] for row in rows_of(client.get(f"/learn/reports/small/report.csv{query}"))[1:]
        ]

    assert names("") == ["Abel", "Zoe", "Amina"]
    assert names("?sort=name") == ["Abel", "Amina", "Zoe"]
    assert names("?state=done") == ["Zoe"]
    assert names("?state=paused") == ["Abel"]
    assert names("?state=under_way") == ["Amina"]
    assert names("?state=new") == ["Abel"]
    assert names("?state=nonsense&sort=nonsense&team=nonsense") == ["Abel", "Zoe", "Amina"]

    answer = client.post("/learn/reports/small/", {"words": "zo"})
    assert answer.url == "/learn/reports/small/"
    assert names("") == ["Zoe"]
    client.post("/learn/reports/small/", {"words": ""})
    assert len(names("")) == 3


def test_who_finished_stands_at_all_of_it_whatever_is_added_later(cast, course, amina, signed_in):
    curriculum, lessons = course
    complete_lesson(learner=amina, lesson=lessons[2])
    make_lesson(make_module(curriculum))
    row = rows_of(signed_in(cast.coordinator).get("/learn/reports/small/report.csv"))[1]

    assert row[2:4] == ["2", "2"]
    assert row[7] == "Finished"


def test_a_name_that_is_a_formula_stays_a_name(cast, course, amina, signed_in):
    amina.first_name = "=HYPERLINK(1)"
    amina.save()

    row = rows_of(signed_in(cast.coordinator).get("/learn/reports/small/report.csv"))[1]

    assert row[0] == "'=HYPERLINK(1) Field"


# ---------------------------------------------------------------- what a look leaves behind


def test_each_person_on_a_page_can_see_that_it_was_looked_at(cast, course, amina, signed_in):
    curriculum, _lessons = course
    learners(cast.organisation, curriculum, 2)
    client = signed_in(cast.coordinator)

    client.get("/learn/reports/small/")
    looks = Entry.objects.filter(verb="looked", actor=cast.coordinator)
    assert looks.count() == 3
    [look] = looks_at(amina)
    assert (look.actor, look.thing, look.purpose) == (
        cast.coordinator,
        "courses.enrolment",
        "progress report",
    )
    assert look.thing_id == str(Enrolment.objects.get(learner=amina).pk)

    rows_of(client.get("/learn/reports/small/report.csv"))
    assert looks.count() == 6
    client.get(f"/learn/reports/small/{amina.public_id}/")
    assert looks_at(amina).count() == 3


def test_nothing_of_the_file_leaves_where_the_looks_cannot_be_written(
    cast, course, amina, signed_in, monkeypatch
):
    client = signed_in(cast.coordinator)

    def refuse(**kwargs):
        raise RuntimeError("The audit is full.")

    monkeypatch.setattr("courses.services.reports.record_looks_by_number", refuse)

    sent = b""
    with pytest.raises(RuntimeError):
        for part in client.get("/learn/reports/small/report.csv").streaming_content:
            sent += part
    assert b"Amina" not in sent


# ---------------------------------------------------------------- one learner


def test_the_coordinator_reads_what_the_learner_reads(cast, course, amina, signed_in):
    theirs = signed_in(cast.coordinator).get(f"/learn/reports/small/{amina.public_id}/").text
    own = signed_in(amina).get("/my/learning/").text

    day = f"{clock.now().day} {clock.now():%B %Y}"
    for page in (theirs, own):
        assert f"Done on {day}" in page
        assert "0 of 1 lesson done." in page
        assert "Not done yet. It is done when the learner says so." in page
        assert SECRET not in page
    assert "They said that it is done." in theirs
    assert "You said that it is done." in own


def test_a_mark_is_seen_by_whose_it_is_with_its_reason(cast, course, amina, signed_in):
    agree = course[1][2]
    client = signed_in(cast.coordinator)
    address = f"/learn/reports/small/{amina.public_id}/done/{agree.pk}/"

    assert "Enter why you mark it as done." in client.post(address, {"reason": " "}).text
    answer = client.post(address, {"reason": "We did this together at the clinic."})
    assert answer.url == f"/learn/reports/small/{amina.public_id}/"

    own = signed_in(amina).get("/my/learning/").text
    assert "Marked as done by Ruth Field." in own
    assert "Reason: We did this together at the clinic." in own
    assert LessonCompletion.objects.get(enrolment__learner=amina, rule="staff").marked_by == cast.coordinator


def test_a_lesson_of_another_course_cannot_be_marked_here(cast, course, amina, signed_in):
    other = make_lesson(make_module(make_curriculum()))
    client = signed_in(cast.coordinator)

    assert (
        client.post(f"/learn/reports/small/{amina.public_id}/done/{other.pk}/", {"reason": "x"}).status_code
        == 404
    )


def test_who_left_is_still_there_and_cannot_be_marked(cast, course, amina, signed_in):
    leave(learner=amina, curriculum=course[0])

    page = signed_in(cast.coordinator).get(f"/learn/reports/small/{amina.public_id}/").text

    assert "Everything is kept." in page
    assert "Mark as done" not in page


# ---------------------------------------------------------------- one's own


def test_my_own_file_has_every_lesson_with_when_and_how(course, amina, signed_in):
    answer = signed_in(amina).get("/my/learning/my-learning.csv")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))

    assert [row[2] for row in rows[1:]] == ["Listen", "Ask", "Agree"]
    assert rows[1][3] == clock.today().isoformat()
    assert rows[3][3] == ""
    assert SECRET not in answer.text


def test_an_update_worth_reading_is_told_and_the_tick_stays(course, amina, signed_in, at):
    from datetime import timedelta

    listen = course[1][0]
    at(clock.now() + timedelta(days=2))
    listen.change = "again"
    listen.save_revision().publish()

    page = signed_in(amina).get("/my/learning/").text

    assert "It changed on" in page
    assert page.count("You said that it is done.") == 2


# ---------------------------------------------------------------- what it costs


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
        b"".join(answer) if answer.streaming else None
    assert answer.status_code == 200
    return len(captured)


def test_the_report_costs_the_same_queries_however_many_learners(cast, course, amina, signed_in):
    curriculum, lessons = course
    client = signed_in(cast.coordinator)
    outline_at("small")
    queries_of(client, "/learn/reports/small/")
    few = queries_of(client, "/learn/reports/small/")
    learners(cast.organisation, curriculum, 60)
    for enrolment in Enrolment.objects.exclude(learner=amina)[:20]:
        complete_lesson(learner=enrolment.learner, lesson=lessons[0])

    assert queries_of(client, "/learn/reports/small/") == few
    assert queries_of(client, "/learn/reports/small/?page=2&sort=last") == few
    assert few <= 14


def test_fifty_stand_on_a_page(cast, course, amina, signed_in):
    learners(cast.organisation, course[0], 60)
    client = signed_in(cast.coordinator)

    assert client.get("/learn/reports/small/").text.count("<tr>") == 51
    page = client.get("/learn/reports/small/?page=2").text
    assert page.count("<tr>") == 12
    assert "Page 2 of 2" in page
