"""Asking for both signatures, giving them, and asking for a change. Only `sign_lesson` writes a signature that signs."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision

from courses.models import (
    ROLE_OF_SIDE,
    HandbookPage,
    LessonPage,
    Review,
    ReviewComment,
    ReviewReminder,
    Seat,
    Side,
    Signature,
)
from courses.queries.review import (
    are_signed,
    authors_of,
    due_for_review,
    is_stale,
    months_from,
    reviewers_for,
    standing_of,
    writers_of,
)
from courses.words import words_digest
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import User
from lms.people.queries import holds_role

MONTHS_UNTIL_NEXT = 24
MOST_MONTHS = 60
TOLD_DAYS_BEFORE = 60
LONGEST_COMMENT = 2000
SIGNED, CHANGE = Signature.Verdict.SIGNED, Signature.Verdict.CHANGE


@transaction.atomic
def ask_for_review(
    *,
    lesson: LessonPage | HandbookPage,
    asked_by: User,
    reviewers: Iterable[User],
    publish_when_signed: bool = False,
) -> Review:
    """Ask for both signatures on the lesson's latest revision. The same words again add who was not asked yet.

    Tells each reviewer, and ends the review of older words. Refuses where a side has nobody, where somebody wrote the words or
    does not hold the role today, and words that are signed.
    """
    lesson = type(lesson).objects.select_for_update().get(pk=lesson.pk)
    revision = lesson.get_latest_revision()
    digest = words_digest(revision.as_object()) if revision else ""
    if revision is None:
        raise RuleBroken(_("Save the lesson first. Then ask for its review."))
    if are_signed(lesson.pk, digest):
        raise RuleBroken(_("Both reviewers have signed these words already."))
    possible = {
        person.pk: side
        for side, people in reviewers_for(asked_by, lesson).items()
        for person in reversed(people)
    }
    chosen = {person.pk: person for person in reviewers}
    if set(chosen) - set(possible):
        raise RuleBroken(
            _("Choose reviewers from the list. Whoever wrote the lesson cannot sign it."), field="reviewers"
        )
    review = Review.objects.filter(lesson=lesson, over_at=None).first()
    if review is not None and review.digest != digest:
        end_review(review=review)
        review = None
    if review is None:
        review = Review.objects.create(
            lesson=lesson,
            revision=revision,
            revision_number=revision.pk,
            digest=digest,
            asked_by=asked_by,
            publish_when_signed=publish_when_signed,
        )
        record_act(actor=asked_by, act="asked for review", obj=lesson)
    elif review.publish_when_signed != publish_when_signed:
        review.publish_when_signed = publish_when_signed
        review.save(update_fields=["publish_when_signed"])
    for pk, person in chosen.items():
        seat, is_new = Seat.objects.get_or_create(
            review=review, reviewer=person, defaults={"side": possible[pk]}
        )
        if is_new:
            _tell_reviewer(seat, lesson)
    asked = set(review.seats.values_list("side", flat=True))
    if asked != set(ROLE_OF_SIDE):
        raise RuleBroken(
            _("Ask at least one reviewer with lived experience and one clinical reviewer."), field="reviewers"
        )
    return review


def end_review(*, review: Review) -> None:
    review.over_at = clock.now()
    review.save(update_fields=["over_at"])


@transaction.atomic
def sign_lesson(
    *, seat: Seat, by: User, months: int = MONTHS_UNTIL_NEXT, profession: str = ""
) -> Signature | None:
    """The reviewer stands behind the very words they were asked about, until looked at again after so many months.

    Signing twice changes nothing. With the other side's signature the lesson may be published; it is, where the author said
    so. Tells the author. Refuses who no longer holds the role, who wrote the lesson, and words that are no longer the
    lesson's latest.
    """
    review = _lock(seat)
    _needs_right(seat, by)
    if is_stale(review):
        raise RuleBroken(
            _("These words have changed since you were asked. You get a new message when they are ready.")
        )
    if not 1 <= months <= MOST_MONTHS:
        raise RuleBroken(_("Choose when to look at it again, within five years."), field="months")
    if _stands(seat, SIGNED):
        return None
    lesson = review.lesson
    made = Signature.objects.create(
        **_facts(seat),
        verdict=SIGNED,
        profession=profession if seat.side == "clinical" else "",
        next_review_on=months_from(clock.today(), months),
    )
    record_act(actor=by, act="signed lesson", obj=lesson, purpose=seat.side)
    if are_signed(lesson.pk, review.digest):
        _both_have_signed(review)
    else:
        _tell_author(review, "review_signed")
    return made


@transaction.atomic
def ask_for_change(*, seat: Seat, by: User, words: str) -> Signature | None:
    """The reviewer says what has to change. Takes their signature back, where they gave one: the lesson is then shown no more.

    Possible as long as the words are the lesson's latest or published ones. Tells the author. Refuses without words.
    """
    review = _lock(seat)
    _needs_right(seat, by)
    if not words.strip():
        raise RuleBroken(_("Say what should change."), field="words")
    is_shown = review.lesson.live and review.lesson.specific.words_digest == review.digest
    if not is_shown and is_stale(review):
        raise RuleBroken(_("These words have changed since you were asked. Nobody reads them any more."))
    was = _stands(seat)
    if was is not None and was.verdict == CHANGE and was.words == words:
        return None
    made = Signature.objects.create(**_facts(seat), verdict=CHANGE, words=words)
    record_act(actor=by, act="asked for change of lesson", obj=review.lesson, purpose=seat.side)
    _tell_author(review, "review_change")
    return made


@transaction.atomic
def comment_on_lesson(*, seat: Seat, by: User, text: str, block_id: str = "") -> ReviewComment:
    """The reviewer says something of the lesson, or of one of its blocks. The author reads it in the CMS."""
    _needs_right(seat, by)
    review = seat.review
    return _comment(review.lesson, by, text, block_id=block_id, revision_number=review.revision_number)


@transaction.atomic
def answer_comment(*, comment: ReviewComment, by: User, text: str) -> ReviewComment:
    """The author, or a reviewer, answers what was said."""
    first = comment.answers or comment
    return _comment(
        first.lesson,
        by,
        text,
        block_id=first.block_id,
        revision_number=first.lesson.latest_revision_id or first.revision_number,
        answers=first,
    )


def _comment(lesson: Page, by: User, text: str, **facts: Any) -> ReviewComment:
    if not text.strip():
        raise RuleBroken(_("Write your comment first."), field="text")
    made = ReviewComment.objects.create(lesson=lesson, by=by, text=text[:LONGEST_COMMENT], **facts)
    record_act(actor=by, act="commented on lesson", obj=lesson)
    return made


@transaction.atomic
def remind_authors() -> int:
    """Tell the authors of lessons that are to be looked at again soon: once for each lesson and day. Safe to repeat."""
    told = 0
    day = date.fromordinal(clock.today().toordinal() + TOLD_DAYS_BEFORE)
    for lesson, reviewed in due_for_review(day):
        _reminder, is_new = ReviewReminder.objects.get_or_create(
            lesson=lesson, next_review_on=reviewed.next_on
        )
        for author in authors_of(lesson) if is_new else []:
            queue_message(
                template="review_due",
                to=author,
                context=_about(lesson) | {"day": reviewed.next_on},
            )
        told += is_new
    return told


@transaction.atomic
def drop_unsigned_schedules() -> int:
    """Take their time to go live from revisions whose words are not signed any more; tell the authors. How many."""
    kinds = ContentType.objects.get_for_models(LessonPage, HandbookPage).values()
    waiting = Revision.objects.filter(content_type__in=kinds, approved_go_live_at__isnull=False)
    dropped = [revision for revision in waiting if not revision.as_object().may_be_shown()]
    for revision in dropped:
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        lesson = revision.as_object()
        for author in authors_of(lesson):
            queue_message(template="review_dropped", to=author, context=_about(lesson))
    return len(dropped)


def _about(lesson: Page) -> dict[str, str]:
    return {
        "lesson": lesson.draft_title or lesson.title,
        "url": absolute(reverse("lesson_review", args=[lesson.pk])),
    }


def _lock(seat: Seat) -> Review:
    """One signature at a time for each review: the last of both sees the other."""
    review = Review.objects.select_for_update().get(pk=seat.review_id)
    seat.review = review
    return review


def _needs_right(seat: Seat, by: User) -> None:
    if seat.reviewer_id != by.pk or not holds_role(by, ROLE_OF_SIDE[Side(seat.side)]):
        raise RuleBroken(_("Only the reviewer who was asked can do this, while they hold the role."))
    if by.pk in writers_of(seat.review.lesson) | {seat.review.asked_by_id}:
        raise RuleBroken(_("You wrote some of this lesson. Somebody else has to sign it."))


def _stands(seat: Seat, verdict: str | None = None) -> Signature | None:
    last = standing_of(seat.review.lesson_id, seat.review.digest).get(seat.reviewer_id)
    return last if last is not None and verdict in (None, last.verdict) else None


def _facts(seat: Seat) -> dict:
    review = seat.review
    return {
        "lesson": review.lesson,
        "lesson_title": review.lesson.draft_title or review.lesson.title,
        "revision_number": review.revision_number,
        "digest": review.digest,
        "side": seat.side,
        "reviewer_id": seat.reviewer_id,
    }


def _both_have_signed(review: Review) -> None:
    """Publish what the author wanted published, while they may still publish it; tell them either way."""
    lesson, author = review.lesson, review.asked_by
    may = author is not None and lesson.permissions_for_user(author).can_publish()
    revision = review.revision if review.publish_when_signed and may else None
    if revision is not None:
        revision.publish(user=author)
    end_review(review=review)
    _tell_author(review, "review_published" if revision else "review_both_signed")


def _tell_reviewer(seat: Seat, lesson: LessonPage) -> None:
    queue_message(
        template="review_asked",
        to=seat.reviewer,
        context={
            "lesson": lesson.draft_title or lesson.title,
            "url": absolute(reverse("courses:review", args=[seat.public_id])),
            "is_handbook": isinstance(lesson, HandbookPage),
        },
    )


def _tell_author(review: Review, template: str) -> None:
    for author in authors_of(review.lesson):
        queue_message(
            template=template,
            to=author,
            context=_about(review.lesson),
        )
