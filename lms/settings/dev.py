"""A site on one's own machine with demonstration content: `./dev run`."""

import os
from pathlib import Path

from .base import *  # noqa: F403
from .base import VAR_DIR

SECRET_KEY = os.environ.get("SECRET_KEY") or "only-for-this-machine-never-for-a-real-site-000000000000"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
CLOCK_FILE = Path(os.environ.get("CLOCK_FILE", VAR_DIR / "clock"))
SHOW_UNREVIEWED = True
DEMO = True
# Files are served from where they lie: nothing to collect before the first page.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
