"""Carers, made through the services as everywhere."""

from lms.people.models import CarerTie, User
from lms.people.services import accept_carer_tie, give_consent, invite_carer


def carer_for(person: User, carer: User, *, scopes: tuple[str, ...] = ()) -> CarerTie:
    """A carer whom the person asked, who said yes, and who may do these things for them."""
    tie = accept_carer_tie(tie=invite_carer(person=person, invited_as=carer.email), carer=carer)
    for what in scopes:
        give_consent(person=person, what=what, carer_tie=tie)
    return tie
