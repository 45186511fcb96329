from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoursesConfig(AppConfig):
    name = "courses"
    label = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from courses import following, receivers, signing_receivers  # noqa: F401 - connects them
        from courses.list_jobs import ensure_schedules
        from courses.reminders import ensure_schedule
        from courses.signing_tasks import ensure_schedules as ensure_schedules_of_signing
        from courses.translating import keep_translations_behind_the_wall

        keep_translations_behind_the_wall()

        post_migrate.connect(ensure_schedule, sender=self, dispatch_uid="courses.reminders")
        post_migrate.connect(ensure_schedules, sender=self, dispatch_uid="courses.lists")
        post_migrate.connect(ensure_schedules_of_signing, sender=self, dispatch_uid="courses.signing")

        # Each app registers the practices it brings to lessons, in its practices.py, and the visits it knows of.
        autodiscover_modules("practices", "visits")
