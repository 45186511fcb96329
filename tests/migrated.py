"""An empty, migrated database, made once for these migrations and copied from then on.

Migrating takes more time than most of the tests. The copy is kept under the run's own folder, named by all that could make it
another: the migrations, the locked packages, and the way these are applied. Django still runs `migrate` on the copy, which
finds nothing to do; so a stale copy would show.
"""

import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def _key() -> str:
    parts = sorted(ROOT.glob("*/migrations/*.py")) + sorted(ROOT.glob("lms/*/migrations/*.py"))
    digest = hashlib.sha256()
    for path in [*parts, ROOT / "requirements.txt", ROOT / "lms/settings/base.py", Path(__file__)]:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def sqlite_copy() -> Path:
    return Path(settings.VAR_DIR) / "migrated" / f"{_key()}.sqlite3"


def postgres_template() -> str:
    return f"migrated_{_key()}"


def fill_from_copy() -> None:
    """Before `migrate`: put the copy, if there is one, into the empty test database (SQLite)."""
    if sqlite_copy().exists():
        connection.ensure_connection()
        source = sqlite3.connect(f"file:{sqlite_copy()}?mode=ro", uri=True)
        source.backup(connection.connection)
        source.close()


def keep_copy() -> None:
    """After `migrate`: keep what it made (SQLite). Two processes may do so at once; each renames a whole file."""
    if not sqlite_copy().exists():
        connection.ensure_connection()
        _keep(connection.connection)


def keep_copy_of(file: Path) -> None:
    """The same for a site's own database in a file."""
    if not sqlite_copy().exists():
        source = sqlite3.connect(file)
        _keep(source)
        source.close()


def lay_copy(file: Path) -> None:
    """Before a site migrates: begin with the copy, if there is one."""
    if sqlite_copy().exists():
        shutil.copyfile(sqlite_copy(), file)


def _keep(source: sqlite3.Connection) -> None:
    target = sqlite_copy()
    target.parent.mkdir(parents=True, exist_ok=True)
    for old in target.parent.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    half = target.with_suffix(f".{os.getpid()}")
    made = sqlite3.connect(half)
    source.backup(made)
    made.close()
    half.rename(target)


def use_template() -> None:
    """Before the test database is made: make it from the template, if there is one (PostgreSQL)."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [postgres_template()])
        if cursor.fetchone():
            connection.settings_dict["TEST"]["TEMPLATE"] = postgres_template()


def keep_template() -> None:
    """After `migrate`: keep a copy of the database to make the others from (PostgreSQL)."""
    if connection.settings_dict["TEST"].get("TEMPLATE"):
        return
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        # One of two processes makes it; the other has a database of its own already.
        cursor.execute("SELECT pg_advisory_lock(8711)")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [postgres_template()])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{postgres_template()}" TEMPLATE "{name}"')
        cursor.execute("SELECT pg_advisory_unlock(8711)")
