"""An author's journey on a site that shows nothing unsigned: write, pair, ask, two reviewers without the CMS, publish, edit, ask again."""

import json
import re
import subprocess
import time

import pytest

from tests.browser.editor import let_it_save, type_words
from tests.browser.passing import pass_second_step
from tests.browser.site import PYTHON, ROOT, link_in, running_site

pytestmark = pytest.mark.browser

SIZES = {"author": (1280, 900), "lay_reviewer": (320, 740), "clinical_reviewer": (1280, 900)}
WHERE = (
    "from courses.models import ModulePage;"
    "one = ModulePage.objects.filter(status='ready', pairing_as_patient__isnull=False).order_by('path')[0];"
    "pair = one.pairing_as_patient;"
    "print(one.pk, one.get_parent().slug, one.slug, pair.pk, sep=',')"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory, new_database):
    folder = tmp_path_factory.mktemp("authors")
    with running_site(
        folder, database_url=new_database(), set_up=[], settings="tests.browser.signed_settings"
    ) as running:
        # What the demonstration made is published there, and shown to nobody here: nobody has signed it.
        demonstration = running.env | {"DJANGO_SETTINGS_MODULE": "lms.settings.dev"}
        subprocess.run(
            [PYTHON, "manage.py", "demo"], cwd=ROOT, env=demonstration, check=True, capture_output=True
        )
        yield running


@pytest.fixture
def cast(site, person_of):
    """The three at their own browsers, signed in."""
    accounts = {one["role"]: one for one in json.loads(site.manage("demo", "--credentials"))}
    people = {}
    for role, (width, height) in SIZES.items():
        person = people[role] = person_of(site, role, viewport={"width": width, "height": height})
        person.email = accounts[role]["email"]
        person.open("/accounts/login/")
        person.page.fill("input[name=login]", person.email)
        person.page.fill("input[name=password]", accounts[role]["password"])
        person.press("Sign in", exact=True)
        pass_second_step(person.page, accounts[role]["totp_secret"])
    return people


def type_into_new_text(page, words: str) -> None:
    page.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name="Text", exact=True).first.click()
    page.locator("[data-contentpath=body] [contenteditable=true]").last.click()
    type_words(page, words)


def ask_both(page) -> str:
    """From the editor: keep the draft, go on to the review, ask."""
    let_it_save(page)
    page.get_by_role("button", name="More actions").last.click()
    page.locator("button[name=action-ask-reviewers]").last.click()
    page.wait_for_url(re.compile(r"/cms/lessons/\d+/review/$"))
    page.get_by_role("button", name="Ask both reviewers").click()
    page.wait_for_load_state()
    assert "They are asked." in page.inner_text(".messages")
    return page.url


def pair(page, number: str, title: str) -> None:
    """The new lesson takes the place of the first one in the pair of its module."""
    page.goto(f"/cms/snippets/courses/pairing/edit/{number}/")
    chooser = page.locator("#id_lesson_pairs-0-patient_lesson-chooser")
    chooser.get_by_role("button", name="Actions").click()
    page.locator("button:visible", has_text="Choose another").first.click()
    modal = page.locator(".modal-content:visible").last
    modal.locator("input[name=q]").fill(title)
    modal.get_by_role("link", name=title, exact=True).first.click()
    page.wait_for_selector(".modal", state="detached")
    page.get_by_role("button", name="Save").last.click()
    page.wait_for_load_state()
    assert "updated" in page.inner_text(".messages")


def open_from_mail(person, about: str) -> None:
    """By the link of the mail about this lesson; the demonstration has asked for reviews of its own."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for mail in reversed(person.site.sink.mails):
            words = mail.get_body(("plain",)).get_content()
            if mail["To"] == person.email and f"review a lesson: {about}." in words:
                person.open(link_in(mail))
                return
        time.sleep(0.2)
    raise AssertionError(f"No mail to {person.email} about {about!r} came.")


def test_an_author_and_two_reviewers_publish_a_lesson(site, cast):
    author, lived, clinical = cast["author"], cast["lay_reviewer"], cast["clinical_reviewer"]
    code = site.manage("shell", "--verbosity=0", "-c", WHERE).split()[-1]
    module, curriculum, module_slug, pairing = code.split(",")
    address = f"/{curriculum}/{module_slug}/a-quiet-minute/"

    page = author.page
    page.goto(f"/cms/pages/add/courses/lessonpage/{module}/")
    page.fill("#id_title", "A quiet minute")
    page.fill("#id_minutes", "3")
    type_into_new_text(page, "Sit down. Breathe out slowly.")
    review_in_cms = ask_both(page)
    assert "not signed yet" in page.inner_text("main")
    assert page.request.get(site.url(address)).status == 404
    pair(page, pairing, "A quiet minute")

    open_from_mail(lived, "A quiet minute")
    assert "Breathe out slowly." in lived.text() and "Would you stand behind this?" in lived.text()
    assert lived.page.request.get(site.url("/cms/")).status == 404
    lived.page.get_by_text("Comment on part 1").click()
    lived.page.locator("textarea[name=text]:visible").fill("Where do I sit?")
    lived.press("Keep this comment")
    lived.press("I sign this lesson")
    assert "You signed this lesson." in lived.text()

    page.goto(review_in_cms)
    assert "Where do I sit?" in page.inner_text("main")
    page.locator("textarea[name=text]").first.fill("Anywhere that is quiet.")
    page.get_by_role("button", name="Answer").first.click()
    assert page.get_by_role("button", name="Publish these words").count() == 0

    open_from_mail(clinical, "A quiet minute")
    assert "Anywhere that is quiet." in clinical.text()
    clinical.page.fill("input[name=profession]", "physiotherapist")
    clinical.press("I sign this lesson")

    author.site.mail_to(author.email, "Both reviewers have signed")
    page.goto(review_in_cms)
    page.get_by_role("button", name="Publish these words").click()
    assert "The lesson is published." in page.inner_text(".messages")

    reader = lived
    reader.open(address)
    assert (
        "Reviewed by a person with lived experience and a clinical reviewer (physiotherapist)"
        in reader.text()
    )
    assert "Not yet reviewed" not in reader.text()

    number = re.search(r"lessons/(\d+)/", review_in_cms)[1]
    page.goto(f"/cms/pages/{number}/edit/")
    page.fill("#id_title", "A quiet minute, twice")
    let_it_save(page)
    page.get_by_role("button", name="More actions").last.click()
    page.locator("button[name=action-publish]").last.click()
    page.wait_for_url(re.compile(r"/cms/lessons/\d+/review/$"))
    assert "Both reviewers have to sign these very words" in page.inner_text(".messages")
    reader.open(address)
    assert "A quiet minute, twice" not in reader.text()

    page.goto(f"/cms/pages/{number}/edit/")
    assert page.input_value("#id_title") == "A quiet minute, twice", "the draft is kept"
    ask_both(page)
    for person in (lived, clinical):
        open_from_mail(person, "A quiet minute, twice")
        assert "A quiet minute, twice" in person.page.inner_text("h1")
        assert "You signed these words" not in person.text()
    for person in (lived, clinical):
        assert person.violations == [], "\n".join(person.violations)
        assert person.console == []
