from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    label = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from courses import receivers  # noqa: F401 - connects them

        # Each app registers the practices it brings to lessons, in its practices.py.
        autodiscover_modules("practices")
