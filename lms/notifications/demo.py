"""The demonstration's ways of being reached: one person by letter, one by a call, one without email; and what helps one."""

from lms.core import clock
from lms.demo.registry import Stage, register_part
from lms.notifications.models import Handling
from lms.notifications.queries import calls_to_make, letters_to_post
from lms.notifications.work import mark_posted, record_call
from lms.people.models import Channel, Contact, NeedKind, Needs
from lms.people.needs_sharing import NEEDS_WITH_COORDINATORS
from lms.people.services import give_consent
from lms.people.services.contact import change_contact
from lms.people.services.needs import record_needs

# name in the cast: how they are reached. The numbers and addresses are of a kind that nobody has.
REACHED = {
    "patient3": {"way": Channel.LETTER, "address": "14 Ferry Steps\nRiverside\nRV1 2AB", "large_print": True},
    "patient4": {"way": Channel.CALL, "phone": "01632 960 014", "best_time": "weekday mornings"},
    "patient6": {
        "way": Channel.LETTER,
        "address": "3 Orchard Row\nRiverside\nRV2 7QX",
        "phone": "01632 960 016",
    },
}


def load_needs(stage: Stage) -> None:
    """Rosa wrote down what helps her; her coordinators see it, and so do the tutors where she says so."""
    rosa = stage.cast["patient4"]
    if not Needs.objects.filter(person=rosa).exists():
        record_needs(
            person=rosa,
            by=rosa,
            kinds=[NeedKind.LARGE_PRINT, NeedKind.HEARING_LOOP],
            words="A chair with arms.",
        )
        give_consent(person=rosa, what=NEEDS_WITH_COORDINATORS.key)


def load_contacts(stage: Stage) -> None:
    """From here on messages to them are letters and calls."""
    for name, said in REACHED.items():
        person = stage.cast.get(name)
        if person is not None and not Contact.objects.filter(person=person).exists():
            change_contact(person=person, by=person, **said)


def load_work(stage: Stage) -> None:
    """Their coordinator has worked what was pressing; the rest waits on the desk."""
    coordinator = stage.cast["coordinator"]
    for call in calls_to_make(coordinator).filter(not_after__lt=clock.now()):
        record_call(call=call, by=coordinator, outcome=Handling.Outcome.REACHED)
    old = letters_to_post(coordinator).filter(not_after__lt=clock.now())
    mark_posted(letters=[letter.public_id for letter in old], by=coordinator)


register_part(15, "what helps", load_needs)
register_part(28, "how people are reached", load_contacts)
register_part(48, "letters and calls", load_work)
