"""Whole addresses, for what leaves the site: mails, calendars, codes on paper."""

from django.conf import settings


def absolute(path: str) -> str:
    """`path` with the site's own scheme and host before it."""
    return f"{settings.SITE_URL}{path}"
