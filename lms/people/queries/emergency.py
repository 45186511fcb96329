"""Who opened whose record in an emergency. Nothing here changes anything."""

from django.db.models import Q, QuerySet

from lms.core import clock
from lms.people.models import EmergencyAccess, Role, User


def emergency_access(administrator: User, person: User) -> EmergencyAccess | None:
    """The opening that still runs, if there is one."""
    return (
        EmergencyAccess.objects.filter(administrator=administrator, person=person, until__gt=clock.now())
        .select_related("administrator", "person")
        .order_by("-pk")
        .first()
    )


def watchers_of(administrator: User, person: User) -> list[User]:
    """Who is told besides the person: the other administrators, and the coordinators of the person's organisations."""
    organisations = Role.objects.in_force().filter(person=person).values("organisation")
    watching = Role.objects.in_force().filter(
        Q(kind=Role.Kind.ADMINISTRATOR) | Q(kind=Role.Kind.COORDINATOR, organisation__in=organisations)
    )
    return list(
        User.objects.filter(pk__in=watching.values("person"), is_active=True)
        .exclude(pk__in=[administrator.pk, person.pk])
        .order_by("pk")
    )


def emergency_openings() -> QuerySet[EmergencyAccess]:
    """Every opening, newest first, for those who watch."""
    return EmergencyAccess.objects.select_related("administrator", "person").order_by("-created_at", "-pk")
