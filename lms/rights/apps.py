from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RightsConfig(AppConfig):
    """What people may ask of what is held about them: to have it, to see it, to have it gone."""

    name = "lms.rights"
    label = "rights"
    verbose_name = "Rights"

    def ready(self) -> None:
        from lms.rights.tasks import ensure_schedules

        post_migrate.connect(ensure_schedules, sender=self, dispatch_uid="rights.schedules")
