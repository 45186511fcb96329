"""Erase everybody whose day has come."""

from django.core.management.base import BaseCommand

from lms.rights.services import erase_due


class Command(BaseCommand):
    help = "Erases those who asked for it and whose days to call it back are over. The worker does it each night."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{erase_due()} erased")
