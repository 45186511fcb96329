"""`manage.py import_curriculum FILE`: a course out of a file, as drafts."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.services.importing import import_course
from lms.core.errors import RuleBroken


class Command(BaseCommand):
    help = "Bring a course in from a file, as drafts. A second run changes nothing; pages edited here are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                carried = import_course(file=file)
        except OSError as error:
            raise CommandError(f"Nothing was brought in. {error}") from error
        except RuleBroken as error:
            raise CommandError(f"Nothing was brought in. {error.message}") from error
        self.stdout.write(
            f"Pages made {len(carried.made)}, changed {len(carried.changed)}, unchanged {carried.unchanged}."
        )
        for title in carried.edited_here:
            self.stdout.write(f"Left as it is, because it was edited here: {title}")
        for sentence in carried.left_out:
            self.stdout.write(sentence)
