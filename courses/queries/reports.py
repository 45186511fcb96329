"""Who has done how much of a course, for those who answer for them. No answer and no reflection is ever read here.

How far each one is says the one function that says it everywhere (courses.queries.progress); here it is asked for many.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Enrolment, LessonCompletion
from courses.models.enrolling import Team, TeamMember
from courses.queries.outlines import Outline
from courses.queries.progress import Progress, progress_of_many

A_PART = 500
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
LAST_AT = Greatest(
    "created_at", Coalesce("place__updated_at", "created_at"), Coalesce("completed_at", "created_at")
)

STATES = {
    "under_way": (gettext_lazy("Under way"), Q(completed_at=None, paused_at=None, left_at=None)),
    "new": (
        gettext_lazy("Nothing done yet"),
        Q(completed_at=None, left_at=None)
        & ~Exists(LessonCompletion.objects.filter(enrolment=OuterRef("pk"))),
    ),
    "done": (gettext_lazy("Finished"), Q(completed_at__isnull=False)),
    "paused": (gettext_lazy("Having a break"), Q(completed_at=None, paused_at__isnull=False, left_at=None)),
    "left": (gettext_lazy("Left the course"), Q(completed_at=None, left_at__isnull=False)),
}
SORTS = {
    "began": (gettext_lazy("Began, newest first"), ("-pk",)),
    "name": (gettext_lazy("Name"), ("learner__first_name", "learner__last_name", "pk")),
    "last": (gettext_lazy("Last active, newest first"), ("-last_at", "pk")),
    "quiet": (gettext_lazy("Last active, longest ago first"), ("last_at", "pk")),
    "done": (gettext_lazy("Finished, newest first"), ("-done_at", "pk")),
}


@dataclass(frozen=True)
class Asked:
    """What of the report somebody wants to see, and in which order."""

    state: str = ""
    team: Team | None = None
    words: str = ""
    sort: str = "began"


class Found(NamedTuple):
    """An enrolment as the report reads it."""

    pk: int
    learner_id: int
    learner: UUID
    first_name: str
    last_name: str
    began: datetime
    completed_at: datetime | None
    paused_at: datetime | None
    left_at: datetime | None
    version: int | None
    completed_version: int | None
    last_at: datetime


@dataclass(frozen=True)
class Line:
    """One learner in the report: modules `done` of those `needed`."""

    enrolment_id: int
    learner_id: int
    learner: UUID
    name: str
    began: date
    done: int
    needed: int
    last_on: date
    completed_on: date | None
    version: int | None
    state: str

    @property
    def done_words(self) -> str:
        return _("%(done)s of %(needed)s") % {"done": self.done, "needed": self.needed}

    @property
    def state_words(self) -> str:
        return str(STATES[self.state][0])


def asked_for(enrolments: QuerySet[Enrolment], asked: Asked) -> QuerySet[Enrolment, int]:
    """The numbers of the enrolments that were asked for, in order."""
    found = enrolments
    if asked.state:
        found = found.filter(STATES[asked.state][1])
    if asked.team is not None:
        found = found.filter(
            learner__in=TeamMember.objects.filter(team=asked.team, left_at=None).values("person")
        )
    for word in asked.words.split()[:5]:
        found = found.filter(Q(learner__first_name__icontains=word) | Q(learner__last_name__icontains=word))
    if asked.sort in ("last", "quiet"):
        found = found.annotate(last_at=LAST_AT)
    if asked.sort == "done":
        # Who has not finished comes after all who have, on every database.
        found = found.annotate(done_at=Coalesce("completed_at", BEFORE_ALL))
    return found.order_by(*SORTS[asked.sort][1]).values_list("pk", flat=True)


def lines_of(numbers: Iterable[int], outline: Outline) -> list[Line]:
    """The lines of these enrolments, in this order. Two queries, however many they are."""
    numbers = list(numbers)
    rows = (
        Enrolment.objects.filter(pk__in=numbers)
        .annotate(last_at=LAST_AT)
        .values_list(
            "pk",
            "learner_id",
            "learner__public_id",
            "learner__first_name",
            "learner__last_name",
            "created_at",
            "completed_at",
            "paused_at",
            "left_at",
            "version__number",
            "completed_version__number",
            "last_at",
        )
    )
    found = {row[0]: Found._make(row) for row in rows}
    how_far = progress_of_many(found, outline)
    return [_line(found[pk], how_far[pk]) for pk in numbers if pk in found]


def parts_of(enrolments: QuerySet[Enrolment], asked: Asked, outline: Outline) -> Iterator[list[Line]]:
    """Every line that was asked for, in parts, so that a report of any length takes the memory of one part."""
    numbers: Sequence[int] = list(asked_for(enrolments, asked))
    for start in range(0, len(numbers), A_PART):
        yield lines_of(numbers[start : start + A_PART], outline)


def _line(one: Found, how_far: Progress) -> Line:
    done, needed = _modules(how_far)
    return Line(
        enrolment_id=one.pk,
        learner_id=one.learner_id,
        learner=one.learner,
        name=f"{one.first_name} {one.last_name}".strip() or _("No name given"),
        began=_day(one.began),
        done=done,
        needed=needed,
        last_on=_day(one.last_at),
        completed_on=_day(one.completed_at) if one.completed_at else None,
        version=one.completed_version or one.version,
        state=_state(one),
    )


def _modules(how_far: Progress) -> tuple[int, int]:
    """Modules done, of those that are needed. Who has finished is asked for no more than what they did."""
    if how_far.is_complete:
        done = sum(state.is_done for state in how_far.modules)
        return done, done
    return how_far.done_modules, how_far.needed_modules


def _state(one: Found) -> str:
    if one.completed_at:
        return "done"
    if one.left_at:
        return "left"
    return "paused" if one.paused_at else "under_way"


def _day(moment: datetime) -> date:
    return timezone.localdate(moment, timezone=timezone.get_default_timezone())
