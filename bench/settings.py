"""The site as `./dev run` serves it, with the unit's page type beside it, on a database of its own."""

from lms.settings.dev import *  # noqa: F403
from lms.settings.dev import ALLOWED_HOSTS, BASE_DIR, INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
# What was built for `./dev run` is measured, not built again.
ASSETS_ROOT = BASE_DIR / "var" / "assets"
STATICFILES_DIRS = [BASE_DIR / "static", ASSETS_ROOT]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
assert "django.middleware.gzip.GZipMiddleware" in MIDDLEWARE
