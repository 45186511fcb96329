"""Tying two people together, and ending it."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import CareTie, Consent, Role, User
from lms.people.queries import holds_role, invitations_to, person_by_sign_in_name

MOST_INVITATIONS_A_DAY = 20


@transaction.atomic
def invite_to_tie(*, inviter: User, email: str, as_professional: bool) -> CareTie:
    """Invite the person behind an email address, or behind a sign-in name, to work together.

    Tells them; tells nobody whether an account exists. Inviting the same person again changes nothing. Refuses one's
    own address or name, inviting as a professional without the role, and more than 20 a day: each is a message to
    somebody who may not know us.
    """
    typed = email.strip().lower()
    if typed in (inviter.email.lower(), inviter.sign_in_name):
        raise RuleBroken(_("This is your own address. Type the address of the other person."), field="email")
    lately = CareTie.objects.filter(invited_by=inviter, created_at__gt=clock.now() - timedelta(days=1))
    if lately.count() >= MOST_INVITATIONS_A_DAY:
        raise RuleBroken(
            _("You have sent many invitations today. You can send more tomorrow."), field="email"
        )
    if as_professional and not holds_role(inviter, Role.Kind.PROFESSIONAL):
        raise RuleBroken(
            _("A coordinator needs to confirm your professional role first. Ask yours to do so.")
        )
    is_address = "@" in typed
    tie, is_new = CareTie.objects.get_or_create(
        invited_by=inviter,
        invited_email=typed if is_address else "",
        invited_name="" if is_address else typed,
        accepted_at=None,
        ended_at=None,
        defaults={"professional": inviter} if as_professional else {"patient": inviter},
    )
    if is_new:
        record_act(actor=inviter, act="invited to tie", obj=tie)
        queue_message(
            **({"address": typed} if is_address else {"to": person_by_sign_in_name(typed)}),
            template="tie_invitation",
            context={"inviter": inviter.display_name, "url": absolute(reverse("privacy:people"))},
        )
    return tie


@transaction.atomic
def accept_tie(*, tie: CareTie, person: User) -> CareTie:
    """Accept an invitation to one's own confirmed address or sign-in name. Accepting twice changes nothing.

    Whoever is the professional of the two needs the role. Nothing is shared by accepting.
    """
    if tie.accepted_at and person.pk in (tie.patient_id, tie.professional_id):
        return tie
    invitation = invitations_to(person).select_for_update(of=("self",)).filter(pk=tie.pk).first()
    if invitation is None:
        raise RuleBroken(_("This invitation is no longer open. Ask for a new one."))
    tie = invitation
    if tie.professional is None:
        if not holds_role(person, Role.Kind.PROFESSIONAL):
            raise RuleBroken(
                _("A coordinator needs to confirm your professional role first. Ask yours to do so.")
            )
        tie.professional = person
    else:
        if not holds_role(tie.professional, Role.Kind.PROFESSIONAL):
            raise RuleBroken(
                _("This person's professional role has ended. Ask them to contact their coordinator.")
            )
        tie.patient = person
    tie.accepted_at = clock.now()
    try:
        with transaction.atomic():
            tie.save(update_fields=["patient", "professional", "accepted_at"])
    except IntegrityError:
        raise RuleBroken(_("You two already work together here.")) from None
    record_act(actor=person, act="accepted tie", subject=tie.patient, obj=tie)
    return tie


@transaction.atomic
def end_tie(*, tie: CareTie, person: User) -> CareTie:
    """End working together, or turn an invitation down; all that was shared over the tie ends at once.

    Ending twice changes nothing. Refuses anybody but the two, and whoever was invited.
    """
    is_one_of_two = person.pk in (tie.patient_id, tie.professional_id)
    if not is_one_of_two and not invitations_to(person).filter(pk=tie.pk).exists():
        raise RuleBroken(_("Only the two people can end this."))
    if tie.ended_at is None:
        tie.ended_at = clock.now()
        tie.ended_by = person
        tie.save(update_fields=["ended_at", "ended_by"])
        Consent.objects.filter(tie=tie, withdrawn_at=None).update(withdrawn_at=clock.now())
        record_act(actor=person, act="ended tie", subject=tie.patient, obj=tie)
    return tie
