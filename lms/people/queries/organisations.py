"""Which organisations somebody sees, and who coordinates them."""

from django.db.models import QuerySet

from lms.people.models import Organisation, Role, User
from lms.people.queries.roles import organisations_coordinated_by, role_kinds_of


def organisations_visible_to(person: User) -> QuerySet[Organisation]:
    """Every organisation for an administrator, their own for a coordinator."""
    if Role.Kind.ADMINISTRATOR in role_kinds_of(person):
        found = Organisation.objects.order_by("name")
    else:
        found = organisations_coordinated_by(person)
    return found.select_related("locality")


def coordinators_of(organisation: Organisation) -> QuerySet[Role]:
    """The roles of those who coordinate an organisation today, by name."""
    return (
        Role.objects.in_force()
        .filter(organisation=organisation, kind=Role.Kind.COORDINATOR)
        .select_related("person")
        .order_by("person__first_name", "person__last_name", "pk")
    )
