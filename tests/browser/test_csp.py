"""The policy of scripts in a real browser: nothing is refused anywhere, and everything in the CMS works all the same.

Every frame of every page reports what the browser refuses. The page of all widgets (tests/browser/widgets) has each chooser,
picker and inline child that Wagtail has, once as a field and once as a block; what is chosen is looked for on the published page.
"""

import io
import json
import os
import re
import sys
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.editor import let_it_save, type_words
from tests.browser.site import Site, running_site, start, stop, wait_until_up
from tests.browser.test_every_page import NOT_PAGES, kind_of, sign_in
from tests.smtp_sink import free_port

pytestmark = pytest.mark.browser

SETTINGS = "tests.browser.widgets.settings"
MAKE_SUPERUSER = (
    "from lms.people.models import User;"
    "User.objects.filter(email='administrator@demo.example').update(is_superuser=True, is_staff=True)"
)
TELL = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`REFUSED ${event.effectiveDirective} ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`);
});
"""
REFUSED = ("REFUSED", "Content Security Policy")
# A page that is not there is an error of the console too; the walks say themselves which answers they expect.
NOT_THERE = "Failed to load resource: the server responded with a status of 404"
# The editor saves by itself half a second after each change, also what is not whole yet: that is refused, with 400.
NOT_WHOLE = "Failed to load resource: the server responded with a status of 400"
EDITOR = re.compile(r"/cms/pages/(add/.+|\d+/edit)/$")


@dataclass
class Watched:
    """A browser whose every refusal and error is written down."""

    page: Page
    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    not_whole: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def hear(self, kind: str, text: str) -> None:
        if any(word in text for word in REFUSED):
            self.refused.append(f"{self.page.url}: {text}")
        elif NOT_WHOLE in text and EDITOR.search(self.page.url):
            self.not_whole.append(self.page.url)
        elif kind == "error" and NOT_THERE not in text:
            self.errors.append(f"{self.page.url}: {text[:400]}")


@pytest.fixture(scope="module")
def site(tmp_path_factory, new_database):
    folder = tmp_path_factory.mktemp("widgets")
    set_up = [["migrate", "--verbosity=0"], ["demo"], ["shell", "-c", MAKE_SUPERUSER]]
    with running_site(folder, database_url=new_database(), set_up=set_up, settings=SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def accounts(site) -> dict[str, dict]:
    return {account["role"]: account for account in json.loads(site.manage("demo", "--credentials"))}


@pytest.fixture
def watch(chromium):
    """`watch(base)` opens a window in which refusals and errors are heard, of all its frames."""
    contexts = []

    def open_window(base: str, **options) -> Watched:
        context = chromium.new_context(
            base_url=base, **{"viewport": {"width": 1280, "height": 900}} | options
        )
        context.add_init_script(TELL)
        context.set_default_timeout(30_000)
        contexts.append(context)
        watched = Watched(page=context.new_page())
        watched.page.on("console", lambda message: watched.hear(message.type, message.text))
        watched.page.on("pageerror", lambda error: watched.hear("error", str(error)))
        watched.page.on("request", lambda request: watched.hosts.add(urlsplit(request.url).netloc))
        return watched

    yield open_window
    for context in contexts:
        context.close()


# ---------------------------------------------------------------- what an editor does


def picture(colour: str) -> dict:
    """Never the same twice: Wagtail asks about a picture that it has already."""
    held = io.BytesIO()
    made = Image.new("RGB", (400, 300), colour)
    made.paste(Image.frombytes("RGB", (4, 4), os.urandom(48)))
    made.save(held, "PNG")
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": held.getvalue()}


def in_modal(page: Page):
    return page.locator(".modal-content:visible").last


def modal_is_gone(page: Page) -> None:
    page.wait_for_selector(".modal", state="detached")


def opener(place):
    """A chooser's own button, whatever the thing is called that it chooses."""
    return place.locator("button:has-text('Choose')").first


def chooser(page: Page, name: str):
    return page.locator(f"#{name}-chooser")


def upload_picture(page: Page, colour: str, *, within_text: bool = False) -> None:
    """In the image chooser that has opened: its second tab, a file, a title."""
    modal = in_modal(page)
    modal.get_by_role("tab", name="Upload").click()
    modal.locator("input[type=file]").set_input_files(picture(colour))
    modal.locator("input[name$=title]:visible").fill(f"A {colour} hill")
    modal.get_by_role("button", name="Upload").click()
    if within_text:
        modal.get_by_label("Full width").check()
        modal.get_by_role("button", name="Insert image").click()
    modal_is_gone(page)


def choose(page: Page, name: str) -> None:
    """In any chooser that has opened: the row with this name."""
    in_modal(page).get_by_role("link", name=name, exact=True).first.click()
    modal_is_gone(page)


def pick_day(page: Page, place) -> str:
    """With the mouse, from the calendar that opens: the tenth of this month."""
    place.click()
    calendar = page.locator(".xdsoft_datetimepicker:visible").last
    calendar.locator("td.xdsoft_date:not(.xdsoft_other_month)").nth(9).click()
    page.keyboard.press("Tab")
    return place.input_value()


def pick_time(page: Page, place) -> str:
    """With the mouse: the hour that the list opens at, which is that of the clock; the others are scrolled away."""
    place.click()
    page.locator(".xdsoft_datetimepicker:visible .xdsoft_time.xdsoft_current").click()
    page.keyboard.press("Tab")
    return place.input_value()


def add_block(page: Page, name: str) -> None:
    """A block at the end of the body's stream."""
    page.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name=name, exact=True).first.click()


def publish(page: Page) -> None:
    """What the editor says in its green bar is asked for, so that a refused page fails here."""
    let_it_save(page)
    page.get_by_role("button", name="More actions").last.click()
    page.locator("button[name=action-publish]").last.click()
    page.wait_for_url(re.compile("/cms/pages/[0-9]+/$"))
    assert "published" in page.inner_text(".messages")


def fill_every_field(page: Page, title: str) -> str:
    """And the time that was picked, which the page is to show later."""
    page.fill("input[name=title]", title)
    assert pick_day(page, page.locator("#id_day")).endswith("-10")
    time = pick_time(page, page.locator("#id_time"))
    assert re.fullmatch("[0-2][0-9]:00", time)
    assert "-10 " in pick_day(page, page.locator("#id_moment"))
    opener(chooser(page, "id_picture")).click()
    upload_picture(page, "green")
    opener(chooser(page, "id_linked")).click()
    choose(page, "Two Doors")
    opener(chooser(page, "id_pairing")).click()
    in_modal(page).locator("a[data-chooser-modal-choice]").first.click()
    modal_is_gone(page)
    words = page.locator("[data-contentpath=words] [contenteditable=true]").first
    words.click()
    page.keyboard.type("Read this first")
    page.keyboard.press("Shift+Home")
    page.keyboard.press("Control+k")
    choose(page, "Two Doors")
    words.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("/")
    page.get_by_role("option", name="Image").first.click()
    upload_picture(page, "navy", within_text=True)
    page.locator("#panel-child-content-tags-section .tagit-new input").fill("breath")
    page.keyboard.press("Enter")
    assert page.locator(".tagit-choice").count() == 1
    return time


def fill_inline_children(page: Page) -> None:
    for number, colour in enumerate(("teal", "olive")):
        page.click("#id_rows-ADD")
        page.fill(f"#id_rows-{number}-name", f"Row {colour}")
        pick_day(page, page.locator(f"#id_rows-{number}-day"))
        opener(chooser(page, f"id_rows-{number}-linked")).click()
        choose(page, "Two Doors")
        opener(chooser(page, f"id_rows-{number}-picture")).click()
        upload_picture(page, colour)
    page.click("#id_shots-OPEN_MODAL")
    boxes = in_modal(page).locator("input[type=checkbox]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    in_modal(page).locator("[data-multiple-choice-submit]").click()
    modal_is_gone(page)


def fill_blocks(page: Page) -> None:
    add_block(page, "Picture")
    opener(chooser(page, "body-0-value")).click()
    upload_picture(page, "maroon")
    add_block(page, "Page")
    opener(chooser(page, "body-1-value")).click()
    choose(page, "Two Doors")
    add_block(page, "Pairing")
    opener(chooser(page, "body-2-value")).click()
    in_modal(page).locator("a[data-chooser-modal-choice]").first.click()
    modal_is_gone(page)
    add_block(page, "Day")
    pick_day(page, page.locator("#body-3-value"))
    add_block(page, "Time")
    pick_time(page, page.locator("#body-4-value"))
    add_block(page, "Words")
    page.locator("[data-contentpath=body] [contenteditable=true]").last.click()
    type_words(page, "Words in a block")
    add_block(page, "Lines")
    page.fill("#body-6-value-0-value", "One line")


def shown(page: Page, inside: str) -> list[bool]:
    """Of each picture there, whether the browser really has it."""
    return page.eval_on_selector_all(
        f"{inside} img", "all => all.map(one => one.complete && one.naturalWidth > 0)"
    )


def last_word_of(site: Site, code: str) -> str:
    return site.manage("shell", "--verbosity=0", "-c", code).split()[-1]


def home_number(site: Site) -> str:
    return last_word_of(site, "from lms.home.models import HomePage; print(HomePage.objects.get().pk)")


# ---------------------------------------------------------------- the walks


def test_everything_the_editor_has_works_and_nothing_is_refused(site, accounts, watch):
    browser = watch(site.base)
    page = browser.page
    sign_in(page, accounts["administrator"])

    page.goto(f"/cms/pages/add/widgets/widgetpage/{home_number(site)}/")
    time = fill_every_field(page, "All the widgets")
    fill_inline_children(page)
    fill_blocks(page)
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("#w-preview-iframe")
    preview.locator("#rows li").nth(1).wait_for()
    page.get_by_role("button", name="Toggle preview").click()
    publish(page)

    # Its last part is a number more where the editor had saved by itself, and was interrupted, before.
    number, address = last_word_of(
        site,
        "from wagtail.models import Page;"
        "page = Page.objects.live().get(title='All the widgets'); print(page.pk, page.url, sep=',')",
    ).split(",")
    page.goto(address)
    assert page.inner_text("#day").endswith("-10") and page.inner_text("#moment").endswith("-10")
    assert page.inner_text("#time") == time
    assert page.inner_text("#linked") == "Two Doors" and page.inner_text("#pairing")
    assert page.inner_text("#tags") == "breath"
    assert page.locator("#words a[href='/']").inner_text() == "Read this first"
    assert [row.split(",")[0] for row in page.locator("#rows li").all_inner_texts()] == [
        "Row teal",
        "Row olive",
    ]
    for row in page.locator("#rows li").all_inner_texts():
        assert "-10, Two Doors" in row
    for place, pictures in {"#picture": 1, "#words": 1, "#rows": 2, "#shots": 2, "#body": 1}.items():
        assert shown(page, place) == [True] * pictures, place
    assert page.locator("#body > div").count() == 7
    assert "Words in a block" in page.inner_text("#body") and "One line" in page.inner_text("#body")

    # An edit, and what it changed.
    page.goto(f"/cms/pages/{number}/edit/")
    page.fill("#id_rows-0-name", "Row renamed")
    publish(page)
    # The page's own script moves the links of its menus out of sight: they are read from what was sent.
    history = page.request.get(f"/cms/pages/{number}/history/").text()
    compare = re.search(r"/cms/pages/\d+/revisions/compare/[^\"]+", history)[0]
    page.goto(compare)
    assert "renamed" in page.inner_text("main")

    assert browser.refused == []
    assert browser.errors == []
    assert browser.hosts == {urlsplit(site.base).netloc}


def test_an_author_edits_a_lesson(site, accounts, watch):
    browser = watch(site.base)
    page = browser.page
    sign_in(page, accounts["author"])
    number = last_word_of(
        site, "from courses.models import LessonPage; print(LessonPage.objects.order_by('pk')[0].pk)"
    )

    page.goto(f"/cms/pages/{number}/edit/")
    add_block(page, "Text")
    page.locator("[data-contentpath=body] [contenteditable=true]").last.click()
    type_words(page, "Breathe out slowly")
    page.keyboard.press("Shift+Home")
    page.keyboard.press("Control+k")
    choose(page, "Two Doors")
    let_it_save(page)
    page.get_by_role("button", name="Save draft").last.click()
    page.wait_for_load_state()
    page.goto(f"/cms/pages/{number}/view_draft/")

    assert page.locator("main a[href='/']", has_text="Breathe out slowly").count() == 1
    assert browser.refused == []
    assert browser.errors == []


def test_inline_children_outside_pages_work_too(site, accounts, watch):
    browser = watch(site.base)
    page = browser.page
    sign_in(page, accounts["administrator"])

    page.goto("/cms/snippets/courses/pairing/")
    page.locator("main a[href*='/edit/']").first.click()
    page.click("#id_lesson_pairs-ADD")
    new = int(page.input_value("#id_lesson_pairs-TOTAL_FORMS")) - 1
    for side in ("patient", "professional"):
        opener(chooser(page, f"id_lesson_pairs-{new}-{side}_lesson")).click()
        in_modal(page).get_by_role("button", name="Close").first.click()
        modal_is_gone(page)
    page.click(f"#id_lesson_pairs-{new}-DELETE-button")
    page.fill("[name=moment]", "Opening, together")
    page.get_by_role("button", name="Save").last.click()
    page.wait_for_load_state()
    assert "updated" in page.inner_text(".messages")

    page.goto("/cms/searchpicks/add/")
    page.fill("#id_query_string", "breath")
    page.click("#id_query_string-chooser")
    in_modal(page).get_by_role("button", name="Close").first.click()
    modal_is_gone(page)
    page.click("#id_editors_picks-ADD")
    opener(chooser(page, "id_editors_picks-0-page")).click()
    choose(page, "Two Doors")
    page.get_by_role("button", name="Create").last.click()
    page.wait_for_url(re.compile("/cms/searchpicks/$"))
    assert "breath" in page.inner_text("main")

    page.goto("/cms/workflows/add/")
    page.fill("#id_name", "Two readers")
    page.click("#id_workflow_tasks-ADD")
    opener(chooser(page, "id_workflow_tasks-0-task")).click()
    in_modal(page).get_by_role("tab", name="Existing").click()
    in_modal(page).get_by_role("link", name="Moderators approval").first.click()
    modal_is_gone(page)
    page.get_by_role("button", name="Create").last.click()
    page.wait_for_load_state()
    assert "created" in page.inner_text(".messages")

    page.goto("/cms/images/multiple/add/")
    page.set_input_files("#fileupload", picture("purple"))
    page.locator("#upload-list input[name$=title]").first.wait_for()

    assert browser.refused == []
    assert browser.errors == []


def test_every_kind_of_page_in_the_cms(site, accounts, watch, figure):
    browser = watch(site.base)
    sign_in(browser.page, accounts["administrator"])

    opened, broken = [], []
    begin = ["/cms/", "/django-admin/", "/cms/images/1/"]
    for path, status in walk_kinds(
        browser.page,
        site.base,
        begin,
        kind=lambda path: re.sub(r"/\d+(?=/|$)", "/<n>", path),
        wanted=is_below_the_cms,
    ):
        opened.append(path)
        if status >= 500:
            broken.append(f"{path}: {status}")

    assert broken == []
    assert browser.refused == []
    assert browser.errors == []
    figure("CSP: pages of the CMS walked", len(opened), "pages", bar="> 75")
    figure("CSP: refusals on a walk through the CMS", len(browser.refused), "refusals", bar="= 0")


def walk_kinds(page: Page, base: str, begin: list[str], *, kind, wanted):
    """One page of each kind, found by following links; yields (path, status)."""
    waiting, seen, kinds = list(begin), set(begin), set()
    while waiting:
        path = waiting.pop(0)
        if kind(path) in kinds:
            continue
        kinds.add(kind(path))
        answer = page.goto(path)
        yield path, answer.status
        page.wait_for_timeout(100)  # what starts a little later is heard too
        for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            parts = urlsplit(href)
            if href.startswith(base) and wanted(parts) and parts.path not in seen:
                seen.add(parts.path)
                waiting.append(parts.path)


def is_below_the_cms(parts) -> bool:
    is_page = "export=" not in parts.query and "logout" not in parts.path
    return is_page and parts.path.startswith(("/cms/", "/django-admin/"))


@pytest.mark.parametrize(
    "role", ["visitor", "patient", "patient4", "professional", "lay_tutor", "coordinator"]
)
def test_pages_outside_the_cms(role, site, accounts, watch):
    browser = watch(site.base, viewport={"width": 390, "height": 800})
    begin = ["/", "/learn/", "/workshops/"]
    if role != "visitor":
        sign_in(browser.page, accounts[role])
        begin.insert(0, "/my/")

    opened = [
        path
        for path, _status in walk_kinds(
            browser.page,
            site.base,
            begin,
            kind=lambda path: kind_of(path, each_lesson=False),
            wanted=lambda parts: not NOT_PAGES.search(parts.path),
        )
    ]

    assert len(opened) >= 10
    assert browser.refused == []
    assert browser.errors == []


def test_the_walk_notices_one_inline_script(site, accounts, watch):
    """The control: with Wagtail's own choosers, which end with a script, the browser refuses and the button is dead."""
    port = free_port()
    control = Site(base=f"http://127.0.0.1:{port}", sink=site.sink, folder=site.folder, env=dict(site.env))
    control.env |= {"WITH_WAGTAILS_CHOOSERS": "1", "SITE_URL": control.base}
    words = [
        sys.executable,
        "-m",
        "gunicorn",
        "lms.wsgi:application",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
    ]
    control.processes = [start(control, "control", words)]
    try:
        wait_until_up(control)
        browser = watch(control.base)
        sign_in(browser.page, accounts["administrator"])
        browser.page.goto(f"/cms/pages/add/widgets/widgetpage/{home_number(site)}/")
        opener(chooser(browser.page, "id_linked")).click()
        browser.page.wait_for_timeout(1000)

        assert browser.page.locator(".modal").count() == 0
        assert any("script-src" in line for line in browser.refused)
    finally:
        stop(control)
