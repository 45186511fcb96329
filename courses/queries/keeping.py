"""What somebody chose to be reminded of, what they want to use in a visit, and what is due. Nothing here changes anything."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.models import Commitment, Prompt, PromptSeries
from lms.core import clock
from lms.people.models import User

LATE_BY_AT_MOST = timedelta(days=6)
# Where nobody knows the day of the visit, the question comes after so many days.
ASKED_WITHOUT_A_DAY = timedelta(days=28)


def prompts_of(learner: User) -> QuerySet[PromptSeries]:
    """The reminders that the learner chose and did not stop, and that have some to come."""
    return PromptSeries.objects.filter(
        enrolment__learner=learner,
        stopped_at=None,
        begins_on__gte=clock.today() - timedelta(weeks=PromptSeries.WEEKS[-1]) - LATE_BY_AT_MOST,
    ).select_related("enrolment")


def prompt_series_of(learner: User, public_id: UUID) -> PromptSeries | None:
    """One of the learner's own, stopped ones too; None for another's."""
    return (
        PromptSeries.objects.filter(enrolment__learner=learner, public_id=public_id)
        .select_related("enrolment")
        .first()
    )


def weeks_to_come(series: PromptSeries) -> list[date]:
    """The days of the reminders that are still to come."""
    days = [series.begins_on + timedelta(weeks=week) for week in PromptSeries.WEEKS]
    return [] if series.stopped_at else [day for day in days if day > clock.today()]


def prompts_due() -> Iterator[tuple[PromptSeries, int]]:
    """Each series with a week that is due and was not sent, with that week. One that was missed for a week is left out.

    Whoever has paused or left the course gets none, nor does an account that is closed.
    """
    today = clock.today()
    for week in PromptSeries.WEEKS:
        newest = today - timedelta(weeks=week)
        due = (
            PromptSeries.objects.filter(
                stopped_at=None,
                begins_on__range=(newest - LATE_BY_AT_MOST, newest),
                enrolment__paused_at=None,
                enrolment__left_at=None,
                enrolment__learner__is_active=True,
            )
            .exclude(Exists(Prompt.objects.filter(series=OuterRef("pk"), week=week)))
            .select_related("enrolment__learner")
            .order_by("pk")
        )
        for series in due:
            yield series, week


def commitment_of(learner: User) -> Commitment | None:
    """What the learner wants to use in their next visit; for nobody else's eyes."""
    return Commitment.objects.filter(learner=learner, ended_at=None).first()


def is_to_be_asked(commitment: Commitment) -> bool:
    """Whether the visit is over, as far as anybody knows: from the day of the visit on."""
    today = clock.today()
    if commitment.visit_on is not None:
        return commitment.visit_on <= today
    return commitment.created_at.date() + ASKED_WITHOUT_A_DAY <= today


def commitments_due() -> QuerySet[Commitment]:
    """Commitments whose visit was yesterday or in the week before, of which nobody asked yet."""
    today = clock.today()
    return (
        Commitment.objects.filter(
            Q(enrolment=None) | Q(enrolment__paused_at=None, enrolment__left_at=None),
            ended_at=None,
            asked_at=None,
            visit_on__lt=today,
            visit_on__gte=today - timedelta(days=7),
            learner__is_active=True,
        )
        .select_related("learner")
        .order_by("pk")
    )
