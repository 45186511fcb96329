"""Settings of a site that only tries its limits: cheap passwords, and on request a cache for each process alone."""

import os

from lms.settings.dev import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if os.environ.get("CACHE_OF_ITS_OWN"):
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "process": {"BACKEND": "lms.core.memory.ProcessMemory"},
    }
