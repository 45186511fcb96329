"""Reading the audit: a person sees who looked at their things."""

from django.db.models import QuerySet

from lms.audit.models import Entry, acts_told
from lms.people.models import User


def looks_at(person: User) -> QuerySet[Entry]:
    """Who looked at what of this person, newest first."""
    return Entry.objects.filter(subject=person, verb=Entry.Verb.LOOKED).select_related("actor")


def acts_by_others(person: User) -> QuerySet[Entry]:
    """What somebody else did to this person's account or things, newest first: only acts that have words."""
    done = Entry.objects.filter(subject=person, verb=Entry.Verb.DID, act__in=acts_told())
    return done.exclude(actor=None).exclude(actor=person).select_related("actor")
