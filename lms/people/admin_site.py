"""Django's admin, without anybody's data in it: whatever a package registers, only what is named here is shown."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig

SHOWN = {"taggit.tag"}


class NobodysAdminSite(AdminSite):
    """Addresses, second steps, sessions and the payloads of jobs are people's. Roles are given by services alone."""

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        shown = [model for model in models if model._meta.label_lower in SHOWN]
        if shown:
            super().register(shown, admin_class, **options)

    def unregister(self, model_or_iterable) -> None:
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().unregister([model for model in models if self.is_registered(model)])


class AdminConfig(DjangoAdminConfig):
    default_site = "lms.people.admin_site.NobodysAdminSite"
