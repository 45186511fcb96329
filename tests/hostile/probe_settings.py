"""The tests' settings, with uploads in a folder of the probe's own."""

import os
from pathlib import Path

from lms.settings.test import *  # noqa: F403

MEDIA_ROOT = Path(os.environ["PROBE_MEDIA"])
