"""The demonstration's carer, and a lay tutor who says what they live with."""

from lms.demo.registry import Stage
from lms.people.models import CarerTie, LivedWith, User
from lms.people.purposes import LIVED_WITH_SHOWN, NAME_SHOWN
from lms.people.services import accept_carer_tie, give_consent, invite_carer, write_lived_with


def load_carers(stage: Stage) -> None:
    """Rosa's daughter may act for her; one lay tutor shows their name and what they live with, the other does not."""
    _carer(stage.cast["patient4"], stage.cast["carer"])
    tutor = stage.cast["lay_tutor"]
    if not LivedWith.objects.filter(person=tutor).exists():
        write_lived_with(person=tutor, words="chronic pain")
        for purpose in (NAME_SHOWN, LIVED_WITH_SHOWN):
            give_consent(person=tutor, what=purpose.key)


def _carer(person: User, carer: User) -> None:
    if CarerTie.objects.filter(person=person, carer=carer).exists():
        return
    tie = accept_carer_tie(tie=invite_carer(person=person, invited_as=carer.email), carer=carer)
    for what in ("carer_workshops", "carer_visits"):
        give_consent(person=person, what=what, carer_tie=tie)
