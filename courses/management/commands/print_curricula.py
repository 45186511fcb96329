"""`manage.py print_curricula`: what the curricula's files hold, as docs/curricula.md shows it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.curricula_table import curricula_table
from courses.interfaces.content_files import BrokenContent
from courses.services.loading import CONTENT


class Command(BaseCommand):
    help = "Print lessons, words, reading ages and practices of every module, as Markdown. Changes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=CONTENT)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(curricula_table(options["folder"]), ending="")
        except BrokenContent as error:
            raise CommandError(str(error)) from error
