from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoachingConfig(AppConfig):
    name = "coaching"
    label = "coaching"
    verbose_name = "Coaching"

    def ready(self) -> None:
        from coaching.tasks import ensure_schedule

        post_migrate.connect(ensure_schedule, sender=self, dispatch_uid="coaching.reminders")
