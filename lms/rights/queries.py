"""Answers about copies, erasures, holds and what is gone. Nothing here changes anything."""

from django.db.models import QuerySet

from lms.core import clock
from lms.people.models import Role, User
from lms.people.queries import organisations_coordinated_by
from lms.rights.models import Deletion, Erasure, Export, Hold
from lms.rights.registry import DELETE, personal


def copies_of(person: User) -> QuerySet[Export]:
    """The person's copies that are being made or can still be taken, newest first."""
    return Export.objects.filter(person=person).exclude(expires_at__lte=clock.now())


def erasure_waiting_for(person: User) -> Erasure | None:
    """The person's erasure that was asked for and not done yet."""
    return Erasure.objects.filter(person=person, called_back_at=None, done_at=None).first()


def what_goes_and_stays(person: User) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Names of what an erasure deletes whole, and (why, names) of what stays in part. Only of what there is.

    One query for each model of the registry that has people's rows: constant, and on the erasure's own page only.
    """
    goes: list[str] = []
    stays: dict[str, list[str]] = {}
    for one in reversed(personal()):
        # What only a search through every row would find, goes in any case.
        if one.find is not None or not one.exported or not one.rows_of(person).exists():
            continue
        if one.erase == DELETE:
            goes.append(str(one.label))
        else:
            stays.setdefault(str(one.why), []).append(str(one.label))
    return sorted(goes), sorted(stays.items())


def erasable_by(coordinator: User) -> QuerySet[User]:
    """People without email who hold or held a role where the coordinator answers for it: they cannot ask here themselves."""
    roles = Role.objects.filter(organisation__in=organisations_coordinated_by(coordinator))
    people = User.objects.filter(pk__in=roles.values("person"), email="", is_active=True)
    return people.exclude(pk=coordinator.pk)


def holds_in_force() -> QuerySet[Hold]:
    return Hold.objects.filter(lifted_at=None).select_related("person", "placed_by")


def deletions() -> QuerySet[Deletion]:
    """The deletion log, newest first."""
    return Deletion.objects.all()
