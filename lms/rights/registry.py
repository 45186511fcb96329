"""The privacy registry: for every model and every field, whose it is, what it is, and what becomes of it.

Each app classifies its own models in its privacy.py; the models of packages are in lms/rights/packages.py. A test walks all
models and fields: one that is not classified fails, and so does a line about something that is no longer there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import Field, Model, Q, QuerySet

from lms.people.models import User
from lms.rights.people import addresses_of


class Kind(StrEnum):
    """What a field holds."""

    IDENTITY = "identity"  # who somebody is
    CONTACT = "contact"  # how to reach them
    HEALTH = "health"  # what they wrote, chose or measured: special category
    RECORD = "record"  # what happened, when and where
    SEALED = "sealed"  # opens something: never exported
    LINK = "link"  # points to another row
    PLAIN = "plain"  # numbers and stamps of the machinery


class Erase(StrEnum):
    """What erasure does with a person's rows."""

    DELETE = "delete"
    CLEAR = "clear"
    KEEP = "keep"


DELETE, CLEAR, KEEP = Erase.DELETE, Erase.CLEAR, Erase.KEEP


@dataclass(frozen=True)
class Classified:
    """One model's place in the registry. See `classify` for the words."""

    model: str
    kinds: Mapping[str, Kind]
    whose: tuple[str, ...] = ()
    addressed: tuple[str, ...] = ()
    find: Callable[[Any], QuerySet] | None = None
    label: Any = ""
    erase: Erase = KEEP
    only: Q | None = None
    cleared: Mapping[str, Any] = field(default_factory=dict)
    clear: tuple[str, ...] = ()
    why: Any = ""
    retention: str = ""
    labels: Mapping[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    shown: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    exported: bool = True
    varies: bool = False

    @property
    def is_personal(self) -> bool:
        return bool(self.whose or self.addressed or self.find)

    @property
    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)

    def rows_of(self, person: User) -> QuerySet:
        """The person's rows, however they are tied to them. Past every manager that hides some."""
        rows = self.model_class._base_manager.all()
        if self.find is not None:
            return self.find(person)
        wanted = Q()
        for path in self.whose:
            wanted |= Q(pk=person.pk) if path == "self" else Q(**{path: person})
        for address in addresses_of(person) if self.addressed else ():
            for path in self.addressed:
                wanted |= Q(**{f"{path}__iexact": address})
        # An address alone may be missing; nothing is then theirs.
        return rows.filter(pk__in=rows.filter(wanted).values("pk")) if wanted else rows.none()

    def rows_to_erase(self, person: User) -> QuerySet:
        rows = self.rows_of(person)
        return rows if self.only is None else rows.filter(self.only)

    def fields_of(self, *kinds: Kind) -> list[str]:
        return [name for name, kind in self.kinds.items() if kind in kinds]

    def fields_to_clear(self) -> list[str]:
        """Where rows stay: what is emptied in them. All that says who somebody is or how they are, and what `clear` adds."""
        if self.erase != CLEAR:
            return []
        told = self.fields_of(Kind.IDENTITY, Kind.CONTACT, Kind.HEALTH, Kind.SEALED)
        return list(dict.fromkeys([*told, *self.clear, *self.cleared]))


_registry: dict[str, Classified] = {}


def classify(
    model: str,
    *,
    whose: str = "",
    addressed: str = "",
    find: Callable[[Any], QuerySet] | None = None,
    label: Any = "",
    erase: Erase = KEEP,
    only: Q | None = None,
    cleared: Mapping[str, Any] | None = None,
    clear: str = "",
    why: Any = "",
    retention: str = "",
    labels: Mapping[str, Any] | None = None,
    names: str = "",
    shown: Mapping[str, Callable[[Any], Any]] | None = None,
    exported: bool = True,
    varies: bool = False,
    identity: str = "",
    contact: str = "",
    health: str = "",
    record: str = "",
    sealed: str = "",
    link: str = "",
    plain: str = "",
) -> None:
    """Say whose a model's rows are, what each of its fields holds, and what erasure does. Names are apart by spaces.

    whose: paths from a row to its person ("owner", "plan__owner"; "self" for the person). addressed: paths to fields with
    an email address, which make a row theirs who uses it. find: a function that finds the rows where no path does.
    None of the three: the model holds nothing personal, and `why` says how we know.
    identity, contact, health, record, link, plain: the fields of each kind; sealed: those that open something.
    label: the rows' name in the person's export, in plain words. labels: the same for fields (else the verbose name).
    names: links to people whose name the person may read anyway; others read "somebody else". shown: what the export
    says in place of the stored value, made from the row; a pair is the value for machines and its words for reading. exported: False for what is itself the copy.
    erase: DELETE the rows; CLEAR what they say (identity, contact, health, sealed, and the fields in `clear`), where the
    row itself must stay; KEEP them, with `why` as the person reads it. only: a Q that leaves alone the rows of theirs
    that are also somebody else's record. cleared: what to put in place, where "" or nothing may not stand: a value, or
    a function of the row. retention: the class in lms/rights/retention.py that says how long.
    """
    kinds: dict[str, Kind] = {}
    for kind, names_of_kind in (
        (Kind.IDENTITY, identity),
        (Kind.CONTACT, contact),
        (Kind.HEALTH, health),
        (Kind.RECORD, record),
        (Kind.SEALED, sealed),
        (Kind.LINK, link),
        (Kind.PLAIN, plain),
    ):
        for name in names_of_kind.split():
            if name in kinds:
                raise ValueError(f"{model}.{name} is classified twice.")
            kinds[name] = kind
    made = Classified(
        model=model,
        kinds=kinds,
        whose=tuple(whose.split()),
        addressed=tuple(addressed.split()),
        find=find,
        label=label,
        erase=erase,
        only=only,
        cleared=cleared or {},
        clear=tuple(clear.split()),
        why=why,
        retention=retention,
        labels=labels or {},
        names=tuple(names.split()),
        shown=shown or {},
        exported=exported,
        varies=varies,
    )
    if model in _registry:
        raise ValueError(f"{model} is classified twice.")
    if not made.is_personal and not why:
        raise ValueError(f"{model}: say whose it is, or why it is nobody's.")
    if made.is_personal and erase != DELETE and not why:
        raise ValueError(f"{model}: say why rows of it stay after an erasure.")
    if made.is_personal and not label:
        raise ValueError(f"{model}: give it a name that the person understands.")
    _registry[model] = made


def nobodys(model: str, *, why: str, plain: str, link: str = "", varies: bool = False) -> None:
    """A model that holds nothing personal, and why. Its fields are named all the same: a new one must be thought of."""
    classify(model, why=why, plain=plain, link=link, varies=varies)


def classified() -> list[Classified]:
    return list(_registry.values())


def classified_as(model: str) -> Classified:
    return _registry[model]


def personal() -> list[Classified]:
    """What may hold something of a person, those that point to others first (so that rows can be deleted in turn)."""
    known = {one.model: one for one in _registry.values() if one.is_personal}
    after: dict[str, set[str]] = {label: set() for label in known}
    for label in known:
        for relation in own_fields(apps.get_model(label)):
            if relation.is_relation and relation.related_model is not None:
                target = relation.related_model._meta.label
                if target in known and target != label:
                    after[target].add(label)
    ordered: list[Classified] = []
    placed: set[str] = set()

    def place(label: str, path: tuple[str, ...] = ()) -> None:
        if label in placed or label in path:
            return
        for earlier in sorted(after[label]):
            place(earlier, (*path, label))
        placed.add(label)
        ordered.append(known[label])

    for label in sorted(known):
        place(label)
    return ordered


def all_models() -> Iterator[type[Model]]:
    """Every model with a table: the project's, the packages', and those between two models."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy and model._meta.managed:
            yield model


def own_fields(model: type[Model]) -> list[Any]:
    """The fields that a model adds and that have a column. (A table in between is a model of its own.)"""
    return [
        one
        for one in model._meta.get_fields()
        if isinstance(one, Field) and one.model is model and one.concrete and not one.many_to_many
    ]


def unclassified(models: Iterable[type[Model]] | None = None) -> list[str]:
    """Models and fields that nobody has thought of. Empty, or the build fails."""
    found = []
    for model in all_models() if models is None else models:
        label = model._meta.label
        if label not in _registry:
            found.append(label)
            continue
        one = _registry[label]
        found += [f"{label}.{name.name}" for name in own_fields(model) if name.name not in one.kinds]
    return found


def stale() -> list[str]:
    """Lines about a model, a field or a path that is not there."""
    found = []
    for one in _registry.values():
        try:
            model = one.model_class
        except LookupError:
            if not one.varies:
                found.append(one.model)
            continue
        there = {name.name for name in own_fields(model)}
        if not one.varies:
            found += [f"{one.model}.{name}" for name in one.kinds if name not in there]
        said = [*one.clear, *one.cleared, *one.labels, *one.names, *one.shown]
        found += [f"{one.model}.{name}" for name in said if name not in one.kinds]
        for path in [*one.whose, *one.addressed]:
            try:
                if path != "self":
                    model._base_manager.filter(**{f"{path}__isnull": True})
            except (FieldDoesNotExist, FieldError, ValueError, TypeError):
                found.append(f"{one.model}: {path}")
    return found
