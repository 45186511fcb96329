"""A production site that is set up unsafely does not start, and says why."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from lms.core import clock
from lms.people.crisis import crisis_lines

SAFE = {
    "DJANGO_SETTINGS_MODULE": "lms.settings.production",
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "together.example.org",
    "SITE_URL": "https://together.example.org",
    "DATABASE_URL": "sqlite:////nowhere/db.sqlite3",
}


def start(**changes) -> subprocess.CompletedProcess:
    env = {name: value for name, value in os.environ.items() if name not in SAFE} | SAFE | changes
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SITE_URL": "http://together.example.org"}, "https://"),
    ],
)
def test_an_unsafe_site_does_not_start(changes, reason):
    done = start(**changes)

    assert done.returncode != 0
    assert reason in done.stderr.strip().splitlines()[-1]


def test_a_safe_site_starts():
    done = start()

    assert done.returncode == 0, done.stderr


def test_a_production_clock_cannot_be_set(settings):
    settings.PRODUCTION = True

    for set_clock in (clock.set_now, clock.write_clock_file):
        with pytest.raises(ImproperlyConfigured, match="cannot be set"):
            set_clock(timezone.now())


def test_unknown_nation_is_refused(settings):
    settings.CRISIS_NATION = "atlantis"

    with pytest.raises(ImproperlyConfigured, match="atlantis"):
        crisis_lines()


def test_sqlite_keeps_what_it_acknowledged(db):
    if connection.vendor != "sqlite":
        assert "lock_timeout" in settings.DATABASES["default"]["OPTIONS"]["options"]
        return
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,), "2 is FULL"
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
