"""A private calendar address: made on demand, shown once, ended at any time."""

import secrets

from django.db import transaction

from lms.audit.services import record_act
from lms.core import clock
from lms.people.models import User
from workshops.models import CalendarFeed
from workshops.models.feed import hash_of

TOKEN_BYTES = 24


@transaction.atomic
def make_calendar_feed(*, person: User) -> str:
    """A new secret key for the person's calendar address; an older one ends. Only its hash is kept: show it now."""
    list(User.objects.select_for_update(no_key=True).filter(pk=person.pk).values_list("pk"))
    _end(person)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(person=person, token_hash=hash_of(token))
    record_act(actor=person, act="made calendar address", subject=person, obj=feed)
    return token


@transaction.atomic
def revoke_calendar_feed(*, person: User) -> None:
    """End the person's calendar address. Ending none changes nothing."""
    if _end(person):
        record_act(actor=person, act="ended calendar address", subject=person)


def _end(person: User) -> int:
    return CalendarFeed.objects.filter(person=person, revoked_at=None).update(revoked_at=clock.now())
