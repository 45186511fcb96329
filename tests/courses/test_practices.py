"""Rehearsing on a real tool's screen: half of it is kept, the whole of it counts."""

import pytest
from django.apps import apps
from django.template import engines

from courses import practices
from courses.models import Answer, LessonCompletion, LessonPage
from courses.practices import Practice, register_practice
from lms.ui.fields import LineField
from lms.ui.forms import PlainForm
from tests.courses.test_learning import address
from tests.factories import UserFactory
from tests.factories.courses import block, make_curriculum, make_lesson, make_module

pytestmark = pytest.mark.django_db


class KettleForm(PlainForm):
    what = LineField(label="What?", name="what you will do", max_length=20)
    when = LineField(label="When?", name="when", max_length=20)

    def as_answer(self):
        return {"what": self.cleaned_data["what"], "when": self.cleaned_data["when"]}


@pytest.fixture
def kettle(monkeypatch):
    monkeypatch.setattr(practices, "_practices", {})
    made = Practice(
        key="test.kettle", label="Fill the kettle", form_class=KettleForm, template_name="forms/fields.html"
    )
    register_practice(made)
    return made


def practice_block(key="test.kettle", **more):
    words = {"practice": key, "intro": "<p>Try it.</p>", "scenario": "<p>Be Carlos.</p>", "required": True}
    return block("practice", words | more)


def test_a_finished_practice_is_kept_as_plain_values_and_counts(kettle, signed_in):
    rehearsal = practice_block()
    lesson = make_lesson(make_module(make_curriculum()), rehearsal, completion="answers")
    client = signed_in(UserFactory())
    sent = {f"{rehearsal['id']}-what": "Walk", f"{rehearsal['id']}-when": "After lunch"}

    client.post(address(lesson), sent | {"done": "1"})

    assert Answer.objects.get().value["answer"] == {"what": "Walk", "when": "After lunch"}
    assert LessonCompletion.objects.count() == 1
    assert 'value="After lunch"' in client.get(address(lesson)).text


def test_half_a_practice_is_kept_but_does_not_count(kettle, signed_in):
    rehearsal = practice_block()
    lesson = make_lesson(make_module(make_curriculum()), rehearsal, completion="answers")
    client = signed_in(UserFactory())
    half = {f"{rehearsal['id']}-what": "Walk", f"{rehearsal['id']}-when": ""}

    assert client.post(address(lesson), half | {"stop": "1"}).status_code == 302
    assert 'value="Walk"' in client.get(address(lesson)).text
    assert Answer.objects.get().value["answer"] is None

    page = client.post(address(lesson), half | {"save": rehearsal["id"]})
    assert "Enter when." in page.text
    page = client.post(address(lesson), half | {"done": "1"})
    assert "Enter when." in page.text
    assert not LessonCompletion.objects.exists()


def test_odd_characters_in_a_practice_are_refused_in_words(kettle, signed_in):
    rehearsal = practice_block()
    lesson = make_lesson(make_module(make_curriculum()), rehearsal)

    odd = {
        f"{rehearsal['id']}-what": "Wa\x00lk",
        f"{rehearsal['id']}-when": "\u202enoon",
        "save": rehearsal["id"],
    }
    page = signed_in(UserFactory()).post(address(lesson), odd)

    assert page.status_code == 200
    assert page.text.count("hidden characters") >= 2


def test_a_practice_nobody_brings_is_a_plain_sentence_and_asks_for_nothing(kettle, signed_in):
    lesson = make_lesson(make_module(make_curriculum()), practice_block("not.there"), completion="answers")
    client = signed_in(UserFactory())

    assert "This practice is not part of this site." in client.get(address(lesson)).text
    client.post(address(lesson), {"done": "1"})

    assert LessonCompletion.objects.count() == 1


def test_two_practices_cannot_have_one_name(kettle):
    with pytest.raises(ValueError, match="test.kettle"):
        register_practice(Practice("test.kettle", "Another", KettleForm, "forms/fields.html"))


def test_the_real_tools_are_registered_and_their_screens_draw():
    for key in ("coaching.agenda", "coaching.action_plan"):
        known = practices.practice(key)
        html = (
            engines["django"].get_template(known.template_name).render({"form": known.form_class(prefix="x")})
        )
        assert 'name="x-' in html


def test_rehearsing_the_real_tools_makes_nothing_of_coaching(signed_in):
    agenda, plan = practice_block("coaching.agenda"), practice_block("coaching.action_plan")
    lesson = make_lesson(make_module(make_curriculum()), agenda, plan)
    learner, words = (
        UserFactory(),
        {"what": "walk", "how_much": "10 minutes", "when": "noon", "how_often": "daily"},
    )
    client = signed_in(learner)
    sent = {f"{agenda['id']}-topic_1": "Sleep", f"{agenda['id']}-answer_1": "today"}
    sent |= {f"{plan['id']}-{name}": typed for name, typed in words.items()} | {
        f"{plan['id']}-confidence": "7"
    }

    client.post(address(lesson), sent | {"save": plan["id"]})
    answers = {answer.block_id: answer for answer in Answer.objects.all()}
    assert answers[agenda["id"]].value["answer"]["topic_1"] == "Sleep"
    assert answers[plan["id"]].value["answer"]["what"] == "walk"
    make_mine = f"/coaching/plans/new/from-practice/?from={answers[plan['id']].pk}"
    assert make_mine in client.get(address(lesson)).text
    assert 'value="walk"' in client.get(make_mine).text

    # Only sending that form makes a plan (tests/coaching).
    assert {
        model: model.objects.count() for model in apps.get_app_config("coaching").get_models()
    } == dict.fromkeys(apps.get_app_config("coaching").get_models(), 0)


def test_an_author_chooses_among_the_tools_that_this_site_has(kettle):
    choices = dict(
        LessonPage.body.field.stream_block.child_blocks["practice"].child_blocks["practice"].field.choices
    )

    assert choices["test.kettle"] == "Fill the kettle"
    assert set(choices) == {"", "test.kettle"}
