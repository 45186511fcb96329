"""The words of a lesson are drawn once for everybody; answers are put in for each, and changes show at once."""

import html
import re
from dataclasses import replace

import pytest
from django.core.cache import caches

from courses.bodies import prepared_body
from courses.exercises import exercise_for
from courses.models import LessonPage
from courses.queries import outline_at
from courses.services import save_answer
from lms.people import crisis
from tests.courses.test_learning import address
from tests.factories import UserFactory
from tests.factories.courses import (
    block,
    choice_block,
    make_curriculum,
    make_lesson,
    make_module,
    reflection_block,
    ruler_block,
    text_block,
)
from tests.factories.signing import Desk

pytestmark = pytest.mark.django_db
BLOCKS = {
    "reflection": reflection_block(),
    "choice": choice_block(),
    "several": choice_block(multiple=True),
    "ruler": ruler_block(),
}
CHOICES = [item["id"] for item in BLOCKS["choice"]["value"]["options"]]
SEVERAL = [item["id"] for item in BLOCKS["several"]["value"]["options"]]
ANSWERS = [
    ("reflection", None),
    ("reflection", {"text": ""}),
    ("reflection", {"text": "</textarea><script>alert('1 & 2')</script>\n\x1etext:\x1e"}),
    ("choice", None),
    ("choice", {"chosen": []}),
    *[("choice", {"chosen": [one]}) for one in CHOICES],
    ("choice", {"chosen": ["no longer there"]}),
    ("several", {"chosen": SEVERAL}),
    ("several", {"chosen": SEVERAL[1:]}),
    ("ruler", None),
    *[("ruler", {"number": number}) for number in (None, 0, 1, 10)],
]


def parts(drawn: str) -> tuple:
    """Each tag with its attributes, whatever their order, and the text."""
    tags = [
        (tag, sorted(re.findall(r'([\w-]+(?:\.[\w.-]+)?)(?:="([^"]*)")?', rest)))
        for tag, rest in re.findall(r"<(\w+)([^>]*)>", drawn)
    ]
    return tags, re.sub(r"<[^>]*>", "", drawn).split()


@pytest.mark.parametrize(("kind", "value"), ANSWERS)
def test_a_field_is_as_django_draws_it(kind, value):
    lesson = make_lesson(make_module(make_curriculum()), BLOCKS[kind])
    stamp = outline_at(lesson.get_parent().get_parent().slug).stamp
    prepared = prepared_body(lesson, stamp=stamp)[0]
    in_preview = {name: part for name, part in prepared.items() if name != "kept_as"}

    expected = str(exercise_for(prepared, value).form["answer"].as_field_group())

    for _ in range(2):
        assert parts(exercise_for(prepared, value).drawn) == parts(expected)
        assert parts(exercise_for(in_preview, value).drawn) == parts(expected)


def test_what_one_wrote_is_never_on_anothers_page(signed_in):
    lesson = make_lesson(make_module(make_curriculum()), BLOCKS["reflection"], BLOCKS["choice"])
    writer, reader = UserFactory(), UserFactory()
    save_answer(learner=writer, lesson=lesson, block_id=BLOCKS["reflection"]["id"], value={"text": "Canary"})
    save_answer(learner=writer, lesson=lesson, block_id=BLOCKS["choice"]["id"], value={"chosen": CHOICES[:1]})

    for _ in range(2):
        own, others = (signed_in(person).get(address(lesson)).text for person in (writer, reader))
        assert own.count("Canary") == 1
        assert len(re.findall(r"<input[^>]* checked", own)) == 1
        assert "Canary" not in others
        assert not re.findall(r"<input[^>]* checked", others)

    kept = repr(caches["process"]._kept)
    assert BLOCKS["reflection"]["value"]["prompt"] in kept
    assert "Canary" not in kept


def test_markup_in_an_answer_is_shown_as_it_was_typed(signed_in):
    lesson = make_lesson(make_module(make_curriculum()), BLOCKS["reflection"])
    learner, words = UserFactory(), "</textarea><script>alert(1)</script>"
    save_answer(learner=learner, lesson=lesson, block_id=BLOCKS["reflection"]["id"], value={"text": words})

    page = signed_in(learner).get(address(lesson)).text

    assert html.escape(words) in page
    assert words not in page


def test_an_edited_lesson_shows_at_the_next_request_though_memory_is_warm(client):
    """Nothing tells a process to forget: the stamp that it reads at each request does, wherever the edit was made."""
    lesson = make_lesson(
        make_module(make_curriculum()), text_block("<p>Before.</p>"), BLOCKS["choice"], open_to_visitors=True
    )
    here = address(lesson)
    assert "Before." in client.get(here).text
    kept = dict(caches["process"]._kept)

    page = LessonPage.objects.get(pk=lesson.pk)
    page.title, page.minutes = "Another title", 17
    page.body = [("text", "<p>After.</p>")]
    page.save_revision().publish()
    shown = client.get(here).text

    assert "After." in shown and "<h1>Another title</h1>" in shown and "about 17 minutes" in shown
    assert "Before." not in shown and "What would you do?" not in shown
    assert kept.items() <= dict(caches["process"]._kept).items()
    page.unpublish()
    assert client.get(here).status_code == 404


def test_another_crisis_number_shows_in_a_lesson_at_the_next_request(client, monkeypatch):
    card = block("care_card", {"kind": "emergency"})
    lesson = make_lesson(make_module(make_curriculum()), card, open_to_visitors=True)
    assert "tel:999" in client.get(address(lesson)).text
    lines = crisis.NATIONS["england"]

    newer = replace(lines, emergency=replace(lines.emergency, number="112", what="Call 112 now"))
    monkeypatch.setitem(crisis.NATIONS, "england", newer)
    page = client.get(address(lesson)).text

    assert page.count("tel:112") == 2  # in the lesson, and at the foot
    assert "999" not in page


def test_a_lesson_that_is_not_signed_says_so_as_soon_as_it_is_so(client):
    lesson = make_lesson(make_module(make_curriculum()), open_to_visitors=True)
    assert "Not yet reviewed" in client.get(address(lesson)).text
    Desk().signed(lesson)
    assert "Not yet reviewed" not in client.get(address(lesson)).text

    draft = lesson.get_latest_revision_as_object()
    draft.title = "Other words"
    draft.save_revision().publish()

    assert "Not yet reviewed" in client.get(address(lesson)).text
