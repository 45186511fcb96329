"""How somebody is reached, and which coordinators may help with it."""

from django.db.models import QuerySet

from lms.people.models import Contact, Role, User
from lms.people.queries.roles import organisations_coordinated_by


def contact_of(person: User) -> Contact | None:
    """The way that the person chose; None when they never said, and are reached by email."""
    return Contact.objects.filter(person=person).first()


def people_helped_by(coordinator: User) -> QuerySet[User]:
    """People who hold a role today in an organisation where `coordinator` is one. Never the coordinator."""
    roles = Role.objects.in_force().filter(organisation__in=organisations_coordinated_by(coordinator))
    return User.objects.filter(pk__in=roles.values("person"), is_active=True).exclude(pk=coordinator.pk)
