"""What a coordinator saw before somebody got a role: a register's entry, or the result of vetting."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import Organisation, RegistrationCheck, Role, User, VettingCheck
from lms.people.services.roles import end_now, needs_coordinator


@transaction.atomic
def record_registration_check(
    *,
    person: User,
    organisation: Organisation,
    register: str,
    number: str,
    seen_on: date,
    renew_on: date,
    checked_by: User,
) -> RegistrationCheck:
    """Note that a coordinator saw the person's entry in a professional register.

    Refuses a day that is still to come, a renewal before it was seen, and a check of oneself.
    """
    needs_coordinator(checked_by, organisation)
    if person.pk == checked_by.pk:
        raise RuleBroken(_("Ask another coordinator to check your own registration."))
    _refuse_odd_days(seen_on, renew_on)
    check = RegistrationCheck.objects.create(
        person=person,
        organisation=organisation,
        register=register,
        number=number,
        seen_on=seen_on,
        renew_on=renew_on,
        checked_by=checked_by,
    )
    record_act(actor=checked_by, act="recorded registration check", subject=person, obj=check)
    return check


@transaction.atomic
def record_vetting(
    *,
    person: User,
    organisation: Organisation,
    kind: str,
    decision: str,
    seen_on: date,
    renew_on: date,
    checked_by: User,
    reason: str = "",
) -> VettingCheck:
    """Note what was decided about letting the person lead workshops; the newest decision is the one that counts.

    A yes renews the tutor roles that the person holds in the organisation, a no ends them from today on. Refuses "no
    check is needed" without a reason, a day that is still to come, and a decision about oneself. The reason is kept
    for nothing else: what a check showed is never written down.
    """
    needs_coordinator(checked_by, organisation)
    if person.pk == checked_by.pk:
        raise RuleBroken(_("Ask another coordinator to record your own check."))
    kind, decision = VettingCheck.Kind(kind), VettingCheck.Decision(decision)
    if kind == VettingCheck.Kind.NOT_NEEDED and not reason:
        raise RuleBroken(_("Write why no check is needed for what they will do."), field="reason")
    _refuse_odd_days(seen_on, renew_on)
    check = VettingCheck.objects.create(
        person=person,
        organisation=organisation,
        kind=kind,
        decision=decision,
        reason=reason if kind == VettingCheck.Kind.NOT_NEEDED else "",
        seen_on=seen_on,
        renew_on=renew_on,
        checked_by=checked_by,
    )
    record_act(actor=checked_by, act="recorded vetting", subject=person, obj=check, purpose=decision)
    held = Role.objects.held().filter(person=person, organisation=organisation, kind__in=Role.NEEDS_VETTING)
    if decision == VettingCheck.Decision.MAY:
        held.update(vetting=check)
    else:
        for role in held.select_for_update(of=("self",)):
            end_now(role, checked_by)
    return check


def _refuse_odd_days(seen_on: date, renew_on: date) -> None:
    if seen_on > clock.today():
        raise RuleBroken(
            _("The day you looked cannot be in the future. Choose today or an earlier day."), field="seen_on"
        )
    if renew_on <= max(seen_on, clock.today()):
        raise RuleBroken(_("Choose a day after today for the next check."), field="renew_on")
