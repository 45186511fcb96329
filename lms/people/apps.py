from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lms.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        # Each app says in its own privacy.py what of its content people can share.
        autodiscover_modules("privacy")
        import lms.people.needs_sharing  # noqa: F401

        # And in its emergency.py what an administrator could read when somebody is in danger.
        autodiscover_modules("emergency")
        import lms.people.purposes  # noqa: F401
        import lms.people.receivers  # noqa: F401
        import lms.people.sessions  # noqa: F401
