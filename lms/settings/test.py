"""Settings of the test run. The database comes from DATABASE_URL, as everywhere."""

from .base import *  # noqa: F403
from .base import VAR_DIR

SECRET_KEY = "for-tests-only-" + "0" * 50
ALLOWED_HOSTS = ["*"]
DEMO = True
SHOW_UNREVIEWED = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"},
    "process": {"BACKEND": "lms.core.memory.ProcessMemory", "LOCATION": "process"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = VAR_DIR / "test-media"
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
DOOR_LIMITS = False
