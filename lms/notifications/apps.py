from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NotificationsConfig(AppConfig):
    name = "lms.notifications"
    label = "notifications"
    verbose_name = "Messages"

    def ready(self) -> None:
        from lms.notifications.tasks import ensure_sweep

        post_migrate.connect(ensure_sweep, sender=self, dispatch_uid="notifications.sweep")
