"""The reviewer's page, and the author's in the CMS."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Answer, LessonPage, ReviewComment, Signature
from lms.people.models import Role
from tests.factories import UserFactory
from tests.factories.courses import (
    choice_block,
    consultation_block,
    make_curriculum,
    make_lesson,
    make_module,
    text_block,
)
from tests.factories.signing import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def lesson():
    module = make_module(make_curriculum())
    return make_lesson(
        module, text_block(), choice_block(), consultation_block(), published=False, title="Your list"
    )


@pytest.fixture
def review(desk, lesson):
    return desk.ask(lesson)


def seat(review, person):
    return reverse("courses:review", args=[review.seats.get(reviewer=person).public_id])


def test_a_reviewer_reads_the_draft_and_signs_it_without_the_cms(desk, review, signed_in, settings):
    settings.SHOW_UNREVIEWED = False
    browser = signed_in(desk.lived)

    page = browser.get(seat(review, desk.lived))
    assert "Your list" in page.text and "Some words." in page.text and "Wait for the door" in page.text
    assert browser.get("/cms/").status_code == 404
    answer = browser.post(seat(review, desk.lived), {"do": "sign", "months": "12"}, follow=True)

    assert "You signed this lesson." in answer.text
    assert [(one.side, one.verdict) for one in Signature.objects.all()] == [("lived", "signed")]


def test_only_the_one_who_was_asked_opens_it(desk, review, signed_in):
    address = seat(review, desk.lived)

    assert signed_in(desk.clinical).get(address).status_code == 404
    assert signed_in(desk.author).get(address).status_code == 404
    assert signed_in(UserFactory()).get(address).status_code == 404
    other = Desk().lived
    assert signed_in(other).get(address).status_code == 404
    assert signed_in(desk.lived).get(address).status_code == 200


def test_every_word_of_a_practice_stands_on_the_page(desk, review, signed_in):
    page = signed_in(desk.lived).get(seat(review, desk.lived)).text

    for words in ("There is little time left.", "You insist.", "more thinks.", "Polite, and over."):
        assert words in page


def test_what_a_reviewer_tries_is_nobodys_progress(desk, lesson, review, signed_in):
    browser = signed_in(desk.lived)
    block = lesson.body[1]
    option = block.value["options"].bound_blocks[1].id

    pressed = browser.post(seat(review, desk.lived), {"save": str(block.id), f"{block.id}-answer": option})
    page = browser.get(pressed.url)

    assert pressed.url == f"{seat(review, desk.lived)}#b-{block.id}"
    assert "Worth another look." in page.text
    assert not Answer.objects.exists()


def test_a_comment_stands_beside_its_part_and_the_author_answers_it(desk, lesson, review, signed_in):
    block_id = str(lesson.body[0].id)
    reviewer, author = signed_in(desk.lived), signed_in(desk.author)

    reviewer.post(seat(review, desk.lived), {"do": "comment", "block_id": block_id, "text": "Which words?"})
    comment = ReviewComment.objects.get()
    desk_page = author.get(reverse("lesson_review", args=[lesson.pk]))
    assert "Which words?" in desk_page.text
    author.post(
        reverse("lesson_review", args=[lesson.pk]),
        {"do": "answer", "comment": comment.pk, "text": "These <b>words</b>."},
    )

    soup = BeautifulSoup(reviewer.get(seat(review, desk.lived)).text, "html.parser")
    beside = soup.find(id=f"b-{block_id}").find_next_sibling(class_="review__beside")
    assert "Which words?" in beside.text and "These <b>words</b>." in beside.text


def test_please_change_needs_words_and_reaches_the_author(desk, lesson, review, signed_in):
    browser = signed_in(desk.clinical)

    empty = browser.post(seat(review, desk.clinical), {"do": "change", "words": " "})
    assert "Enter what should change." in empty.text and not Signature.objects.exists()
    browser.post(seat(review, desk.clinical), {"do": "change", "words": "Say who to call."})

    page = signed_in(desk.author).get(reverse("lesson_review", args=[lesson.pk])).text
    assert "A reviewer asks for a change." in page and "Say who to call." in page


def test_words_that_changed_cannot_be_signed_from_an_open_page(desk, lesson, review, signed_in):
    draft = lesson.get_latest_revision_as_object()
    draft.title = "Another"
    draft.save_revision()
    browser = signed_in(desk.lived)

    answer = browser.post(seat(review, desk.lived), {"do": "sign", "months": "24"})

    assert answer.status_code == 200 and "These words have changed since you were asked." in answer.text
    assert "There is nothing to sign for now." in browser.get(seat(review, desk.lived)).text


def test_a_double_press_signs_once(desk, review, signed_in):
    browser = signed_in(desk.lived)
    sent = {"do": "sign", "months": "24", "once": "11111111-1111-4111-8111-111111111111"}

    browser.post(seat(review, desk.lived), sent)
    browser.post(seat(review, desk.lived), sent)

    assert Signature.objects.count() == 1


def test_a_reviewers_page_says_what_waits(desk, review, signed_in):
    browser = signed_in(desk.lived)
    assert "A lesson waits for you: Your list" in browser.get("/my/").text

    desk.sign(review, desk.lived)

    assert "A lesson waits for you" not in browser.get("/my/").text


def test_the_author_asks_and_publishes_in_the_cms(desk, lesson, signed_in, settings):
    settings.SHOW_UNREVIEWED = False
    author, where = signed_in(desk.author), reverse("lesson_review", args=[lesson.pk])
    soup = BeautifulSoup(author.get(where).text, "html.parser")
    ticked = [box["value"] for box in soup.select("input[name=reviewers][checked]")]
    assert ticked == [str(desk.lived.public_id), str(desk.clinical.public_id)]

    author.post(where, {"do": "ask", "reviewers": ticked})
    refused = author.post(where, {"do": "publish"}, follow=True)
    assert "Both reviewers have to sign these very words" in refused.text
    review = LessonPage.objects.get(pk=lesson.pk).reviews.get()
    desk.sign(review)
    done = author.post(where, {"do": "publish"}, follow=True)

    assert "The lesson is published." in done.text
    assert LessonPage.objects.get(pk=lesson.pk).live


def test_asking_only_one_side_is_refused_in_a_sentence(desk, lesson, signed_in):
    where = reverse("lesson_review", args=[lesson.pk])

    page = signed_in(desk.author).post(where, {"do": "ask", "reviewers": [str(desk.lived.public_id)]})

    assert page.status_code == 200 and "one clinical reviewer." in page.text


def test_the_editor_shows_the_review_and_how_it_reads(desk, lesson, review, signed_in):
    page = signed_in(desk.author).get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).text

    assert "Both reviewers are asked." in page and "The longest sentence has" in page
    assert "Ask both reviewers" in page and "Submit to" not in page


def test_the_list_of_lessons_shows_reading_age_and_review_at_the_same_cost(desk, lesson, review, signed_in):
    module = lesson.get_parent()
    browser = signed_in(desk.author)
    browser.get(reverse("wagtailadmin_explore", args=[module.pk]))

    def cost():
        with CaptureQueriesContext(connection) as taken:
            page = browser.get(reverse("wagtailadmin_explore", args=[module.pk]))
        return len([one for one in taken if "courses_" in one["sql"]]), page.text

    one, text = cost()
    assert "Reading age" in text and "Asked" in text
    for _ in range(2):
        make_lesson(module, published=False)
    three, text = cost()
    assert text.count("Not asked") == 2
    assert three <= one + 2  # Wagtail's own, none of the columns'


def test_a_reviewer_whose_role_is_over_is_led_nowhere(desk, review, signed_in):
    Role.objects.filter(person=desk.lived).update(ends_on="2026-02-01")

    assert signed_in(desk.lived).get(seat(review, desk.lived)).status_code == 404


@pytest.mark.parametrize("mode", ["", "patient", "professional", "print"])
def test_previews_ask_for_nobodys_progress(desk, lesson, mode):
    with CaptureQueriesContext(connection) as taken:
        response = lesson.make_preview_request(
            original_request=None, preview_mode=mode, extra_request_attrs={}
        )

    assert response.status_code == 200 and "Some words." in response.text
    asked = " ".join(one["sql"] for one in taken)
    assert "courses_lessoncompletion" not in asked and "courses_enrolment" not in asked
    assert response.text.count("css/print.css") == (2 if mode == "print" else 1)


def test_previews_come_as_patient_as_professional_on_paper_and_as_on_a_phone(lesson):
    assert [name for name, _label in lesson.preview_modes] == ["", "patient", "professional", "print"]
    assert lesson.preview_sizes[0]["device_width"] == 320


def test_a_new_lesson_offers_to_ask_both(desk, lesson, signed_in):
    module = lesson.get_parent()
    new = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", module.pk])
    other = reverse("wagtailadmin_pages:add", args=["courses", "modulepage", module.get_parent().pk])
    author = signed_in(desk.author)

    assert 'name="action-ask-reviewers"' in author.get(new).text
    assert 'name="action-ask-reviewers"' not in author.get(other).text
