"""A copy of all that is held about a person: asked for, made in the background, taken by them alone."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Field, Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import User
from lms.rights.models import Export, ExportFile, ExportPart
from lms.rights.periods import days_kept
from lms.rights.registry import Classified, Kind, own_fields, personal

SCHEMA = "export/1"
SECONDS_AT_ONCE = 12
COPIES_A_DAY = 5


@transaction.atomic
def ask_for_export(*, person: User) -> Export:
    """Begin a copy of all that is held about the person. Asking while one is being made answers that one.

    Refuses more than five in a day.
    """
    waiting = Export.objects.filter(person=person, ready_at=None).first()
    if waiting is not None:
        return waiting
    lately = Export.objects.filter(person=person, created_at__gt=clock.now() - timedelta(days=1))
    if lately.count() >= COPIES_A_DAY:
        raise RuleBroken(_("You have asked for several copies today. You can ask again tomorrow."))
    export = Export.objects.create(person=person, total=len(told_in_copies()))
    record_act(actor=person, act="asked for a copy", subject=person, obj=export)
    async_task("lms.rights.tasks.make_copy", export.pk)
    return export


def make_export(*, export: Export, enough: Callable[[], bool] | None = None) -> bool:
    """Make the parts that are still missing, each kept as soon as it is made; True once the copy is ready.

    A job that dies loses the part it was at, and the next one goes on from there. Stops between two parts when
    `enough()` says so: by default after some seconds, so that no job is killed for taking long.
    """
    began = time.monotonic()
    enough = enough or (lambda: time.monotonic() - began > SECONDS_AT_ONCE)
    if export.ready_at is not None:
        return True
    person = export.person
    have = set(export.parts.values_list("model", flat=True))
    for one in told_in_copies():
        if one.model in have:
            continue
        if enough():
            return False
        _keep_part(export, one, part_of(one, person))
        have.add(one.model)
        Export.objects.filter(pk=export.pk).update(done=min(len(have), export.total))
    return _finish(export)


def told_in_copies() -> list[Classified]:
    return [one for one in personal() if one.exported]


def _keep_part(export: Export, one: Classified, content: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            ExportPart.objects.create(export=export, model=one.model, content=content)
    except IntegrityError:
        pass  # another job made it at the same moment: it holds the same


@transaction.atomic
def _finish(export: Export) -> bool:
    """Put the parts together and say that the copy is ready. Two jobs that come here make one copy and one message."""
    export = Export.objects.select_for_update(of=("self",)).select_related("person").get(pk=export.pk)
    if export.ready_at is not None:
        return True
    parts = {part.model: part.content for part in export.parts.all()}
    things = [parts[one.model] for one in reversed(told_in_copies()) if parts.get(one.model, {}).get("rows")]
    things.sort(key=lambda thing: thing["kind"] != "people.User")  # who they are comes first
    now = clock.now()
    ExportFile.objects.create(export=export, content=_zipped(export, things, now))
    export.parts.all().delete()
    export.done = export.total
    export.ready_at = now
    export.expires_at = now + timedelta(days=days_kept("exports") or 7)
    export.save(update_fields=["done", "ready_at", "expires_at"])
    queue_message(
        to=export.person, template="export_ready", context={"url": absolute(reverse("rights:your_data"))}
    )
    return True


@transaction.atomic
def take_export(*, export: Export, person: User) -> bytes:
    """The finished copy, for the person alone. Side effect: an entry in the audit each time."""
    is_there = export.expires_at is not None and export.expires_at > clock.now()
    if export.person_id != person.pk or not is_there:
        raise RuleBroken(_("This copy is no longer here. You can ask for a new one."))
    export.taken_at = clock.now()
    export.save(update_fields=["taken_at"])
    record_act(actor=person, act="took a copy", subject=person, obj=export)
    return bytes(ExportFile.objects.get(export=export).content)


def part_of(one: Classified, person: User) -> dict[str, Any]:
    """What one kind of thing holds about the person: each row's number, and its fields raw and in words."""
    told = [
        field
        for field in own_fields(one.model_class)
        if one.kinds.get(field.name, Kind.PLAIN) not in (Kind.PLAIN, Kind.SEALED)
    ]
    links = [field.name for field in told if field.is_relation]
    rows = one.rows_of(person).select_related(*links).order_by("pk")
    return {
        "kind": one.model,
        "name": str(one.label),
        "fields": {field.name: _label(one, field) for field in told},
        "rows": [
            {"number": _raw(row.pk)} | {field.name: _told(one, row, field, person) for field in told}
            for row in rows
        ],
    }


def _label(one: Classified, field: Field) -> str:
    return str(one.labels.get(field.name) or capfirst(field.verbose_name))


def _told(one: Classified, row: Model, field: Field, person: User) -> list[Any]:
    """[raw, words]. Other people are named only where the person may read the name anyway."""
    if field.name in one.shown:
        shown = one.shown[field.name](row)
        if isinstance(shown, tuple):  # the stored value for machines, and its words where there are any
            raw, words = shown
            return [_raw(raw), _in_words(raw) if words is None else words]
        return [str(shown), str(shown)]
    value = getattr(row, field.name)
    if value is None:
        return [None, ""]
    if isinstance(value, User):
        if value.pk == person.pk and one.whose == (field.name,):
            return ["you", ""]  # every row of this kind is theirs: it need not be said
        return [*_somebody(value, person, is_named=field.name in one.names)]
    if field.is_relation:
        is_named = field.name in one.names or not _is_personal(type(value))
        return [_raw(value.pk), str(getattr(value, "title", value)) if is_named else f"{value.pk}"]
    display = getattr(row, f"get_{field.name}_display", None)
    return [_raw(value), str(display()) if display else _in_words(value)]


def _somebody(other: User, person: User, *, is_named: bool) -> tuple[str, str]:
    if other.pk == person.pk:
        return "you", _("You")
    return ("other", other.display_name) if is_named else ("other", _("Somebody else"))


def _is_personal(model: type[Model]) -> bool:
    return any(one.model == model._meta.label for one in personal())


def _raw(value: Any) -> Any:
    if isinstance(value, datetime | date | time_of_day):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, dict | list | str | int | float | bool) or value is None:
        return value
    return force_str(value)


def _in_words(value: Any) -> str:
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case datetime():
            return date_format(timezone.localtime(value, timezone.get_default_timezone()), "j F Y, H:i")
        case date():
            return date_format(value, "j F Y")
        case time_of_day():
            return time_format(value, "H:i")
        case dict():
            return "\n".join(f"{name}: {_in_words(each)}" for name, each in value.items())
        case list() | tuple():
            return "\n".join(_in_words(each) for each in value)
    return "" if value is None else force_str(value)


def _zipped(export: Export, things: list[dict[str, Any]], now: datetime) -> bytes:
    """One file for reading, which needs nothing else, and one for machines."""
    context = {"things": _for_reading(things), "made_at": now, "site_name": settings.SITE_NAME}
    machine = {
        "schema": SCHEMA,
        "made_at": now.isoformat(),
        "site": settings.SITE_NAME,
        "things": [
            {
                "kind": thing["kind"],
                "name": thing["name"],
                "fields": thing["fields"],
                "rows": [
                    {name: value[0] if name != "number" else value for name, value in row.items()}
                    for row in thing["rows"]
                ],
            }
            for thing in things
        ],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("your-data.html", render_to_string("rights/copy.html", context))
        archive.writestr("your-data.json", json.dumps(machine, ensure_ascii=False, indent=1))
    return packed.getvalue()


def _for_reading(things: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Only what says something: empty fields are left out of the page, not of the file for machines."""
    return [
        {
            "name": thing["name"],
            "rows": [
                {
                    "number": row["number"] if isinstance(row["number"], int) else "",
                    "told": [
                        (label, row[name][1])
                        for name, label in thing["fields"].items()
                        if str(row[name][1]).strip()
                    ],
                }
                for row in thing["rows"]
            ],
        }
        for thing in things
    ]
