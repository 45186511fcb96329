"""Chromium, people in it, and axe on every page they open."""

import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, sync_playwright

from tests import migrated
from tests.browser.site import Site

# Chromium on a closed machine: no sandbox as root, and no calls to hosts of its maker.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="module")
def chromium():
    """Ends with its file: while it is open, its event loop keeps Django from the database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def new_database(tmp_path_factory):
    """`new_database()` is the address of an empty database of the kind that DATABASE_URL names."""
    url = os.environ.get("DATABASE_URL", "")
    made = []

    def make() -> str:
        if not url.startswith("postgres"):
            return f"sqlite:///{tmp_path_factory.mktemp('database') / 'site.sqlite3'}"
        name = f"site_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(url, autocommit=True) as server:
            known = server.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [migrated.postgres_template()]
            )
            template = migrated.postgres_template() if known.fetchone() else "template1"
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        made.append(name)
        parts = url.rsplit("/", 1)
        return f"{parts[0]}/{name}" + (f"?{parts[1].split('?')[1]}" if "?" in parts[1] else "")

    yield make
    for name in made:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


AXE_SOURCE = (Path(__import__("axe_playwright_python").__file__).parent / "axe.min.js").read_text()
# The rules of WCAG 2.2 A and AA, and what axe calls good practice for structure.
AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass
class Person:
    """Somebody with a browser of their own. Each page they open is checked by axe, once per template state."""

    site: Site
    page: Page
    name: str = ""
    violations: list[str] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    console: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.site.url(path))
        assert answer.status == 200, f"{path}: {answer.status}\n{self.page.inner_text('body')[:500]}"
        self.look()
        return self.page

    def press(self, name: str, **options) -> Page:
        """Press the button with this name, and look at the page that follows."""
        return self._click("button", name, options)

    def follow(self, name: str, **options) -> Page:
        return self._click("link", name, options)

    def _click(self, role: str, name: str, options: dict) -> Page:
        target = self.page.get_by_role(role, name=name, **options).first
        if not target.count():
            shown = f"{self.page.url}\n{self.page.locator('main').inner_text()}"
            raise AssertionError(f"{self.name} sees no {role} {name!r} on {shown}")
        target.click()
        self.page.wait_for_load_state()
        self.look()
        return self.page

    def look(self) -> None:
        """Run axe on the page as it stands; the page's policy allows no script tag, so axe is evaluated."""
        self.visited.append(self.page.url.removeprefix(self.site.base))
        self.page.evaluate(AXE_SOURCE)
        found = self.page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)
        for violation in found["violations"]:
            nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            self.violations.append(f"{self.visited[-1]}: {violation['id']}: {nodes}")

    def text(self) -> str:
        return self.page.inner_text("body")


@pytest.fixture
def person_of(chromium):
    """`person_of(site, "Amina")` opens a new browser window with its own cookies."""
    contexts = []

    def make(site: Site, name: str = "", **context_options) -> Person:
        context = chromium.new_context(base_url=site.base, **context_options)
        contexts.append(context)
        page = context.new_page()
        person = Person(site=site, page=page, name=name)
        page.on(
            "request",
            lambda request: person.hosts.add(request.url.split("/")[2] if "//" in request.url else ""),
        )
        page.on(
            "console",
            lambda message: person.console.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: person.console.append(str(error)))
        return person

    yield make
    for context in contexts:
        context.close()
