"""Load the demonstration: an organisation, a cast of every role, series, agendas and plans in every state."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lms.demo.registry import PASSWORD, Stage, parts
from lms.people.demo import CAST, email_of, make_organisation


class Command(BaseCommand):
    help = "Loads the demonstration content; doing it again changes nothing. Refuses a production site."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--credentials", action="store_true", help="print the demo accounts as JSON and stop"
        )
        parser.add_argument(
            "--welcome", action="store_true", help="print who can sign in and what to try, and stop"
        )

    def handle(self, *args, credentials=False, welcome=False, **options) -> None:
        if settings.PRODUCTION or not settings.DEMO:
            raise CommandError("This is not a demonstration site, so the demonstration is not loaded.")
        if credentials:
            self.stdout.write(json.dumps(accounts(), indent=2))
        elif welcome:
            self.welcome()
        else:
            self.load()

    def load(self) -> None:
        with transaction.atomic():
            stage = Stage(organisation=make_organisation(), say=self.stdout.write)
            for _order, name, part in parts():
                part(stage)
                self.stdout.write(f"demonstration: {name} in place")

    def welcome(self) -> None:
        self.stdout.write(f"Everybody's password: {PASSWORD}")
        for account in accounts():
            self.stdout.write(f"  {account['email']:<32} {account['try']}")


def accounts() -> list[dict]:
    """The demonstration's accounts, as other tools read them."""
    return [
        {"role": name, "email": email_of(name), "password": PASSWORD, "totp_secret": None, "try": first_try}
        for name, (_first, _last, _audience, _kinds, first_try) in CAST.items()
    ]
