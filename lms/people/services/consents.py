"""Agreeing to one purpose, and stopping it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.acting import acted_by
from lms.core.errors import RuleBroken
from lms.people.models import CarerTie, CareTie, Consent, User
from lms.people.sharing import Over, Shareable, shareable


@transaction.atomic
def give_consent(
    *, person: User, what: str, tie: CareTie | None = None, carer_tie: CarerTie | None = None
) -> Consent:
    """The person agrees to one purpose in the words of today: over a tie, to a carer, or to all whom the words name.

    Agreeing twice changes nothing. A yes to words that no longer count is closed, and this one takes its place.
    Refuses what is not in the registry, a tie that is not in force, and a carer who acts for the person.
    """
    thing = shareable(what)
    if thing is None or thing.over is not _kind(tie, carer_tie):
        raise RuleBroken(_("Choose one of the things on the list."))
    _needs_own_say(person, tie, carer_tie)
    over = tie or carer_tie
    if over is not None and (over.accepted_at is None or over.ended_at is not None):
        raise RuleBroken(_("You can share once the other person has accepted."))
    if thing.counts_from > 1:
        _close_outdated(person, thing, tie, carer_tie)
    whose = {"person": person, "tie": tie, "carer_tie": carer_tie}
    consent, is_new = Consent.objects.get_or_create(
        **whose, what=what, withdrawn_at=None, defaults={"words": str(thing.words), "version": thing.version}
    )
    if is_new:
        record_act(actor=person, act="gave consent", subject=person, obj=consent, purpose=what)
    return consent


@transaction.atomic
def withdraw_consent(
    *, person: User, what: str, tie: CareTie | None = None, carer_tie: CarerTie | None = None
) -> None:
    """Stop one purpose, from this moment. Stopping twice changes nothing."""
    _needs_own_say(person, tie, carer_tie)
    # Compared here: `what` is as it was sent, and a database may not take every sign of it.
    held = Consent.objects.filter(person=person, tie=tie, carer_tie=carer_tie, withdrawn_at=None)
    for consent in [one for one in held.select_for_update() if one.what == what]:
        consent.withdrawn_at = clock.now()
        consent.save(update_fields=["withdrawn_at"])
        record_act(actor=person, act="withdrew consent", subject=person, obj=consent, purpose=what)


def _kind(tie: CareTie | None, carer_tie: CarerTie | None) -> Over:
    return Over.TIE if tie is not None else Over.CARER if carer_tie is not None else Over.ALL


def _needs_own_say(person: User, tie: CareTie | None, carer_tie: CarerTie | None) -> None:
    """A yes and a no are the person's own: no professional's, and no carer's."""
    if acted_by(person) is not None:
        raise RuleBroken(_("Only they themselves can say what they share. Ask them to sign in and choose."))
    owner = tie.patient_id if tie is not None else carer_tie.person_id if carer_tie is not None else person.pk
    if owner != person.pk:
        raise RuleBroken(_("Only the person whose words they are can choose who sees them."))


def _close_outdated(person: User, thing: Shareable, tie: CareTie | None, carer_tie: CarerTie | None) -> None:
    Consent.objects.filter(
        person=person,
        tie=tie,
        carer_tie=carer_tie,
        what=thing.key,
        withdrawn_at=None,
        version__lt=thing.counts_from,
    ).update(withdrawn_at=clock.now())
