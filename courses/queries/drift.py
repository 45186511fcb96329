"""Whether the two sides of a moment still fit: what changed on either since somebody last looked at both.

What counts is what is published. Every change of words drifts; one whose author called it a small mend is listed as such,
and a pair with nothing but small mends says so.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from wagtail.models import Page, Revision

from courses.models import LessonEdition, LessonPage, ModulePage, Pairing
from courses.models.pairs import SIDES
from courses.queries.outlines import MODULE_PATH
from lms.people.models import User


class State(StrEnum):
    """How a pair stands."""

    ALONE = "alone"  # no partner
    NEVER = "never"  # nobody has looked at both sides yet
    DRIFTED = "drifted"
    MENDED = "mended"  # nothing but small mends since
    TOGETHER = "together"


@dataclass(frozen=True)
class Change:
    """A page of one side that is not what it was. `before` and `now` are numbers of revisions that can be compared."""

    side: str
    kind: str  # added, gone or changed
    title: str
    page_pk: int | None
    is_small: bool
    before: int | None = None
    now: int | None = None


@dataclass(frozen=True)
class Drift:
    pairing: Pairing
    reviewed_at: datetime | None
    reviewed_by: User | None
    changes: tuple[Change, ...]

    @property
    def state(self) -> State:
        if self.reviewed_at is None:
            return State.NEVER
        if not self.changes:
            return State.TOGETHER
        return State.MENDED if all(change.is_small for change in self.changes) else State.DRIFTED

    @property
    def has_drifted(self) -> bool:
        return self.state == State.DRIFTED


Sides = dict[str, dict[str, Page]]  # by side: the published pages, by translation key
Seen = dict[str, Any]  # what is kept of a page at a review: title, revision, digest


def drift_of(pairing: Pairing) -> Drift:
    return drifts([pairing])[pairing.pk]


def drifts(pairings: Iterable[Pairing]) -> dict[int, Drift]:
    """How each of these pairs stands, by its number. A few queries, however many pairs there are."""
    pairings = list(pairings)
    sides = _published(pairings)
    found = {pairing.pk: _changes(pairing, sides[pairing.pk]) for pairing in pairings if pairing.reviewed_at}
    small = _small_mends(found)
    comparable = _kept_revisions(found)
    people = User.objects.in_bulk([pairing.reviewed_by_id for pairing in pairings if pairing.reviewed_by_id])
    return {
        pairing.pk: Drift(
            pairing=pairing,
            reviewed_at=pairing.reviewed_at,
            reviewed_by=people.get(pairing.reviewed_by_id),
            changes=tuple(
                _told(side, seen, page, small, comparable) for side, seen, page in found.get(pairing.pk, [])
            ),
        )
        for pairing in pairings
    }


def words_now(pairing: Pairing) -> dict[str, dict[str, Seen]]:
    """What both sides say today, in the form in which a review keeps it."""
    sides = _published([pairing])[pairing.pk]
    return {
        side: {
            key: {"title": page.title, "revision": page.live_revision_id, "digest": digest_of(page)}
            for key, page in pages.items()
        }
        for side, pages in sides.items()
    }


Found = dict[int, list[tuple[str, Seen | None, Page | None]]]  # side, what it was, what it is


def digest_of(page: ModulePage | LessonPage) -> str:
    """The same for the same words. A lesson's is the one that its reviewers sign (courses.words)."""
    if isinstance(page, LessonPage):
        return page.words_digest
    said = [page.title, page.purpose, [line.value for line in page.outcomes], page.shared_moment]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _published(pairings: list[Pairing]) -> dict[int, Sides]:
    """The published pages of both sides of each pair: the module, and its lessons."""
    pks = [getattr(pairing, f"{side}_module_id") for pairing in pairings for side in SIDES]
    modules = {module.pk: module for module in ModulePage.objects.live().filter(pk__in=pks)}
    lessons: dict[str, list[LessonPage]] = {}
    below = LessonPage.objects.live().order_by("path").defer("body")
    parents = {module.path for module in modules.values()}
    for lesson in below.filter(path__startswith=_common(parents)) if parents else ():
        if lesson.path[:MODULE_PATH] in parents:
            lessons.setdefault(lesson.path[:MODULE_PATH], []).append(lesson)
    return {
        pairing.pk: {
            side: {
                str(page.translation_key): page
                for page in _with_lessons(modules.get(getattr(pairing, f"{side}_module_id")), lessons)
            }
            for side in SIDES
        }
        for pairing in pairings
    }


def _common(paths: set[str]) -> str:
    """The beginning that all of these share."""
    first, last = min(paths), max(paths)
    same = 0
    while same < len(first) and first[same : same + 1] == last[same : same + 1]:
        same += 1
    return first[:same]


def _with_lessons(module: ModulePage | None, lessons: dict[str, list[LessonPage]]) -> list[Page]:
    return [module, *lessons.get(module.path, [])] if module else []


def _changes(pairing: Pairing, sides: Sides) -> list[tuple[str, Seen | None, Page | None]]:
    """Pages that came, went, or say something else since the review."""
    found: list[tuple[str, Seen | None, Page | None]] = []
    for side, pages in sides.items():
        seen = pairing.reviewed_words.get(side, {})
        found += [(side, None, page) for key, page in pages.items() if key not in seen]
        found += [(side, seen[key], None) for key in seen if key not in pages]
        found += [
            (side, seen[key], page)
            for key, page in pages.items()
            if key in seen and digest_of(page) != seen[key]["digest"]
        ]
    return found


def _small_mends(found: Found) -> set[tuple[int, int | None]]:
    """Lessons of which every publication since the review was called a small mend: page, and revision at the review."""
    changed = [(page, seen) for rows in found.values() for _side, seen, page in rows if seen and page]
    lessons = [(page, seen["revision"]) for page, seen in changed if isinstance(page, LessonPage)]
    said: dict[int, list[tuple[int, str]]] = {}
    if lessons:
        editions = LessonEdition.objects.filter(lesson_id__in=[page.pk for page, _before in lessons])
        for lesson, revision, change in editions.values_list("lesson_id", "revision_number", "change"):
            said.setdefault(lesson, []).append((revision, change))
    small = set()
    for page, before in lessons:
        since = [change for revision, change in said.get(page.pk, []) if revision > (before or 0)]
        if all(change == LessonPage.Change.MINOR for change in since or [page.change]):
            small.add((page.pk, before))
    return small


def _kept_revisions(found: Found) -> set[int]:
    """Those revisions that are still there to be compared: old ones are swept away."""
    asked = {
        seen["revision"]
        for rows in found.values()
        for _side, seen, page in rows
        if seen and page and seen["revision"]
    }
    return set(Revision.objects.filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()


def _told(
    side: str,
    seen: Seen | None,
    page: Page | None,
    small: set[tuple[int, int | None]],
    comparable: set[int],
) -> Change:
    if page is None:
        return Change(side, "gone", seen["title"] if seen else "", None, False)
    if seen is None:
        return Change(side, "added", page.title, page.pk, False)
    before = seen["revision"] if seen["revision"] in comparable else None
    is_small = (page.pk, seen["revision"]) in small
    return Change(side, "changed", page.title, page.pk, is_small, before, page.live_revision_id)
