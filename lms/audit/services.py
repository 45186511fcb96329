"""Writing to the audit. If a row cannot be written, the error surfaces and the act or the look fails."""

from collections.abc import Iterable

from django.db.models import Model

from lms.audit.models import Entry
from lms.people.models import User


def record_act(
    *, actor: User | None, act: str, subject: User | None = None, obj: Model | None = None, purpose: str = ""
) -> Entry:
    """Note that `actor` did `act` (a verb phrase in code's words) to something of `subject`."""
    return Entry.objects.create(
        actor=actor, subject=subject, verb=Entry.Verb.DID, act=act, purpose=purpose, **_thing(obj)
    )


def record_look(*, viewer: User, subject: User, obj: Model, purpose: str) -> None:
    """Note that `viewer` opened something of `subject`. One's own things leave no trace."""
    record_looks(viewer=viewer, seen=[(subject, obj)], purpose=purpose)


def record_looks(*, viewer: User, seen: Iterable[tuple[User, Model]], purpose: str) -> None:
    """Note one look for each (subject, object) on a page that lists several, in one insert."""
    Entry.objects.bulk_create(
        Entry(
            actor=viewer,
            subject=subject,
            verb=Entry.Verb.LOOKED,
            act="looked",
            purpose=purpose,
            **_thing(obj),
        )
        for subject, obj in seen
        if subject.pk != viewer.pk
    )


def _thing(obj: Model | None) -> dict[str, str]:
    if obj is None:
        return {}
    return {"thing": obj._meta.label_lower, "thing_id": str(obj.pk)}
