"""Writing to the audit. If a row cannot be written, the error surfaces and the act or the look fails."""

from collections.abc import Iterable

from django.db.models import Model

from lms.audit.models import Entry
from lms.core.acting import acted_by
from lms.people.models import User


def record_act(
    *, actor: User | None, act: str, subject: User | None = None, obj: Model | None = None, purpose: str = ""
) -> Entry:
    """Note that `actor` did `act` (a verb phrase in code's words) to something of `subject`.

    Where a carer acts for the actor, the carer is who did it, and the person whom it was done for is the subject.
    """
    carer = acted_by(actor)
    if carer is not None:
        actor, subject = carer, subject or actor
    return Entry.objects.create(
        actor=actor, subject=subject, verb=Entry.Verb.DID, act=act, purpose=purpose, **_thing(obj)
    )


def record_look(*, viewer: User, subject: User, obj: Model, purpose: str) -> None:
    """Note that `viewer` opened something of `subject`. One's own things leave no trace."""
    record_looks(viewer=viewer, seen=[(subject, obj)], purpose=purpose)


def record_looks(*, viewer: User, seen: Iterable[tuple[User, Model]], purpose: str) -> None:
    """Note one look for each (subject, object) on a page that lists several, in one insert.

    Where a carer acts for the viewer, the carer is who looked.
    """
    looking = acted_by(viewer) or viewer
    Entry.objects.bulk_create(
        Entry(
            actor=looking,
            subject=subject,
            verb=Entry.Verb.LOOKED,
            act="looked",
            purpose=purpose,
            **_thing(obj),
        )
        for subject, obj in seen
        if subject.pk != viewer.pk
    )


def record_looks_by_number(
    *, viewer: User, thing: type[Model], seen: Iterable[tuple[int, int]], purpose: str
) -> None:
    """As `record_looks`, for lists of thousands: `seen` are the numbers of each person and of each thing of theirs."""
    looking = acted_by(viewer) or viewer
    label = thing._meta.label_lower
    Entry.objects.bulk_create(
        Entry(
            actor_id=looking.pk,
            subject_id=subject,
            verb=Entry.Verb.LOOKED,
            act="looked",
            purpose=purpose,
            thing=label,
            thing_id=str(number),
        )
        for subject, number in seen
        if subject != viewer.pk
    )


def record_page(*, viewer: User, subject: User, what: str, purpose: str) -> None:
    """Note that `viewer` opened a page of `subject`; `what` is a key that has words of its own (register_words)."""
    Entry.objects.create(
        actor=viewer, subject=subject, verb=Entry.Verb.LOOKED, act="looked", thing=what, purpose=purpose
    )


def _thing(obj: Model | None) -> dict[str, str]:
    if obj is None:
        return {}
    return {"thing": obj._meta.label_lower, "thing_id": str(obj.pk)}
