"""Holds: nothing of a person is deleted while one stands."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import Role, User
from lms.people.queries import holds_role
from lms.rights.models import Hold


@transaction.atomic
def place_hold(*, person: User, reason: str, by: User) -> Hold:
    """Keep everything of the person until it is lifted: no erasure, no deletion by time. Placing twice changes nothing.

    Only an administrator may. The person reads the reason.
    """
    _needs_administrator(by)
    if not reason.strip():
        raise RuleBroken(_("Say why, so that the person can be told."), field="reason")
    hold, is_new = Hold.objects.get_or_create(
        person=person, lifted_at=None, defaults={"reason": reason.strip(), "placed_by": by}
    )
    if is_new:
        record_act(actor=by, act="placed hold", subject=person, obj=hold)
    return hold


@transaction.atomic
def lift_hold(*, hold: Hold, by: User) -> Hold:
    """From now on the usual rules count again. Lifting twice changes nothing. Only an administrator may."""
    _needs_administrator(by)
    hold = Hold.objects.select_for_update(of=("self",)).select_related("person").get(pk=hold.pk)
    if hold.lifted_at is None:
        hold.lifted_at, hold.lifted_by = clock.now(), by
        hold.save(update_fields=["lifted_at", "lifted_by"])
        record_act(actor=by, act="lifted hold", subject=hold.person, obj=hold)
    return hold


def _needs_administrator(person: User) -> None:
    if not holds_role(person, Role.Kind.ADMINISTRATOR):
        raise RuleBroken(_("Only an administrator can do this."))
