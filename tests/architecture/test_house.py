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


# Wagtail's own sign-in page for private pages, behind our redirect of the same address; and its sample of an
# error page. Neither is declared, so neither would ever be shown.
NEVER_SHOWN = {"_util/login/", "cms/test404/"}


def test_every_view_declares_its_policy():
    undeclared = {
        route
        for route, view, namespaces in views_of(get_resolver().url_patterns)
        if declared_policy(view, namespaces) is None
    }

    assert undeclared == NEVER_SHOWN


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(NEVER_SHOWN))
def test_what_is_not_declared_is_not_shown(client, route):
    answer = client.get(f"/{route}")

    assert (answer.status_code, answer.headers.get("Location")) in {(404, None), (302, "/accounts/login/")}


def test_a_view_without_a_policy_would_be_found():
    def forgotten(request): ...

    forgotten.__module__ = "workshops.views"

    assert declared_policy(forgotten) is None
