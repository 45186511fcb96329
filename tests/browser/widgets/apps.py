import os

from django.apps import AppConfig


class WidgetsConfig(AppConfig):
    name = "tests.browser.widgets"
    label = "widgets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.admin.widgets import BaseChooser

        from lms.ui import cms

        # The control of the walk: one of our replacements is taken away, as if an upgrade had brought a new script.
        if os.environ.get("WITH_WAGTAILS_CHOOSERS"):
            BaseChooser.render = cms.WAGTAILS_RENDER
