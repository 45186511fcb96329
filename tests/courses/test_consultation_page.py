"""Rehearsing a talk, without a line of JavaScript."""

import pytest

from courses.models import Answer, LessonCompletion
from tests.courses.test_learning import address
from tests.factories import UserFactory
from tests.factories.courses import (
    consultation_block,
    make_curriculum,
    make_lesson,
    make_module,
    reflection_block,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk():
    return consultation_block(required=True)


@pytest.fixture
def lesson(talk):
    return make_lesson(make_module(make_curriculum()), talk, open_to_visitors=True, completion="answers")


def now(page) -> str:
    """What stands in the talk itself, without the script of all of it."""
    return page.text.split("consultation__now")[1].split("Read it as a script")[0]


@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_a_talk_from_hello_to_its_debrief_with_a_step_back(client, lesson, talk, who):
    if who == "learner":
        client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")

    def say(where: str):
        answer = client.post(address(lesson), {"say": f"{talk['id']}/{where}"})
        assert answer.url == f"{address(lesson)}#b-{talk['id']}-now"
        return now(client.get(address(lesson)))

    start = now(client.get(address(lesson)))
    assert "hello says." in start and "hello thinks." not in start
    assert "I ask." in start and "I tell." in start

    after_telling = say("hello/tell")
    assert "over says." in after_telling and "over thinks." in after_telling
    assert "To tell" in after_telling and "Polite, and over." in after_telling

    client.post(address(lesson), {"back": f"{talk['id']}/0"})
    back = now(client.get(address(lesson)))
    assert "hello says." in back and "tried before" in back

    say("hello/ask")
    ending = say("more/agree")
    assert "One list by two." in ending
    play = ending.split("short play")[1]
    assert (
        play.index("hello says.") < play.index("I ask.") < play.index("more says.") < play.index("good says.")
    )

    assert client.post(address(lesson), {"done": "1"}).status_code == 302


def test_the_same_press_twice_says_it_once(signed_in, lesson, talk):
    client = signed_in(UserFactory())

    for _ in range(2):
        client.post(address(lesson), {"say": f"{talk['id']}/hello/ask"})

    assert Answer.objects.get().value["path"] == [["hello", "ask"]]


def test_something_that_cannot_be_said_here_changes_nothing(signed_in, lesson, talk):
    client = signed_in(UserFactory())

    for press in ("more/agree", "hello/agree", "hello", "/", "x/y/z"):
        client.post(address(lesson), {"say": f"{talk['id']}/{press}"})

    assert not Answer.objects.exists()


def test_a_talk_that_has_not_ended_is_still_open(signed_in, lesson, talk):
    client = signed_in(UserFactory())
    client.post(address(lesson), {"say": f"{talk['id']}/hello/ask"})

    page = client.post(address(lesson), {"done": "1"})

    assert "One question is still open: “A visit”." in page.text
    assert not LessonCompletion.objects.exists()


def test_the_whole_talk_can_be_read_as_a_script(client, lesson):
    script = client.get(address(lesson)).text.split("Read it as a script")[1]

    for words in (
        "hello says.",
        "more thinks.",
        "I insist.",
        "You agree.",
        "One list by two.",
        "Polite, and over.",
    ):
        assert words in script


def test_the_whole_talk_is_a_page_of_its_own_with_numbers_to_follow(client, lesson, talk):
    page = client.get(f"{address(lesson)}read/{talk['id']}/")

    assert page.status_code == 200
    assert "<h1>A visit</h1>" in page.text and "You meet." in page.text
    for words in (
        "hello says.",
        "more thinks.",
        "I insist.",
        "You agree.",
        "One list by two.",
        "Polite, and over.",
    ):
        assert page.text.count(words) == 1
    assert f'href="#s-{talk["id"]}-2">Go to 2<' in page.text and f'id="s-{talk["id"]}-2"' in page.text
    assert f'href="{address(lesson)}read/{talk["id"]}/"' in client.get(address(lesson)).text


def test_a_talk_to_read_is_there_for_whom_its_lesson_is(client, signed_in, lesson, talk):
    closed_talk, thought = consultation_block(), reflection_block()
    closed = make_lesson(make_module(make_curriculum()), closed_talk, thought)
    path = f"{address(closed)}read/{closed_talk['id']}/"

    assert client.get(path).url == address(closed)
    assert signed_in(UserFactory()).get(path).status_code == 200
    for wrong in (thought["id"], talk["id"], "nowhere", "%00"):
        assert signed_in(UserFactory()).get(f"{address(closed)}read/{wrong}/").status_code == 404
    closed.unpublish()
    assert signed_in(UserFactory()).get(path).status_code == 404
