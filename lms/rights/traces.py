"""Finding what is a person's where no key says so: sessions, jobs and logs keep people inside their content."""

import re
from collections.abc import Callable, Iterable

from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Model, Q, QuerySet
from django_q.models import OrmQ, Task

from lms.people.models import User
from lms.rights.people import addresses_of


def words_for(person: User) -> list[str]:
    """What gives the person away in a text, and nobody else: the whole name, addresses and identifiers.

    A first name alone is left out: "May", "Will" and "Hope" are words of every letter.
    """
    name = person.get_full_name().strip()
    known = [*addresses_of(person), person.username, str(person.public_id)]
    return [*([name] if " " in name else []), *known]


def mentioning(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the words, whole. A name is written as it is; addresses and identifiers in any letters."""
    return re.compile(
        "|".join(
            rf"(?<!\w){re.escape(word)}(?!\w)" if " " in word else rf"(?i:(?<!\w){re.escape(word)}(?!\w))"
            for word in words
        )
    )


def sessions_of(person: User) -> QuerySet:
    """The person's sessions. A session says whose it is only inside, so that all are read."""
    mine = [
        session.session_key
        for session in Session.objects.iterator(chunk_size=500)
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    return Session.objects.filter(pk__in=mine)


def waiting_jobs_about(person: User) -> QuerySet:
    """Jobs in the queue whose content names the person. Ours carry numbers only; what failed to load is passed over."""
    known = mentioning(words_for(person))
    mine = []
    for job in OrmQ.objects.iterator(chunk_size=500):
        task = job.task or {}
        if known.search(repr((task.get("args"), task.get("kwargs"), task.get("group")))):
            mine.append(job.pk)
    return OrmQ.objects.filter(pk__in=mine)


def done_jobs_about(person: User) -> QuerySet:
    """Jobs that were done or failed, and whose content or result (a traceback, perhaps) names the person."""
    known = mentioning(words_for(person))
    mine = [
        task.pk
        for task in Task.objects.iterator(chunk_size=500)
        if known.search(repr((task.args, task.kwargs, task.result, task.group)))
    ]
    return Task.objects.filter(pk__in=mine)


def log_entries_about(model: type[Model]) -> Callable[[User], QuerySet]:
    """For a log with `user` and the thing's type and number: what the person did, and what was done to their account."""

    def find(person: User) -> QuerySet:
        account = ContentType.objects.get_for_model(type(person))
        return model._base_manager.filter(
            Q(user=person.pk) | Q(content_type=account, object_id=str(person.pk))
        )

    return find
