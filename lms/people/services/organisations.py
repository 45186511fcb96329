"""Organisations and localities: made and named by administrators; their contact details by their coordinators too."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act
from lms.core.errors import RuleBroken
from lms.people.models import Locality, Organisation, Role, User
from lms.people.queries import holds_role
from lms.people.services.roles import needs_coordinator


@transaction.atomic
def add_locality(*, name: str, added_by: User) -> Locality:
    """Add a town or area to the list. Refuses a name that is on it, in large or small letters."""
    _needs_administrator(added_by)
    if Locality.objects.filter(name__iexact=name).exists():
        raise RuleBroken(_("This name is on the list already."), field="name")
    locality = Locality.objects.create(name=name)
    record_act(actor=added_by, act="added locality", obj=locality)
    return locality


@transaction.atomic
def add_organisation(
    *,
    name: str,
    added_by: User,
    locality: Locality | None = None,
    contact_email: str = "",
    contact_phone: str = "",
) -> Organisation:
    """Add an organisation, which has no coordinator yet. Refuses a name that another one has."""
    _needs_administrator(added_by)
    organisation = Organisation(
        name=name, locality=locality, contact_email=contact_email, contact_phone=contact_phone
    )
    _save(organisation)
    record_act(actor=added_by, act="added organisation", obj=organisation)
    return organisation


@transaction.atomic
def change_organisation(
    *,
    organisation: Organisation,
    changed_by: User,
    name: str,
    locality: Locality | None,
    contact_email: str,
    contact_phone: str,
) -> Organisation:
    """Rename an organisation, move it, change how it is reached. What was issued under the old name keeps it."""
    _needs_administrator(changed_by)
    organisation.name = name
    organisation.locality = locality
    organisation.contact_email = contact_email
    organisation.contact_phone = contact_phone
    _save(organisation)
    record_act(actor=changed_by, act="changed organisation", obj=organisation)
    return organisation


@transaction.atomic
def change_contact_details(
    *, organisation: Organisation, changed_by: User, contact_email: str, contact_phone: str
) -> Organisation:
    """Change how people reach an organisation: its coordinators may, and administrators."""
    if not holds_role(changed_by, Role.Kind.ADMINISTRATOR):
        needs_coordinator(changed_by, organisation)
    organisation.contact_email = contact_email
    organisation.contact_phone = contact_phone
    organisation.save(update_fields=["contact_email", "contact_phone"])
    record_act(actor=changed_by, act="changed contact details", obj=organisation)
    return organisation


def _needs_administrator(person: User) -> None:
    if not holds_role(person, Role.Kind.ADMINISTRATOR):
        raise RuleBroken(_("Only an administrator can do this."))


def _save(organisation: Organisation) -> None:
    taken = Organisation.objects.filter(name__iexact=organisation.name).exclude(pk=organisation.pk)
    if taken.exists():
        raise RuleBroken(_("Another organisation has this name."), field="name")
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        raise RuleBroken(_("Another organisation has this name."), field="name") from None
