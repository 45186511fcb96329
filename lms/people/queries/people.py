"""Finding people."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from lms.core import clock
from lms.people.models import Organisation, PrintedInvitation, Role, User
from lms.people.queries.roles import organisations_coordinated_by

KNOWN_FOR = timedelta(days=365)


def person_by_email(email: str) -> User | None:
    """The person who confirmed this address, if there is one."""
    return User.objects.filter(
        emailaddress__email__iexact=email.strip(), emailaddress__verified=True, is_active=True
    ).first()


def person_by_sign_in_name(name: str) -> User | None:
    """The person who signs in with this name. The random names of those who sign in by email find nobody."""
    person = User.objects.filter(username=name.strip().lower(), is_active=True).first()
    return person if person is not None and person.sign_in_name else None


def person_by_address_or_name(words: str) -> User | None:
    """The person behind an email address or a sign-in name, typed in full."""
    return person_by_email(words) if "@" in words else person_by_sign_in_name(words)


def people_of(organisations: QuerySet[Organisation], kind: str = "") -> QuerySet[User]:
    """People who hold a role in these organisations, with those roles, by name. Roles that pause are among them."""
    roles = Role.objects.held().filter(organisation__in=organisations)
    wanted = roles.filter(kind=kind) if kind else roles
    return (
        User.objects.filter(pk__in=wanted.values("person"), is_active=True)
        .order_by("first_name", "last_name", "pk")
        .prefetch_related(
            Prefetch(
                "roles",
                queryset=roles.select_related("organisation", "check_seen", "vetting"),
                to_attr="roles_today",
            )
        )
    )


def people_known_to(coordinator: User, found: list[str] | tuple[str, ...] = ()) -> QuerySet[User]:
    """People whom a coordinator may open: who hold, or held within a year, a role in one of their organisations.

    `found` are the public ids of those whom the coordinator found by exact address in this session.
    """
    known = Role.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=clock.today() - KNOWN_FOR),
        person=OuterRef("pk"),
        organisation__in=organisations_coordinated_by(coordinator),
    )
    return User.objects.filter(Exists(known) | Q(public_id__in=found), is_active=True)


def organisations_helping(coordinator: User, person: User) -> QuerySet[Organisation]:
    """The coordinator's organisations in which the person holds a role today."""
    roles = Role.objects.in_force().filter(person=person)
    return organisations_coordinated_by(coordinator).filter(pk__in=roles.values("organisation"))


def printed_invitation_of(coordinator: User, public_id: UUID) -> PrintedInvitation | None:
    """An open invitation on paper, made in one of the coordinator's organisations."""
    return (
        PrintedInvitation.objects.open()
        .filter(public_id=public_id, organisation__in=organisations_coordinated_by(coordinator))
        .select_related("person", "organisation")
        .first()
    )


def open_invitations_for(coordinator: User, person: User) -> QuerySet[PrintedInvitation]:
    """The person's invitations on paper that still work, made in the coordinator's organisations."""
    return (
        PrintedInvitation.objects.open()
        .filter(person=person, organisation__in=organisations_coordinated_by(coordinator))
        .select_related("organisation", "made_by")
    )
