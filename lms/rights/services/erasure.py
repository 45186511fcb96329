"""Erasing somebody: asked for, called back within some days, and done once, whole."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import FileField, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import Role, User
from lms.people.queries import holds_role
from lms.rights.models import Deletion, Erasure, Hold
from lms.rights.registry import CLEAR, DELETE, Classified, personal
from lms.rights.services.traces import forget_in_caches, forget_in_messages_to_others
from lms.rights.steps import reasons_to_wait, steps
from lms.rights.traces import words_for

AT_ONCE = 500
log = logging.getLogger(__name__)


@transaction.atomic
def ask_for_erasure(*, person: User, asked_by: User, how: str) -> Erasure:
    """Somebody is to be erased after the days in which it can be called back. Asking twice changes nothing.

    `how` is one of Erasure.Asked: SELF by the person; the others by a coordinator, who made sure who asks. Sends a
    message, in case it was not them. Refuses as `refuse_erasure` does, and a coordinator without a role for it.
    """
    if (person.pk == asked_by.pk) != (how == Erasure.Asked.SELF) or how not in Erasure.Asked.values:
        raise RuleBroken(_("Choose how they asked."), field="how")
    if person.pk != asked_by.pk and not holds_role(asked_by, Role.Kind.COORDINATOR):
        raise RuleBroken(_("Only a coordinator can do this for somebody else."))
    refuse_erasure(person)
    due_at = clock.now() + timedelta(days=settings.ERASURE_DAYS)
    erasure, is_new = Erasure.objects.get_or_create(
        person=person,
        called_back_at=None,
        done_at=None,
        defaults={"asked_by": asked_by, "how": how, "due_at": due_at},
    )
    if is_new:
        record_act(actor=asked_by, act="asked for erasure", subject=person, obj=erasure, purpose=how)
        queue_message(
            to=person,
            template="erasure_asked",
            context={"due_at": due_at, "url": absolute(reverse("rights:erase"))},
        )
    return erasure


@transaction.atomic
def call_back_erasure(*, person: User, by: User) -> None:
    """Nothing is erased after all. Calling back twice changes nothing; what is done cannot be called back."""
    waiting = Erasure.objects.select_for_update().filter(person=person, called_back_at=None, done_at=None)
    for erasure in waiting:
        erasure.called_back_at = clock.now()
        erasure.save(update_fields=["called_back_at"])
        record_act(actor=by, act="called erasure back", subject=person, obj=erasure)


def refuse_erasure(person: User) -> None:
    """Raise RuleBroken, saying why, while somebody cannot be erased: a hold, or people who count on them alone."""
    hold = Hold.objects.filter(person=person, lifted_at=None).first()
    if hold is not None:
        raise RuleBroken(
            _("We must keep your data for now. The reason: %(reason)s We tell you when that ends.")
            % {"reason": hold.reason}
        )
    for refuse in reasons_to_wait():
        refuse(person)


def erase_due() -> int:
    """Erase everybody whose day has come; how many. One that has to wait is tried again tomorrow."""
    done = 0
    due = Erasure.objects.filter(called_back_at=None, done_at=None, due_at__lte=clock.now())
    for erasure in due.order_by("due_at", "pk"):
        try:
            done += erase(erasure=erasure)
        except RuleBroken:
            log.warning("Erasure %s waits.", erasure.pk)
    return done


@transaction.atomic
def erase(*, erasure: Erasure) -> bool:
    """Erase the person now; True when this call did it. All of it or none: a job that dies leaves all as it was.

    What they are part of ends properly first. Then each model of the registry does as it says there. A row without a
    name stays of the person, because other people's records point to it. Keeps counts in the deletion log.
    Raises RuleBroken while it has to wait.
    """
    erasure = Erasure.objects.select_for_update(of=("self",)).select_related("person").get(pk=erasure.pk)
    if erasure.done_at or erasure.called_back_at:
        return False
    person = erasure.person
    refuse_erasure(person)
    words = words_for(person)
    for step in steps():
        step.act(person)
    # All is found before anything goes: what is theirs is known by addresses and keys that go too.
    found = [(one, list(one.rows_to_erase(person).values_list("pk", flat=True))) for one in personal()]
    gone = [_erase_rows(one, keys, husk=person.pk) for one, keys in found if keys]
    gone += forget_in_messages_to_others(words, husk=person.pk)
    forget_in_caches(words)
    Deletion.objects.bulk_create([row for row in gone if row is not None])
    erasure.done_at = clock.now()
    erasure.save(update_fields=["done_at"])
    record_act(actor=None, act="erased", subject=person, obj=erasure)
    return True


def _erase_rows(one: Classified, keys: list[Any], *, husk: int) -> Deletion | None:
    if one.erase not in (CLEAR, DELETE):
        return None
    manager = one.model_class._base_manager
    count = 0
    for start in range(0, len(keys), AT_ONCE):
        rows = manager.filter(pk__in=keys[start : start + AT_ONCE])
        _forget_files(one, rows)
        if one.erase == DELETE:
            count += rows.delete()[1].get(one.model, 0)
        else:
            count += _clear(one, rows)
    deleted, cleared = (count, 0) if one.erase == DELETE else (0, count)
    return Deletion(rule="erasure", model=one.model, deleted=deleted, cleared=cleared, husk=husk)


def _clear(one: Classified, rows: QuerySet) -> int:
    """Empty the fields. Past `save` and past managers that refuse: history may be emptied, though never changed."""
    values = {name: one.cleared.get(name, _EMPTY) for name in one.fields_to_clear()}
    fields = {name: one.model_class._meta.get_field(name) for name in values}
    plain = {
        name: empty_of(fields[name]) if value is _EMPTY else value
        for name, value in values.items()
        if not callable(value)
    }
    by_row = {name: value for name, value in values.items() if callable(value)}
    if not by_row:
        return rows.update(**plain)
    manager = one.model_class._base_manager
    return sum(
        manager.filter(pk=row.pk).update(**plain, **{name: make(row) for name, make in by_row.items()})
        for row in list(rows)
    )


_EMPTY = object()


def empty_of(one: Any) -> Any:
    """What stands in a field that says nothing any more."""
    if one.null:
        return None
    if one.empty_strings_allowed:
        return ""
    return one.get_default()


def _forget_files(one: Classified, rows: QuerySet) -> None:
    """Delete what a field keeps on disk. Before the rows: a job that dies between tries again, and nothing is left behind."""
    names = [
        each.name
        for each in one.model_class._meta.get_fields()
        if isinstance(each, FileField) and (one.erase == DELETE or each.name in one.fields_to_clear())
    ]
    for row in rows.only(*names) if names else ():
        for name in names:
            file = getattr(row, name)
            if file:
                file.storage.delete(file.name)
