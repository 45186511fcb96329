"""The house stands: arrows fall, templates compile, migrations are whole, views declare their policy."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import engines
from django.urls import URLPattern, URLResolver, get_resolver

from lms.core.policy import declared_policy

ROOT = Path(settings.BASE_DIR)


def test_imports_fall_from_floor_to_floor():
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stdout


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.*")), ids=lambda path: path.name)
def test_template_compiles(path):
    engines["django"].get_template(str(path.relative_to(ROOT / "templates")))


def test_only_documents_imports_weasyprint():
    importing = [
        str(path.relative_to(ROOT))
        for app in ("lms", "courses", "workshops", "coaching")
        for path in (ROOT / app).rglob("*.py")
        if "import weasyprint" in path.read_text() or "from weasyprint" in path.read_text()
    ]

    assert importing and all(name.startswith("lms/documents/") for name in importing)


def views_of(patterns, prefix="", namespaces=()):
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inside = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from views_of(entry.url_patterns, prefix + str(entry.pattern), inside)
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback, namespaces


# Pages of packages that sign in or set passwords past the one door (lms.core.policy.CLOSED), some of them behind a redirect
# of ours with the same address; allauth's addresses of old; and Wagtail's sample of an error page. Each with an address
# to try. None is declared, so none is ever shown.
NEVER_SHOWN = {
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": (
        "_util/authenticate_with_password/1/1/"
    ),
    "_util/login/": "_util/login/",
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/": "accounts/oidc/any/login/",
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/": "accounts/oidc/any/login/callback/",
    "accounts/social/connections/": "accounts/social/connections/",
    "accounts/social/login/cancelled/": "accounts/social/login/cancelled/",
    "accounts/social/login/error/": "accounts/social/login/error/",
    "accounts/social/signup/": "accounts/social/signup/",
    "cms/login/": "cms/login/",
    "cms/password_reset/": "cms/password_reset/",
    "cms/password_reset/complete/": "cms/password_reset/complete/",
    "cms/password_reset/confirm/<uidb64>/<token>/": "cms/password_reset/confirm/MQ/set-password/",
    "cms/password_reset/done/": "cms/password_reset/done/",
    "cms/test404/": "cms/test404/",
    "django-admin/login/": "django-admin/login/",
    "django-admin/password_change/": "django-admin/password_change/",
    "django-admin/password_change/done/": "django-admin/password_change/done/",
    "documents/authenticate_with_password/<int:restriction_id>/": "documents/authenticate_with_password/1/",
}
ONE_DOOR = {"/accounts/login/", "/accounts/password/reset/", "/accounts/password/change/"}


def test_every_view_declares_its_policy():
    undeclared = {
        route
        for route, view, namespaces in views_of(get_resolver().url_patterns)
        if declared_policy(view, namespaces) is None
    }

    assert undeclared == set(NEVER_SHOWN)


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(NEVER_SHOWN))
def test_what_is_not_declared_is_not_shown(client, route):
    for answer in (client.get(f"/{NEVER_SHOWN[route]}"), client.post(f"/{NEVER_SHOWN[route]}")):
        assert answer.status_code == 404 or (answer.status_code, answer.url in ONE_DOOR) == (302, True)


def test_a_view_without_a_policy_would_be_found():
    def forgotten(request): ...

    forgotten.__module__ = "workshops.views"

    assert declared_policy(forgotten) is None
