"""A site on one's own machine that shows, like a production site, only what both reviewers have signed."""

from lms.settings.dev import *  # noqa: F403

SHOW_UNREVIEWED = False
