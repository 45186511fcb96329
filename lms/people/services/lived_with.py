"""What a tutor or reviewer lives with, in their own words."""

from django.db import transaction

from lms.audit.services import record_act
from lms.people.models import LivedWith, User


@transaction.atomic
def write_lived_with(*, person: User, words: str) -> None:
    """Keep the words (at most 120 characters), or take them away where there are none. Shown to nobody by this."""
    words = " ".join(words.split())
    if words:
        LivedWith.objects.update_or_create(person=person, defaults={"words": words})
    else:
        LivedWith.objects.filter(person=person).delete()
    record_act(actor=person, act="wrote lived with" if words else "deleted lived with", subject=person)
