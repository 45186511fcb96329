"""Every page of every role outside the CMS, opened once: without JavaScript, on a small phone, with axe."""

import json
import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.passing import pass_second_step
from tests.browser.site import Site, running_site

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}
NOT_PAGES = re.compile(
    r"^/(cms|django-admin|static|media|documents|i18n)/|^/accounts/logout/|\.(pdf|ics|csv|html|zip)$"
)
EACH_KIND = 3  # pages of one kind (same address but for identifiers) opened for each role


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory, new_database):
    folder = tmp_path_factory.mktemp("demo")
    with running_site(folder, database_url=new_database(), set_up=[["demo"]]) as site:
        yield site


@pytest.fixture(scope="module")
def accounts(demo_site) -> dict[str, dict]:
    return {account["role"]: account for account in json.loads(demo_site.manage("demo", "--credentials"))}


ROLES = [
    "visitor",
    "patient",
    "patient3",
    "patient4",
    "patient5",
    "professional",
    "professional2",
    "lay_tutor",
    "lay_tutor2",
    "clinical_tutor",
    "clinical_tutor2",
    "coordinator",
    "author",
    "lay_reviewer",
    "administrator",
]


def kind_of(path: str, *, each_lesson: bool) -> str:
    """The address without what differs between pages of one kind."""
    if not each_lesson:
        path = re.sub(
            r"^/(moving-on-together|working-in-partnership)/([^/]+)/([^/]+/)*", "/<below a curriculum>/", path
        )
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", path)
    path = re.sub(r"/certificates/verify/[^/]+", "/certificates/verify/<token>", path)
    return re.sub(r"/\d+(?=/|$)", "/<n>", path)


def sign_in(page: Page, account: dict) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", account["email"])
    page.fill("input[name=password]", account["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()
    if account["totp_secret"]:
        pass_second_step(page, account["totp_secret"])


def walk(page: Page, site: Site, start: list[str], *, each_lesson: bool = False):
    """Open pages by following links, breadth first; yields (path, status) of each."""
    waiting, seen, kinds = deque(start), set(start), {}
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path, each_lesson=each_lesson)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > EACH_KIND:
            continue
        answer = page.goto(path)
        yield path, answer.status
        for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            parts = urlsplit(href)
            if f"{parts.scheme}://{parts.netloc}" != site.base or NOT_PAGES.search(parts.path):
                continue
            if parts.path not in seen:
                seen.add(parts.path)
                waiting.append(parts.path)


@pytest.mark.parametrize("role", ROLES)
def test_pages_of(role, demo_site, accounts, chromium):
    context = chromium.new_context(base_url=demo_site.base, java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    start = ["/", "/learn/", "/workshops/"]
    if role != "visitor":
        sign_in(page, accounts[role])
        start.insert(0, "/my/")

    opened, poor = [], []
    for path, status in walk(page, demo_site, start, each_lesson=role == "patient"):
        opened.append(path)
        if status != 200:
            poor.append(f"{path}: {status}")
            continue
        if page.locator("h1").count() != 1:
            poor.append(f"{path}: {page.locator('h1').count()} first headings")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            poor.append(f"{path}: wider than the phone")
    context.close()

    assert poor == []
    assert len(opened) >= 12
    assert hosts == {urlsplit(demo_site.base).netloc}


def test_a_page_that_breaks_would_be_found(demo_site, chromium):
    """The control of the walk: a link that leads nowhere is reported."""
    context = chromium.new_context(base_url=demo_site.base, java_script_enabled=False)
    found = dict(walk(context.new_page(), demo_site, ["/nowhere-at-all/"]))
    context.close()

    assert found["/nowhere-at-all/"] == 404
