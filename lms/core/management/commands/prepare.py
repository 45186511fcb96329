"""`manage.py prepare`: all that `./dev run` needs before it can serve, in one process."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Migrate, make the assets and load the demonstration; does only what is still to do."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--welcome-file", type=Path, help="where to write who can sign in and what to try first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in (settings.VAR_DIR, settings.MEDIA_ROOT, settings.STATIC_ROOT):
            Path(folder).mkdir(parents=True, exist_ok=True)
        if migrations_wait():
            call_command("migrate", interactive=False, verbosity=0)
            self.stdout.write("Database migrated.")
        call_command("createcachetable", verbosity=0)
        call_command("build_assets", verbosity=0)
        call_command("demo", verbosity=0)
        if options["welcome_file"]:
            with options["welcome_file"].open("w", encoding="utf-8") as welcome:
                call_command("demo", welcome=True, stdout=welcome)


def migrations_wait() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
