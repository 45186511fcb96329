from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "lms.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        post_migrate.connect(make_cache_table, sender=self, dispatch_uid="core.cache_table")


def make_cache_table(**kwargs) -> None:
    """After migrating: the table of the shared cache, where the site keeps its cache in the database."""
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)
