"""`manage.py load_curricula`: the curricula's words into pages."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.interfaces.content_files import BrokenContent
from courses.services.loading import CONTENT, load_curricula


class Command(BaseCommand):
    help = "Bring the curricula's pages up to their content files. A second run changes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=CONTENT)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_curricula(folder=options["folder"])
        except BrokenContent as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if options["verbosity"]:
            self.stdout.write(
                f"Pages made {len(loaded.made)}, changed {len(loaded.changed)}, unchanged {loaded.unchanged}."
            )
        for where in loaded.edited_here:
            self.stdout.write(f"Left as it is, because it was edited in the CMS: {where}")
