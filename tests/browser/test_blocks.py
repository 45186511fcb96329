"""Every block of a lesson, for both audiences: with axe, on a small phone, from right to left, on paper, without JavaScript."""

import pytest

from courses.models import LessonPage
from tests.browser.every_block import address_of
from tests.browser.site import running_site

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
AUDIENCES = ["patient", "professional"]
TOO_WIDE = """() => [...document.querySelectorAll("main *")]
    .filter(one => !one.closest(".nhsuk-u-visually-hidden") && getComputedStyle(one).position !== "absolute")
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, new_database):
    folder = tmp_path_factory.mktemp("blocks")
    build = ["shell", "--no-imports", "-c", "from tests.browser.every_block import build; build()"]
    with running_site(folder, database_url=new_database(), set_up=[["migrate"], build]) as site:
        yield site


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_block_can_be_read_by_everybody(site, person_of, audience, size):
    person = person_of(site, viewport=size)

    page = person.open(address_of(audience))

    assert shown_on(page) == list(LessonPage.body.field.stream_block.child_blocks)
    assert page.evaluate(TOO_WIDE) == []
    assert (person.violations, person.console) == ([], [])
    assert person.hosts == {site.base.partition("://")[2]}


def test_every_block_is_there_without_scripts(site, person_of):
    page = person_of(site, viewport=PHONE, java_script_enabled=False).page

    page.goto(site.url(address_of("patient")))

    assert shown_on(page) == list(LessonPage.body.field.stream_block.child_blocks)
    assert page.evaluate(TOO_WIDE) == []
    page.get_by_text("Read all that is said").click()
    assert page.get_by_text("She says: I begin with my breath.").is_visible()


def shown_on(page) -> list[str]:
    return [one.get_attribute("class").rpartition("--")[2] for one in page.locator("[data-block]").all()]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_block_holds_from_right_to_left(site, person_of, size):
    person = person_of(site, viewport=size)
    page = person.open(address_of("patient"))

    page.evaluate("document.documentElement.dir = 'rtl'")
    person.look()

    assert page.evaluate(TOO_WIDE) == []
    assert person.violations == []


def test_on_paper_a_recording_is_its_words_and_a_short_address(site, person_of):
    person = person_of(site, viewport=DESK)
    page = person.open(address_of("patient"))

    page.emulate_media(media="print")

    film = page.locator(".recording")
    assert not film.locator("video").is_visible()
    assert film.get_by_text("She says: I begin with my breath.").is_visible()
    short = film.get_by_text("Watch it here:").inner_text().rpartition(": ")[2]
    assert page.locator(".tool-sheet .write-lines span").first.is_visible()
    assert not page.get_by_text("as a PDF").is_visible()
    opened = person.open("/" + short.partition("/")[2])
    assert opened.url == site.url(address_of("patient"))


def test_a_sheet_is_saved_from_the_page(site, person_of):
    page = person_of(site, viewport=PHONE, java_script_enabled=False, accept_downloads=True).page
    page.goto(site.url(address_of("patient")))

    with page.expect_download() as saved:
        page.get_by_role("link", name="as a PDF").click()

    assert saved.value.suggested_filename.endswith(".pdf")
    with open(saved.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"
