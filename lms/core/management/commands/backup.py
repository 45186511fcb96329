"""`manage.py backup FOLDER`: the database and the files that it names, in one file, while the site goes on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.core.backups import BackupRefused, write_backup


class Command(BaseCommand):
    help = "Write the whole site into one file in this folder. The site may go on meanwhile."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where backups are kept; nothing that the site serves")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file = write_backup(options["folder"], tell=Shown(self.stderr))
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(
                f"The backup could not be written: {error.strerror}. Nothing is left of it."
            ) from error
        self.stdout.write(str(file))


class Shown:
    """One line for each kind of work, written over while somebody watches. It never says more than is done."""

    def __init__(self, out) -> None:
        self._out = out
        self._what = ""
        self._watched = out.isatty()

    def __call__(self, what: str, done: int, total: int | None) -> None:
        is_new = what != self._what
        self._what = what
        if self._watched:
            of = f" of {total:,}" if total is not None else ""
            self._out.write(("\n" if is_new else "\r") + f"{what}: {done:,}{of}  ", ending="")
            self._out.flush()
        elif is_new:
            self._out.write(what)
