"""A lesson is translated in the CMS under our policy of scripts, and read from right to left on a small phone."""

import json

import pytest

from tests.browser.site import running_site
from tests.browser.test_csp import Watched, watch  # noqa: F401 (a fixture)
from tests.browser.test_every_page import sign_in

pytestmark = pytest.mark.browser

FIRST_TITLE, FIRST_SENTENCE = "What matters most to you?", "A visit belongs to two people"
TITLE, SENTENCE = "ایک خاموش لفظ", "ملاقات دو لوگوں کی ہوتی ہے"
BEGIN = """
from wagtail.models import Locale
from courses.models import LessonPage
Locale.objects.get_or_create(language_code="ur")
lesson = LessonPage.objects.get(slug="what-matters-most")
print(lesson.pk, lesson.url)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, new_database):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MORE_LANGUAGES", "cy,ur")
        folder = tmp_path_factory.mktemp("translating")
        with running_site(folder, database_url=new_database(), set_up=[["demo"]]) as running:
            yield running


@pytest.fixture
def author(site, watch) -> Watched:  # noqa: F811
    accounts = {account["role"]: account for account in json.loads(site.manage("demo", "--credentials"))}
    watched = watch(site.base)
    sign_in(watched.page, accounts["author"])
    return watched


def translate(page, said: str, words: str) -> None:
    """One sentence in the translation editor: open it, write, save."""
    waiting = page.locator(".js-translation-editor li.incomplete")
    waiting.filter(has=page.locator("> p", has_text=said)).first.get_by_role(
        "button", name="Translate"
    ).click()
    page.locator(".js-translation-editor textarea").first.fill(words)
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.locator(".js-translation-editor li:not(.incomplete)").filter(has_text=words).first.wait_for()


def test_a_lesson_is_translated_and_read_from_right_to_left(site, author, person_of):
    number, path = site.manage("shell", "-c", BEGIN).split()[-2:]
    page = author.page

    page.goto(f"/cms/localize/submit/page/{number}/")
    page.get_by_label("اردو").check()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_selector(".js-translation-editor button")
    translate(page, FIRST_TITLE, TITLE)
    translate(page, FIRST_SENTENCE, SENTENCE)
    page.get_by_role("button", name="Publish in اردو").click()
    page.get_by_text(f"Published '{TITLE}' in اردو").wait_for()
    page.goto("/cms/localize/reports/translations/")
    assert page.get_by_role("link", name=f"{TITLE} (اردو)").count() == 1

    assert (author.refused, author.errors) == ([], [])
    assert author.hosts == {site.base.partition("://")[2]}

    reader = person_of(site, "Amina", viewport={"width": 320, "height": 640})
    shown = reader.open(f"/ur{path}")
    assert shown.locator("h1").inner_text() == TITLE
    assert shown.get_by_role("heading", name=SENTENCE).count() == 1
    assert shown.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ur", "rtl"]
    assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    begins = "element => element.getBoundingClientRect().right > innerWidth - 60"
    assert shown.locator("h1").evaluate(begins), "it begins at the right"

    reader.follow("English")
    assert shown.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]
    assert shown.locator("h1").inner_text() == FIRST_TITLE
    reader.follow("اردو")
    assert shown.locator("h1").inner_text() == TITLE
    reader.open("/ur/moving-on-together/")
    assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert reader.violations == []
    assert reader.console == []
