"""`manage.py restore FILE`: puts back what `manage.py backup` wrote, after reading all of it."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.core.backups import BackupRefused, open_backup, restore
from lms.core.management.commands.backup import Shown
from lms.core.management.commands.prepare import migrations_wait


class Command(BaseCommand):
    help = "Put the database and the files of a backup back. Stop the site first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="what the site holds now goes for good")
        parser.add_argument("--migrate", action="store_true", help="then run the migrations that are newer")
        parser.add_argument(
            "--check", action="store_true", help="read and check all of it, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with ExitStack() as within:
                found = open_backup(options["file"], within=within, tell=Shown(self.stderr))
                if options["check"]:
                    self.stdout.write(f"Whole: {self._told(found.manifest)}")
                    return
                restore(found, replace=options["replace"])
        except BackupRefused as refusal:
            raise CommandError(f"{refusal}") from refusal
        except OSError as error:
            raise CommandError(f"The backup could not be put back: {error.strerror}.") from error
        self.stdout.write(f"Restored: {self._told(found.manifest)}")
        self._migrate(asked=options["migrate"])

    @staticmethod
    def _told(manifest) -> str:
        files = len(manifest.parts) - 1
        return f"{sum(manifest.counts.values()):,} rows in {len(manifest.counts)} tables and {files:,} files, of {manifest.made_at}."

    def _migrate(self, *, asked: bool) -> None:
        if not migrations_wait():
            return
        if asked:
            call_command("migrate", interactive=False, verbosity=0)
            self.stdout.write("Migrated to this version of the site.")
        else:
            self.stdout.write(
                "This version of the site has newer migrations. Run `migrate` before you start it."
            )
