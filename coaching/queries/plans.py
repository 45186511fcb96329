"""Which plans somebody may see, and which are due. Consent and tie are read each time."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from coaching.models import ActionPlan, ConfidenceRating, FollowUp, PlanReminder
from coaching.privacy import PLAN
from lms.core import clock
from lms.people.models import User
from lms.people.queries import ties_sharing

REMIND_AT_MOST_DAYS_LATE = 7


def _with_state(plans: QuerySet[ActionPlan]) -> QuerySet[ActionPlan]:
    """Adds `last_decision`, and the ratings in order, so that a list costs two queries."""
    decisions = FollowUp.objects.filter(plan=OuterRef("pk")).order_by("-created_at", "-pk").values("decision")
    return (
        plans.select_related("owner", "tie__professional", "tie__patient")
        .annotate(last_decision=Subquery(decisions[:1]))
        .prefetch_related(Prefetch("ratings", queryset=ConfidenceRating.objects.order_by("created_at", "pk")))
    )


def plans_visible_to(viewer: User) -> QuerySet[ActionPlan]:
    """One's own, always; a patient's that they share over a tie in force, while they share plans there."""
    return _with_state(ActionPlan.objects.filter(Q(owner=viewer) | _shared_with(viewer)))


def plans_of(owner: User) -> QuerySet[ActionPlan]:
    """One's own plans: those that go on first, the newest first."""
    return _with_state(ActionPlan.objects.filter(owner=owner)).order_by("-created_at", "-pk")


def plans_shared_with(professional: User) -> QuerySet[ActionPlan]:
    """Plans that go on, of patients who share them with this professional now; the next to be asked about first."""
    return _with_state(ActionPlan.objects.filter(_shared_with(professional), stopped_at=None)).order_by(
        "follow_up_on", "-created_at", "-pk"
    )


def _shared_with(professional: User) -> Q:
    return Q(tie__in=ties_sharing(professional, PLAN.key), owner=F("tie__patient"))


def plans_due() -> QuerySet[ActionPlan]:
    """Plans whose follow-up day has come within the last week, of which nobody was reminded for that day."""
    today = clock.today()
    return (
        ActionPlan.objects.filter(
            stopped_at=None,
            follow_up_on__lte=today,
            follow_up_on__gte=today - timedelta(days=REMIND_AT_MOST_DAYS_LATE),
        )
        .exclude(Exists(PlanReminder.objects.filter(plan=OuterRef("pk"), due_on=OuterRef("follow_up_on"))))
        .select_related("owner")
        .order_by("pk")
    )


def confidence_of(plan: ActionPlan) -> ConfidenceRating | None:
    """The rating that counts: the last one. None when there is none."""
    ratings = list(plan.ratings.all())
    return ratings[-1] if ratings else None
