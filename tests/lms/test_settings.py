"""A production site that is set up unsafely does not start, and says why."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from lms.core import checks, clock
from lms.people.crisis import crisis_lines
from lms.settings import base

ENVIRONMENT = {
    "DATABASE_URL": "sqlite:////var/lib/site/db.sqlite3",
    "TRUSTED_PROXY_COUNT": "1",
    "CRISIS_NATION": "england",
    "VAR_DIR": "/var/lib/site",
}
SAFE = ENVIRONMENT | {
    "DJANGO_SETTINGS_MODULE": "lms.settings.production",
    "SECRET_KEY": "correct-horse-battery-staple-0123456789-correct-horse-battery",
    "ALLOWED_HOSTS": "together.clinic.uk",
    "SITE_URL": "https://together.clinic.uk",
    "DEFAULT_FROM_EMAIL": "hello@together.clinic.uk",
}


def start(*words: str, **changes) -> subprocess.CompletedProcess:
    ours = ("EMAIL_", "OIDC_", "MFA_", "CLOCK_", "MEDIA_", *SAFE)
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)} | SAFE | changes
    return subprocess.run(
        [sys.executable, *(words or ("-c", "import django; django.setup()"))],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in env.items() if value is not None},
        capture_output=True,
        text=True,
    )


def test_a_safe_site_starts():
    done = start()

    assert done.returncode == 0, done.stderr


def test_a_safe_site_passes_djangos_own_checks(tmp_path):
    (tmp_path / "assets").mkdir()

    done = start("manage.py", "check", "--deploy", "--fail-level", "INFO", VAR_DIR=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


COOKIES = """
import django; django.setup()
from django.conf import settings
for kind in ("SESSION", "CSRF", "LANGUAGE"):
    values = [getattr(settings, f"{kind}_COOKIE_{what}") for what in ("NAME", "SECURE", "PATH", "DOMAIN", "SAMESITE")]
    print(*values)
print(settings.SESSION_COOKIE_HTTPONLY, settings.SECURE_HSTS_SECONDS)
"""


def test_a_sites_cookies_are_held_to_its_own_host_and_to_https():
    said = start("-c", COOKIES).stdout.splitlines()

    assert said == [
        "__Host-session True / None Lax",
        "__Host-csrf True / None Lax",
        "__Host-language True / None Lax",
        "True 31536000",
    ]


def test_an_unsafe_site_is_told_all_reasons_at_once():
    done = start(SECRET_KEY="short", ALLOWED_HOSTS="*", SITE_URL="http://x", TRUSTED_PROXY_COUNT=None)

    assert done.returncode != 0
    reasons = [line for line in done.stderr.splitlines() if line.startswith("- ")]
    assert [
        re.search("SECRET_KEY|ALLOWED_HOSTS|SITE_URL|TRUSTED_PROXY_COUNT", line)[0] for line in reasons
    ] == [
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "SITE_URL",
        "TRUSTED_PROXY_COUNT",
    ]


@pytest.fixture
def asked(tmp_path):
    """`asked({"DEBUG": True}, {"OIDC_ISSUER": "…"})`: the reasons against a safe site with these changes."""
    facts = {name: value for name, value in vars(base).items() if name.isupper()}
    facts |= {
        "SECRET_KEY": SAFE["SECRET_KEY"],
        "ALLOWED_HOSTS": ["together.clinic.uk"],
        "SITE_URL": SAFE["SITE_URL"],
        "DEFAULT_FROM_EMAIL": SAFE["DEFAULT_FROM_EMAIL"],
        "EMAIL_HOST": "127.0.0.1",
        "DEBUG": False,
        "DEMO": False,
        "CLOCK_FILE": None,
        "SHOW_UNREVIEWED": False,
        "MFA_KEYS": [],
        "VAR_DIR": tmp_path,
        "MEDIA_ROOT": tmp_path / "media",
        "STATIC_ROOT": tmp_path / "static",
        "STATICFILES_DIRS": [tmp_path / "assets"],
        "DATABASES": {
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "db.sqlite3")}
        },
    }

    def ask(changes: dict | None = None, environment: dict | None = None) -> list[str]:
        said = {
            name: value for name, value in (ENVIRONMENT | (environment or {})).items() if value is not None
        }
        return checks.unsafe(facts | (changes or {}), said)

    return ask


def database(host: str, **options) -> dict:
    return {
        "DATABASES": {
            "default": {"ENGINE": "django.db.backends.postgresql", "HOST": host, "OPTIONS": options}
        }
    }


@pytest.mark.parametrize(
    ("changes", "environment", "reason"),
    [
        ({"SECRET_KEY": ""}, {}, "SECRET_KEY"),
        ({"SECRET_KEY": "k" * 60}, {}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + SAFE["SECRET_KEY"]}, {}, "SECRET_KEY"),
        ({"SECRET_KEY": "only-for-this-machine-never-for-a-real-site-000000000000"}, {}, "SECRET_KEY"),
        ({"MFA_KEYS": ["short"]}, {}, "MFA_KEY"),
        ({"ALLOWED_HOSTS": []}, {}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": [".clinic.uk"]}, {}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ["other.clinic.uk"]}, {}, "among ALLOWED_HOSTS"),
        ({"SITE_URL": "http://together.clinic.uk"}, {}, "https://"),
        ({}, {"TRUSTED_PROXY_COUNT": None}, "TRUSTED_PROXY_COUNT"),
        ({}, {"TRUSTED_PROXY_COUNT": "-1"}, "TRUSTED_PROXY_COUNT"),
        ({"DEBUG": True}, {}, "DEBUG is on"),
        ({"DEMO": True}, {}, "DEMO is on"),
        ({"SHOW_UNREVIEWED": True}, {}, "SHOW_UNREVIEWED is on"),
        ({"CLOCK_FILE": Path("/tmp/clock")}, {}, "CLOCK_FILE"),
        ({}, {"CRISIS_NATION": None}, "CRISIS_NATION"),
        ({}, {"DATABASE_URL": None}, "DATABASE_URL"),
        (database("db.clinic.uk"), {}, "sslmode"),
        (database("db.clinic.uk", sslmode="prefer"), {}, "sslmode"),
        ({"EMAIL_HOST": "mail.clinic.uk", "EMAIL_USE_TLS": False}, {}, "EMAIL_USE_TLS"),
        ({"DEFAULT_FROM_EMAIL": "Two Doors <hello@two-doors.example>"}, {}, "DEFAULT_FROM_EMAIL"),
        (
            {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}},
            {},
            "shared cache",
        ),
        ({}, {"VAR_DIR": None}, "VAR_DIR"),
        ({}, {"OIDC_ISSUER": "https://sso.clinic.uk"}, "Set OIDC_CLIENT_ID, OIDC_CLIENT_SECRET too"),
        ({}, {"OIDC_CLIENT_SECRET": "s"}, "Set OIDC_ISSUER, OIDC_CLIENT_ID too"),
        (
            {},
            {"OIDC_ISSUER": "http://sso", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "s"},
            "OIDC_ISSUER must begin",
        ),
    ],
)
def test_each_unsafe_setting_is_named_and_nothing_else(asked, changes, environment, reason):
    assert asked() == []

    (told,) = asked(changes, environment)

    assert reason in told


@pytest.mark.parametrize(
    "changes",
    [
        database("db.clinic.uk", sslmode="verify-full"),
        database("127.0.0.1"),
        database("/run/postgresql"),
        {"EMAIL_HOST": "mail.clinic.uk", "EMAIL_USE_TLS": True},
        {"MFA_KEYS": ["a-long-key-of-forty-characters-and-more-0123456789"]},
    ],
)
def test_what_is_safe_is_let_through(asked, changes):
    assert asked(changes) == []


def test_folders_that_others_may_write_to_or_browse_are_refused(asked, tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media").chmod(0o777)
    served = {"MEDIA_ROOT": tmp_path / "static/media"}
    inside = {"DATABASES": {"default": {"ENGINE": "x.sqlite3", "NAME": str(tmp_path / "static/db.sqlite3")}}}

    assert "chmod o-w" in asked()[0]
    (tmp_path / "media").chmod(0o700)
    assert "served to all" in asked(served)[0]
    assert "the site serves" in asked(inside)[0]


def test_sqlite_on_a_network_disk_is_refused(asked, monkeypatch):
    mounts = "/dev/sda / ext4 rw 0 0\nfiler:/x /srv/share nfs4 rw 0 0\n"

    assert checks.disk_of(Path("/srv/share/site/db.sqlite3"), mounts) == "nfs4"
    assert checks.disk_of(Path("/srv/shared/db.sqlite3"), mounts) == "ext4"
    monkeypatch.setattr(checks, "disk_of", lambda path: "nfs4")
    assert "network disk (nfs4)" in asked()[0]


# ---------------------------------------------------------------- secrets

SECRET_NAME = re.compile(r"(secret|password|passwd|token|api_?key|private_?key)$", re.IGNORECASE)
SECRET_TEXT = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}|\bxox[bap]-\w{10}|://[^/\s:@{}]+:[^/\s@{}]{4,}@"
)
# Said in the open on purpose: a key for one's own machine, and the demonstration's password.
OPEN = {"lms/settings/dev.py", "lms/settings/test.py"}
SHOWN = {"a-long-walk-in-the-rain"}


def secrets_in(source: str, name: str) -> list[str]:
    """Words in code that look like a secret: given to a name that says so, or of a known shape."""
    found = [f"{name}: {match[0][:20]}" for match in SECRET_TEXT.finditer(source)]
    for node in ast.walk(ast.parse(source)):
        pairs = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.keyword) and node.arg:
            pairs = [(ast.Name(node.arg), node.value)]
        for target, value in pairs:
            called = getattr(target, "id", getattr(target, "attr", ""))
            text = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
            is_drawn = len(text) >= 8 and " " not in text and bool(re.search(r"\d", text))
            if SECRET_NAME.search(called) and is_drawn and text not in SHOWN:
                found.append(f"{name}:{value.lineno} {called}")
    return found


def test_no_secret_is_written_in_the_code():
    root = Path(settings.BASE_DIR)
    files = [
        path for app in ("lms", "courses", "workshops", "coaching") for path in (root / app).rglob("*.py")
    ]

    found = [
        secret
        for path in files
        if (name := path.relative_to(root).as_posix()) not in OPEN
        for secret in secrets_in(path.read_text(), name)
    ]

    assert len(files) > 100
    assert found == []


def test_a_secret_in_the_code_is_found():
    """The negative control."""
    planted = 'EMAIL_HOST_PASSWORD = "hunter2-hunter2"\nconnect(api_key="0123456789abcdef")\nURL = "postgres://u:passw0rd@h/n"'

    assert len(secrets_in(planted, "planted.py")) == 3


@pytest.mark.parametrize(
    ("variable", "read"),
    [
        ("SECRET_KEY", "settings.SECRET_KEY"),
        ("MFA_KEY", "settings.MFA_KEYS[0]"),
        ("EMAIL_HOST_PASSWORD", "settings.EMAIL_HOST_PASSWORD"),
    ],
)
def test_secrets_come_from_the_environment(variable, read):
    value = "drawn-from-the-environment-0123456789-abcdefghijklmnopqrst"

    done = start("-c", f"from django.conf import settings; print({read})", **{variable: value})

    assert done.stdout.strip() == value, done.stderr


# ---------------------------------------------------------------- what else is said in settings


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
