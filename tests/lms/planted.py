"""Planting a word of its own into every text that is held of a person, and looking for words in everything that is kept."""

import base64
import binascii
import contextlib
import re
import uuid
import zlib
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, models, transaction
from django_q.models import Task
from django_q.tasks import async_task

from lms.core import clock
from lms.people.models import User
from lms.rights.registry import DELETE, KEEP, Classified, classified_as, own_fields, personal

WORD = re.compile(r"cnry\d{4}")
TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


class Planter:
    """Plants a numbered word into each field; `where` says which is where."""

    def __init__(self, person: User) -> None:
        self.person = person
        self.where: dict[str, str] = {}
        self.refused: set[str] = set()  # by the database: the row cannot say this
        self.addressed: set[str] = set()  # with the person's own address, the word of their account
        self._numbers = count(1)

    def word(self, where: str) -> str:
        made = f"cnry{next(self._numbers):04}"
        self.where[made] = where
        return made

    def plant(self) -> None:
        """A row of every kind, and a word in each of its fields that are planted. The person's own row last."""
        ordered = [one for one in reversed(personal()) if self.is_planted(one)]
        for one in ordered:
            if one.model not in MADE and not self.rows(one).exists():
                make_row(one.model_class, self.person)
                assert self.rows(one).exists(), f"{one.model}: the row that was made is somebody else's"
        keys = {one.model: list(self.rows(one).values_list("pk", flat=True)) for one in ordered}
        by_address = [
            (one, path, [key for key in keys[one.model] if not self._is_theirs_by_key(one, key)])
            for one in ordered
            for path in one.addressed
            if "__" not in path
        ]
        for one in sorted(ordered, key=lambda one: one.model == "people.User"):
            for key in keys[one.model]:
                self._plant_in(one, key)
        self.person.refresh_from_db()
        for one, path, own in by_address:
            if own:
                self.addressed.add(f"{one.model}.{path}")
            one.model_class._base_manager.filter(pk__in=own).update(**{path: self.person.email})
        for make in MADE.values():
            make(self)

    def is_planted(self, one: Classified) -> bool:
        """Whether there are rows of this model to plant in."""
        return one.erase != KEEP

    def rows(self, one: Classified) -> models.QuerySet:
        """The rows of the person to plant in."""
        return one.rows_to_erase(self.person)

    def texts(self, one: Classified) -> list[str]:
        """The fields to plant in: what an erasure takes away."""
        return texts_to_go(one)

    def name(self, one: Classified, field: str, key: Any) -> str:
        """What a word is remembered by."""
        return f"{one.model}.{field}"

    def _is_theirs_by_key(self, one: Classified, key: Any) -> bool:
        """Or by an address alone, which then has to go along when the person's own is planted."""
        wanted = models.Q()
        for path in one.whose:
            wanted |= models.Q(pk=self.person.pk) if path == "self" else models.Q(**{path: self.person})
        return bool(wanted) and one.model_class._base_manager.filter(wanted, pk=key).exists()

    def _plant_in(self, one: Classified, key: Any) -> None:
        rows = one.model_class._base_manager.filter(pk=key)
        kept_for_finding = () if self._is_theirs_by_key(one, key) else one.addressed
        for name in self.texts(one):
            if name in kept_for_finding:
                continue
            field = one.model_class._meta.get_field(name)
            word = self.word(self.name(one, name, key))
            try:
                with transaction.atomic():
                    rows.update(**{name: _as_value(rows.get(), field, word)})
            except IntegrityError:
                self.refused.add(self.where.pop(word))


def is_text(field: models.Field) -> bool:
    """Whether somebody's words fit in it; a field with choices holds none."""
    return isinstance(field, TEXTS) and not field.choices and not field.primary_key


def texts_to_go(one: Classified) -> list[str]:
    """The texts of a model that an erasure deletes or empties."""
    if one.model in {"sessions.Session", "django_q.OrmQ", "django_q.Task"}:
        return []
    cleared = one.fields_to_clear()
    return [
        field.name
        for field in own_fields(one.model_class)
        if is_text(field)
        and (one.erase == DELETE or field.name in cleared)
        and f"{one.model}.{field.name}" != "certificates.Certificate.name_proof"
    ]


def _as_value(row: models.Model, field: models.Field, word: str) -> Any:
    if field.name == "facts":
        return {**row.facts, "recipient": word}
    if isinstance(field, models.EmailField):
        return f"{word}@example.org"
    if isinstance(field, models.JSONField):
        value = getattr(row, field.name)
        worded = _worded(value, word)
        if worded != value:
            return worded
        return [word] if isinstance(value, list) else {"words": word}
    if isinstance(field, models.BinaryField):
        return word.encode()
    assert field.max_length is None or field.max_length >= len(word), field
    return word


def _worded(value: Any, word: str) -> Any:
    """The same form, with the word for every text in it."""
    if isinstance(value, dict):
        return {name: _worded(part, word) for name, part in value.items()}
    if isinstance(value, list):
        return [_worded(part, word) for part in value]
    return word if isinstance(value, str) else value


def make_row(model: type[models.Model], person: User) -> models.Model:
    """One row of any model that belongs to the person, with what it needs; other people where it needs two."""
    values: dict[str, Any] = {}
    for field in own_fields(model):
        if field.primary_key and not field.is_relation or field.has_default() and not field.is_relation:
            continue
        if field.is_relation:
            if isinstance(field, models.AutoField) or (
                field.null and (person in values.values() or not _is_the_way_to(field, model))
            ):
                continue
            values[field.name] = _related(model, field, person, values)
        elif not field.null and not field.blank or field.unique:
            values[field.name] = _plain_value(field)
    one = classified_as(model._meta.label)
    if not one.whose:  # theirs by the address alone
        values |= dict.fromkeys([path for path in one.addressed if "__" not in path], person.email)
    # In bulk: a package may refuse, in `save`, what could not come about by its own pages.
    return model._base_manager.bulk_create([model(**{**values, **NEEDED.get(model._meta.label, {})})])[0]


def _is_the_way_to(field: models.Field, model: type[models.Model]) -> bool:
    """Whether the row is the person's through this field; with none of its own, they are in the first that points to people."""
    own = [path for path in classified_as(model._meta.label).whose if "__" not in path]
    return field.related_model is User and (field.name in own or not own)


def _related(model, field, person: User, values: dict) -> Any:
    target = field.related_model
    if target is User:
        taken = [value for value in values.values() if isinstance(value, User)]
        is_theirs = person not in taken and _is_the_way_to(field, model)
        return person if is_theirs else User.objects.exclude(pk=person.pk).order_by("pk").first()
    one = classified_as(target._meta.label)
    own = one.rows_of(person).first() if one.is_personal else None
    return own or target._base_manager.first() or make_row(target, person)


def _plain_value(field: models.Field) -> Any:
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.EmailField):
        return "somebody@example.org"
    if isinstance(field, models.DateTimeField):
        return clock.now()
    if isinstance(field, models.DateField):
        return clock.today()
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.BinaryField):
        return b"x"
    if isinstance(field, models.FileField):
        return ContentFile(b"x", name="x.txt")
    if isinstance(field, models.IntegerField):
        return 1
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.1"
    return "x"


# What a row's own rules ask for.
NEEDED: dict[str, dict[str, Any]] = {
    "courses.Signature": {"next_review_on": date(2028, 1, 4)},
    "people.RegistrationCheck": {"renew_on": date(2028, 1, 4)},
    "people.VettingCheck": {"renew_on": date(2028, 1, 4)},
}


def _session(planter: Planter) -> None:
    session = SessionStore()
    session["_auth_user_id"] = str(planter.person.pk)
    session["kept_forms"] = {"typed": planter.word("sessions.Session")}
    session.save()


def _waiting_job(planter: Planter) -> None:
    async_task("builtins.len", f"{planter.person.display_name} {planter.word('django_q.OrmQ')}")


def _done_job(planter: Planter) -> None:
    Task.objects.create(
        id="f" * 32,
        name="failed",
        func="builtins.len",
        args=(1,),
        result=f"Error: {planter.person.display_name} {planter.word('django_q.Task')}",
        started=clock.now(),
        stopped=clock.now(),
        success=False,
    )


MADE = {"sessions.Session": _session, "django_q.OrmQ": _waiting_job, "django_q.Task": _done_job}


def everything_kept() -> Iterator[tuple[str, str]]:
    """(where, text) of every value in every table, packed ones unpacked, and of every file."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for value in row:
                    for text in _texts_in(value):
                        yield table, text
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            yield str(path), path.name + path.read_bytes().decode("utf-8", "replace")


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, memoryview | bytes):
        yield bytes(value).decode("utf-8", "replace")
    elif value is not None:
        text = str(value)
        yield text
        for part in re.split(r"[:\s]", text):
            yield from _unpacked(part)


def _unpacked(part: str) -> Iterator[str]:
    """What base64 hides, as sessions, jobs and caches use it; with zlib inside, too."""
    if len(part) < 12:
        return
    for decode in (base64.urlsafe_b64decode, base64.b64decode):
        try:
            raw = decode(part.lstrip(".") + "=" * (-len(part.lstrip(".")) % 4))
        except (binascii.Error, ValueError):
            continue
        yield raw.decode("utf-8", "replace")
        with contextlib.suppress(zlib.error):
            yield zlib.decompress(raw).decode("utf-8", "replace")


def words_kept() -> set[str]:
    return {word for _where, text in everything_kept() for word in WORD.findall(text)}


def where_kept(wanted: str) -> set[str]:
    return {where for where, text in everything_kept() if wanted in text}
