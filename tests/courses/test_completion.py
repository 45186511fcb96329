"""What counts as done, said so that a person can follow it; and what no edit takes away."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from courses.models import Answer, LessonCompletion, LessonEdition, LessonPage, ModuleCompletion
from courses.queries import progress, progress_of_many
from courses.rules import what_refuses
from courses.services import complete_lesson, enrol, mark_lesson_complete
from courses.settling import settle
from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.people.models import Role
from tests.courses.test_learning import address
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.courses import (
    choice_block,
    make_curriculum,
    make_lesson,
    make_module,
    reflection_block,
    ruler_block,
    text_block,
)

pytestmark = pytest.mark.django_db
JUDGING = re.compile(r"\b(failed|fail|score|mark|passed|wrong|percent)\b", re.IGNORECASE)


def change(page, **fields):
    """An author edits the page and publishes it."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def do(learner, *lessons):
    for lesson in lessons:
        complete_lesson(learner=learner, lesson=lesson)


def done_and_total(learner, curriculum) -> tuple[int, int, int]:
    far = progress(learner, curriculum)
    return far.done, far.total, far.percent


# ---------------------------------------------------------------- what is asked for


def test_any_one_of_two_lessons_is_enough_where_the_author_says_so(signed_in):
    learner, curriculum = UserFactory(), make_curriculum()
    either = make_module(curriculum, needed_lessons=1)
    first, second = make_lesson(either), make_lesson(either)
    last = make_lesson(make_module(curriculum))
    enrol(learner=learner, curriculum=curriculum)
    page = f"/{curriculum.slug}/{either.slug}/"
    assert "Any 1 of these lessons is enough." in signed_in(learner).get(page).text
    assert done_and_total(learner, curriculum) == (0, 2, 0)

    do(learner, second)

    far = progress(learner, curriculum)
    assert (far.done, far.total, far.percent) == (1, 2, 50)
    assert [lesson.title for lesson in far.missing] == [last.title]
    assert far.modules[0].is_done and far.modules[0].missing == []
    assert "Any 1 of these" not in signed_in(learner).get(page).text
    do(learner, last)
    assert progress(learner, curriculum).is_complete
    do(learner, first)
    assert done_and_total(learner, curriculum) == (3, 3, 100)


def test_any_one_of_two_modules_is_enough_where_the_author_says_so(signed_in):
    learner, curriculum = UserFactory(), make_curriculum(needed_modules=1)
    long, short = make_module(curriculum), make_module(curriculum)
    lessons = [make_lesson(long) for _ in range(4)]
    only = make_lesson(short)
    do(learner, *lessons[:3])

    page = signed_in(learner).get(f"/{curriculum.slug}/").text
    assert done_and_total(learner, curriculum) == (0, 1, 75)
    assert "0 of 1 module" in page and "Any 1 of the modules is enough to finish." in page

    do(learner, only)

    far = progress(learner, curriculum)
    assert (far.is_complete, far.percent, far.missing) == (True, 100, [])


def test_optional_things_are_shown_as_such_and_never_asked_for(signed_in):
    learner, curriculum = UserFactory(), make_curriculum()
    module, extra = make_module(curriculum), make_module(curriculum, optional=True)
    asked, more = make_lesson(module), make_lesson(module, optional=True)
    apart = make_lesson(extra)
    do(learner, more, apart)
    assert done_and_total(learner, curriculum) == (0, 1, 0)

    do(learner, asked)

    assert done_and_total(learner, curriculum)[2] == 100
    for page in (f"/{curriculum.slug}/", f"/{curriculum.slug}/{module.slug}/", address(more)):
        assert "Optional" in signed_in(learner).get(page).text
    assert "Optional" not in signed_in(learner).get(address(asked)).text


def test_a_course_that_asks_for_nothing_is_never_completed(signed_in):
    learner, curriculum = UserFactory(), make_curriculum()
    lesson = make_lesson(make_module(curriculum), optional=True)

    do(learner, lesson)

    far = progress(learner, curriculum)
    assert (far.is_complete, far.is_met, far.percent, far.total) == (False, False, 0, 0)
    assert "You finished" not in signed_in(learner).get("/my/").text


# ---------------------------------------------------------------- enough of the questions


@pytest.fixture
def questions():
    """Two questions that are asked for, one that is not, and a lesson that wants all that helps."""
    asked = [choice_block(required=True), choice_block(required=True, multiple=True)]
    asked[1]["value"]["question"] = "What else?"
    blocks = [*asked, choice_block(), reflection_block(required=True)]
    return asked, make_lesson(make_module(make_curriculum()), *blocks, completion="pass", pass_mark=100)


def answer(block, *numbers) -> dict:
    return {"chosen": [block["value"]["options"][number]["id"] for number in numbers]}


def test_questions_can_be_tried_as_often_as_anybody_likes_and_nobody_is_graded(questions, signed_in):
    asked, lesson = questions
    learner = UserFactory()
    client = signed_in(learner)
    tries = [((1,), (1,)), ((0,), (0, 1)), ((0,), (1,))]
    said = ["2 more questions to look at again: “What would you do?”; “What else?”.",
            "1 more question to look at again: “What else?”.", "1 more question to look at again: “What else?”."]  # fmt: skip

    for (first, second), words in zip(tries, said, strict=True):
        sent = {f"{asked[0]['id']}-answer": answer(asked[0], *first)["chosen"],
                f"{asked[1]['id']}-answer": answer(asked[1], *second)["chosen"]}  # fmt: skip
        page = client.post(address(lesson), sent | {"done": "1"})
        assert page.status_code == 200 and words in page.text
        assert not JUDGING.search(re.sub(r"<[^>]*>", "", page.text.partition("<main")[2]))
        assert not LessonCompletion.objects.exists()
    assert Answer.objects.count() == 2  # what was tried is kept

    done = client.post(
        address(lesson), {f"{asked[1]['id']}-answer": answer(asked[1], 0)["chosen"], "done": "1"}
    )
    assert done.status_code == 200  # the other question came back empty from this page, and is asked again
    done = client.post(
        address(lesson),
        {f"{asked[0]['id']}-answer": answer(asked[0], 0)["chosen"],
         f"{asked[1]['id']}-answer": answer(asked[1], 0)["chosen"], "done": "1"},
    )  # fmt: skip
    assert done.status_code == 302
    assert LessonCompletion.objects.get().rule == "pass"


@pytest.mark.parametrize(("mark", "right", "missing"), [
    (100, 2, 0), (100, 1, 1), (50, 1, 0), (50, 0, 1), (51, 1, 1), (1, 0, 1), (1, 1, 0),
])  # fmt: skip
def test_so_many_of_a_hundred_is_counted_in_whole_questions(mark, right, missing):
    blocks = [{"id": str(n), "type": "choice", "required": True, "label": f"Q{n}",
               "options": [{"id": "a", "correct": True}, {"id": "b", "correct": False}]} for n in range(2)]  # fmt: skip
    values = {str(n): {"chosen": ["a" if n < right else "b"]} for n in range(2)}

    refused = what_refuses("pass", mark, blocks, values)

    assert (refused is None) == (missing == 0)
    assert refused is None or str(refused).startswith(f"{missing} more question")


def test_other_practices_do_not_count_for_the_questions():
    asked = ruler_block(required=True)
    lesson = make_lesson(make_module(make_curriculum()), asked, completion="pass", pass_mark=100)

    assert complete_lesson(learner=UserFactory(), lesson=lesson).rule == "pass"


# ---------------------------------------------------------------- what is done stays done


def test_a_module_stays_done_when_a_lesson_is_added_and_others_are_asked_for_it():
    learner, late, curriculum = UserFactory(), UserFactory(), make_curriculum()
    module = make_module(curriculum)
    do(learner, make_lesson(module))
    rest = make_lesson(make_module(curriculum))
    enrol(learner=late, curriculum=curriculum)
    done = ModuleCompletion.objects.get()

    added = make_lesson(module)

    far = progress(learner, curriculum)
    assert far.modules[0].is_done and far.modules[0].done_at == done.completed_at and done.needed == 1
    assert far.is_complete  # it was the whole course then
    assert [lesson.title for lesson in progress(late, curriculum).missing] == [
        progress(late, curriculum).states[0].lesson.title, added.title, rest.title,
    ]  # fmt: skip


@pytest.mark.parametrize("edit", ["rule", "unpublish", "delete", "optional", "move", "again"])
def test_no_edit_takes_a_tick_away(edit):
    learner, curriculum = UserFactory(), make_curriculum()
    module, other = make_module(curriculum), make_module(curriculum)
    lesson, rest = make_lesson(module, reflection_block(required=True)), make_lesson(other)
    do(learner, lesson)
    before = LessonCompletion.objects.get()

    page = LessonPage.objects.get(pk=lesson.pk)
    {
        "rule": lambda: change(page, completion="answers"),
        "unpublish": page.unpublish,
        "delete": page.delete,
        "optional": lambda: change(page, optional=True),
        "move": lambda: page.move(other, pos="last-child"),
        "again": lambda: change(page, change="again"),
    }[edit]()
    far = progress(learner, curriculum)

    assert LessonCompletion.objects.get().completed_at == before.completed_at
    assert ModuleCompletion.objects.get().module_key == module.translation_key
    assert all(state.is_done for state in far.states if state.lesson.key == str(lesson.translation_key))
    assert not far.is_complete and rest.title in [one.title for one in far.missing]
    if edit in ("rule", "again"):
        assert complete_lesson(learner=learner, lesson=LessonPage.objects.get(pk=lesson.pk)) == before


def test_an_unpublished_lesson_is_no_longer_asked_for_and_the_worker_says_so():
    learner, other, curriculum = UserFactory(), UserFactory(), make_curriculum()
    module = make_module(curriculum)
    first, second = make_lesson(module), make_lesson(module)
    enrol(learner=other, curriculum=curriculum)
    do(learner, first)

    OrmQ.objects.all().delete()
    second.unpublish()

    far = progress(learner, curriculum)
    assert far.missing == [] and not far.is_complete and far.percent == 99
    assert OrmQ.objects.count() == 1
    assert [settle(curriculum.pk) for _ in range(2)] == [1, 0]
    far = progress(learner, curriculum)
    assert far.is_complete and far.percent == 100
    assert not progress(other, curriculum).is_complete
    ended = Entry.objects.get(act="completed curriculum")
    assert (ended.actor, ended.subject) == (None, learner)


def test_nobody_under_way_no_work_for_the_worker():
    learner, curriculum = UserFactory(), make_curriculum()
    lesson = make_lesson(make_module(curriculum))
    enrol(learner=learner, curriculum=curriculum)

    OrmQ.objects.all().delete()
    change(lesson, title="Better words")

    assert not OrmQ.objects.exists()


# ---------------------------------------------------------------- minor, or worth reading again


def test_who_had_finished_is_told_when_it_is_worth_reading_again_and_keeps_the_tick(signed_in):
    learner, late, curriculum = UserFactory(), UserFactory(), make_curriculum()
    lesson = make_lesson(make_module(curriculum), text_block(), change="again")
    do(learner, lesson)
    pages = [address(lesson), f"/{curriculum.slug}/", f"/{curriculum.slug}/{lesson.get_parent().slug}/"]

    change(lesson, title="Mended", change="minor")
    for page in pages:
        assert "Updated since you finished" not in signed_in(learner).get(page).text
    change(lesson, title="Much better", change="again")
    do(late, LessonPage.objects.get(pk=lesson.pk))

    for page in pages:
        text = signed_in(learner).get(page).text
        assert "Updated since you finished" in text and "Done" in text
        assert "Updated since you finished" not in signed_in(late).get(page).text
    far = progress(learner, curriculum)
    assert far.is_complete and far.states[0].is_updated
    editions = LessonEdition.objects.order_by("pk").values_list("change", flat=True)
    assert list(editions) == ["minor", "minor", "again"]  # the first publication is nothing to read again


def test_after_publishing_the_editor_says_minor_until_its_author_says_otherwise():
    lesson = make_lesson(make_module(make_curriculum()))
    change(lesson, change="again", title="Second")
    published = LessonPage.objects.get(pk=lesson.pk)
    assert published.change == "minor"
    assert published.get_latest_revision_as_object().change == "minor"

    published.change, published.title = "again", "A draft"
    draft = published.save_revision()

    assert LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object().change == "again"
    draft.publish()
    draft.publish()
    assert list(LessonEdition.objects.order_by("pk").values_list("change", flat=True)) == [
        "minor",
        "again",
        "again",
    ]


def test_a_lesson_whose_day_is_still_to_come_is_no_edition(at):
    from datetime import timedelta

    from django.utils import timezone

    lesson = make_lesson(make_module(make_curriculum()), published=False)
    lesson.go_live_at = timezone.now() + timedelta(days=3)
    lesson.save_revision().publish()

    assert not LessonEdition.objects.exists()


# ---------------------------------------------------------------- by staff


@pytest.fixture
def looked_after(cast):
    """The cast's professional on a course with one lesson that asks for an answer."""
    lesson = make_lesson(
        make_module(make_curriculum()), reflection_block(required=True), completion="answers"
    )
    curriculum = lesson.get_parent().get_parent().specific
    enrol(learner=cast.professional, curriculum=curriculum)
    return curriculum, lesson


def test_a_coordinator_marks_a_lesson_as_done_once_and_the_learner_sees_why(cast, looked_after, signed_in):
    curriculum, lesson = looked_after

    marked = [
        mark_lesson_complete(actor=cast.coordinator, learner=cast.professional, lesson=lesson, reason=reason)
        for reason in ("  Did it\n on paper ", "Again")
    ]

    assert marked[0] == marked[1]
    assert (marked[0].rule, marked[0].reason, marked[0].marked_by) == (
        "staff",
        "Did it on paper",
        cast.coordinator,
    )
    state = progress(cast.professional, curriculum).states[0]
    assert (state.is_by_staff, state.marked_by, state.reason) == (
        True,
        cast.coordinator.pk,
        "Did it on paper",
    )
    assert progress(cast.professional, curriculum).is_complete
    entry = Entry.objects.get(act="marked lesson as done")
    assert (entry.actor, entry.subject) == (cast.coordinator, cast.professional)
    page = signed_in(cast.professional).get(address(lesson)).text
    assert "Marked as done for you on" in page and "because: Did it on paper" in page


@pytest.mark.parametrize("who", ["outsider", "lay_tutor", "professional", "patient", "elsewhere"])
def test_nobody_else_marks_a_lesson_as_done(who, cast, looked_after):
    _curriculum, lesson = looked_after
    actor = getattr(cast, who, None) or UserFactory()
    if who == "elsewhere":
        RoleFactory(person=actor, kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory())

    with pytest.raises(RuleBroken):
        mark_lesson_complete(actor=actor, learner=cast.professional, lesson=lesson, reason="Because")

    assert not LessonCompletion.objects.exists()


@pytest.mark.parametrize(
    ("reason", "whose"), [("  ", "professional"), ("x" * 301, "professional"), ("Because", "lay_tutor")]
)
def test_a_mark_needs_a_reason_and_somebody_who_is_on_the_course(reason, whose, cast, looked_after):
    _curriculum, lesson = looked_after

    with pytest.raises(RuleBroken):
        mark_lesson_complete(
            actor=cast.coordinator, learner=getattr(cast, whose), lesson=lesson, reason=reason
        )

    assert not LessonCompletion.objects.exists()


# ---------------------------------------------------------------- once, in any order, at the same price


def test_a_late_post_from_an_older_page_changes_nothing_that_is_done(signed_in):
    learner, gone = UserFactory(), reflection_block()
    lesson = make_lesson(make_module(make_curriculum()), gone, reflection_block(required=True))
    do(learner, lesson)
    before = LessonCompletion.objects.get()
    change(
        lesson, body=[("reflection", {"prompt": "New", "help": "", "required": True})], completion="answers"
    )

    late = signed_in(learner).post(address(lesson), {"done": "1", f"{gone['id']}-answer": "From the train"})

    after = LessonCompletion.objects.get()
    assert late.status_code == 302
    assert (after.pk, after.completed_at, after.revision_number) == (
        before.pk,
        before.completed_at,
        before.revision_number,
    )
    assert not Answer.objects.exists()  # what is no longer asked has no place to lie


def test_the_bulk_says_what_the_one_says():
    curriculum = make_curriculum(needed_modules=1, lessons=3)
    lessons = list(LessonPage.objects.order_by("path"))
    people = [UserFactory() for _ in range(3)]
    numbers = {enrol(learner=person, curriculum=curriculum).pk: person for person in people}
    do(people[1], lessons[1])
    do(people[2], *lessons)
    outline = progress(people[0], curriculum).outline

    with CaptureQueriesContext(connection) as seen:
        all_of_them = progress_of_many(numbers, outline)

    assert len(seen) == 1
    for number, person in numbers.items():
        one, same = progress(person, curriculum), all_of_them[number]
        assert (same.percent, same.done, same.total, same.completed_at, same.done_keys) == (
            one.percent, one.done, one.total, one.completed_at, one.done_keys,
        )  # fmt: skip


@pytest.mark.parametrize("lessons", [3, 12])
def test_recording_costs_the_same_in_a_long_course(lessons, signed_in):
    curriculum = make_curriculum()
    module = make_module(curriculum)
    question = reflection_block()
    first, second = make_lesson(module, text_block()), make_lesson(module, question)
    for _ in range(lessons - 2):
        make_lesson(module)
    client = signed_in(UserFactory())
    client.post(address(second), {"stop": "1"})
    sent = [(first, {"done": "1"}), (second, {f"{question['id']}-answer": "Words", "save": question["id"]})]
    for lesson, _content in sent:
        client.get(address(lesson))

    found = []
    for lesson, content in sent:
        with CaptureQueriesContext(connection) as seen:
            assert client.post(address(lesson), content).status_code == 302
        found.append(len([row for row in seen if not row["sql"].startswith(("SAVEPOINT", "RELEASE"))]))

    # A lesson: session, stamps, person, enrolment, progress, the completion, its audit, the place, the message.
    # An answer: session, stamps, person, answers, enrolment, the answer, the place.
    assert found == [9, 7]
