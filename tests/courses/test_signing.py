"""Two people sign the very words, or nobody reads them."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.deletion import ProtectedError
from django.test.utils import CaptureQueriesContext

from courses.models import LessonPage, Review, Signature
from courses.queries import outline_of, shown_lessons
from courses.queries.outlines import read_outline
from courses.queries.review import (
    comments_on,
    is_signed,
    review_state,
    reviewed,
    seats_visible_to,
    seats_waiting_for,
)
from courses.services.signing import (
    answer_comment,
    ask_for_change,
    ask_for_review,
    comment_on_lesson,
    remind_authors,
    sign_lesson,
)
from courses.words import words_digest
from lms.core.errors import RuleBroken
from lms.notifications.models import Message
from lms.people.models import Audience, Role
from lms.people.services import give_consent, withdraw_consent
from lms.people.services.lived_with import write_lived_with
from tests.factories import RoleFactory, UserFactory
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
    return make_lesson(make_module(make_curriculum()), published=False)


def mails():
    return list(Message.objects.order_by("pk").values_list("template", "to__first_name"))


def change(lesson, html="<p>Other words.</p>", **facts):
    """The author edits and keeps the draft."""
    draft = lesson.get_latest_revision_as_object()
    draft.body = [("text", html)] if html else draft.body
    for name, value in facts.items():
        setattr(draft, name, value)
    return draft.save_revision(user=facts.pop("user", None))


def test_both_sides_sign_the_same_words(desk, lesson):
    review = desk.ask(lesson)
    assert mails() == [("review_asked", "Dev"), ("review_asked", "Ines")]
    assert not is_signed(lesson)

    desk.sign(review, desk.lived)
    assert not is_signed(lesson)
    desk.sign(review, desk.clinical, profession="physiotherapist")

    assert is_signed(lesson)
    assert mails()[2:] == [("review_signed", "Kit"), ("review_both_signed", "Kit")]
    review.refresh_from_db()
    assert review.over_at is not None
    assert [(one.side, one.verdict, one.revision_number) for one in Signature.objects.all()] == [
        ("lived", "signed", lesson.latest_revision_id),
        ("clinical", "signed", lesson.latest_revision_id),
    ]


def test_any_edit_asks_both_again(desk, lesson):
    desk.signed(lesson)

    change(lesson)
    lesson.refresh_from_db()

    state = review_state(lesson.get_latest_revision_as_object())
    assert (state.lived, state.clinical, state.is_signed) == (False, False, False)
    desk.ask(lesson)
    assert mails()[-2:] == [("review_asked", "Dev"), ("review_asked", "Ines")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Another"),
        ("minutes", 7),
        ("open_to_visitors", True),
        ("optional", True),
        ("search_description", "x"),
    ],
)
def test_whatever_a_learner_meets_is_words(desk, lesson, name, value):
    before = words_digest(lesson)

    setattr(lesson, name, value)

    assert words_digest(lesson) != before


def test_a_second_save_of_the_same_words_asks_nobody_again(desk, lesson):
    desk.signed(lesson)

    again = lesson.get_latest_revision_as_object().save_revision()

    assert again.pk != Signature.objects.first().revision_number
    assert is_signed(again.as_object())


def test_words_have_one_name_on_the_page_in_a_revision_and_after_a_reload():
    lesson = make_lesson(
        make_module(make_curriculum()),
        text_block("<p>A & <b>b</b></p>"),
        choice_block(),
        consultation_block(),
    )
    page = LessonPage.objects.get(pk=lesson.pk)

    revision = page.get_latest_revision()
    assert (
        page.words_digest == words_digest(page) == words_digest(revision.as_object()) == words_digest(lesson)
    )
    for block in page.body:  # looked at, Wagtail writes it anew
        assert block.value is not None
    assert words_digest(page) == lesson.words_digest


def test_nobody_signs_for_both_sides(desk, lesson):
    both = desk.with_role("Bo", Role.Kind.LAY_REVIEWER, Audience.PATIENT)
    RoleFactory(person=both, kind=Role.Kind.CLINICAL_REVIEWER, organisation=desk.organisation)
    review = ask_for_review(lesson=lesson, asked_by=desk.author, reviewers=[both, desk.lived, desk.clinical])
    assert review.seats.get(reviewer=both).side == "clinical"

    desk.sign(review, both)
    # Whatever wrote the other row: one person's two signatures are not two people's.
    first = Signature.objects.get()
    Signature.objects.create(
        lesson=lesson, lesson_title="x", revision_number=1, digest=first.digest, side="lived", reviewer=both,
        verdict="signed", next_review_on=first.next_review_on,
    )  # fmt: skip

    assert not is_signed(lesson)
    desk.sign(review, desk.lived, desk.clinical)
    assert is_signed(lesson)


def test_whoever_wrote_some_of_it_cannot_sign(desk, lesson):
    RoleFactory(person=desk.author, kind=Role.Kind.LAY_REVIEWER, organisation=desk.organisation)
    with pytest.raises(RuleBroken, match="Whoever wrote the lesson"):
        ask_for_review(lesson=lesson, asked_by=desk.author, reviewers=[desk.author, desk.clinical])

    review = desk.ask(lesson)
    lesson.save_revision(user=desk.lived)
    with pytest.raises(RuleBroken, match="You wrote some of this"):
        desk.sign(review, desk.lived)


def test_a_role_that_is_over_signs_nothing(desk, lesson):
    review = desk.ask(lesson)
    Role.objects.filter(person=desk.lived).update(ends_on="2026-02-01")

    with pytest.raises(RuleBroken, match="while they hold the role"):
        desk.sign(review, desk.lived)
    assert not seats_visible_to(desk.lived).exists()
    # What was signed while the role was held stays signed.
    desk.sign(review, desk.clinical)
    Role.objects.filter(person=desk.clinical).update(ends_on="2026-02-01")
    assert review_state(lesson).clinical


def test_words_that_changed_meanwhile_are_not_signed(desk, lesson):
    review = desk.ask(lesson)
    change(lesson)

    with pytest.raises(RuleBroken, match="have changed since"):
        desk.sign(review, desk.lived)
    assert not Signature.objects.exists()


def test_both_sides_have_to_be_asked(desk, lesson):
    with pytest.raises(RuleBroken, match="at least one reviewer with lived"):
        ask_for_review(lesson=lesson, asked_by=desk.author, reviewers=[desk.clinical])

    assert not Review.objects.exists() and not Message.objects.exists()


def test_asking_twice_asks_once(desk, lesson):
    first = desk.ask(lesson)

    assert desk.ask(lesson) == first
    assert len(mails()) == 2
    desk.sign(first)
    with pytest.raises(RuleBroken, match="signed these words already"):
        desk.ask(lesson)


def test_signing_twice_signs_once(desk, lesson):
    review = desk.ask(lesson)

    desk.sign(review, desk.lived)
    desk.sign(review, desk.lived)

    assert Signature.objects.count() == 1 and mails().count(("review_signed", "Kit")) == 1


def test_a_wish_for_a_change_outweighs_signatures_until_its_writer_signs(desk, lesson, settings):
    review = desk.ask(lesson)
    desk.sign(review)

    ask_for_change(seat=review.seats.get(reviewer=desk.lived), by=desk.lived, words="Too fast.")

    assert mails()[-1] == ("review_change", "Kit")
    assert not is_signed(lesson) and review_state(lesson).asks_for_change
    desk.sign(review, desk.lived)
    assert is_signed(lesson)


def test_a_signature_taken_back_takes_the_lesson_off_the_site(desk, lesson, settings, client):
    settings.SHOW_UNREVIEWED = False
    lesson.open_to_visitors = True
    lesson.save_revision()
    review = desk.ask(lesson, publish_when_signed=True)
    desk.sign(review)
    lesson.refresh_from_db()
    curriculum = lesson.get_parent().get_parent().specific
    address = f"/{curriculum.slug}/{lesson.get_parent().slug}/{lesson.slug}/"
    assert client.get(address).status_code == 200

    ask_for_change(seat=review.seats.get(reviewer=desk.clinical), by=desk.clinical, words="A wrong dose.")

    assert client.get(address).status_code == 404
    assert not shown_lessons().exists() and outline_of(curriculum).lessons == []


def test_published_as_soon_as_both_have_signed_where_the_author_said_so(desk, lesson, settings):
    settings.SHOW_UNREVIEWED = False
    desk.sign(desk.ask(lesson, publish_when_signed=True))

    lesson.refresh_from_db()
    assert lesson.live and lesson.words_digest == words_digest(lesson)
    assert mails()[-1] == ("review_published", "Kit")
    assert list(shown_lessons()) == [lesson]


def test_who_may_not_publish_any_more_publishes_nothing(desk, lesson, settings):
    settings.SHOW_UNREVIEWED = False
    review = desk.ask(lesson, publish_when_signed=True)
    desk.author.groups.clear()
    Role.objects.filter(person=desk.author).update(ends_on="2026-02-01")

    desk.sign(review)

    lesson.refresh_from_db()
    assert is_signed(lesson) and not lesson.live


def test_the_page_says_what_the_reviewer_agreed_to_say_and_no_more(desk, settings, client):
    settings.SHOW_UNREVIEWED = False
    lesson = make_lesson(make_module(make_curriculum()), published=False, open_to_visitors=True)
    write_lived_with(person=desk.lived, words="asthma")
    desk.sign(desk.ask(lesson, publish_when_signed=True), profession="physiotherapist")
    address = f"/{lesson.get_parent().get_parent().slug}/{lesson.get_parent().slug}/{lesson.slug}/"

    plain = client.get(address).text
    give_consent(person=desk.lived, what="lived_with_shown")
    agreed = client.get(address).text
    withdraw_consent(person=desk.lived, what="lived_with_shown")
    withdrawn = client.get(address).text

    assert "Reviewed by a person with lived experience and a clinical reviewer (physiotherapist)" in plain
    assert "Next review:" in plain and "Not yet reviewed" not in plain
    assert "asthma" not in plain and "asthma" not in withdrawn
    assert "Reviewed by a person living with asthma and a clinical reviewer (physiotherapist)" in agreed
    assert desk.lived.last_name not in agreed


def test_the_outline_costs_the_same_with_one_signed_lesson_and_with_three(desk, settings):
    settings.SHOW_UNREVIEWED = False
    curriculum = make_curriculum()
    module = make_module(curriculum)
    desk.sign(desk.ask(make_lesson(module, published=False), publish_when_signed=True))

    def read():
        with CaptureQueriesContext(connection) as taken:
            outline = read_outline(curriculum)
        return len(taken), len(outline.lessons)

    first = read()
    for _ in range(2):
        desk.sign(desk.ask(make_lesson(module, published=False), publish_when_signed=True))

    assert (first[1], read()[1]) == (1, 3)
    assert read()[0] == first[0]


def test_what_waits_for_a_reviewer(desk, lesson, settings):
    review = desk.ask(lesson)
    assert [seat.reviewer for seat in seats_waiting_for(desk.lived)] == [desk.lived]

    desk.sign(review, desk.lived)

    assert not seats_waiting_for(desk.lived).exists()
    assert seats_waiting_for(desk.clinical).count() == 1
    assert not seats_visible_to(UserFactory()).exists()


def test_comments_and_their_answers_stand_together(desk, lesson):
    review = desk.ask(lesson)
    seat = review.seats.get(reviewer=desk.lived)
    block_id = str(lesson.body[0].id)

    said = comment_on_lesson(seat=seat, by=desk.lived, text="Which stairs?", block_id=block_id)
    answer_comment(comment=said, by=desk.author, text="Those at home.")

    (one,) = comments_on(lesson)
    assert (one.text, one.block_id, [reply.text for reply in one.replies.all()]) == (
        "Which stairs?", block_id, ["Those at home."],
    )  # fmt: skip
    with pytest.raises(RuleBroken):
        comment_on_lesson(seat=seat, by=desk.clinical, text="Not my seat.")


def test_signatures_are_written_once(desk, lesson):
    desk.signed(lesson)
    signature = Signature.objects.first()

    with pytest.raises(TypeError):
        signature.save()
    with pytest.raises(TypeError):
        Signature.objects.all().delete()
    with pytest.raises(TypeError):
        Signature.objects.update(verdict="change")
    with pytest.raises(ProtectedError), transaction.atomic():
        desk.lived.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(
            lesson=lesson, lesson_title="x", revision_number=1, digest="d", side="lived", reviewer=desk.lived,
            verdict="signed",
        )  # fmt: skip


def test_signatures_outlive_their_lesson(desk, lesson):
    desk.signed(lesson)
    title = lesson.title

    lesson.delete()

    assert [(one.lesson_id, one.lesson_title) for one in Signature.objects.all()] == [(None, title)] * 2


def test_authors_are_told_once_before_the_next_review(desk, lesson, at):
    at(datetime(2027, 1, 4, 9, tzinfo=UTC))
    desk.sign(desk.ask(lesson, publish_when_signed=True), months=12)
    assert remind_authors() == 0

    at(datetime(2027, 11, 20, 9, tzinfo=UTC))
    assert (remind_authors(), remind_authors()) == (1, 0)
    assert mails()[-1] == ("review_due", "Kit")
    assert "4 January 2028" in Message.objects.get(template="review_due").text
    lesson.refresh_from_db()
    assert reviewed([lesson])[lesson.pk].next_on.isoformat() == "2028-01-04"


@pytest.mark.parametrize("months", [0, -1, 61])
def test_the_next_review_is_within_five_years(desk, lesson, months):
    review = desk.ask(lesson)

    with pytest.raises(RuleBroken):
        sign_lesson(seat=review.seats.get(reviewer=desk.lived), by=desk.lived, months=months)
