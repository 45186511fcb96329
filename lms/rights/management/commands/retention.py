"""Let go what has been kept long enough; or only say what that would be."""

from django.core.management.base import BaseCommand

from lms.rights.services.retention import run_retention, to_review


class Command(BaseCommand):
    help = "Deletes and empties what has been kept long enough. The worker does it each night. --dry-run only counts."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Count, and change nothing.")

    def handle(self, *args, dry_run: bool, **options) -> None:
        would = "would be " if dry_run else ""
        for key, model, deleted, cleared in run_retention(is_dry=dry_run):
            count, what = (deleted, "deleted") if deleted else (cleared, "emptied")
            self.stdout.write(f"{key}: {model}: {count} {would}{what}")
        for key, count in to_review().items():
            self.stdout.write(f"{key}: {count} people are due for somebody to look at.")
