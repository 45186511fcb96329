"""Wagtail's command, for a site where words need signatures."""

from wagtail.management.commands.publish_scheduled import Command as WagtailsCommand

from courses.services.signing import drop_unsigned_schedules


class Command(WagtailsCommand):
    """Publishes what has its time. A lesson that lost a signature meanwhile stays a draft, and its author is told."""

    def handle(self, *args, **options) -> None:
        if not options["dryrun"]:
            drop_unsigned_schedules()
        super().handle(*args, **options)
