from django.apps import AppConfig


class BenchConfig(AppConfig):
    """Holds the unit's page type. Only bench.settings installs it; no site has it."""

    name = "bench"
    label = "bench"
    verbose_name = "Bench"
    default_auto_field = "django.db.models.BigAutoField"
