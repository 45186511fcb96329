"""Giving and ending roles."""

from datetime import date

from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import Organisation, RegistrationCheck, Role, User, VettingCheck
from lms.people.queries import holds_role, organisations_coordinated_by, vetting_in_force

# Wagtail's own two groups, made by its migrations.
CMS_GROUPS = {Role.Kind.AUTHOR: "Editors", Role.Kind.ADMINISTRATOR: "Moderators"}


@transaction.atomic
def give_role(
    *,
    person: User,
    kind: str,
    organisation: Organisation,
    given_by: User | None,
    starts_on: date,
    ends_on: date | None = None,
    check: RegistrationCheck | None = None,
) -> Role:
    """Give the person a role in the organisation. Giving one that is already held changes nothing.

    A clinical role needs a registration check that a coordinator of the same organisation recorded, a tutor's a
    vetting decision in force there. A coordinator cannot give the roles that need two (see propose_role); an
    administrator gives that of a coordinator, and no other. `given_by` is None only when an installation sets up its
    first coordinator. Tells the person.
    """
    if given_by is not None:
        _needs_right_to_give(given_by, kind, organisation)
        if given_by.pk == person.pk:
            raise RuleBroken(_("Ask another coordinator to give you a role."))
    return grant(
        person=person,
        kind=kind,
        organisation=organisation,
        given_by=given_by,
        starts_on=starts_on,
        ends_on=ends_on,
        check=check,
    )


def grant(
    *,
    person: User,
    kind: str,
    organisation: Organisation,
    given_by: User | None,
    starts_on: date,
    ends_on: date | None = None,
    check: RegistrationCheck | None = None,
    tells: bool = True,
) -> Role:
    """Make the role, once it is settled that `given_by` may. For the services of this package."""
    if ends_on is not None and ends_on <= starts_on:
        raise RuleBroken(_("The role must end after the day it starts. Choose a later day."), field="ends_on")
    vetting = _checks_that_hold(person, kind, organisation, check)
    held = Role.objects.filter(person=person, kind=kind, organisation=organisation, ends_on=None).first()
    if held is not None:
        return _with_newer_checks(held, given_by, check, vetting)
    role = Role.objects.create(
        person=person,
        kind=kind,
        organisation=organisation,
        given_by=given_by,
        starts_on=starts_on,
        ends_on=ends_on,
        check_seen=check if kind in Role.NEEDS_CHECK else None,
        vetting=vetting,
    )
    sync_cms_groups(person=person)
    record_act(actor=given_by, act="gave role", subject=person, obj=role, purpose=kind)
    if tells:
        _tell(role)
    return role


def _tell(role: Role) -> None:
    is_patients = role.kind == Role.Kind.PATIENT
    where = "pages:contact" if is_patients else "dashboard"
    queue_message(
        to=role.person,
        template="patient_noted" if is_patients else "role_given",
        context={
            "role": str(role.get_kind_display()),
            "organisation": role.organisation.name,
            "url": absolute(reverse(where)),
        },
    )


def _checks_that_hold(
    person: User, kind: str, organisation: Organisation, check: RegistrationCheck | None
) -> VettingCheck | None:
    """The vetting decision that the role rests on, if it needs one. Refuses a role whose checks are missing."""
    has_check = (
        check is not None and check.person_id == person.pk and check.organisation_id == organisation.pk
    )
    if kind in Role.NEEDS_CHECK and not has_check:
        raise RuleBroken(
            _("Record that you saw their entry in the professional register first."), field="register"
        )
    if kind not in Role.NEEDS_VETTING:
        return None
    vetting = vetting_in_force(person, organisation)
    if vetting is None:
        raise RuleBroken(
            _("Record first what was decided about their vetting. Then give the role."), field="kind"
        )
    return vetting


def _with_newer_checks(
    held: Role, given_by: User | None, check: RegistrationCheck | None, vetting: VettingCheck | None
) -> Role:
    newer: dict[str, RegistrationCheck | VettingCheck] = {}
    if check is not None and held.kind in Role.NEEDS_CHECK and held.check_seen_id != check.pk:
        newer["check_seen"] = check
    if vetting is not None and held.vetting_id != vetting.pk:
        newer["vetting"] = vetting
    if newer:
        for name, value in newer.items():
            setattr(held, name, value)
        held.save(update_fields=list(newer))
        record_act(actor=given_by, act="renewed check of role", subject=held.person, obj=held)
    return held


@transaction.atomic
def end_role(*, role: Role, ended_by: User) -> Role:
    """End a role from today on. Ending an ended role changes nothing.

    A coordinator of the organisation ends any; an administrator those that need two to be given.
    """
    is_administrators = role.kind in Role.NEEDS_TWO and holds_role(ended_by, Role.Kind.ADMINISTRATOR)
    if not is_administrators:
        needs_coordinator(ended_by, role.organisation)
    return end_now(role, ended_by)


def end_now(role: Role, ended_by: User) -> Role:
    """End the role, once it is settled that `ended_by` may. For the services of this package."""
    today = clock.today()
    if role.ends_on is None or role.ends_on > today:
        role.ends_on = max(today, role.starts_on)
        role.save(update_fields=["ends_on"])
        sync_cms_groups(person=role.person)
        record_act(actor=ended_by, act="ended role", subject=role.person, obj=role, purpose=role.kind)
    return role


@transaction.atomic
def sync_cms_groups(*, person: User) -> None:
    """Put the person into the CMS groups that their roles of today open, and out of the others.

    Called when a role is given or ended, and at each sign-in, for roles that ended by their date.
    """
    kinds = set(Role.objects.in_force().filter(person=person).values_list("kind", flat=True))
    for kind, group_name in CMS_GROUPS.items():
        group = Group.objects.filter(name=group_name).first()
        if group is None:
            continue
        if kind in kinds:
            person.groups.add(group)
        else:
            person.groups.remove(group)


def needs_coordinator(person: User, organisation: Organisation) -> None:
    """Refuses anybody who is not a coordinator of this organisation today."""
    if not organisations_coordinated_by(person).filter(pk=organisation.pk).exists():
        raise RuleBroken(_("Only a coordinator of this organisation can do this."))


def _needs_right_to_give(person: User, kind: str, organisation: Organisation) -> None:
    if kind == Role.Kind.COORDINATOR and holds_role(person, Role.Kind.ADMINISTRATOR):
        return
    needs_coordinator(person, organisation)
    if kind in Role.NEEDS_TWO:
        raise RuleBroken(
            _("Two people give this role: one proposes it, and another confirms it."), field="kind"
        )
