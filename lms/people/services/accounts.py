"""What people change about their own account."""

from django.db import transaction

from lms.audit.services import record_act
from lms.people.models import Audience, User


@transaction.atomic
def change_account(*, person: User, first_name: str, last_name: str, audience: str) -> User:
    """Change how a person is called, and which programme is theirs. Roles stay as they are."""
    person.first_name = first_name
    person.last_name = last_name
    person.audience = Audience(audience)
    person.save(update_fields=["first_name", "last_name", "audience"])
    record_act(actor=person, act="changed account", subject=person, obj=person)
    return person
