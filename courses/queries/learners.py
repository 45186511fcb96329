"""Whose learning a coordinator may see: one answer for the report, the page of a learner, and what may be marked."""

from django.db.models import Q, QuerySet

from courses.models import Enrolment
from courses.models.enrolling import CodeUse, Offer, Team, TeamMember
from lms.core import clock
from lms.people.models import Role, User
from lms.people.queries import organisations_coordinated_by


def enrolments_seen_by(coordinator: User, curriculum_key: str) -> QuerySet[Enrolment]:
    """Enrolments in the curriculum of people whom an organisation of the coordinator's looks after or brought here: who
    hold a role there, are in one of its teams, or came by its code or list. Never the coordinator's own.

    One query, to find the organisations. Whoever reads what it gives notes the look.
    """
    here = list(organisations_coordinated_by(coordinator).values_list("pk", flat=True))
    course = {"organisation__in": here, "curriculum_key": curriculum_key}
    # A role that rests, because a check of it is due, is still held: its holder's learning is the organisation's to see.
    # One list of people, not four questions about each: half the time of a report on ten thousand.
    theirs = (
        Role.objects.held()
        .filter(organisation__in=here, starts_on__lte=clock.today())
        .values("person")
        .union(
            TeamMember.objects.filter(_of("team", course), left_at=None).values("person"),
            CodeUse.objects.filter(_of("code", course)).values("person"),
            Offer.objects.filter(accepted_by__isnull=False, **course).values("accepted_by"),
            all=True,
        )
    )
    return Enrolment.objects.filter(learner__in=theirs, curriculum_key=curriculum_key).exclude(
        learner=coordinator
    )


def _of(path: str, course: dict) -> Q:
    return Q(**{f"{path}__{name}": value for name, value in course.items()})


def teams_reported_to(coordinator: User, curriculum_key: str) -> QuerySet[Team]:
    """Teams on the curriculum in the coordinator's organisations, by name."""
    return Team.objects.filter(
        organisation__in=organisations_coordinated_by(coordinator), curriculum_key=curriculum_key
    ).order_by("name", "pk")


def may_mark(coordinator: User, learner: User, curriculum_key: str) -> bool:
    """Whether the coordinator may say that a lesson of the curriculum is done for this learner."""
    return enrolments_seen_by(coordinator, curriculum_key).filter(learner=learner).exists()
