"""Who may see which team, code, list and offer; and how far a team has come, in numbers that tell on nobody."""

from dataclasses import dataclass
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from courses.models import (
    CurriculumPage,
    Enrolment,
    EnrolmentList,
    JoiningCode,
    ListRow,
    ModuleCompletion,
    Offer,
    Team,
    TeamMember,
)
from courses.queries.outlines import Outline, OutlineModule, curricula, outline_of
from lms.people.models import User
from lms.people.printed_codes import hash_of
from lms.people.queries import organisations_coordinated_by

# Below this many members a count would tell on somebody; and so would a count below it.
FEWEST = 5


def curriculum_of_key(key: UUID | str) -> CurriculumPage | None:
    """The published curriculum with this key, in the language being read."""
    return curricula().filter(translation_key=key).first()


def outline_of_key(key: UUID | str) -> Outline | None:
    page = curriculum_of_key(key)
    return outline_of(page) if page is not None else None


def teams_run_by(person: User) -> QuerySet[Team]:
    """Teams that the person leads, or whose organisation they coordinate."""
    return _teams().filter(Q(lead=person) | Q(organisation__in=organisations_coordinated_by(person)))


def teams_visible_to(person: User) -> QuerySet[Team]:
    """As `teams_run_by`, and those that the person is a member of now."""
    is_member = Exists(TeamMember.objects.filter(team=OuterRef("pk"), person=person, left_at=None))
    return _teams().filter(
        Q(lead=person) | Q(organisation__in=organisations_coordinated_by(person)) | Q(is_member)
    )


def _teams() -> QuerySet[Team]:
    return (
        Team.objects.select_related("organisation", "lead")
        .annotate(size=Count("members", filter=Q(members__left_at=None)))
        .order_by("name", "pk")
    )


def members_of(team: Team) -> QuerySet[TeamMember]:
    """Who is in the team now, by name."""
    return (
        TeamMember.objects.filter(team=team, left_at=None)
        .select_related("person")
        .order_by("person__first_name", "person__last_name", "pk")
    )


def is_member_of(person: User, team: Team) -> bool:
    return TeamMember.objects.filter(team=team, person=person, left_at=None).exists()


@dataclass(frozen=True)
class ModuleCoverage:
    """How many of a team have done a module; None where that is fewer than five, which may be nobody."""

    module: OutlineModule
    done: int | None


def coverage_of(team: Team, outline: Outline) -> list[ModuleCoverage]:
    """For each module that is ready, how many members have done it. Empty while the team has fewer than five.

    Counts what is done, by whom is not read. Two queries, whatever the team's size.
    """
    members = TeamMember.objects.filter(team=team, left_at=None)
    if members.count() < FEWEST:
        return []
    done = (
        ModuleCompletion.objects.filter(
            enrolment__curriculum_key=team.curriculum_key, enrolment__learner__in=members.values("person")
        )
        .values_list("module_key")
        .annotate(people=Count("pk"))
    )
    people = {str(key): number for key, number in done}
    return [
        ModuleCoverage(module, number if (number := people.get(module.key, 0)) >= FEWEST else None)
        for module in outline.modules
        if module.is_ready
    ]


def codes_run_by(person: User) -> QuerySet[JoiningCode]:
    """Codes of organisations that the person coordinates, and of teams that they lead."""
    return JoiningCode.objects.filter(
        Q(organisation__in=organisations_coordinated_by(person)) | Q(team__lead=person)
    ).select_related("organisation", "team", "made_by")


def open_code(typed: str) -> JoiningCode | None:
    """The code that was typed or scanned, if it still works."""
    found = JoiningCode.objects.open().filter(code_hash=hash_of(typed))
    return found.select_related("organisation", "team").first()


def offers_to(person: User) -> QuerySet[Offer]:
    """Open offers to an address that the person has confirmed; not of a course that they are on already, or left."""
    on_it = Enrolment.objects.filter(learner=person, curriculum_key=OuterRef("curriculum_key"))
    addresses = EmailAddress.objects.filter(user=person, verified=True).annotate(small=Lower("email"))
    return (
        Offer.objects.open()
        .filter(~Exists(on_it) | Q(team__isnull=False), email__in=addresses.values("small"))
        .select_related("organisation", "team", "offered_by")
        .order_by("created_at", "pk")
    )


def lists_visible_to(coordinator: User) -> QuerySet[EnrolmentList]:
    """Lists of the organisations that the person coordinates, newest first."""
    return EnrolmentList.objects.filter(
        organisation__in=organisations_coordinated_by(coordinator)
    ).select_related("organisation", "uploaded_by")


def outcomes_of(sent: EnrolmentList) -> dict[str, int]:
    """How many lines of the list came to what. One query."""
    return dict(sent.rows.order_by().values_list("outcome").annotate(lines=Count("pk")))


def rows_of(sent: EnrolmentList, outcome: str = "") -> QuerySet[ListRow]:
    rows = sent.rows.order_by("number")
    return rows.filter(outcome=outcome) if outcome else rows
