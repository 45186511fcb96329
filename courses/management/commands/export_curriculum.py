"""`manage.py export_curriculum SLUG FILE`: a course into one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.models import CurriculumPage
from courses.services.exporting import export_course


class Command(BaseCommand):
    help = "Write a course, with its pictures, recordings, pairs and versions, into one file for another installation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--language", help="of the course, where its address stands in several")

    def handle(self, *args: Any, **options: Any) -> None:
        courses = CurriculumPage.objects.filter(slug=options["slug"])
        if options["language"]:
            courses = courses.filter(locale__language_code=options["language"])
        found = list(courses[:2])
        if len(found) != 1:
            said = "There is no course" if not found else "There are several courses"
            raise CommandError(f"{said} at “{options['slug']}”.")
        options["file"].write_bytes(export_course(course=found[0]))
        self.stdout.write(f"Written: {options['file']}")
