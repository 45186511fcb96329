"""Having a break, leaving, coming back; and modules that open one after the other."""

import pytest

from courses.models import Answer, CurriculumPage, Enrolment, LessonCompletion, LessonPage
from courses.queries import progress
from courses.services import complete_lesson, leave, pause, remember_place, save_answer
from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.core.kept import whose_mark
from lms.home.cards import cards_for
from lms.people.models import Role
from lms.people.services import sync_cms_groups
from tests.factories import RoleFactory, UserFactory
from tests.factories.courses import make_curriculum, make_lesson, make_module, reflection_block

pytestmark = pytest.mark.django_db


def address(lesson: LessonPage) -> str:
    module = lesson.get_parent()
    return f"/{module.get_parent().slug}/{module.slug}/{lesson.slug}/"


def titles(person) -> list[str]:
    return [card.title for card in cards_for(person) if card.section == "My path"]


def acts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


# ---------------------------------------------------------------- a break, and leaving


@pytest.fixture
def course():
    return make_curriculum(title="Moving on", slug="moving-on")


@pytest.fixture
def lesson(course):
    return make_lesson(make_module(course), reflection_block(prompt="What matters?"))


@pytest.fixture
def learner(course, lesson):
    """Somebody who has written something and done the one lesson there is, with another one to do."""
    person = UserFactory()
    make_lesson(lesson.get_parent().specific, title="Another")
    question = lesson.body.raw_data[0]["id"]
    save_answer(learner=person, lesson=lesson, block_id=question, value={"text": "The stairs"})
    complete_lesson(learner=person, lesson=lesson)
    return person


def test_a_break_makes_the_card_quiet_and_keeps_the_place(learner, course, signed_in):
    browser = signed_in(learner)
    assert titles(learner) == ["Continue: Another"]

    for _ in range(2):
        browser.post("/moving-on/", {"do": "pause"})

    assert titles(learner) == ["You are having a break from Moving on"]
    assert progress(learner, course).done == 1
    assert "Take up again" in browser.get("/moving-on/").text

    browser.post("/moving-on/", {"do": "again"})

    assert titles(learner) == ["Continue: Another"]
    assert acts()[-2:] == ["paused course", "took course up again"]


def test_leaving_takes_the_card_away_and_nothing_else(learner, course, signed_in):
    browser = signed_in(learner)

    for _ in range(2):
        answer = browser.post("/moving-on/", {"do": "leave"})

    assert answer.url == "/my/"
    assert titles(learner) == []
    assert Answer.objects.get().value == {"text": "The stairs"}
    assert LessonCompletion.objects.count() == 1
    assert acts().count("left course") == 1
    page = browser.get("/moving-on/").text
    assert "You left this course on" in page and "Start again where you were" in page


def test_coming_back_finds_everything(learner, course, signed_in):
    leave(learner=learner, curriculum=course)

    signed_in(learner).post("/moving-on/")

    now = progress(learner, course)
    assert (now.done, now.left_at, now.paused_at) == (1, None, None)
    assert Enrolment.objects.count() == 1


def test_doing_a_lesson_ends_a_break_but_reading_one_does_not(learner, course, lesson, signed_in):
    pause(learner=learner, curriculum=course)
    browser = signed_in(learner)

    browser.get(address(lesson))
    browser.post(address(lesson), {"place": "1", "at": lesson.body.raw_data[0]["id"]})
    assert progress(learner, course).paused_at is not None

    browser.post(address(lesson), {"done": "1"})
    assert progress(learner, course).paused_at is None


def test_who_left_is_not_brought_back_by_a_page_that_is_still_open(learner, course, lesson, signed_in):
    leave(learner=learner, curriculum=course)

    signed_in(learner).post(address(lesson), {"place": "1", "at": lesson.body.raw_data[0]["id"]})

    assert progress(learner, course).left_at is not None


def test_a_break_needs_a_course(course):
    with pytest.raises(RuleBroken, match="not on this course"):
        pause(learner=UserFactory(), curriculum=course)


def test_leaving_what_one_was_never_on_changes_nothing(course):
    assert leave(learner=UserFactory(), curriculum=course) is None
    assert not Enrolment.objects.exists()


def test_a_visitor_who_presses_a_button_signs_in_first(course, client):
    for do in ("pause", "leave", "again"):
        assert client.post("/moving-on/", {"do": do}).url.startswith("/accounts/login/")


# ---------------------------------------------------------------- one module after the other


@pytest.fixture
def three(db) -> tuple[CurriculumPage, list[LessonPage]]:
    """Three modules of one lesson each, the second one optional, opening one after the other."""
    course = make_curriculum(slug="steps", opens_in_order=True)
    modules = [
        make_module(course, title="First"),
        make_module(course, title="Second", optional=True),
        make_module(course, title="Third"),
    ]
    return course, [make_lesson(module, reflection_block()) for module in modules]


def test_modules_are_open_in_any_order_by_default(signed_in):
    course = make_curriculum()
    make_lesson(make_module(course))
    last = make_lesson(make_module(course))

    answer = signed_in(UserFactory()).post(address(last), {"done": "1"})

    assert answer.status_code == 302 and LessonCompletion.objects.count() == 1


def test_a_later_module_says_what_comes_first_and_takes_nothing(three, signed_in):
    course, (first, _second, third) = three
    person = UserFactory()
    browser = signed_in(person)

    page = browser.get(address(third))
    sent = browser.post(address(third), {"done": "1"})

    assert page.status_code == sent.status_code == 200
    for answer in (page, sent):
        assert "This lesson opens when" in answer.text and "First" in answer.text
        assert address(first) in answer.text
    assert not LessonCompletion.objects.exists()
    assert "Opens when “First” is done." in browser.get("/steps/").text
    assert "This module opens when" in browser.get(f"/steps/{third.get_parent().slug}/").text


def test_it_opens_when_the_one_before_is_done_and_an_optional_one_keeps_nobody_waiting(three, signed_in):
    course, (first, _second, third) = three
    person = UserFactory()
    browser = signed_in(person)

    complete_lesson(learner=person, lesson=first)

    assert "This lesson opens when" not in browser.get(address(third)).text
    assert browser.post(address(third), {"done": "1"}).status_code == 302
    assert progress(person, course).is_complete


def test_going_on_never_leads_to_a_closed_lesson(three):
    course, (first, _second, third) = three
    person = UserFactory()
    remember_place(learner=person, lesson=third)

    assert progress(person, course).next_url == address(first)


def test_what_is_done_and_what_visitors_may_read_stays_open(three, signed_in, client):
    course, (_first, _second, third) = three
    person = UserFactory()
    complete_lesson(learner=person, lesson=third)  # before the order was set
    free = make_lesson(third.get_parent().specific, open_to_visitors=True)

    for browser, lesson in ((signed_in(person), third), (signed_in(person), free), (client, free)):
        assert "This lesson opens when" not in browser.get(address(lesson)).text


def test_an_author_opens_any_lesson(three, signed_in):
    _course, (_first, _second, third) = three
    author = UserFactory()
    RoleFactory(person=author, kind=Role.Kind.AUTHOR)
    sync_cms_groups(person=author)

    assert "This lesson opens when" not in signed_in(author).get(address(third)).text


def test_what_was_typed_on_a_closed_lesson_waits_there(three, signed_in):
    _course, (first, _second, third) = three
    person = UserFactory()
    browser = signed_in(person)
    typed = {f"{third.body.raw_data[0]['id']}-answer": "My words", "whose": whose_mark(person)}

    browser.post(address(third), typed | {"done": "1"})
    complete_lesson(learner=person, lesson=first)

    assert "My words" in browser.get(address(third)).text
    assert not Answer.objects.exists()
