"""`manage.py build_assets`: stylesheet, script and fonts, ready to be served from this site."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from lms.ui.assets import build


class Command(BaseCommand):
    help = "Make the packaged stylesheet, script and fonts ready to be served from this site. Safe to repeat."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.ASSETS_ROOT)
        root.mkdir(parents=True, exist_ok=True)
        made = build(root)
        if options["verbosity"] > 0:
            self.stdout.write("Assets made." if made else "Assets are up to date.")
