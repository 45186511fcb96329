"""Asking somebody to act for me, agreeing to it, and ending it. What a carer may do is a consent for each purpose."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.acting import acted_by
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import CarerTie, Consent, User
from lms.people.queries import person_by_sign_in_name
from lms.people.queries.carers import carer_invitations_to

MOST_CARER_INVITATIONS_A_DAY = 20


@transaction.atomic
def invite_carer(*, person: User, invited_as: str) -> CarerTie:
    """Ask whoever has this email address or sign-in name to act for the person. They may do nothing by it yet.

    Writes to them; tells the person nothing of whether there is such an account. The same name again changes nothing.
    Refuses one's own name, and more than 20 a day.
    """
    _needs_themselves(person)
    name = invited_as.strip().lower()
    if name in {person.email.lower(), person.username.lower()}:
        raise RuleBroken(_("This is your own. Type the address of the other person."), field="invited_as")
    lately = CarerTie.objects.filter(person=person, created_at__gt=clock.now() - timedelta(days=1))
    if lately.count() >= MOST_CARER_INVITATIONS_A_DAY:
        raise RuleBroken(
            _("You have sent many invitations today. You can send more tomorrow."), field="invited_as"
        )
    tie, is_new = CarerTie.objects.get_or_create(
        person=person, invited_as=name, accepted_at=None, ended_at=None
    )
    if is_new:
        record_act(actor=person, act="invited carer", subject=person, obj=tie)
        _write_to(name, person)
    return tie


def _write_to(name: str, person: User) -> None:
    context = {"inviter": person.display_name, "url": absolute(reverse("privacy:carers"))}
    try:
        validate_email(name)
    except ValidationError:
        somebody = person_by_sign_in_name(name)
        if somebody is not None:
            queue_message(to=somebody, template="carer_invitation", context=context)
    else:
        queue_message(address=name, template="carer_invitation", context=context)


@transaction.atomic
def accept_carer_tie(*, tie: CarerTie, carer: User) -> CarerTie:
    """Agree to act for the person who asked. Accepting twice changes nothing; nothing is opened by it."""
    if tie.accepted_at and tie.carer_id == carer.pk:
        return tie
    invitation = carer_invitations_to(carer).select_for_update(of=("self",)).filter(pk=tie.pk).first()
    if invitation is None:
        raise RuleBroken(_("This invitation is no longer open. Ask for a new one."))
    invitation.carer = carer
    invitation.accepted_at = clock.now()
    try:
        with transaction.atomic():
            invitation.save(update_fields=["carer", "accepted_at"])
    except IntegrityError:
        raise RuleBroken(_("You can act for this person already.")) from None
    record_act(actor=carer, act="accepted to be carer", subject=invitation.person, obj=invitation)
    queue_message(
        to=invitation.person,
        template="carer_accepted",
        context={
            "name": carer.display_name,
            "url": absolute(reverse("privacy:carer", args=[invitation.public_id])),
        },
    )
    return invitation


@transaction.atomic
def end_carer_tie(*, tie: CarerTie, by: User) -> CarerTie:
    """End acting, take an invitation back, or turn it down. All that was agreed to ends with it, at once.

    Ending twice changes nothing. Refuses anybody but the two, and whoever was invited.
    """
    _needs_themselves(by)
    is_one_of_two = by.pk in (tie.person_id, tie.carer_id)
    if not is_one_of_two and not carer_invitations_to(by).filter(pk=tie.pk).exists():
        raise RuleBroken(_("Only the two people can end this."))
    ended = CarerTie.objects.filter(pk=tie.pk, ended_at=None).update(ended_at=clock.now(), ended_by=by)
    if ended:
        Consent.objects.filter(carer_tie=tie, withdrawn_at=None).update(withdrawn_at=clock.now())
        record_act(actor=by, act="ended carer tie", subject=tie.person, obj=tie)
    tie.refresh_from_db()
    return tie


@transaction.atomic
def begin_to_act(*, tie: CarerTie, carer: User) -> None:
    """Note that the carer begins to act for the person. Refuses a tie that is not this carer's, or not in force."""
    if not CarerTie.objects.in_force().filter(pk=tie.pk, carer=carer).exists():
        raise RuleBroken(_("You cannot act for this person at the moment."))
    record_act(actor=carer, act="began to act as carer", subject=tie.person, obj=tie)


@transaction.atomic
def stop_to_act(*, tie: CarerTie, carer: User) -> None:
    """Note that the carer is themselves again."""
    record_act(actor=carer, act="stopped acting as carer", subject=tie.person, obj=tie)


def _needs_themselves(person: User) -> None:
    if acted_by(person) is not None:
        raise RuleBroken(_("Only they themselves can choose who acts for them."))
