"""Sorting lines into groups and putting lines in order, without a line of JavaScript."""

import re

import pytest
from django.http import QueryDict

from courses.bodies import prepared_body
from courses.exercises import Pressed, exercise_for, helps_most, in_words, is_answered
from courses.models import Answer, LessonCompletion, LessonPage
from courses.queries import outline_at
from tests.courses.test_drawn_lessons import parts
from tests.courses.test_learning import address
from tests.factories import UserFactory
from tests.factories.courses import make_curriculum, make_lesson, make_module, order_block, sort_block

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["visitor", "learner"])
def somebody(request, client):
    if request.param == "learner":
        client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def sort():
    return sort_block(required=True)


@pytest.fixture
def order():
    return order_block(required=True)


def lesson_with(*blocks) -> LessonPage:
    return make_lesson(make_module(make_curriculum()), *blocks, open_to_visitors=True, completion="answers")


def lines_of(sort) -> dict[str, str]:
    """The lines' ids by their words."""
    return {
        line["value"]["text"]: line["id"]
        for group in sort["value"]["groups"]
        for line in group["value"]["items"]
    }


def groups_of(sort) -> dict[str, str]:
    return {group["value"]["name"]: group["id"] for group in sort["value"]["groups"]}


def sorted_into(sort, **groups: str) -> dict[str, str]:
    """What the page sends when each line (relieve_1) is put into the group of this name."""
    lines, names = lines_of(sort), groups_of(sort)
    return {f"{sort['id']}-{lines[line.replace('_', ' ')]}": names[group] for line, group in groups.items()}


ALL_FIT = {"relieve_1": "Relieves", "relieve_2": "Relieves", "enable_1": "Enables", "enable_2": "Enables"}


def shown_order(page) -> list[str]:
    return re.findall(r"data-order-words>(line \d)<", page.text)


# ---------------------------------------------------------------- sort into groups


def test_each_line_that_was_put_somewhere_teaches_and_nothing_is_called_wrong(somebody, sort):
    lesson = lesson_with(sort)
    sent = sorted_into(sort, **ALL_FIT | {"enable_2": "Relieves"})

    assert "About" not in somebody.get(address(lesson)).text
    answer = somebody.post(address(lesson), sent | {"save": sort["id"]})
    page = somebody.get(address(lesson)).text

    assert answer.url == f"{address(lesson)}#b-{sort['id']}"
    assert page.count("This fits.") == 3 and page.count("Worth another look.") == 1
    assert all(f"About {line}." in page for line in lines_of(sort))
    assert len(re.findall(r"<input[^>]* checked", page)) == 4
    assert not re.search(r"\b(wrong|incorrect|failed|score)\b", page, re.IGNORECASE)


def test_half_of_it_is_kept_and_still_asked_for(somebody, sort):
    lesson = lesson_with(sort)

    page = somebody.post(address(lesson), sorted_into(sort, relieve_1="Relieves") | {"done": "1"})

    assert "One question is still open: “Which is it?”." in page.text
    assert len(re.findall(r"<input[^>]* checked", somebody.get(address(lesson)).text)) == 1
    assert somebody.post(address(lesson), sorted_into(sort, **ALL_FIT) | {"done": "1"}).status_code == 302


def test_a_group_that_is_not_offered_is_refused_beside_its_line(somebody, sort):
    lesson = lesson_with(sort)
    line = lines_of(sort)["enable 1"]

    page = somebody.post(address(lesson), {f"{sort['id']}-{line}": "nowhere", "save": sort["id"]})

    assert page.status_code == 200
    assert f'href="#id_{sort["id"]}-{line}_0"' in page.text


def test_an_edited_line_keeps_its_group_and_one_that_is_gone_is_forgotten(signed_in, sort):
    lesson, learner = lesson_with(sort), UserFactory()
    signed_in(learner).post(address(lesson), sorted_into(sort, **ALL_FIT) | {"save": sort["id"]})

    first, second = sort["value"]["groups"]
    first["value"]["items"][0]["value"]["text"] = "relieve in other words"
    del second["value"]["items"][1]
    page = LessonPage.objects.get(pk=lesson.pk)
    page.body = page.body.stream_block.to_python([sort])
    page.save_revision().publish()
    shown = signed_in(learner).get(address(lesson)).text

    assert "relieve in other words" in shown and "enable 2" not in shown
    assert len(re.findall(r"<input[^>]* checked", shown)) == 3
    assert signed_in(learner).post(address(lesson), {"done": "1"}).status_code == 302


def test_what_a_visitor_sorted_is_theirs_when_they_sign_up(client, sort, order):
    lesson = lesson_with(sort, order)
    client.post(address(lesson), sorted_into(sort, **ALL_FIT) | {"save": order["id"]})

    form = {"first_name": "Amina", "last_name": "Hart", "email": "amina@example.org", "audience": "patient"}
    client.post("/accounts/signup/", form | {"password1": "three calm green boats"})

    kept = {answer.kind: answer.value for answer in Answer.objects.all()}
    assert kept["sort"] == {
        "items": {
            line: groups_of(sort)["Relieves" if "relieve" in words else "Enables"]
            for words, line in lines_of(sort).items()
        }
    }
    assert kept["order"]["settled"] is True


# ---------------------------------------------------------------- put in order


def test_the_lines_are_mixed_and_lie_the_same_for_everybody_every_time(client, signed_in, order):
    lesson = lesson_with(order)

    once = shown_order(client.get(address(lesson)))

    assert sorted(once) == ["line 1", "line 2", "line 3", "line 4"] != once
    assert shown_order(signed_in(UserFactory()).get(address(lesson))) == once


def test_up_and_down_move_one_line_and_the_page_goes_on_there(somebody, order):
    lesson = lesson_with(order)
    before = shown_order(somebody.get(address(lesson)))
    ids = {line["value"]["text"]: line["id"] for line in order["value"]["items"]}
    second = ids[before[1]]

    answer = somebody.post(address(lesson), {"move": f"{order['id']}/{second}/up"})
    after = shown_order(somebody.get(address(lesson)))

    assert answer.url == f"{address(lesson)}#b-{order['id']}-{second}"
    assert after == [before[1], before[0], *before[2:]]
    somebody.post(address(lesson), {"move": f"{order['id']}/{second}/down"})
    assert shown_order(somebody.get(address(lesson))) == before


def test_the_first_has_no_up_and_the_last_no_down(client, order):
    page = client.get(address(lesson_with(order))).text

    lines = re.findall(r"<li class=\"order__line\".*?</li>", page, re.DOTALL)
    hidden = [re.findall(r'data-way="(\w+)" hidden', line) for line in lines]
    assert hidden == [["up"], [], [], ["down"]]


@pytest.mark.parametrize(
    "press", ["{first}/up", "{first}/sideways", "nowhere/up", "", "/", "x" * 300, "\x00/up"]
)
def test_a_press_that_leads_nowhere_changes_nothing(signed_in, order, press):
    lesson, client = lesson_with(order), signed_in(UserFactory())
    first = shown_order(client.get(address(lesson)))[0]
    ids = {line["value"]["text"]: line["id"] for line in order["value"]["items"]}

    answer = client.post(address(lesson), {"move": f"{order['id']}/{press.format(first=ids[first])}"})

    assert answer.status_code == 302
    assert not Answer.objects.exists()


def test_moving_is_kept_and_what_one_says_is_done_counts(signed_in, order):
    lesson, client = lesson_with(order), signed_in(UserFactory())
    before = shown_order(client.get(address(lesson)))
    ids = {line["value"]["text"]: line["id"] for line in order["value"]["items"]}

    assert (
        "One question is still open" in client.post(address(lesson), {"done": "1"}).text
    )  # nobody touched it
    client.post(address(lesson), {"move": f"{order['id']}/{ids[before[0]]}/down"})
    assert (
        "could come" not in client.get(address(lesson)).text
        and "This fits here." not in client.get(address(lesson)).text
    )
    assert Answer.objects.get().value["settled"] is False
    client.post(address(lesson), {"save": order["id"]})

    page = client.get(address(lesson)).text
    assert page.count("This fits here.") + page.count("This could come") == 4
    assert client.post(address(lesson), {"done": "1"}).status_code == 302
    assert LessonCompletion.objects.count() == 1


def test_lines_that_a_script_moved_are_kept_in_their_new_order(signed_in, order):
    lesson, client = lesson_with(order), signed_in(UserFactory())
    right = [line["id"] for line in order["value"]["items"]]

    client.post(address(lesson), {f"{order['id']}-order": right, "save": order["id"]})
    page = client.get(address(lesson))

    assert shown_order(page) == ["line 1", "line 2", "line 3", "line 4"]
    assert "This order works well." in page.text and page.text.count("This fits here.") == 4


def test_an_order_with_strangers_and_doubles_is_mended(signed_in, order):
    lesson, client = lesson_with(order), signed_in(UserFactory())
    last = order["value"]["items"][-1]["id"]

    sent = {f"{order['id']}-order": ["nobody", last, last, "\x00"], "save": order["id"]}
    client.post(address(lesson), sent)

    assert shown_order(client.get(address(lesson)))[0] == "line 4"
    assert len(Answer.objects.get().value["order"]) == 4


def test_a_line_that_is_added_later_comes_after_those_that_were_put_somewhere(order):
    plain = prepared_body(lesson_with(order))[0]
    kept = {"order": [line["id"] for line in plain["items"][1:]], "settled": True}

    exercise = exercise_for(plain, kept)

    assert [line["text"] for line in exercise.lines] == ["line 2", "line 3", "line 4", "line 1"]
    assert is_answered(plain, kept)
    assert helps_most(plain, kept) == (3, 4)


# ---------------------------------------------------------------- both


def test_how_many_help_most(sort, order):
    sorting, ordering = prepared_body(lesson_with(sort, order))
    lines, groups = lines_of(sort), groups_of(sort)
    all_right = {id: groups["Relieves" if "relieve" in words else "Enables"] for words, id in lines.items()}
    right = [line["id"] for line in ordering["items"]]

    assert helps_most(sorting, {"items": all_right}) == (4, 4)
    assert helps_most(sorting, {"items": all_right | {lines["enable 1"]: groups["Relieves"]}}) == (3, 4)
    assert helps_most(sorting, None) == (0, 4)
    assert helps_most(ordering, {"order": right, "settled": True}) == (4, 4)
    assert helps_most(ordering, {"order": [right[1], right[0], *right[2:]], "settled": True}) == (2, 4)
    assert helps_most(ordering, {"order": right, "settled": False}) == (0, 4)


def test_answers_read_in_words(sort, order):
    sorting, ordering = prepared_body(lesson_with(sort, order))
    placed = {lines_of(sort)["enable 1"]: groups_of(sort)["Relieves"], "gone": "gone"}
    back = [line["id"] for line in reversed(ordering["items"])]

    assert in_words(sorting, {"items": placed}) == "enable 1: Relieves"
    assert in_words(ordering, {"order": back, "settled": True}).startswith("1. line 4\n2. line 3")


def test_lines_are_drawn_once_and_as_django_draws_them(sort):
    lesson = lesson_with(sort)
    stamp = outline_at(lesson.get_parent().get_parent().slug).stamp
    prepared = prepared_body(lesson, stamp=stamp)[0]
    value = {"items": {lines_of(sort)["enable 1"]: groups_of(sort)["Relieves"]}}

    for _ in range(2):
        for answer in (None, value):
            exercise = exercise_for(prepared, answer)
            for row in exercise.rows:
                expected = str(exercise.form[row["line"]["id"]].as_field_group())
                assert parts(row["drawn"]) == parts(expected)


def test_a_page_that_is_sent_by_a_machine_reads_as_nothing(sort, order):
    for plain in prepared_body(lesson_with(sort, order)):
        exercise = exercise_for(plain, None, QueryDict(""))
        exercise.read(Pressed())
        assert not exercise.is_new and exercise.value is None
