"""A learner's way: answers, being done, coming back."""

import pytest
from django.test import Client

from courses.models import Answer, Enrolment, LessonCompletion
from courses.queries import own_answer, progress
from courses.services import complete_lesson, enrol, leave, remember_place, save_answer
from courses.signals import curriculum_completed, lesson_completed
from lms.core.errors import RuleBroken
from lms.people.models import Audience
from tests.factories import UserFactory
from tests.factories.courses import (
    choice_block,
    consultation_block,
    make_curriculum,
    make_lesson,
    make_module,
    reflection_block,
    ruler_block,
    text_block,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What courses announced while the test ran."""
    announced = []

    def hear(signal, sender, **kwargs):
        announced.append(signal)

    for signal in (lesson_completed, curriculum_completed):
        signal.connect(hear)
    yield announced
    for signal in (lesson_completed, curriculum_completed):
        signal.disconnect(hear)


def address(lesson) -> str:
    module = lesson.get_parent()
    return f"/{module.get_parent().slug}/{module.slug}/{lesson.slug}/"


def test_done_sent_twice_is_done_once(signed_in, heard):
    learner = UserFactory()
    curriculum = make_curriculum()
    lesson = make_lesson(make_module(curriculum))
    client = signed_in(learner)

    answers = [client.post(address(lesson), {"done": "1"}) for _ in range(2)]

    completion = LessonCompletion.objects.get()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert completion.enrolment.learner == learner
    assert completion.lesson_key == lesson.translation_key
    assert completion.revision_id == completion.revision_number == lesson.live_revision_id
    assert completion.rule == "done"
    assert heard == [lesson_completed, curriculum_completed]
    assert progress(learner, curriculum).is_complete


def test_a_lesson_that_asks_for_answers_names_what_is_open(signed_in):
    asked, free = (
        reflection_block(required=True, prompt="What is hardest?"),
        reflection_block(prompt="Anything else?"),
    )
    lesson = make_lesson(make_module(make_curriculum()), asked, free, completion="answers")
    client = signed_in(UserFactory())

    refused = client.post(address(lesson), {"done": "1", f"{free['id']}-answer": "Only this"})
    assert refused.status_code == 200
    assert "One question is still open: “What is hardest?”." in refused.text
    assert not LessonCompletion.objects.exists()
    assert Answer.objects.get().value == {"text": "Only this"}

    client.post(address(lesson), {"done": "1", f"{asked['id']}-answer": "The stairs"})
    assert LessonCompletion.objects.get().rule == "answers"


def test_every_kind_of_answer_counts_for_the_rule():
    learner = UserFactory()
    blocks = [
        choice_block(required=True),
        ruler_block(required=True),
        consultation_block(required=True),
        reflection_block(required=True),
    ]
    lesson = make_lesson(make_module(make_curriculum()), *blocks, completion="answers")
    not_yet = [{"chosen": []}, None, {"path": [], "tried": [], "ended": False}, {"text": ""}]
    done = [
        {"chosen": [blocks[0]["value"]["options"][0]["id"]]},
        {"number": None},
        {"path": [], "tried": [], "ended": True},
        {"text": "It is"},
    ]

    for values in (not_yet, done):
        for block, value in zip(blocks, values, strict=True):
            if value is not None:
                save_answer(learner=learner, lesson=lesson, block_id=block["id"], value=value)
        if values is not_yet:
            with pytest.raises(RuleBroken) as refused:
                complete_lesson(learner=learner, lesson=lesson)
            assert str(refused.value).count("“") == 4
            assert refused.value.field == blocks[0]["id"]

    assert complete_lesson(learner=learner, lesson=lesson).rule == "answers"


def test_feedback_stands_below_the_answer_and_the_place_is_that_block(signed_in):
    question = choice_block()
    lesson = make_lesson(make_module(make_curriculum()), text_block(), question)
    wrong = question["value"]["options"][1]["id"]
    client = signed_in(UserFactory())

    answer = client.post(address(lesson), {f"{question['id']}-answer": wrong, "save": question["id"]})
    page = client.get(address(lesson))

    assert answer.url == f"{address(lesson)}#b-{question['id']}"
    assert f'id="b-{question["id"]}"' in page.text
    assert "There is little time left." in page.text and "Then it gets its time." not in page.text


def test_the_place_is_kept_from_one_device_to_the_other():
    learner = UserFactory()
    last = reflection_block()
    lesson = make_lesson(make_module(make_curriculum(audience=Audience.PATIENT)), text_block(), last)
    phone, computer = Client(), Client()
    phone.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    computer.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")

    phone.post(address(lesson), {f"{last['id']}-answer": "Half a thought", "stop": "1", "at": last["id"]})
    page = computer.get("/my/")

    assert f"{address(lesson)}#b-{last['id']}" in page.text
    assert "Half a thought" in computer.get(address(lesson)).text


def test_too_much_text_is_refused_beside_the_field_and_nothing_typed_is_lost(signed_in):
    question = reflection_block()
    lesson = make_lesson(make_module(make_curriculum()), question)
    client = signed_in(UserFactory())

    page = client.post(address(lesson), {f"{question['id']}-answer": "x" * 4001, "done": "1"})

    assert page.status_code == 200
    assert "What you wrote must be 4000 characters or fewer. You have used 4001." in page.text
    assert "x" * 4001 in page.text
    assert not Answer.objects.exists() and not LessonCompletion.objects.exists()


@pytest.mark.parametrize(
    "junk", ["\x00", "<script>alert(1)</script>", "مرحبا \u202e", "👩🏽‍⚕️", "x/y/z", "9" * 500]
)
def test_odd_input_never_breaks_a_lesson(signed_in, junk):
    blocks = [
        reflection_block(),
        choice_block(),
        choice_block(multiple=True),
        ruler_block(),
        consultation_block(),
    ]
    lesson = make_lesson(make_module(make_curriculum()), *blocks)
    client = signed_in(UserFactory())
    sent = {f"{block['id']}-answer": junk for block in blocks}

    for button in ("save", "say", "back", "at"):
        page = client.post(address(lesson), sent | {button: f"{blocks[4]['id']}/{junk}"})
        assert page.status_code in (200, 302)
    assert "<script>alert" not in client.get(address(lesson)).text


def test_an_outsider_reads_nobody_elses_answers(signed_in):
    learner, outsider = UserFactory(), UserFactory()
    question = reflection_block()
    lesson = make_lesson(make_module(make_curriculum()), question)
    answer = save_answer(learner=learner, lesson=lesson, block_id=question["id"], value={"text": "My secret"})
    Answer.objects.filter(pk=answer.pk).update(kind="practice", value={"answer": {"what": "Walk"}})

    assert "My secret" not in signed_in(outsider).get(address(lesson)).text
    assert own_answer(outsider, answer.pk) is None
    assert own_answer(learner, answer.pk) == {"what": "Walk"}
    assert own_answer(learner, "9" * 30) is None and own_answer(learner, "x") is None


def test_a_draft_and_a_lesson_below_a_draft_are_not_there(client, signed_in):
    module = make_module(make_curriculum())
    shown = make_lesson(module, open_to_visitors=True)
    draft = make_lesson(module, published=False, open_to_visitors=True)
    assert client.get(address(shown)).status_code == 200
    assert client.get(address(draft)).status_code == 404
    assert signed_in(UserFactory()).post(address(draft), {"done": "1"}).status_code == 404

    module.refresh_from_db()
    module.unpublish()
    assert client.get(address(shown)).status_code == 404


def test_a_private_page_is_not_shown_by_the_straight_way(client):
    from wagtail.models import PageViewRestriction

    curriculum = make_curriculum()
    lesson = make_lesson(make_module(curriculum), open_to_visitors=True)
    assert client.get(address(lesson)).status_code == 200

    PageViewRestriction.objects.create(page=curriculum, restriction_type="login")

    assert client.get(address(lesson)).status_code != 200


def test_a_lesson_without_two_signatures_is_not_served_in_production(client, settings):
    lesson = make_lesson(make_module(make_curriculum()), open_to_visitors=True)
    assert "Not yet reviewed" in client.get(address(lesson)).text

    settings.SHOW_UNREVIEWED = False

    assert client.get(address(lesson)).status_code == 404


def test_modules_in_preparation_are_not_asked_for():
    learner = UserFactory()
    curriculum = make_curriculum()
    make_lesson(make_module(curriculum, status="in_preparation"))
    enrol(learner=learner, curriculum=curriculum)

    nothing = progress(learner, curriculum)
    assert (nothing.done, nothing.total, nothing.is_complete, nothing.next_lesson) == (0, 0, False, None)

    lesson = make_lesson(make_module(curriculum))
    complete_lesson(learner=learner, lesson=lesson)
    everything = progress(learner, curriculum)
    assert (everything.done, everything.total, everything.is_complete) == (1, 1, True)


def test_what_is_finished_stays_finished():
    learner = UserFactory()
    curriculum = make_curriculum()
    module = make_module(curriculum)
    first, second = make_lesson(module), make_lesson(module)
    complete_lesson(learner=learner, lesson=first)
    assert [lesson.title for lesson in progress(learner, curriculum).missing] == [second.title]

    second.unpublish()
    complete_lesson(learner=learner, lesson=first)
    assert not progress(learner, curriculum).missing

    third = make_lesson(module)
    complete_lesson(learner=learner, lesson=third)
    make_lesson(module)
    now = progress(learner, curriculum)
    assert now.is_complete and (now.done, now.total, now.missing) == (2, 2, [])


def test_progress_says_when_by_which_rule_and_on_which_words():
    learner = UserFactory()
    curriculum = make_curriculum()
    lesson = make_lesson(make_module(curriculum))
    complete_lesson(learner=learner, lesson=lesson)
    old_words = lesson.live_revision_id
    lesson.title = "New words"
    lesson.save_revision().publish()

    state = progress(learner, curriculum).states[0]

    assert state.lesson.title == "New words"
    assert (state.is_done, state.rule, state.revision) == (True, "done", old_words)


def test_enrolling_twice_is_once_and_leaving_keeps_everything():
    learner, other = UserFactory(), UserFactory()
    curriculum = make_curriculum()
    lesson = make_lesson(make_module(curriculum))
    enrol(learner=other, curriculum=curriculum)
    assert enrol(learner=learner, curriculum=curriculum) == enrol(learner=learner, curriculum=curriculum)
    complete_lesson(learner=learner, lesson=lesson)
    remember_place(learner=learner, lesson=lesson)

    for _ in range(2):
        leave(learner=learner, curriculum=curriculum)

    assert set(Enrolment.objects.values_list("learner", "left_at")) == {
        (other.pk, None),
        (learner.pk, progress(learner, curriculum).left_at),
    }
    assert progress(learner, curriculum).left_at is not None
    assert LessonCompletion.objects.count() == 1


def test_pressing_start_enrols_and_goes_to_the_first_lesson(signed_in, client):
    curriculum = make_curriculum(lessons=2)
    learner = UserFactory(audience=Audience.PROFESSIONAL)

    answer = signed_in(learner).post(f"/{curriculum.slug}/")

    assert answer.url == progress(learner, curriculum).states[0].lesson.url
    assert progress(learner, curriculum).is_enrolled
    assert client.post(f"/{curriculum.slug}/").url.startswith("/accounts/login/")
