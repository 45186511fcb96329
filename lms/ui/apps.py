from django.apps import AppConfig
from django.utils.autoreload import file_changed


class UiConfig(AppConfig):
    name = "lms.ui"
    label = "ui"
    verbose_name = "Look"

    def ready(self) -> None:
        from lms.ui.cms import start_choosers_without_inline_scripts

        start_choosers_without_inline_scripts()
        file_changed.connect(forget_what_was_drawn, dispatch_uid="forget_what_was_drawn")


def forget_what_was_drawn(sender, file_path, **kwargs) -> None:
    """While one develops: a template that was edited shows at the next request."""
    from django.core.cache import caches

    if file_path.suffix == ".html":
        caches["process"].clear()
