"""A real site. Refuses to start when it is set up unsafely, and says why: all reasons at once (lms/core/checks.py)."""

import os

from django.core.exceptions import ImproperlyConfigured

from lms.core.checks import unsafe

from .base import *  # noqa: F403
from .base import SITE_URL

PRODUCTION = True

SECURE_SSL_REDIRECT = True
# Whoever watches a site asks it from inside, without encryption.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = os.environ.get("HSTS_SUBDOMAINS", "") == "1"
SECURE_HSTS_PRELOAD = False
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# The browser itself holds such a cookie to this host, to https and to the whole site.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Whether the other names of the organisation's domain speak https is the organisation's to say (HSTS_SUBDOMAINS).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

if reasons := unsafe(globals(), os.environ):
    raise ImproperlyConfigured(
        "This site is not set up safely, so it does not start (docs/running.md).\n"
        + "\n".join(f"- {reason}" for reason in reasons)
    )
