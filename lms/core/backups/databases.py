"""The two kinds of database: how each is copied while others write, checked, counted, and put back as one transaction."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from django.db import connection

from .parts import BackupRefused

PAGES = 1000
# What comes from Django's settings of a connection, as libpq's own variables.
FOR_LIBPQ = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}


def our_database() -> "SqliteDatabase | PostgresDatabase":
    return SqliteDatabase() if connection.vendor == "sqlite" else PostgresDatabase()


class SqliteDatabase:
    """Copied with SQLite's own backup, inside one reading transaction: writers go on, and the copy is of one moment."""

    kind = "sqlite"

    def __init__(self) -> None:
        self.file = Path(connection.settings_dict["NAME"])
        if connection.is_in_memory_db():
            raise BackupRefused("This database lives in memory only: there is nothing to keep.")

    def server(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def copy_to(self, copy: Path, tell: Callable[[int, int], None]) -> dict[str, int]:
        """Returns the rows of each table in the copy."""
        if not self.file.exists():
            raise BackupRefused(f"There is no database at {self.file}.")
        with closing(self._open(self.file)) as source, closing(sqlite3.connect(copy)) as target:
            try:
                source.execute("BEGIN")
                source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()  # the moment begins
                source.backup(
                    target, pages=PAGES, progress=lambda _status, left, total: tell(total - left, total)
                )
                # One file and no more: what is copied needs no log beside it.
                target.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.Error as error:
                raise BackupRefused(f"The database could not be copied ({error}).") from error
        return self.check(copy)

    def check(self, copy: Path) -> dict[str, int]:
        """Refuses a copy that is not whole. Returns the rows of each table."""
        with closing(sqlite3.connect(copy)) as line:
            try:
                found = [row[0] for row in line.execute("PRAGMA integrity_check")]
                broken = line.execute("PRAGMA foreign_key_check").fetchall()
                counts = self._counts(line)
            except sqlite3.DatabaseError as error:
                raise BackupRefused(f"The copy of the database is damaged ({error}).") from error
        if found != ["ok"] or broken:
            raise BackupRefused("The copy of the database is damaged: its own check found faults.")
        return counts

    def is_empty(self) -> bool:
        if not self.file.exists() or self.file.stat().st_size == 0:
            return True
        with closing(self._open(self.file)) as line:
            return not self._tables(line)

    def put_back(self, copy: Path) -> None:
        """One transaction of SQLite's: readers see the old or the new, and a kill leaves the old."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(copy)) as source, closing(self._open(self.file)) as target:
            try:
                source.backup(target)
            except sqlite3.OperationalError as error:
                raise BackupRefused(
                    f"The database could not be replaced ({error}). Stop the site first."
                ) from error
            target.execute("PRAGMA journal_mode=WAL")

    def counts(self) -> dict[str, int]:
        with closing(self._open(self.file)) as line:
            return self._counts(line)

    @staticmethod
    def _open(file: Path) -> sqlite3.Connection:
        line = sqlite3.connect(file, timeout=30, isolation_level=None)
        line.execute("PRAGMA synchronous=FULL")
        return line

    @staticmethod
    def _tables(line: sqlite3.Connection) -> list[str]:
        found = line.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        return sorted(
            name for name, sql in found if "_fts" not in name and not sql.startswith("CREATE VIRTUAL")
        )

    def _counts(self, line: sqlite3.Connection) -> dict[str, int]:
        return {
            name: line.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 (its own table names)
            for name in self._tables(line)
        }


class PostgresDatabase:
    """Copied by pg_dump from a snapshot in which the rows are counted too; put back by psql in one transaction.

    The password goes through the environment of these programs, never through their arguments.
    """

    kind = "postgresql"

    def __init__(self) -> None:
        self._settings = connection.settings_dict
        connection.ensure_connection()
        self.major = connection.pg_version // 10_000

    def server(self) -> str:
        return f"PostgreSQL {self.major}"

    def copy_to(self, copy: Path, tell: Callable[[int, int | None], None]) -> dict[str, int]:
        line = connection.copy()
        line.ensure_connection()
        try:
            with line.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
                cursor.execute("SET idle_in_transaction_session_timeout = 0")
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT pg_export_snapshot()")
                snapshot = cursor.fetchone()[0]
                counts = self._counts(cursor)
                self._run(
                    "pg_dump",
                    *("--format=custom", "--no-owner", "--no-privileges", "--schema=public"),
                    *(f"--snapshot={snapshot}", f"--file={copy}"),
                    watch=lambda: tell(copy.stat().st_size if copy.exists() else 0, None),
                )
        finally:
            line.close()
        self.check(copy)
        return counts

    def check(self, copy: Path) -> dict[str, int]:
        """Refuses a dump that cannot be read from its beginning to its end. It cannot count what is in it."""
        self._run("pg_restore", "--file=/dev/null", str(copy))
        return {}

    def is_empty(self) -> bool:
        with connection.cursor() as cursor:
            return not self._tables(cursor)

    def put_back(self, copy: Path) -> None:
        script = copy.with_suffix(".sql")
        first = copy.with_suffix(".first.sql")
        wanted = copy.with_suffix(".list")
        self._run("pg_restore", "--list", f"--file={wanted}", str(copy))
        # The schema itself stays, since extensions may live in it: what would make it anew is left out.
        lines = wanted.read_text().splitlines(keepends=True)
        wanted.write_text("".join(line for line in lines if not MAKES_THE_SCHEMA.search(line)))
        self._run(
            "pg_restore",
            *("--no-owner", "--no-privileges", f"--use-list={wanted}", f"--file={script}", str(copy)),
        )
        first.write_text(EMPTY_OUT)
        connection.close()
        try:
            self._run(
                "psql",
                *(
                    "--no-psqlrc",
                    "--quiet",
                    "--single-transaction",
                    "--set=ON_ERROR_STOP=1",
                    "--output=/dev/null",
                ),
                *(f"--file={first}", f"--file={script}"),
            )
        finally:
            for file in (script, first, wanted):
                file.unlink(missing_ok=True)

    def counts(self) -> dict[str, int]:
        with connection.cursor() as cursor:
            return self._counts(cursor)

    @staticmethod
    def _tables(cursor) -> list[str]:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [row[0] for row in cursor.fetchall()]

    def _counts(self, cursor) -> dict[str, int]:
        counts = {}
        for name in self._tables(cursor):
            cursor.execute(f'SELECT COUNT(*) FROM public."{name}"')  # noqa: S608 (its own table names)
            counts[name] = cursor.fetchone()[0]
        return counts

    def _run(self, program: str, *words: str, watch: Callable[[], None] = lambda: None) -> None:
        process = subprocess.Popen(  # noqa: S603 (our own program, found by its version)
            [self.program(program), *words],
            env=os.environ | self._env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        while True:
            try:
                _out, said = process.communicate(timeout=1)
                break
            except subprocess.TimeoutExpired:
                watch()
        if process.returncode:
            # The first line says what is wrong; what follows may quote rows.
            first = said.decode("utf-8", "replace").strip().splitlines()[:1]
            raise BackupRefused(f"{program} stopped: {first[0] if first else process.returncode}")

    def program(self, name: str) -> str:
        """The program of the server's own version; else a newer one. An older one cannot read the server."""
        own = Path(f"/usr/lib/postgresql/{self.major}/bin/{name}")
        if own.exists():
            return str(own)
        found = shutil.which(name)
        if found is None:
            raise BackupRefused(
                f"{name} is not installed. It comes with PostgreSQL {self.major}'s client programs."
            )
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
        major = int(re.search(r"\) (\d+)", version)[1])
        if major < self.major:
            raise BackupRefused(
                f"{name} is of version {major} and the server of {self.major}: install its own version."
            )
        return found

    def _env(self) -> dict[str, str]:
        facts = {
            "PGHOST": self._settings["HOST"],
            "PGPORT": str(self._settings["PORT"] or ""),
            "PGUSER": self._settings["USER"],
            "PGPASSWORD": self._settings["PASSWORD"],
            "PGDATABASE": self._settings["NAME"],
            # A site that still runs must not make a restore wait for ever.
            "PGOPTIONS": "-c lock_timeout=30000 -c client_min_messages=warning",
        }
        options = self._settings.get("OPTIONS", {})
        facts |= {theirs: str(options[ours]) for ours, theirs in FOR_LIBPQ.items() if ours in options}
        return {name: value for name, value in facts.items() if value}


MAKES_THE_SCHEMA = re.compile(r"^\d+; \d+ \d+ (SCHEMA - public|COMMENT - SCHEMA public) ")

# All that is ours in the schema, and nothing that belongs to an extension.
EMPTY_OUT = """
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT c.relname, CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                                         WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        ORDER BY c.relkind = 'S'
    LOOP
        EXECUTE format('DROP %s IF EXISTS public.%I CASCADE', one.kind, one.relname);
    END LOOP;
END $$;
"""
