"""Writing for oneself alone: a sentence said another way, and the journal of all that was written."""

import re

import pytest
from django.core.cache import caches

from courses.exercises import exercise_for
from courses.models import Answer, LessonPage
from courses.queries.journal import journal_of
from courses.services import save_answer
from lms.rights.registry import classified_as
from lms.rights.services.exports import part_of
from tests.courses.test_learning import address
from tests.factories import UserFactory
from tests.factories.courses import (
    choice_block,
    make_curriculum,
    make_lesson,
    make_module,
    order_block,
    reflection_block,
    rewrite_block,
    ruler_block,
    sort_block,
)

pytestmark = pytest.mark.django_db


def lesson_with(*blocks, **more) -> LessonPage:
    return make_lesson(make_module(make_curriculum()), *blocks, **more)


def write(learner, lesson, block, words: str) -> None:
    save_answer(learner=learner, lesson=lesson, block_id=block["id"], value={"text": words})


# ---------------------------------------------------------------- a sentence, said another way


def test_one_way_to_say_it_is_shown_beside_ones_own_once_that_is_kept(signed_in):
    rewrite = rewrite_block(required=True)
    lesson, client = lesson_with(rewrite, completion="answers"), signed_in(UserFactory())
    sent = {f"{rewrite['id']}-answer": "What would suit you?"}

    before = client.get(address(lesson)).text
    assert "Why don&#x27;t you walk?" in before and "Yours" not in before
    assert 'class="rewrite__compare only-print"' in before  # on paper there is no button to press
    assert (
        "One question is still open: “Say it so that they choose.”."
        in client.post(address(lesson), {"done": "1"}).text
    )
    client.post(address(lesson), sent | {"save": rewrite["id"]})
    after = client.get(address(lesson)).text.split("rewrite__compare")[1]

    assert not after.startswith(" only-print")
    assert (
        after.index("Yours")
        < after.index("What would suit you?")
        < after.index("What would you like to do more of?")
        < after.index("It asks.")
    )
    assert client.post(address(lesson), {"done": "1"} | sent).status_code == 302


def test_what_was_rewritten_is_on_nobody_elses_page(signed_in):
    rewrite = rewrite_block()
    lesson, writer, reader = lesson_with(rewrite), UserFactory(), UserFactory()
    write(writer, lesson, rewrite, "Canary </textarea>")

    for _ in range(2):
        assert "Canary &lt;/textarea&gt;" in signed_in(writer).get(address(lesson)).text
        assert "Canary" not in signed_in(reader).get(address(lesson)).text
    assert "Canary" not in repr(caches["process"]._kept)


# ---------------------------------------------------------------- the journal


def test_the_journal_holds_what_was_written_by_lesson_and_leads_back(signed_in):
    reflection, rewrite, choice = reflection_block(), rewrite_block(), choice_block()
    lesson, learner = lesson_with(reflection, rewrite, choice, title="Your list"), UserFactory()
    write(learner, lesson, reflection, "The stairs.\nMy sister.")
    write(learner, lesson, rewrite, "What would suit you?")
    save_answer(learner=learner, lesson=lesson, block_id=choice["id"], value={"chosen": []})

    page = signed_in(learner).get("/my/journal/").text

    assert "<h2>Your list</h2>" in page
    assert page.count('class="journal__entry"') == 2
    assert "The stairs.\nMy sister." in page and "What matters most?" in page
    assert "Why don&#x27;t you walk?" in page and "What would suit you?" in page
    assert f'href="{address(lesson)}#b-{reflection["id"]}"' in page


def test_an_empty_journal_shows_the_way_to_the_courses(signed_in):
    assert "Nothing written yet" in signed_in(UserFactory()).get("/my/journal/").text


def test_the_journal_is_its_writers_alone(signed_in, client):
    reflection = reflection_block()
    lesson, learner = lesson_with(reflection), UserFactory()
    write(learner, lesson, reflection, "Canary")
    staff = UserFactory(is_staff=True, is_superuser=True)

    for path in ("/my/journal/", "/my/journal/my-journal.html"):
        assert "Canary" in signed_in(learner).get(path).text
        assert "Canary" not in signed_in(staff).get(path).text
        assert client.get(path).url == f"/accounts/login/?next={path}"


def test_words_to_a_question_that_is_gone_are_still_there(signed_in):
    reflection, kept = reflection_block(prompt="Gone soon?"), reflection_block(prompt="Stays?")
    lesson, learner = lesson_with(reflection, kept, title="Your list"), UserFactory()
    write(learner, lesson, reflection, "First words")
    write(learner, lesson, kept, "Second words")

    page = LessonPage.objects.get(pk=lesson.pk)
    page.body = page.body.stream_block.to_python([kept])
    page.save_revision().publish()
    shown = signed_in(learner).get("/my/journal/").text
    assert (
        "First words" in shown and "Gone soon?" not in shown and "A question that is no longer asked" in shown
    )

    page.unpublish()
    shown = signed_in(learner).get("/my/journal/").text
    assert "Second words" in shown and "Stays?" in shown and address(lesson) not in shown

    LessonPage.objects.get(pk=lesson.pk).delete()
    shown = signed_in(learner).get("/my/journal/").text
    assert "First words" in shown and "A lesson that is no longer here" in shown


def test_the_journal_as_a_file_needs_nothing_else(signed_in):
    reflection = reflection_block()
    lesson, learner = lesson_with(reflection, title="Your list"), UserFactory()
    write(learner, lesson, reflection, "Morning <b>stairs</b>")

    answer = signed_in(learner).get("/my/journal/my-journal.html")

    assert re.fullmatch(
        r'attachment; filename="my-journal-\d{4}-\d\d-\d\d\.html"', answer.headers["Content-Disposition"]
    )
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Your list" in answer.text and "Morning &lt;b&gt;stairs&lt;/b&gt;" in answer.text
    assert not re.search(r"<(script|link|img|style)\b", answer.text)


def test_a_long_journal_has_pages(signed_in):
    module, learner = make_module(make_curriculum()), UserFactory()
    blocks = [reflection_block(prompt=f"Question {number}?") for number in range(31)]
    lesson = make_lesson(module, *blocks)
    for block in blocks:
        write(learner, lesson, block, "Words")

    assert "Page 1 of 2" in signed_in(learner).get("/my/journal/").text
    assert signed_in(learner).get("/my/journal/?page=2").text.count('class="journal__entry"') == 1


def test_a_journal_of_many_lessons_costs_as_many_queries_as_one(django_assert_max_num_queries):
    module, learner = make_module(make_curriculum()), UserFactory()
    for number in range(3):
        block = reflection_block()
        write(learner, make_lesson(module, block), block, f"Words {number}")
    journal_of(learner)

    with django_assert_max_num_queries(2):
        assert len(journal_of(learner)) == 3


# ---------------------------------------------------------------- the copy of one's data


def test_answers_read_as_words_in_the_copy_and_stay_whole_for_machines():
    choice, sort, order, ruler, rewrite = (
        choice_block(),
        sort_block(),
        order_block(),
        ruler_block(),
        rewrite_block(),
    )
    lesson, learner = lesson_with(choice, sort, order, ruler, rewrite), UserFactory()
    group = sort["value"]["groups"][0]
    values = {
        choice["id"]: {"chosen": [choice["value"]["options"][0]["id"]]},
        sort["id"]: {"items": {group["value"]["items"][0]["id"]: group["id"]}},
        order["id"]: {"order": [line["id"] for line in order["value"]["items"]], "settled": True},
        ruler["id"]: {"number": 7},
        rewrite["id"]: {"text": "What would suit you?"},
    }
    for block_id, value in values.items():
        save_answer(learner=learner, lesson=lesson, block_id=block_id, value=value)

    rows = part_of(classified_as("courses.Answer"), learner)["rows"]

    assert [row["value"][0] for row in rows] == list(values.values())
    assert [row["value"][1] for row in rows] == [
        "What would you do?\nSay it first",
        "Which is it?\nrelieve 1: Relieves",
        "What comes first?\n1. line 1\n2. line 2\n3. line 3\n4. line 4",
        "How sure are you?\n7",
        "Say it so that they choose.\nWhat would suit you?",
    ]


def test_an_answer_to_a_question_that_is_gone_is_in_the_copy_too():
    reflection = reflection_block()
    lesson, learner = lesson_with(reflection), UserFactory()
    write(learner, lesson, reflection, "First words")
    Answer.objects.update(block_id="gone")

    row = part_of(classified_as("courses.Answer"), learner)["rows"][0]

    assert row["value"] == [{"text": "First words"}, "text: First words"]


def test_half_a_rewriting_is_no_answer():
    block = {
        "type": "rewrite",
        "id": "x",
        "task": "Say it.",
        "sentence": "No.",
        "model": "Yes.",
        "look_for": [],
    }

    assert not exercise_for(block, {"text": ""}).is_kept
    assert exercise_for(block, {"text": "So."}).is_kept
