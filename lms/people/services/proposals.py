"""Roles that open doors for others: one person proposes, another confirms.

A coordinator of the organisation, or an administrator, proposes. An administrator confirms. Another coordinator of the
organisation confirms too: a coordinator always, an administrator only while the site has none.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import Organisation, Role, RoleProposal, User
from lms.people.queries import holds_role, proposals_answerable_by
from lms.people.services.roles import grant, needs_coordinator


@transaction.atomic
def propose_role(
    *,
    person: User,
    kind: str,
    organisation: Organisation,
    proposed_by: User,
    starts_on: date,
    ends_on: date | None = None,
) -> RoleProposal | None:
    """Propose that the person becomes a coordinator or an administrator. Nothing is granted by it.

    Proposing what is proposed already changes nothing; None when the person holds the role already. Refuses proposing
    oneself, and roles that one person can give.
    """
    if kind not in Role.NEEDS_TWO:
        raise RuleBroken(_("This role can be given at once."), field="kind")
    if not holds_role(proposed_by, Role.Kind.ADMINISTRATOR):
        needs_coordinator(proposed_by, organisation)
    if proposed_by.pk == person.pk:
        raise RuleBroken(_("Ask another coordinator to propose you."))
    if ends_on is not None and ends_on <= starts_on:
        raise RuleBroken(_("The role must end after the day it starts. Choose a later day."), field="ends_on")
    if Role.objects.filter(person=person, kind=kind, organisation=organisation, ends_on=None).exists():
        return None
    proposal, is_new = RoleProposal.objects.get_or_create(
        person=person,
        kind=kind,
        organisation=organisation,
        answered_at=None,
        defaults={"proposed_by": proposed_by, "starts_on": starts_on, "ends_on": ends_on},
    )
    if is_new:
        record_act(actor=proposed_by, act="proposed role", subject=person, obj=proposal, purpose=kind)
    return proposal


@transaction.atomic
def confirm_role(*, proposal: RoleProposal, confirmed_by: User) -> Role:
    """Confirm a proposed role, which gives it. Confirming twice changes nothing.

    Refuses whoever proposed it, whose role it is, and whoever may not answer it; and a proposal whose days are over.
    """
    if proposal.role is not None and proposal.answered_by_id == confirmed_by.pk:
        return proposal.role
    proposal = _open_for(proposal, confirmed_by)
    today = clock.today()
    if proposal.ends_on is not None and proposal.ends_on <= today:
        raise RuleBroken(_("The days of this role are over. Say no, and propose it anew."))
    # Never in force before the second person said yes.
    proposal.role = grant(
        person=proposal.person,
        kind=proposal.kind,
        organisation=proposal.organisation,
        given_by=proposal.proposed_by,
        starts_on=max(proposal.starts_on, today),
        ends_on=proposal.ends_on,
    )
    _answer(proposal, confirmed_by, "confirmed role")
    return proposal.role


@transaction.atomic
def decline_proposal(*, proposal: RoleProposal, declined_by: User) -> None:
    """Say no to a proposed role, or take one's own proposal back. Saying no twice changes nothing."""
    if proposal.answered_at is not None:
        return
    if proposal.proposed_by_id != declined_by.pk:
        proposal = _open_for(proposal, declined_by)
    _answer(proposal, declined_by, "declined proposed role")


def _open_for(proposal: RoleProposal, person: User) -> RoleProposal:
    waiting = RoleProposal.objects.select_for_update(of=("self",)).filter(pk=proposal.pk, answered_at=None)
    found = waiting.select_related("person", "organisation", "proposed_by").first()
    if found is None:
        raise RuleBroken(_("Somebody has answered this already."))
    if not proposals_answerable_by(person).filter(pk=proposal.pk).exists():
        raise RuleBroken(_("Somebody else has to confirm this role."))
    return found


def _answer(proposal: RoleProposal, by: User, act: str) -> None:
    proposal.answered_by = by
    proposal.answered_at = clock.now()
    proposal.save(update_fields=["role", "answered_by", "answered_at"])
    record_act(actor=by, act=act, subject=proposal.person, obj=proposal, purpose=proposal.kind)
