"""A translation is a lesson of its own: every door of wagtail-localize, tried in production's settings on words nobody signed.

What the package publishes it publishes once its transaction is over, so these tests commit. Each door is tried on signed words
too, and with the wall taken away each lets the unsigned ones through: the tests can fail.
"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import LocaleSynchronization, StringTranslation, Translation, TranslationSource
from wagtail_localize.synctree import synchronize_tree

from courses.models import HandbookPage, LessonPage
from courses.models.guarded import NotSigned, ShownWhenSigned
from courses.queries import shown_lessons
from courses.queries.review import writers_of
from courses.translating import PACKAGES_OWN
from lms.core.errors import RuleBroken
from lms.people.second_step import keep_secret
from tests.factories import UserFactory
from tests.factories.courses import make_curriculum, make_lesson, make_module, text_block
from tests.factories.handbooks import make_handbook
from tests.factories.languages import WELSH, begin, source_of, speak, word
from tests.factories.people import TOTP_SECRET
from tests.factories.signing import Desk

pytestmark = pytest.mark.django_db(transaction=True)


class Site:
    """A production site with one lesson that is signed and live in English, and a draft of it in Welsh."""

    def __init__(self, signed_in, settings) -> None:
        # A test before this one has emptied the tables.
        Locale.objects.get_or_create(language_code="en")
        for name in ("Editors", "Moderators"):
            Group.objects.get_or_create(name=name)
        if Page.get_first_root_node() is None:
            Page.add_root(instance=Page(title="Root", slug="root"))
        (self.welsh,) = speak(settings, WELSH)
        settings.SHOW_UNREVIEWED = True
        self.course = make_curriculum(slug="course")
        self.module = make_module(self.course, slug="module")
        self.lesson = make_lesson(
            self.module,
            text_block("<p>Some words.</p>"),
            slug="lesson",
            published=False,
            title="A quiet word",
        )
        settings.SHOW_UNREVIEWED = False
        self.desk = Desk()
        self.desk.signed(self.lesson).get_latest_revision().publish()
        self.boss = UserFactory(is_superuser=True, is_staff=True)
        keep_secret(self.boss, TOTP_SECRET)
        self.browser = signed_in(self.boss)
        self.sent = begin(LessonPage.objects.get(pk=self.lesson.pk), self.welsh)
        word(self.sent, "A quiet word", "Gair tawel")
        word(self.sent, "Some words.", "Geiriau.")

    @property
    def in_welsh(self) -> LessonPage:
        return LessonPage.objects.get(locale=self.welsh, translation_key=self.lesson.translation_key)

    def is_shown(self) -> bool:
        return LessonPage.objects.live().filter(locale=self.welsh).exists()


@pytest.fixture
def site(signed_in, settings):
    return Site(signed_in, settings)


def button(site: Site):
    """ "Publish" in the translation editor."""
    return site.browser.post(
        reverse("wagtailadmin_pages:edit", args=[site.in_welsh.pk]), {"action": "publish"}
    )


def sync(site: Site):
    """ "Sync translated pages", with "publish immediately"."""
    where = reverse("wagtail_localize:update_translations", args=[source_of(site.lesson).pk])
    return site.browser.post(where, {"publish_translations": "on"})


def in_code(site: Site):
    Translation.objects.get(pk=site.sent.pk).save_target(user=site.boss, publish=True)


def by_its_source(site: Site):
    source_of(site.lesson).create_or_update_translation(site.welsh, user=site.boss, fallback=True)


def revision_in_code(site: Site):
    site.in_welsh.get_latest_revision().publish()


def after_it_was_stopped(site: Site):
    """The translation is written on by hand from now, and published by Wagtail's own action."""
    site.browser.post(reverse("wagtail_localize:stop_translation", args=[site.sent.pk]))
    return site.browser.post(
        f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'publish'])}?id={site.in_welsh.pk}&next=/cms/",
        {},
    )


DOORS = [button, sync, in_code, by_its_source, revision_in_code, after_it_was_stopped]
IN_THE_CMS = {button, sync, after_it_was_stopped}


# ---- doors that make the page anew: no signature can be there before


def away(site: Site) -> None:
    Translation.objects.all().delete()
    TranslationSource.objects.all().delete()
    Page.objects.get(pk=site.in_welsh.pk).delete()


def submit(site: Site):
    """ "Translate this page", where a site wants what is live to be live in the other language at once."""
    away(site)
    where = reverse("wagtail_localize:submit_page_translation", args=[site.lesson.pk])
    return site.browser.post(where, {"locales": [site.welsh.pk]})


def submit_all(site: Site):
    """The same from the course, with all that stands below it."""
    away(site)
    for page in Page.objects.filter(locale=site.welsh, depth__gt=2).order_by("-depth"):
        Page.objects.get(pk=page.pk).delete()
    where = reverse("wagtail_localize:submit_page_translation", args=[site.course.pk])
    return site.browser.post(where, {"locales": [site.welsh.pk], "include_subtree": "on"})


def mirror(site: Site):
    """A language that follows another gets an alias of every page."""
    away(site)
    LocaleSynchronization.objects.create(locale=site.welsh, sync_from=Locale.objects.get(language_code="en"))


def mirror_again(site: Site):
    away(site)
    synchronize_tree(Locale.objects.get(language_code="en"), site.welsh)
    LessonPage.objects.get(pk=site.lesson.pk).get_latest_revision().publish()


def to_an_alias(site: Site):
    """ "Convert to alias page": the page mirrors its original, which is live."""
    return site.browser.post(reverse("wagtail_localize:convert_to_alias", args=[site.in_welsh.pk]))


MAKE_ANOTHER = [submit, submit_all, mirror, mirror_again, to_an_alias]


def go_through(door: Callable, site: Site):
    try:
        return door(site)
    except NotSigned:
        return None


@pytest.mark.parametrize("door", [*DOORS, *MAKE_ANOTHER], ids=lambda door: door.__name__)
def test_unsigned_translations_go_through_no_door(site, settings, door):
    settings.WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = True

    answer = go_through(door, site)

    assert not site.is_shown()
    assert list(shown_lessons()) == [LessonPage.objects.get(pk=site.lesson.pk)], "the original stays"
    assert site.in_welsh.pk, "what was written is kept"
    if door in IN_THE_CMS or door in (submit, submit_all, to_an_alias):
        assert answer.status_code == 302, "a refusal is a sentence on the next page"
        assert "Both reviewers have to sign" in site.browser.get(answer.url).text


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_the_same_door_lets_signed_translations_through(site, door):
    go_through(button, site)  # the words become a draft
    site.desk.signed(site.in_welsh)

    go_through(door, site)

    page = site.in_welsh
    assert (page.live, page.title) == (True, "Gair tawel")
    assert page in shown_lessons()


@pytest.mark.parametrize("door", [*DOORS, *MAKE_ANOTHER], ids=lambda door: door.__name__)
def test_with_the_wall_taken_away_the_door_stands_open(site, settings, door, monkeypatch):
    settings.WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = True
    monkeypatch.setattr(ShownWhenSigned, "may_be_shown", lambda self: True)

    go_through(door, site)

    assert site.is_shown()


def test_as_the_site_is_set_up_a_translation_begins_as_a_draft_without_a_word(site):
    answer = submit(site)

    assert answer.status_code == 302
    assert "successfully submitted" in site.browser.get(answer.url).text
    assert not site.in_welsh.live and site.in_welsh.get_latest_revision() is not None


def test_new_words_of_a_published_translation_are_a_draft_and_the_signed_ones_stay(site):
    go_through(button, site)
    site.desk.signed(site.in_welsh).get_latest_revision().publish()
    word(site.sent, "A quiet word", "Gair arall")

    answer = button(site)

    page = site.in_welsh
    assert answer.url == reverse("lesson_review", args=[page.pk])
    assert (page.live, page.title, page.get_latest_revision_as_object().title) == (
        True,
        "Gair tawel",
        "Gair arall",
    )
    assert page in shown_lessons() and page.has_unpublished_changes

    site.desk.sign(site.desk.ask(page, publish_when_signed=True))
    button(site)
    assert site.in_welsh.title == "Gair arall"


def test_the_packages_own_way_would_have_written_over_them(site, monkeypatch):
    """The control: why it is replaced. Without the wall it puts new words into the published row, as a draft of which it says."""
    go_through(button, site)
    site.desk.signed(site.in_welsh).get_latest_revision().publish()
    word(site.sent, "A quiet word", "Gair arall")
    source = source_of(site.lesson)

    with pytest.raises(NotSigned):
        PACKAGES_OWN(source, site.welsh, publish=False, fallback=True)
    assert site.in_welsh.title == "Gair tawel"
    monkeypatch.setattr(ShownWhenSigned, "may_be_shown", lambda self: True)
    PACKAGES_OWN(source, site.welsh, publish=False, fallback=True)

    assert site.in_welsh.title == "Gair arall"


def test_a_signature_under_the_original_is_none_under_the_translation(site):
    """Even where every word is the same: nothing was translated yet."""
    StringTranslation.objects.all().delete()

    go_through(button, site)

    assert site.in_welsh.get_latest_revision_as_object().title == "A quiet word"
    assert not site.is_shown()


def test_whoever_translated_it_does_not_sign_it(site):
    word(site.sent, "Some words.", "Geiriau Dev.", by=site.desk.lived)
    go_through(button, site)

    assert site.desk.lived.pk in writers_of(site.in_welsh)
    assert site.desk.lived.pk not in writers_of(LessonPage.objects.get(pk=site.lesson.pk))
    with pytest.raises(RuleBroken, match="Whoever wrote the lesson cannot sign it"):
        site.desk.ask(site.in_welsh)


def test_a_translation_of_an_adapted_copy_follows_nothing_else(site, settings):
    from courses.services.adapting import copy_to_adapt, follow_original

    LessonPage.objects.filter(pk=site.lesson.pk).update(fixed=True)
    site.lesson.refresh_from_db()
    site.lesson.save_revision()
    settings.SHOW_UNREVIEWED = True
    copied = copy_to_adapt(course=site.course, title="Adapted", slug="adapted", copier=site.boss)
    lesson = LessonPage.objects.get(path__startswith=copied.path)
    begin(lesson, site.welsh)

    made = LessonPage.objects.get(translation_key=lesson.translation_key, locale=site.welsh)
    assert made.adapted_from_id is None and lesson.adapted_from_id
    assert made not in follow_original(original=LessonPage.objects.get(pk=site.lesson.pk))
    made.get_latest_revision().publish()


@pytest.mark.parametrize("wall", [True, False])
def test_a_handbook_in_welsh_waits_for_its_own_signatures(site, settings, monkeypatch, wall):
    settings.SHOW_UNREVIEWED = True
    book = make_handbook({"type": "text", "value": "<p>Take a pen.</p>"}, published=False, title="A book")
    settings.SHOW_UNREVIEWED = False
    site.desk.signed(book).get_latest_revision().publish()
    sent = begin(HandbookPage.objects.get(pk=book.pk), site.welsh)
    word(sent, "Take a pen.", "Beiro.")
    if not wall:
        monkeypatch.setattr(ShownWhenSigned, "may_be_shown", lambda page: True)

    try:
        sent.save_target(user=site.boss, publish=True)
    except NotSigned:
        assert wall

    live = HandbookPage.objects.live()
    assert live.filter(locale=site.welsh).exists() == (not wall)
    assert live.filter(pk=book.pk).exists()
