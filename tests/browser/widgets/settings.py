"""A site on one's own machine that has the page of all widgets too."""

from lms.settings.dev import *  # noqa: F403
from lms.settings.dev import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.browser.widgets"]
