"""Load the demonstration: an organisation, a cast of every role, series, agendas and plans in every state."""

import json
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lms.demo.registry import PASSWORD, Stage, parts
from lms.people.demo import CAST, SIGN_IN_NAMES, email_of, make_organisation, secret_of


class Command(BaseCommand):
    help = "Loads the demonstration content; doing it again changes nothing. Refuses a production site."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--credentials", action="store_true", help="print the demo accounts as JSON and stop"
        )
        parser.add_argument(
            "--welcome", action="store_true", help="print who can sign in and what to try, and stop"
        )
        parser.add_argument(
            "--code", metavar="EMAIL", help="print the six digits that this person's app shows now, and stop"
        )

    def handle(self, *args, credentials=False, welcome=False, code=None, **options) -> None:
        if settings.PRODUCTION or not settings.DEMO:
            raise CommandError("This is not a demonstration site, so the demonstration is not loaded.")
        if credentials:
            self.stdout.write(json.dumps(accounts(), indent=2))
        elif welcome:
            self.welcome()
        elif code:
            self.stdout.write(code_of(code))
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
        self.stdout.write("Whoever has a role is asked for six digits too: ./dev manage demo --code EMAIL")
        for account in accounts():
            self.stdout.write(f"  {account['email'] or account['sign_in_name']:<32} {account['try']}")


def accounts() -> list[dict]:
    """The demonstration's accounts, as other tools read them."""
    return [
        {
            "role": name,
            "email": email_of(name),
            "sign_in_name": SIGN_IN_NAMES.get(name),
            "password": PASSWORD,
            "totp_secret": secret_of(name),
            "try": first_try,
        }
        for name, (_first, _last, _audience, _kinds, first_try) in CAST.items()
    ]


def code_of(email: str) -> str:
    """The six digits of now, by real time: an authenticator app knows nothing of a clock that is set."""
    secrets = {account["email"]: account["totp_secret"] for account in accounts()}
    if not secrets.get(email.strip().lower()):
        raise CommandError("Nobody of the demonstration with a second step has this address.")
    return format_hotp_value(hotp_value(secrets[email.strip().lower()], int(time.time()) // 30))
