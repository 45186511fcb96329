"""The two sides: paired one to one, looked at together, and seen to drift apart."""

import csv
from io import StringIO

import pytest
from django.db import IntegrityError, transaction

from courses.demo_pairs import load
from courses.models import CurriculumPair, LessonEdition, LessonPage, LessonPair, Pairing
from courses.queries.drift import State, drift_of, drifts
from courses.queries.partners import alone, drifted
from courses.services.loading import load_curricula
from courses.services.pairing import review_pair
from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.demo.registry import Stage
from lms.people.models import Audience, Role
from lms.people.services.roles import sync_cms_groups
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.courses import make_curriculum, make_lesson, make_module

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides():
    """Two courses, a module of each, a lesson of each, and the pair of them."""
    courses = [
        make_curriculum(audience=Audience.PATIENT, title="For patients"),
        make_curriculum(audience=Audience.PROFESSIONAL, title="For professionals"),
    ]
    modules = [make_module(courses[0], title="Preparing"), make_module(courses[1], title="Agreeing")]
    lessons = [make_lesson(modules[0], title="Theirs"), make_lesson(modules[1], title="Ours")]
    pairing = Pairing.objects.create(
        number=3, moment="The first two minutes", patient_module=modules[0], professional_module=modules[1]
    )
    return courses, modules, lessons, pairing


@pytest.fixture
def author(db):
    person = UserFactory(first_name="Ada", audience=Audience.PROFESSIONAL)
    RoleFactory(person=person, kind=Role.Kind.AUTHOR, organisation=OrganisationFactory())
    sync_cms_groups(person=person)
    return type(person).objects.get(pk=person.pk)


def say(lesson, words: str, *, change: str = "again") -> None:
    """An author publishes other words."""
    lesson.refresh_from_db()
    lesson.body, lesson.change = [("text", words)], change
    revision = lesson.save_revision()
    revision.publish()
    LessonEdition.objects.get_or_create(
        lesson=lesson, revision_number=revision.pk, defaults={"change": change}
    )


# ---------------------------------------------------------------- one to one


def test_a_course_has_one_other_side_at_most(sides):
    (patients, professionals), *_ = sides
    CurriculumPair.objects.create(patient_curriculum=patients, professional_curriculum=professionals)
    third = make_curriculum(audience=Audience.PROFESSIONAL)

    for wrong in ((patients, third), (third, professionals), (third, third)):
        with pytest.raises(IntegrityError), transaction.atomic():
            CurriculumPair.objects.create(patient_curriculum=wrong[0], professional_curriculum=wrong[1])


def form_of(pairing=None, **changed) -> dict[str, str]:
    lessons = changed.pop("lessons", [])
    data = {
        "number": "4", "moment": "Choosing", "together": "", "patient_does": "", "professional_does": "",
        "lesson_pairs-TOTAL_FORMS": str(len(lessons)), "lesson_pairs-INITIAL_FORMS": "0",
        "lesson_pairs-MIN_NUM_FORMS": "0", "lesson_pairs-MAX_NUM_FORMS": "1000",
    }  # fmt: skip
    for number, (patient, professional) in enumerate(lessons):
        row = {
            "patient_lesson": patient.pk,
            "professional_lesson": professional.pk,
            "moment": "",
            "id": "",
            "DELETE": "",
        }
        data |= {f"lesson_pairs-{number}-{name}": str(value) for name, value in row.items()}
    return data | {name: str(page.pk) for name, page in changed.items()}


def errors_in(answer) -> dict[str, list[str]]:
    return answer.context["form"].errors


def test_an_author_pairs_modules_and_each_mistake_is_said_beside_its_field(sides, author, signed_in):
    (patients, professionals), (preparing, agreeing), _lessons, pairing = sides
    pairing.delete()
    elsewhere = make_module(make_curriculum(audience=Audience.PROFESSIONAL, title="Another"))
    CurriculumPair.objects.create(patient_curriculum=patients, professional_curriculum=professionals)
    browser, add = signed_in(author), "/cms/snippets/courses/pairing/add/"

    swapped = browser.post(add, form_of(patient_module=agreeing, professional_module=preparing))
    assert errors_in(swapped) == {
        "patient_module": ["Choose one of a course for patients."],
        "professional_module": ["Choose one of a course for professionals."],
    }
    strayed = browser.post(add, form_of(patient_module=preparing, professional_module=elsewhere))
    assert errors_in(strayed) == {"professional_module": ["Choose a module of “For professionals”."]}

    saved = browser.post(add, form_of(patient_module=preparing, professional_module=agreeing))
    assert saved.status_code == 302 and Pairing.objects.get().professional_module == agreeing


def test_lessons_of_a_pair_are_of_its_modules(sides, author, signed_in):
    _courses, (preparing, agreeing), (theirs, ours), pairing = sides
    pairing.delete()
    stray = make_lesson(make_module(make_curriculum(audience=Audience.PROFESSIONAL)))
    browser, add = signed_in(author), "/cms/snippets/courses/pairing/add/"
    modules = {"patient_module": preparing, "professional_module": agreeing}

    refused = browser.post(add, form_of(lessons=[(theirs, stray)], **modules))
    assert refused.status_code == 200 and "Choose a lesson of the module “Agreeing”." in refused.text
    assert not Pairing.objects.exists()

    assert browser.post(add, form_of(lessons=[(theirs, ours)], **modules)).status_code == 302
    assert LessonPair.objects.get().professional_lesson == ours


def test_a_course_on_the_wrong_side_is_refused(sides, author, signed_in):
    (patients, professionals), *_ = sides
    browser, add = signed_in(author), "/cms/snippets/courses/curriculumpair/add/"

    wrong = {"patient_curriculum": professionals.pk, "professional_curriculum": patients.pk, "together": ""}
    assert set(errors_in(browser.post(add, wrong))) == {"patient_curriculum", "professional_curriculum"}

    right = {
        "patient_curriculum": patients.pk,
        "professional_curriculum": professionals.pk,
        "together": "Visits.",
    }
    assert browser.post(add, right).status_code == 302 and CurriculumPair.objects.count() == 1


# ---------------------------------------------------------------- the other side, for both


@pytest.mark.parametrize("status", ["ready", "in_preparation"])
def test_every_module_shows_the_other_side_to_both_even_in_preparation(sides, client, status):
    courses, modules, *_ = sides
    for module in modules:
        module.status = status
        module.save_revision().publish()

    for course, module in zip(courses, modules, strict=True):
        assert "See the other side" in client.get(f"/{course.slug}/{module.slug}/").text
        assert client.get(f"/{course.slug}/{module.slug}/other-side/").status_code == 200


def test_each_course_leads_to_its_other_side(sides, client):
    (patients, professionals), *_ = sides
    assert "other side of this course" not in client.get(f"/{patients.slug}/").text

    CurriculumPair.objects.create(
        patient_curriculum=patients, professional_curriculum=professionals, together="The same visits."
    )

    for course, other in ((patients, professionals), (professionals, patients)):
        page = client.get(f"/{course.slug}/").text
        assert f'href="/{other.slug}/"' in page and "The same visits." in page
    professionals.unpublish()
    assert "The same visits." not in client.get(f"/{patients.slug}/").text


# ---------------------------------------------------------------- drift


def test_a_pair_drifts_when_either_side_says_something_else(sides, author):
    _courses, (preparing, _agreeing), (_theirs, ours), pairing = sides
    assert drift_of(pairing).state == State.NEVER
    pairing = review_pair(pairing=pairing, reviewer=author)
    assert drift_of(pairing).state == State.TOGETHER
    assert Entry.objects.get(act="looked at both sides").actor == author

    say(ours, "<p>Other words.</p>")
    drift = drift_of(pairing)

    assert drift.state == State.DRIFTED and drift.reviewed_by == author
    assert [(change.side, change.kind, change.title, change.is_small) for change in drift.changes] == [
        ("professional", "changed", "Ours", False)
    ]
    assert (drift.changes[0].before, drift.changes[0].now) == (
        pairing.reviewed_words["professional"][str(ours.translation_key)]["revision"],
        LessonPage.objects.get(pk=ours.pk).live_revision_id,
    )

    pairing = review_pair(pairing=pairing, reviewer=author)
    assert drift_of(pairing).state == State.TOGETHER
    preparing.purpose = "To say first what matters."
    preparing.save_revision().publish()
    assert [change.side for change in drift_of(pairing).changes] == ["patient"]


def test_lessons_that_come_and_go_are_a_drift_and_a_draft_is_none(sides, author):
    _courses, (preparing, _agreeing), (_theirs, ours), pairing = sides
    pairing = review_pair(pairing=pairing, reviewer=author)
    make_lesson(preparing, title="A draft", published=False)
    ours.body = [("text", "<p>Not published.</p>")]
    ours.save_revision()
    assert drift_of(pairing).state == State.TOGETHER

    make_lesson(preparing, title="Another")
    ours.refresh_from_db()
    ours.unpublish()

    assert {(change.side, change.kind, change.title) for change in drift_of(pairing).changes} == {
        ("patient", "added", "Another"),
        ("professional", "gone", "Ours"),
    }


def test_the_same_words_published_again_are_no_drift(sides, author):
    *_, (_theirs, ours), pairing = sides
    pairing = review_pair(pairing=pairing, reviewer=author)
    ours.refresh_from_db()
    before = ours.live_revision_id

    ours.change = "again"
    ours.save_revision().publish()

    assert LessonPage.objects.get(pk=ours.pk).live_revision_id != before
    assert drift_of(pairing).state == State.TOGETHER


def test_small_mends_are_listed_as_such_until_one_is_more(sides, author):
    *_, (_theirs, ours), pairing = sides
    pairing = review_pair(pairing=pairing, reviewer=author)

    say(ours, "<p>Some word.</p>", change="minor")
    assert drift_of(pairing).state == State.MENDED
    assert [change.is_small for change in drift_of(pairing).changes] == [True]

    say(ours, "<p>Something else.</p>", change="again")
    say(ours, "<p>Something else!</p>", change="minor")
    assert drift_of(pairing).state == State.DRIFTED


def test_a_pair_is_not_called_looked_at_while_one_side_is_a_draft_nor_by_a_stranger(sides, author, cast):
    _courses, (_preparing, agreeing), _lessons, pairing = sides
    with pytest.raises(RuleBroken, match="Only an author"):
        review_pair(pairing=pairing, reviewer=cast.coordinator)
    agreeing.unpublish()

    with pytest.raises(RuleBroken, match="not published"):
        review_pair(pairing=pairing, reviewer=author)


@pytest.mark.parametrize("many", [1, 3])
def test_many_pairs_cost_what_one_costs(author, many, django_assert_num_queries):
    courses = [make_curriculum(audience=audience) for audience in Audience.values]
    for number in range(many):
        modules = [make_module(course) for course in courses]
        lessons = [make_lesson(module) for module in modules]
        pairing = Pairing.objects.create(
            number=number, moment="x", patient_module=modules[0], professional_module=modules[1]
        )
        review_pair(pairing=pairing, reviewer=author)
        say(lessons[0], "<p>Other.</p>")

    # pairs, modules, lessons, editions, revisions, people
    with django_assert_num_queries(6):
        assert len([one for one in drifts(Pairing.objects.all()).values() if one.has_drifted]) == many


# ---------------------------------------------------------------- in the CMS


def test_authors_see_the_drift_where_they_work_and_clear_it(sides, author, signed_in):
    _courses, modules, (_theirs, ours), pairing = sides
    review_pair(pairing=pairing, reviewer=author)
    say(ours, "<p>Other words.</p>")
    browser, both = signed_in(author), f"/cms/pairs/{pairing.pk}/"

    for module in modules:
        assert "This pair has drifted since" in browser.get(f"/cms/pages/{module.pk}/edit/").text
    assert "Has drifted" in browser.get("/cms/snippets/courses/pairing/").text
    assert (
        "This pair has drifted since" in browser.get(f"/cms/snippets/courses/pairing/edit/{pairing.pk}/").text
    )
    assert "has drifted since" in browser.get("/cms/").text
    page = browser.get(both).text
    assert "Compare the words of Ours" in page and "Last looked at by Ada" in page

    assert browser.post(both).url == both
    assert "Has drifted" not in browser.get("/cms/snippets/courses/pairing/").text.split("listing")[-1]
    assert drifted() == []


def test_a_new_module_is_told_that_it_has_no_other_side(sides, author, signed_in):
    lonely = make_module(make_curriculum(), title="Lonely")

    assert "no other side yet" in signed_in(author).get(f"/cms/pages/{lonely.pk}/edit/").text


def test_the_report_lists_what_has_no_partner_and_what_drifted(sides, author, signed_in):
    (patients, professionals), _modules, (_theirs, ours), pairing = sides
    CurriculumPair.objects.create(patient_curriculum=patients, professional_curriculum=professionals)
    make_module(patients, title="Lonely", number=7)
    review_pair(pairing=pairing, reviewer=author)
    say(ours, "<p>Other words.</p>")
    browser, report = signed_in(author), "/cms/reports/both-sides/"

    def rows(query: str) -> dict[str, dict[str, str]]:
        answer = browser.get(f"{report}?export=csv{query}")
        table = csv.DictReader(StringIO(b"".join(answer.streaming_content).decode()))
        return {row["Title"]: row for row in table}

    everything = rows("")
    assert [everything[title]["How it stands"] for title in ("Lonely", "Preparing", "Agreeing")] == [
        "No other side", "Has drifted", "Has drifted",
    ]  # fmt: skip
    assert everything["For patients"]["Other side"] == "For professionals"
    assert everything["Preparing"]["Other side"] == "Agreeing"
    assert everything["Lonely"] | {"Last looked at": ""} == {
        "Title": "Lonely", "Kind": "module", "For": str(Audience.PATIENT.label), "Course": "For patients",
        "Language": "English", "Other side": "", "How it stands": "No other side", "Last looked at": "",
    }  # fmt: skip
    assert set(rows("&state=alone")) == {"Lonely"} == {page.title for page in alone()}
    assert set(rows("&state=drifted")) == {"Preparing", "Agreeing"}
    assert set(rows(f"&locale={patients.locale_id}&state=together")) == set()
    assert "Lonely" in browser.get(report).text
    assert "Lonely" in browser.get(f"{report}results/?state=alone").text
    assert "1 course or module has no other side" in browser.get("/cms/").text


def test_the_pages_of_pairs_are_not_there_for_who_does_not_edit(sides, cast, signed_in):
    *_, pairing = sides

    for address in (
        f"/cms/pairs/{pairing.pk}/",
        "/cms/reports/both-sides/",
        "/cms/reports/both-sides/results/",
    ):
        assert signed_in(cast.coordinator).get(address).status_code == 404


def test_in_the_demonstration_an_author_has_looked_at_what_is_written(author, cast):
    load_curricula()
    stage = Stage(organisation=cast.organisation, cast={"author": author})

    load(stage)
    load(stage)

    states = [drift.state for drift in drifts(Pairing.objects.all()).values()]
    assert states == [State.TOGETHER] * 8
    assert Entry.objects.filter(act="looked at both sides").count() == states.count(State.TOGETHER)
    assert CurriculumPair.objects.count() == 1
