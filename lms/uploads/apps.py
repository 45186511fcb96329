from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "lms.uploads"
    label = "uploads"
    verbose_name = "Uploads"

    def ready(self) -> None:
        from lms.uploads.cms_doors import close_what_is_not_needed, make_exports_safe

        close_what_is_not_needed()
        make_exports_safe()
