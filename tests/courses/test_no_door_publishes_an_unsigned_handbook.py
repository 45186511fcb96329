"""The doors that could publish a handbook, tried in production's settings on words that nobody signed.

Each is tried on signed words too, and with the wall taken away; tests/courses/test_no_door_publishes_unsigned.py does the same
for lessons, at length.
"""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from courses.models import GlossaryTerm, HandbookPage, Review, Signature
from courses.models.guarded import NotSigned, ShownWhenSigned
from courses.queries.handbooks import shown_handbooks
from courses.queries.review import due_for_review
from courses.services.loading import load_curricula
from courses.services.signing import ask_for_change, drop_unsigned_schedules, remind_authors
from lms.home.services import ensure_home_page
from lms.notifications.models import Message
from lms.people.second_step import keep_secret
from tests.factories import UserFactory
from tests.factories.courses import block, text_block
from tests.factories.handbooks import make_handbook, write_files
from tests.factories.people import TOTP_SECRET
from tests.factories.signing import Desk

pytestmark = pytest.mark.django_db
RICH = '{"blocks": [{"key": "a1", "type": "unstyled", "depth": 0, "text": "Some words.", "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}'


class Site:
    """A production site with one draft of a handbook, its author, and somebody who may do everything in the CMS."""

    def __init__(self, signed_in, settings, tmp_path) -> None:
        settings.SHOW_UNREVIEWED = False
        self.book = make_handbook(text_block(), published=False, slug="book", title="A quiet book")
        self.folder = tmp_path
        self.desk = Desk()
        self.boss = UserFactory(is_superuser=True, is_staff=True)
        keep_secret(self.boss, TOTP_SECRET)
        self.author, self.as_boss = signed_in(self.desk.author), signed_in(self.boss)

    def form(self, **more) -> dict[str, str]:
        number = self.book.get_latest_revision_as_object().body[0].id
        return {
            "title": "A quiet book", "slug": "book", "readers": "everybody", "audience": "patient", "purpose": "To read.",
            "seo_title": "", "search_description": "", "go_live_at": "", "expire_at": "", "body-count": "1",
            "body-0-deleted": "", "body-0-order": "0", "body-0-type": "text", "body-0-id": number, "body-0-value": RICH,
            "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": "",
        } | more  # fmt: skip

    def is_shown(self) -> bool:
        return HandbookPage.objects.live().exists() or shown_handbooks().exists()


@pytest.fixture
def site(signed_in, settings, tmp_path):
    return Site(signed_in, settings, tmp_path)


def edit(site: Site, **more):
    return site.author.post(reverse("wagtailadmin_pages:edit", args=[site.book.pk]), site.form(**more))


def button(site: Site):
    return edit(site, **{"action-publish": "1"})


def new_page(site: Site):
    where = reverse("wagtailadmin_pages:add", args=["courses", "handbookpage", ensure_home_page().pk])
    return site.author.post(where, site.form(slug="another", **{"action-publish": "1"}))


def bulk(site: Site):
    where = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return site.as_boss.post(f"{where}?id={site.book.pk}&next=/cms/")


def schedule(site: Site):
    """A time to go live, set in the editor; then the time comes."""
    soon = timezone.localtime() + timedelta(hours=1)
    answer = edit(site, go_live_at=soon.strftime("%Y-%m-%d %H:%M"), **{"action-publish": "1"})
    past = timezone.now() - timedelta(minutes=1)
    for revision in Revision.objects.filter(approved_go_live_at__isnull=False):
        content = revision.content | {"go_live_at": past.isoformat()}
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=past, content=content)
    call_command("publish_scheduled", stdout=StringIO())
    return answer


def revision_in_code(site: Site):
    site.book.get_latest_revision().publish()


def row_in_code(site: Site):
    page = HandbookPage.objects.get(pk=site.book.pk)
    page.live = True
    page.save()


def row_by_its_field(site: Site):
    page = HandbookPage.objects.get(pk=site.book.pk)
    page.live = True
    page.save(update_fields=["live"])


def review_page(site: Site):
    return site.author.post(reverse("lesson_review", args=[site.book.pk]), {"do": "publish"})


def loader(site: Site):
    """What it loads stays drafts; it publishes nothing that lies here either."""
    load_curricula(folder=write_files(site.folder))


DOORS = [button, bulk, schedule, revision_in_code, row_in_code, row_by_its_field, review_page]
MAKE_ANOTHER = [new_page, loader]
IN_THE_CMS = {button, bulk, schedule, new_page}


def go_through(door: Callable, site: Site):
    try:
        return door(site)
    except NotSigned:
        return None


@pytest.mark.parametrize("door", [*DOORS, *MAKE_ANOTHER], ids=lambda door: door.__name__)
def test_unsigned_words_go_through_no_door(site, door, client):
    answer = go_through(door, site)

    assert not site.is_shown()
    assert client.get("/handbooks/book/").status_code == 404
    if door in IN_THE_CMS:
        assert answer.status_code == 302, "a refusal is a sentence on the next page"
        said = site.as_boss if door is bulk else site.author
        assert "Both reviewers have to sign" in said.get(answer.url).text


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_the_same_door_lets_signed_words_through(site, door, client):
    edit(site)  # as the editor writes them
    site.desk.signed(HandbookPage.objects.get(pk=site.book.pk))
    site.book = HandbookPage.objects.get(pk=site.book.pk)

    go_through(door, site)

    assert list(shown_handbooks()) == [site.book]
    text = client.get("/handbooks/book/").text
    assert "A quiet book" in text and "Reviewed by a person with lived experience" in text
    assert "Not yet reviewed" not in text


@pytest.mark.parametrize("door", [*DOORS, new_page], ids=lambda door: door.__name__)
def test_with_the_wall_taken_away_the_door_stands_open(site, door, monkeypatch):
    monkeypatch.setattr(ShownWhenSigned, "may_be_shown", lambda self: True)
    monkeypatch.setattr(
        "courses.views.reviewing_in_cms.settings", SimpleNamespace(SHOW_UNREVIEWED=True)
    )  # that page alone

    go_through(door, site)

    assert site.is_shown()


def test_where_unreviewed_words_are_shown_the_loader_publishes_them(site, settings, client):
    settings.SHOW_UNREVIEWED = True

    loader(site)

    assert "Not yet reviewed" in client.get("/handbooks/workbook/").text


def test_what_goes_live_past_every_door_is_shown_to_nobody(site, client, settings):
    HandbookPage.objects.filter(pk=site.book.pk).update(live=True, live_revision=site.book.latest_revision_id)

    for browser in (client, site.author, site.as_boss):
        assert browser.get("/handbooks/book/").status_code == 404
        assert browser.get("/book/").status_code == 404
    settings.SHOW_UNREVIEWED = True
    assert client.get("/handbooks/book/").status_code == 200


# ------------------------------------------------------------------ the review


def test_a_handbook_is_asked_about_read_signed_and_published(site, signed_in, client):
    asked = site.author.post(
        reverse("lesson_review", args=[site.book.pk]),
        {
            "do": "ask", "publish_when_signed": "on", "once": "a",
            "reviewers": [str(site.desk.lived.public_id), str(site.desk.clinical.public_id)],
        },
    )  # fmt: skip
    assert asked.status_code == 302
    review = Review.objects.get()
    assert {one.subject for one in Message.objects.filter(template="review_asked")} == {
        "A handbook waits for your review"
    }

    for person in (site.desk.lived, site.desk.clinical):
        browser = signed_in(person)
        assert "A handbook waits for you: A quiet book" in browser.get("/my/").text
        seat = review.seats.get(reviewer=person)
        where = reverse("courses:review", args=[seat.public_id])
        page = browser.get(where)
        assert "Some words." in page.text and "I sign this handbook" in page.text
        assert "It is for people who live with a condition." in page.text
        answer = browser.post(where, {"do": "sign", "months": "24", "profession": ""}, follow=True)
        assert "You signed this handbook." in answer.text

    assert Signature.objects.count() == 2
    assert "A quiet book" in client.get("/handbooks/").text
    assert Message.objects.filter(template="review_published").count() == 1


def test_every_block_of_a_handbook_can_be_reviewed(site, signed_in, settings, tmp_path):
    load_curricula(folder=write_files(tmp_path))
    for slug, words in (("workbook", "What matters most to me"), ("manual", "The opening round")):
        review = site.desk.ask(HandbookPage.objects.get(slug=slug))
        seat = review.seats.get(reviewer=site.desk.lived)

        text = signed_in(site.desk.lived).get(reverse("courses:review", args=[seat.public_id])).text

        assert words in text


def test_one_changed_word_asks_both_again(site):
    site.desk.signed(site.book)
    draft = HandbookPage.objects.get(pk=site.book.pk).get_latest_revision_as_object()
    draft.purpose = "To read twice."

    with pytest.raises(NotSigned):
        draft.save_revision().publish()


def test_a_wish_for_a_change_takes_the_handbook_off_the_site(site, client):
    review = site.desk.ask(site.book, publish_when_signed=True)
    site.desk.sign(review)
    assert client.get("/handbooks/book/").status_code == 200

    ask_for_change(seat=review.seats.get(reviewer=site.desk.lived), by=site.desk.lived, words="Shorter.")

    assert client.get("/handbooks/book/").status_code == 404
    assert client.get("/handbooks/book/handbook.pdf").status_code == 404


def test_a_schedule_that_loses_a_signature_is_dropped_and_its_author_told(site):
    review = site.desk.ask(site.book)
    site.desk.sign(review)
    draft = HandbookPage.objects.get(pk=site.book.pk).get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    draft.save_revision().publish()
    ask_for_change(seat=review.seats.get(reviewer=site.desk.lived), by=site.desk.lived, words="Shorter.")

    assert drop_unsigned_schedules() == 1

    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert Message.objects.filter(template="review_dropped").count() == 1


def test_a_handbook_is_looked_at_again_on_its_day(site, at):
    site.desk.sign(site.desk.ask(site.book, publish_when_signed=True), months=1)

    assert [page.title for page, _reviewed in due_for_review(timezone.localdate() + timedelta(days=40))] == [
        "A quiet book"
    ]
    assert remind_authors() == 1


def test_a_word_explained_anew_asks_both_again(site, client):
    term = GlossaryTerm.objects.create(term="Agenda", explanation="A list.")
    terms = [{"type": "item", "value": str(term.pk), "id": "6f0f8a0e-0000-4000-8000-000000000001"}]
    book = make_handbook(block("glossary", {"terms": terms}), published=False, slug="words", title="Words")
    site.desk.sign(site.desk.ask(book, publish_when_signed=True))
    assert client.get("/handbooks/words/").status_code == 200

    term.explanation = "Another list."
    term.save()

    assert client.get("/handbooks/words/").status_code == 404
