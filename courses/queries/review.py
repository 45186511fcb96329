"""Whether two reviewers stand behind a lesson's words, or a handbook's: the one answer, for a page, for a list, and for a query.

Nothing here changes anything.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import SegmentOverride, StringTranslation

from courses.models import (
    ROLE_OF_SIDE,
    HandbookPage,
    LessonPage,
    Review,
    ReviewComment,
    Seat,
    Side,
    Signature,
)
from courses.words import words_digest
from lms.people.models import Organisation, Role, User
from lms.people.queries import role_kinds_of
from lms.people.shown import with_shown

SIGNED, CHANGE = Signature.Verdict.SIGNED, Signature.Verdict.CHANGE


@dataclass(frozen=True)
class Reviewed:
    """Who stands behind a lesson, as everybody may read it: what the one lives with (if they agree to say) and the other's
    profession (if they said), the day of the later signature, and the day to look at it again."""

    lives_with: str
    profession: str
    on: date
    next_on: date


@dataclass(frozen=True)
class ReviewState:
    """How far the review of certain words is."""

    lived: bool
    clinical: bool
    asks_for_change: bool
    review: Review | None  # the one that is under way, for these words or older ones
    is_of_these_words: bool
    reviewed: Reviewed | None

    @property
    def is_signed(self) -> bool:
        return self.reviewed is not None

    @property
    def in_a_word(self) -> str:
        if self.is_signed:
            return _("Signed by both")
        if self.asks_for_change:
            return _("Change asked for")
        if self.lived or self.clinical:
            return _("Signed by one")
        if self.review is not None:
            return _("Asked") if self.is_of_these_words else _("Ask both again")
        return _("Not asked")


def are_signed(lesson_pk: int | None, digest: str) -> bool:
    """Whether a reviewer with lived experience and another, clinical one signed these words, and nobody asks for a change."""
    return bool(lesson_pk) and signed(Page.objects.filter(pk=lesson_pk), digest=digest).exists()


def is_signed(lesson: LessonPage) -> bool:
    """The same for the words of the lesson as they stand in hand: a draft's, a revision's or the page's."""
    return are_signed(lesson.pk, words_digest(lesson))


def signed_lessons(*conditions: Q, digest: Any = None) -> QuerySet[LessonPage]:
    """Lessons whose words, as they stand in the database, both reviewers signed. With `digest`, those words instead. One query."""
    return signed(LessonPage.objects.filter(*conditions), digest=digest)


def signed(pages: QuerySet[Any], *, digest: Any = None) -> QuerySet[Any]:
    """Those of the pages whose words, as they stand in the database, both reviewers signed: two people, and no change asked for.

    With `digest`, those words instead. Adds no query.
    """
    words = OuterRef("words_digest") if digest is None else digest
    of_it = Signature.objects.standing().filter(lesson=OuterRef("pk"), digest=words)
    by_another = (
        Signature.objects.standing()
        .filter(lesson=OuterRef("lesson"), digest=OuterRef("digest"), side=Side.CLINICAL, verdict=SIGNED)
        .exclude(reviewer=OuterRef("reviewer"))
    )
    both = of_it.filter(Exists(by_another), side=Side.LIVED, verdict=SIGNED)
    return pages.filter(Exists(both), ~Exists(of_it.filter(verdict=CHANGE)))


def reviewed(lessons: Iterable[LessonPage]) -> dict[int, Reviewed]:
    """For the lessons whose words are signed, by primary key: what the page says of it. One query for any number."""
    return {
        pk: state
        for (pk, _digest), rows in standing_signatures({one.pk: one.words_digest for one in lessons}).items()
        if (state := _reviewed(rows))
    }


def reviewed_as_it_stands(lesson: LessonPage) -> Reviewed | None:
    """The same for the words of one lesson in hand, a preview's draft among them."""
    return review_state(lesson).reviewed


def standing_signatures(words: dict[int, str]) -> dict[tuple[int, str], list[Signature]]:
    """By lesson and words, each reviewer's last word on these words; with what may be shown of them. One query."""
    found: dict[tuple[int, str], list[Signature]] = defaultdict(list)
    if not words:
        return found
    rows = Signature.objects.standing().filter(lesson__in=words, digest__in=set(words.values()))
    for row in with_shown(rows, person="reviewer").order_by("pk"):
        if words[row.lesson_id] == row.digest:
            found[row.lesson_id, row.digest].append(row)
    return found


def _reviewed(rows: list[Signature]) -> Reviewed | None:
    """From the standing signatures of certain words; None unless they are two people's, and all of them sign."""
    lived = next((row for row in rows if row.side == Side.LIVED), None)
    clinical = next((row for row in rows if row.side == Side.CLINICAL), None)
    if lived is None or clinical is None or any(row.verdict == CHANGE for row in rows):
        return None
    if lived.reviewer_id == clinical.reviewer_id:
        return None
    both = (lived, clinical)
    return Reviewed(
        lives_with=lived.lived_with_words,
        profession=clinical.profession,
        on=timezone.localdate(max(row.signed_at for row in both)),
        next_on=min(row.next_review_on for row in both if row.next_review_on is not None),
    )


def review_state(lesson: LessonPage) -> ReviewState:
    """How far these words are, for their authors. Three queries."""
    digest = words_digest(lesson)
    if not lesson.pk:
        return state_of(digest, [], None)
    rows = standing_signatures({lesson.pk: digest})[lesson.pk, digest]
    return state_of(digest, rows, open_review(lesson))


def state_of(digest: str, rows: list[Signature], review: Review | None) -> ReviewState:
    """From the standing signatures of the words, and the lesson's review that is under way."""
    signed = {row.side for row in rows if row.verdict == SIGNED}
    return ReviewState(
        lived=Side.LIVED in signed,
        clinical=Side.CLINICAL in signed,
        asks_for_change=any(row.verdict == CHANGE for row in rows),
        review=review,
        is_of_these_words=review is not None and review.digest == digest,
        reviewed=_reviewed(rows),
    )


def open_review(lesson: LessonPage) -> Review | None:
    seats = Prefetch("seats", queryset=Seat.objects.select_related("reviewer"))
    return Review.objects.filter(lesson=lesson, over_at=None).prefetch_related(seats).first()


def standing_of(lesson_pk: int, digest: str) -> dict[int, Signature]:
    """The last word of each reviewer on these words, by reviewer."""
    rows = Signature.objects.standing().filter(lesson=lesson_pk, digest=digest)
    return {row.reviewer_id: row for row in rows}


def seats_visible_to(person: User) -> QuerySet[Seat]:
    """Where the person was asked to review, while they hold the role that they were asked for."""
    kinds = role_kinds_of(person)
    sides = [side for side, kind in ROLE_OF_SIDE.items() if kind in kinds]
    return Seat.objects.filter(reviewer=person, side__in=sides).select_related(
        "review__lesson", "review__revision", "review__asked_by"
    )


def seats_waiting_for(person: User) -> QuerySet[Seat]:
    """What waits for the person's word."""
    said = Signature.objects.filter(
        lesson=OuterRef("review__lesson"), digest=OuterRef("review__digest"), reviewer=person
    )
    return seats_visible_to(person).filter(~Exists(said), review__over_at=None)


def writers_of(lesson: LessonPage) -> set[int]:
    """Everybody who made a revision of the lesson or translated some of it, and its owner: they do not sign it."""
    found = set(lesson.revisions.exclude(user=None).values_list("user_id", flat=True))
    for kept in (StringTranslation, SegmentOverride):
        translated = kept.objects.filter(context__object=lesson.translation_key, locale=lesson.locale_id)
        found |= set(translated.exclude(last_translated_by=None).values_list("last_translated_by", flat=True))
    return found | ({lesson.owner_id} if lesson.owner_id else set())


def reviewers_for(author: User, lesson: LessonPage) -> dict[str, list[User]]:
    """By side, who can be asked: who holds the role today where the author works (anywhere, where nobody does), and wrote
    none of it."""
    organisations = Organisation.objects.filter(
        roles__in=Role.objects.in_force().filter(
            person=author, kind__in=[Role.Kind.AUTHOR, Role.Kind.ADMINISTRATOR]
        )
    )
    writers = writers_of(lesson) | {author.pk}
    found: dict[str, list[User]] = {}
    for side, kind in ROLE_OF_SIDE.items():
        holders = (
            Role.objects.in_force().filter(kind=kind, person__is_active=True).exclude(person__in=writers)
        )
        near = holders.filter(organisation__in=organisations)
        roles = near if near.exists() else holders
        people = User.objects.filter(pk__in=roles.values("person")).order_by("first_name", "last_name", "pk")
        found[side] = list(people)
    return found


def comments_on(lesson: LessonPage) -> list[ReviewComment]:
    """What was said of the lesson, oldest first, each with its answers. Two queries."""
    replies = ReviewComment.objects.select_related("by")
    return list(
        ReviewComment.objects.filter(lesson=lesson, answers=None)
        .select_related("by")
        .prefetch_related(Prefetch("replies", queryset=replies))
    )


def due_for_review(until: date) -> list[tuple[LessonPage, Reviewed]]:
    """Published lessons and handbooks that are to be looked at again by that day. Three queries."""
    lessons = [
        page
        for kind in (LessonPage, HandbookPage)
        for page in signed(kind.objects.live()).defer("body").order_by("path")
    ]
    known = reviewed(lessons)
    return [(one, known[one.pk]) for one in lessons if one.pk in known and known[one.pk].next_on <= until]


def authors_of(lesson: LessonPage) -> list[User]:
    """Whom to tell about it: who last asked for its review, while they may still write; else all authors of today."""
    writing = Role.objects.in_force().filter(
        kind__in=[Role.Kind.AUTHOR, Role.Kind.ADMINISTRATOR], person__is_active=True
    )
    last = Review.objects.filter(lesson=lesson, asked_by__isnull=False).select_related("asked_by").first()
    asker = last.asked_by if last is not None else None
    if asker is not None and writing.filter(person=asker).exists():
        return [asker]
    authors = writing.filter(kind=Role.Kind.AUTHOR).values("person")
    return list(User.objects.filter(pk__in=authors).order_by("pk"))


def is_stale(review: Review) -> bool:
    """Whether the lesson has other words now than those the review asked for. Two queries at most."""
    latest = review.lesson.get_latest_revision()
    return latest is None or (
        latest.pk != review.revision_number and words_digest(latest.as_object()) != review.digest
    )


def months_from(day: date, months: int) -> date:
    """The same day so many months on; the last of the month, where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)


MOST_SIGNATURES = 50


def signatures_on(lesson: LessonPage) -> list[Signature]:
    """The lesson's signatures, newest first (fifty at most); each knows whether it `is_of_these` latest words."""
    digest = words_digest(lesson.get_latest_revision_as_object())
    found = list(
        Signature.objects.filter(lesson=lesson).select_related("reviewer").order_by("-pk")[:MOST_SIGNATURES]
    )
    for one in found:
        one.is_of_these = one.digest == digest
    return found
