"""What is offered to an address: whose it is says yes or no; a new account takes up the courses that wait for it."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Enrolment, Offer
from courses.queries.enrolling import curriculum_of_key, offers_to
from courses.services.learning import enrol
from courses.services.teams import join_team
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import User


@transaction.atomic
def accept_offer(*, offer: Offer, person: User) -> Enrolment:
    """Take up a course, or a place in a team, that was offered to one's own confirmed address. Twice is once."""
    if offer.accepted_by_id == person.pk and offer.accepted_at is not None:
        return _take_up(offer, person)
    held = _held(offer, person)
    held.accepted_by, held.accepted_at = person, clock.now()
    held.save(update_fields=["accepted_by", "accepted_at"])
    record_act(actor=person, act="accepted offer", subject=person, obj=held)
    return _take_up(held, person)


@transaction.atomic
def decline_offer(*, offer: Offer, person: User) -> None:
    """Say no to an offer. It is not made again by the same list. Twice is once."""
    if offer.ended_at is not None:
        return
    held = _held(offer, person)
    held.ended_at = clock.now()
    held.save(update_fields=["ended_at"])
    record_act(actor=person, act="declined offer", subject=person, obj=held)


@transaction.atomic
def take_up_courses(*, person: User) -> int:
    """Put a person on every course that waits for an address they confirmed; how many. Teams are asked about instead.

    For the moment at which an address is confirmed. A course that is not on the site now waits on.
    """
    taken = 0
    for offer in offers_to(person).filter(team=None):
        if curriculum_of_key(offer.curriculum_key) is not None:
            accept_offer(offer=offer, person=person)
            taken += 1
    return taken


def _take_up(offer: Offer, person: User) -> Enrolment:
    if offer.team is not None:
        return join_team(team=offer.team, person=person)
    curriculum = curriculum_of_key(offer.curriculum_key)
    if curriculum is None:
        raise RuleBroken(_("This course is not open at the moment."))
    return enrol(learner=person, curriculum=curriculum, how=Enrolment.How.LIST)


def _held(offer: Offer, person: User) -> Offer:
    held = offers_to(person).select_for_update(of=("self",)).filter(pk=offer.pk).first()
    if held is None:
        raise RuleBroken(_("This offer is no longer open."))
    return held
