from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "lms.home"
    label = "home"
    verbose_name = "Home"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        # Each app puts its own cards on the dashboard, from its dashboard.py.
        autodiscover_modules("dashboard")
