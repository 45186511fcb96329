"""A query whose SQL is written once.

For a small query, building it and writing its SQL costs several times what the database needs to answer. A ReadyQuery
does both once in each thread, and then only puts the values in. Every call asks the database; no answer is kept.
"""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Slot(Expression):
    """Where a value goes in later. Stands in a query like any other expression."""

    def __init__(self, name: str, output_field: Field):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, Any]:
        return "%s", [_Gap(self.name, self.output_field)]


class _Gap(NamedTuple):
    """A parameter that is not known yet, and the field that says how a database takes it."""

    name: str
    field: Field


class ReadyQuery:
    """`build` gets a Slot for each of `fields` and gives a values_list; the call gets the values and gives the rows.

        _ROLES = ReadyQuery(lambda person: Role.objects.filter(person=person).values_list("kind"), person=IntegerField())
        _ROLES(person=7)

    `build` runs once and not at each call: what changes (the day, the language, a setting) must be a slot.
    """

    def __init__(self, build: Callable[..., QuerySet], **fields: Field):
        self._build = build
        self._fields = fields
        self._of_thread = threading.local()

    def __call__(self, **values: Any) -> list[tuple]:
        connection = connections[DEFAULT_DB_ALIAS]
        compiler, sql, params = self._written(connection)
        given = {
            name: field.get_db_prep_value(values[name], connection) for name, field in self._fields.items()
        }
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[one.name] if isinstance(one, _Gap) else one for one in params])
            rows = cursor.fetchall()
        return list(compiler.results_iter(results=[rows], tuple_expected=True))

    def _written(self, connection: BaseDatabaseWrapper) -> tuple[Any, str, tuple]:
        """The SQL for this thread's connection, with the compiler that knows how to read its rows."""
        known = getattr(self._of_thread, "known", None)
        if known is None or known[0].connection is not connection:
            slots = {name: Slot(name, field) for name, field in self._fields.items()}
            compiler = self._build(**slots).query.get_compiler(connection=connection)
            known = self._of_thread.known = (compiler, *compiler.as_sql())
        return known
