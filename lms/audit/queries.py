"""Reading the audit: a person sees who looked at their things."""

from django.db.models import QuerySet

from lms.audit.models import Entry
from lms.people.models import User


def looks_at(person: User) -> QuerySet[Entry]:
    """Who looked at what of this person, newest first."""
    return Entry.objects.filter(subject=person, verb=Entry.Verb.LOOKED).select_related("actor")
