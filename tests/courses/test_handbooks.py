"""Handbooks: who finds and reads which, on the page and as a book on paper."""

import re
import shutil
import subprocess
from io import BytesIO

import page as pdf_checks
import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_q.models import OrmQ

from courses import handbook_paper
from courses.models import GlossaryTerm, HandbookFile, HandbookPage
from courses.services import handbooks
from courses.services.handbooks import handbook_pdf, print_later, print_shown
from courses.services.loading import load_curricula
from lms.people.models import Role
from tests.factories import RoleFactory, UserFactory
from tests.factories.courses import block, make_curriculum, text_block
from tests.factories.handbooks import make_handbook, write_files
from tests.factories.workshops import open_series

pytestmark = pytest.mark.django_db
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
READERS = [
    Role.Kind.LAY_TUTOR, Role.Kind.CLINICAL_TUTOR, Role.Kind.COORDINATOR, Role.Kind.AUTHOR, Role.Kind.LAY_REVIEWER,
    Role.Kind.CLINICAL_REVIEWER, Role.Kind.ADMINISTRATOR,
]  # fmt: skip


@pytest.fixture
def books(tmp_path):
    """The small workbook and the small manual."""
    load_curricula(folder=write_files(tmp_path))
    return {page.slug: page for page in HandbookPage.objects.all()}


def text_of(pdf: bytes) -> str:
    words = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return " ".join(words.split())


# ------------------------------------------------------------------ finding and reading


def test_everybody_finds_what_is_for_everybody(client, books):
    answer = client.get("/handbooks/")

    assert 'href="/handbooks/workbook/"' in answer.text and "To write in, before a visit." in answer.text
    assert "For patients" in answer.text and "Not yet reviewed" in answer.text
    assert "manual" not in answer.text


def test_a_site_without_handbooks_says_so(client, db):
    assert "The handbooks are being prepared" in client.get("/handbooks/").text


def test_a_handbook_is_read_on_its_page(client, books):
    answer = client.get("/handbooks/workbook/")

    assert answer.status_code == 200
    for said in (
        "Your workbook", "Not yet reviewed", "For patients", "Save “Your workbook” as a PDF", "<b>Write</b> first.",
        "To take away", "Three steps", "Wait for the door", "Where this comes from", "Call Samaritans on 116 123",
        "Call 999 now", "How symptoms feed each other", "The list of what you talk about.", "What matters most to me", "My list",
    ):  # fmt: skip
        assert said in answer.text, said
    assert answer.text.count("<h1") == 1


def test_the_contents_lead_to_every_chapter_and_session(client, signed_in, books):
    tutor = UserFactory()
    RoleFactory(person=tutor, kind=Role.Kind.LAY_TUTOR)

    for browser, slug, titles in (
        (client, "workbook", ["Before you start", "My pages"]),
        (signed_in(tutor), "manual", ["The sessions", "Session 1: Opening"]),
    ):
        text = browser.get(f"/handbooks/{slug}/").text
        links = re.findall(r'<a href="#(b-[^"]+)">([^<]+)</a>', text)
        assert [title for _anchor, title in links] == titles
        for anchor, _title in links:
            assert text.count(f'id="{anchor}"') == 1


def test_headings_go_down_one_level_at_a_time(client, signed_in, books):
    tutor = UserFactory()
    RoleFactory(person=tutor, kind=Role.Kind.LAY_TUTOR)
    pages = [client.get("/handbooks/workbook/").text, signed_in(tutor).get("/handbooks/manual/").text]

    for text in pages:
        main = text[text.index("<main") : text.index("</main>")]
        levels = [int(level) for level in re.findall(r"<h([1-6])", main)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), levels
    assert "<h3>What it is for</h3>" in pages[0]


def test_a_session_shows_its_plan_with_its_minutes(signed_in, books):
    tutor = UserFactory()
    RoleFactory(person=tutor, kind=Role.Kind.CLINICAL_TUTOR)

    text = signed_in(tutor).get("/handbooks/manual/").text

    rows = re.findall(r"<tr><td>([^<]+)</td><td>([^<]+)</td><td>([^<]+)</td></tr>", text)
    assert rows == [
        ("0–10", "Arriving", "–"),
        ("10–30", "The opening round", "Both"),
        ("30–50", "Break", "–"),
        ("50–60", "Ground rules", "Both"),
    ]
    for said in (
        "Chairs in a circle.",
        "Tell us your name.",
        "Flip chart",
        "Adaptable",
        "The order.",
        "Write down what you noticed.",
    ):
        assert said in text


# ------------------------------------------------------------------ for whom


@pytest.mark.parametrize("kind", READERS)
def test_a_manual_is_there_for_those_who_lead_run_and_write(signed_in, books, kind):
    person = UserFactory()
    RoleFactory(person=person, kind=kind)
    browser = signed_in(person)

    assert "manual" in browser.get("/handbooks/").text
    assert browser.get("/handbooks/manual/").status_code == 200
    assert browser.get("/handbooks/manual/handbook.pdf").status_code == 202
    assert browser.get("/manual/").headers["Location"] == "/handbooks/manual/"


def test_to_anybody_else_a_manual_is_not_there(client, signed_in, books):
    patient, professional = UserFactory(), UserFactory()
    RoleFactory(person=professional, kind=Role.Kind.PROFESSIONAL)

    for browser in (client, signed_in(patient), signed_in(professional)):
        for address in ("/handbooks/manual/", "/handbooks/manual/handbook.pdf", "/manual/"):
            assert browser.get(address).status_code == 404, address
        assert "manual" not in browser.get("/handbooks/").text
        assert browser.get("/workbook/").headers["Location"] == "/handbooks/workbook/"


def test_an_unsigned_handbook_is_shown_to_nobody_in_production(client, books, settings):
    settings.SHOW_UNREVIEWED = False  # the pages are live: as if a row had been written past the model

    assert client.get("/handbooks/workbook/").status_code == 404
    assert client.get("/handbooks/workbook/handbook.pdf").status_code == 404
    assert "workbook" not in client.get("/handbooks/").text
    assert print_shown(books["workbook"].pk) is False


# ------------------------------------------------------------------ ways to it


def test_a_course_leads_to_the_handbooks_of_its_side(client, books):
    patients = make_curriculum(audience="patient", lessons=1)
    professionals = make_curriculum(audience="professional", lessons=1)
    make_handbook(title="For all of us", slug="all", audience="both")

    ours, theirs = client.get(f"/{patients.slug}/").text, client.get(f"/{professionals.slug}/").text

    assert 'href="/handbooks/workbook/"' in ours and 'href="/handbooks/all/"' in ours
    assert 'href="/handbooks/workbook/"' not in theirs and 'href="/handbooks/all/"' in theirs
    assert "/handbooks/manual/" not in ours
    assert 'href="/handbooks/"' in client.get("/learn/").text


def test_a_course_costs_no_query_more_for_its_handbooks(client, db):
    course = make_curriculum(lessons=2)
    client.get(f"/{course.slug}/")
    with CaptureQueriesContext(
        connection,
    ) as without:
        client.get(f"/{course.slug}/")
    make_handbook(title="A workbook")
    client.get(f"/{course.slug}/")

    with CaptureQueriesContext(connection) as queries:
        assert "A workbook" in client.get(f"/{course.slug}/").text

    assert len(queries) == len(without) <= 6


def test_what_is_taken_off_the_site_is_gone_from_the_course_at_once(client, books):
    course = make_curriculum(lessons=1)
    assert "Your workbook" in client.get(f"/{course.slug}/").text

    books["workbook"].unpublish()

    assert "Your workbook" not in client.get(f"/{course.slug}/").text


def test_tutors_find_the_manual_where_they_lead(cast, signed_in, books):
    series = open_series(lay=cast.lay_tutor, clinical=cast.clinical_tutor, organisation=cast.organisation)

    text = signed_in(cast.lay_tutor).get(reverse("workshops:tutor_series", args=[series.public_id])).text

    manual = 'href="/handbooks/manual/"'
    assert (manual in text) == (series.curriculum.audience == "patient")
    assert '/handbooks/workbook/"' not in text


def test_the_search_finds_what_everybody_may_read_and_no_manual(client, books):
    make_curriculum(lessons=1)

    assert 'href="/handbooks/workbook/"' in client.get("/search/?query=workbook").text
    assert "/handbooks/manual/" not in client.get("/search/?query=opening+round").text


# ------------------------------------------------------------------ on paper


def test_what_is_published_is_printed_at_once_but_for_the_many_books_of_a_demonstration(books, settings):
    OrmQ.objects.all().delete()

    print_later(books["workbook"])
    assert OrmQ.objects.count() == 0
    settings.SHOW_UNREVIEWED = False
    print_later(books["workbook"])
    assert [task.func() for task in OrmQ.objects.all()] == ["courses.services.handbooks.print_shown"]


def test_the_worker_prints_what_was_published_and_every_reader_gets_those_bytes(client, books):
    waiting = client.get("/handbooks/workbook/handbook.pdf")
    assert waiting.status_code == 202 and "Your PDF is being made" in waiting.text
    assert {task.func() for task in OrmQ.objects.all()} >= {"courses.services.handbooks.print_shown"}

    assert print_shown(books["workbook"].pk) is True
    answers = [client.get("/handbooks/workbook/handbook.pdf") for _each in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].headers["Content-Type"] == "application/pdf"
    assert answers[0].headers["Content-Disposition"] == 'attachment; filename="workbook.pdf"'
    assert answers[0].content == answers[1].content == bytes(HandbookFile.objects.get().content)


def test_a_kept_book_is_not_printed_again(books, monkeypatch):
    first = handbook_pdf(books["workbook"])
    monkeypatch.setattr(handbooks, "print_handbook", lambda page, signed_by: b"%PDF of another")

    assert handbook_pdf(books["workbook"]) == first


@pytest.mark.parametrize("what", ["words", "name", "form"])
def test_other_words_or_another_name_are_another_book(books, monkeypatch, settings, what):
    page = books["workbook"]
    monkeypatch.setattr(
        handbooks, "print_handbook", lambda page, signed_by: page.title.encode() + settings.SITE_NAME.encode()
    )
    first = handbook_pdf(page)
    if what == "words":
        page.title = "Another title"
        page.save_revision().publish()
        page.refresh_from_db()
    elif what == "name":
        settings.SITE_NAME = "Another door"
    else:
        monkeypatch.setattr(handbook_paper, "FORM", 99)

    second = handbook_pdf(page)

    assert (second == first) == (what == "form")
    assert HandbookFile.objects.get().digest == handbook_paper.name_of_print(page, None)


def test_a_word_explained_anew_is_printed_anew(books):
    page = books["workbook"]
    before = handbook_paper.name_of_print(page, None)
    term = GlossaryTerm.objects.get(term="Agenda")
    term.explanation = "What you want to talk about."
    term.save()
    page.refresh_from_db()

    assert handbook_paper.name_of_print(page, None) != before


def test_readers_who_wait_ask_the_worker_once(client, books):
    OrmQ.objects.all().delete()

    for _each in range(3):
        client.get("/handbooks/workbook/handbook.pdf")

    assert OrmQ.objects.count() == 1


@pytest.mark.parametrize("slug", ["workbook", "manual"])
def test_the_book_has_no_fault_for_those_who_hear_it(books, slug):
    pdf = handbook_pdf(books[slug])

    report = pdf_checks.validate_pdf_bytes(pdf, profile=pdf_checks.ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in report.failures] == []
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked and "/StructTreeRoot" in document.Root
        assert document.Root.Lang == "en"
        assert document.docinfo["/Title"] == books[slug].title
        tags = list(_tags(document.Root.StructTreeRoot.K))
    kinds = [kind for kind, _alt in tags]
    assert kinds.count("/H1") == 1 and "/H2" in kinds
    assert [alt for kind, alt in tags if kind == "/Figure"] == (
        ["How symptoms feed each other"] if slug == "workbook" else []
    )


def _tags(node):
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from _tags(each)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield str(node.S), str(node.get("/Alt", ""))
        yield from _tags(node.get("/K", pikepdf.Array()))


@needs_poppler
def test_the_book_has_a_title_page_contents_with_pages_and_all_the_words(books, settings):
    settings.SITE_CONTACT, settings.SITE_POSTAL_ADDRESS = (
        "hello@clinic.example",
        "Riverside Clinic, 1 Quay Street",
    )

    pages = pages_of(handbook_pdf(books["workbook"]))

    for said in (
        "Two Doors", "Your workbook", "To write in, before a visit.", "For patients", "Not yet reviewed",
        "hello@clinic.example", "Riverside Clinic", "1 Quay Street", "/handbooks/workbook/", "Call 999 now",
    ):  # fmt: skip
        assert said in pages[0], said
    chapters = {number: words for number, words in enumerate(pages, start=1) if "Contents" in words}
    (contents,) = chapters.values()
    for title in ("Before you start", "My pages"):
        (begins,) = [n for n, words in enumerate(pages, start=1) if title in words and words is not contents]
        assert re.search(rf"{title}[ .]+{begins}\b", contents)
        assert pages[begins - 1].endswith(f" {begins}")  # the number at its foot
    everything = " ".join(pages)
    for said in (
        "Take your time.", "Write first.", "Say it first.", "Bring it", "From people who tried it.",
        "Call Samaritans on 116 123", "The circle", "Agenda: The list of what you talk about.", "What matters most to me",
        "One line.",
    ):  # fmt: skip
        assert said in everything, said


@needs_poppler
def test_a_manual_on_paper_has_its_sessions_whole(books):
    words = text_of(handbook_pdf(books["manual"]))

    for said in (
        "For those who lead workshops", "Session 1: Opening", "60 minutes in all", "10–30", "Arriving", "Break",
        "Chairs in a circle.", "Tell us your name.", "One person takes all the time.", "Write down what you noticed.",
    ):  # fmt: skip
        assert said in words, said


def pages_of(pdf: bytes) -> list[str]:
    words = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return [" ".join(one.split()) for one in words.stdout.decode().split("\f") if one.strip()]


def test_the_same_words_give_the_same_bytes(books):
    assert handbook_paper.print_handbook(books["manual"], None) == handbook_paper.print_handbook(
        books["manual"], None
    )


# ------------------------------------------------------------------ what may stand in it


def test_a_script_in_the_words_reaches_neither_page_nor_paper(client, db):
    page = make_handbook(
        block("chapter", {"title": "<script>alert(1)</script>"}),
        text_block('<p onclick="x()">Words<script>alert(2)</script></p>'),
        block("lines", {"label": "<b>bold</b>", "lines": 2}),
    )

    text = client.get(page.path_on_site).text

    assert "alert(2)" not in text and "onclick" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "&lt;b&gt;bold&lt;/b&gt;" in text
    assert handbook_pdf(page).startswith(b"%PDF")
