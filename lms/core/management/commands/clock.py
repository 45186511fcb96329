"""Set the clock of a demonstration site: `clock 2026-12-01T10:00`, `clock +7d`, `clock real`."""

import re
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from lms.core import clock


class Command(BaseCommand):
    help = "Shows the site's clock, or sets it. A production site refuses."

    def add_arguments(self, parser) -> None:
        parser.add_argument("moment", nargs="?", help="2026-12-01T10:00, +7d, +3h, or real")

    def handle(self, *args, moment=None, **options) -> None:
        if moment == "real":
            clock.write_clock_file(None)
        elif moment:
            clock.write_clock_file(self.read(moment))
        self.stdout.write(timezone.localtime(clock.now()).strftime("%A %d %B %Y, %H:%M"))

    def read(self, text: str):
        step = re.fullmatch(r"\+(\d+)([dh])", text)
        if step:
            unit = "days" if step[2] == "d" else "hours"
            return clock.now() + timedelta(**{unit: int(step[1])})
        moment = parse_datetime(text)
        if moment is None:
            raise CommandError("Write the moment like 2026-12-01T10:00, or a step like +7d, or real.")
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
