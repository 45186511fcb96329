"""Every door that could publish a lesson, tried in production's settings on words that nobody signed.

Each is tried on signed words too: the same door lets them through. And with the wall taken away each lets the unsigned ones
through, so the tests can fail.
"""

import ast
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import GroupApprovalTask, Locale, Page, Revision, Workflow, WorkflowTask

from courses.models import LessonPage, Signature
from courses.models.guarded import NotSigned, ShownWhenSigned
from courses.queries import shown_lessons
from courses.services.loading import load_curricula
from courses.services.signing import ask_for_change
from lms.notifications.models import Message
from lms.people.models import User
from lms.people.second_step import keep_secret
from tests.factories import UserFactory
from tests.factories.courses import make_curriculum, make_lesson, make_module
from tests.factories.people import TOTP_SECRET
from tests.factories.signing import Desk

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


class Site:
    """A production site with one draft, its author, and somebody who may do everything in the CMS."""

    def __init__(self, signed_in, settings) -> None:
        settings.SHOW_UNREVIEWED = True
        self.module = make_module(make_curriculum(slug="course"), slug="module")
        self.lesson = make_lesson(self.module, slug="lesson", published=False, title="A quiet word")
        settings.SHOW_UNREVIEWED = False
        self.desk = Desk()
        self.boss = UserFactory(is_superuser=True, is_staff=True)
        keep_secret(self.boss, TOTP_SECRET)
        self.author = signed_in(self.desk.author)
        self.as_boss = signed_in(self.boss)

    def form(self, **more) -> dict[str, str]:
        """What the editor sends for the lesson as it stands."""
        draft = self.lesson.get_latest_revision_as_object()
        body = draft.body.get_prep_value()
        data = {
            "title": draft.title, "slug": draft.slug, "minutes": "5", "completion": "done", "change": "minor",
            "seo_title": "", "search_description": "", "adaptation": "", "pass_mark": "", "go_live_at": "", "expire_at": "",
            "body-count": str(len(body)),
            "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "",
        }  # fmt: skip
        for number, block in enumerate(body):
            data |= {
                f"body-{number}-deleted": "", f"body-{number}-order": str(number), f"body-{number}-type": "text",
                f"body-{number}-id": block["id"], f"body-{number}-value": RICH,
            }  # fmt: skip
        return data | more

    def is_shown(self) -> bool:
        return (
            LessonPage.objects.live().filter(slug__startswith="lesson").exists() or shown_lessons().exists()
        )


RICH = '{"blocks": [{"key": "a1", "type": "unstyled", "depth": 0, "text": "Some words.", "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}'


@pytest.fixture
def site(signed_in, settings):
    return Site(signed_in, settings)


def edit(site: Site, browser: Client | None = None, **more):
    where = reverse("wagtailadmin_pages:edit", args=[site.lesson.pk])
    return (browser or site.author).post(where, site.form(**more))


def the_time_comes() -> None:
    past = timezone.now() - timedelta(minutes=1)
    for revision in Revision.objects.filter(approved_go_live_at__isnull=False):
        content = revision.content | {"go_live_at": past.isoformat()}
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=past, content=content)


def button(site: Site):
    return edit(site, **{"action-publish": "1"})


def superusers_button(site: Site):
    return edit(site, site.as_boss, **{"action-publish": "1"})


def new_page(site: Site):
    where = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", site.module.pk])
    return site.author.post(where, site.form(slug="lesson-new", **{"action-publish": "1"}))


def bulk(site: Site):
    where = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return site.as_boss.post(f"{where}?id={site.lesson.pk}&next=/cms/", {"include_descendants": "on"})


def bulk_from_above(site: Site):
    where = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return site.as_boss.post(f"{where}?id={site.module.pk}&next=/cms/", {"include_descendants": "on"})


def schedule(site: Site):
    """A time to go live, set in the editor; then the time comes."""
    soon = timezone.localtime() + timedelta(hours=1)
    answer = edit(site, go_live_at=soon.strftime("%Y-%m-%d %H:%M"), **{"action-publish": "1"})
    the_time_comes()
    call_command("publish_scheduled", stdout=StringIO())
    return answer


def schedule_in_code(site: Site):
    draft = site.lesson.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    draft.save_revision().publish()


def revision_in_code(site: Site):
    site.lesson.get_latest_revision().publish()


def action_in_code(site: Site):
    PublishPageRevisionAction(site.lesson.get_latest_revision()).execute(skip_permission_checks=True)


def row_in_code(site: Site):
    page = LessonPage.objects.get(pk=site.lesson.pk)
    page.live = True
    page.save()


def row_by_its_field(site: Site):
    page = LessonPage.objects.get(pk=site.lesson.pk)
    page.live = True
    page.save(update_fields=["live"])


def row_past_the_model(site: Site):
    """Nothing can keep code from this; the last wall keeps learners from seeing it."""
    LessonPage.objects.filter(pk=site.lesson.pk).update(
        live=True, live_revision=site.lesson.latest_revision_id
    )


def workflow(site: Site):
    """Wagtail's own moderation, approved by who may do everything."""
    task = GroupApprovalTask.objects.create(name="Look at it")
    task.groups.set(Group.objects.filter(name="Moderators"))
    flow = Workflow.objects.create(name="Flow")
    WorkflowTask.objects.create(workflow=flow, task=task, sort_order=1)
    state = flow.start(site.lesson, site.desk.author)
    where = reverse(
        "wagtailadmin_pages:workflow_action", args=[site.lesson.pk, "approve", state.current_task_state.pk]
    )
    return site.as_boss.post(where)


def review_page(site: Site):
    return site.author.post(reverse("lesson_review", args=[site.lesson.pk]), {"do": "publish"})


def alias(site: Site):
    site.lesson.create_alias(update_slug="lesson-alias")


DOORS = [
    button, superusers_button, bulk, bulk_from_above, schedule, schedule_in_code, revision_in_code, action_in_code,
    row_in_code, row_by_its_field, workflow, review_page,
]  # fmt: skip
# What these make is another page: it has no signature whatever its model was signed for.
MAKE_ANOTHER = [new_page]
IN_THE_CMS = {button, superusers_button, bulk, bulk_from_above, schedule, workflow, new_page}


def go_through(door: Callable, site: Site):
    try:
        return door(site)
    except NotSigned:
        return None


@pytest.mark.parametrize("door", [*DOORS, *MAKE_ANOTHER], ids=lambda door: door.__name__)
def test_unsigned_words_go_through_no_door(site, door):
    answer = go_through(door, site)

    assert not site.is_shown()
    assert site.lesson.get_latest_revision() is not None, "the draft is kept"
    if door in IN_THE_CMS:
        assert answer.status_code == 302, "a refusal is a sentence on the next page"
        said = site.as_boss if door in (superusers_button, bulk, bulk_from_above, workflow) else site.author
        assert "Both reviewers have to sign" in said.get(answer.url).text


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_the_same_door_lets_signed_words_through(site, door):
    edit(site)  # as the editor writes them
    site.desk.signed(LessonPage.objects.get(pk=site.lesson.pk))
    site.lesson = LessonPage.objects.get(pk=site.lesson.pk)

    go_through(door, site)

    if door is schedule_in_code:
        assert Revision.objects.filter(approved_go_live_at__isnull=False).count() == 1
    else:
        assert list(shown_lessons()) == [site.lesson]


@pytest.mark.parametrize("door", [*DOORS, *MAKE_ANOTHER], ids=lambda door: door.__name__)
def test_with_the_wall_taken_away_the_door_stands_open(site, door, monkeypatch):
    monkeypatch.setattr(ShownWhenSigned, "may_be_shown", lambda self: True)
    monkeypatch.setattr(
        "courses.views.reviewing_in_cms.settings", SimpleNamespace(SHOW_UNREVIEWED=True)
    )  # that page alone

    go_through(door, site)

    is_scheduled = Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert site.is_shown() or (door is schedule_in_code and is_scheduled)


def test_what_goes_live_past_every_door_is_shown_to_nobody(site, client, settings):
    row_past_the_model(site)

    assert client.get("/course/module/lesson/").status_code == 404
    assert site.as_boss.get("/course/module/lesson/").status_code == 404
    assert "A quiet word" not in client.get("/course/module/").text
    settings.SHOW_UNREVIEWED = True
    assert site.as_boss.get("/course/module/lesson/").status_code == 200


@pytest.fixture
def published(site, settings):
    """The lesson as it was signed and published, and then edited."""
    site.desk.sign(site.desk.ask(site.lesson, publish_when_signed=True))
    site.lesson = LessonPage.objects.get(pk=site.lesson.pk)
    assert site.lesson.live
    return site


def test_an_edit_of_a_published_lesson_stays_a_draft(published):
    draft = published.lesson.get_latest_revision_as_object()
    draft.title = "Another title"
    revision = draft.save_revision()

    with pytest.raises(NotSigned):
        revision.publish()

    page = LessonPage.objects.get(pk=published.lesson.pk)
    assert (page.live, page.title, page.has_unpublished_changes) == (True, "A quiet word", True)
    assert list(shown_lessons()) == [page]


def test_the_page_that_is_live_is_not_written_over(published):
    page = published.lesson
    page.title = "Another title"

    with pytest.raises(NotSigned):
        page.save()

    assert LessonPage.objects.get(pk=page.pk).title == "A quiet word"


def test_reverting_to_older_unsigned_words_publishes_nothing(published):
    older = published.lesson.get_latest_revision_as_object()
    older.title = "Never signed"
    revision = older.save_revision()
    newest = published.lesson.get_latest_revision_as_object()
    newest.title = "A quiet word"
    newest.save_revision()

    answer = edit(published, title="Never signed", revision=str(revision.pk), **{"action-publish": "1"})

    assert answer.status_code == 302
    assert LessonPage.objects.get(pk=published.lesson.pk).title == "A quiet word"


def test_reverting_to_words_that_were_signed_needs_nobody(published):
    first = published.lesson.live_revision
    draft = published.lesson.get_latest_revision_as_object()
    draft.title = "Another title"
    published.desk.sign(published.desk.ask(LessonPage.objects.get(pk=draft.save_revision().object_id)))
    published.lesson.get_latest_revision().publish()

    first.as_object().save_revision().publish()

    assert LessonPage.objects.get(pk=published.lesson.pk).title == "A quiet word"
    assert shown_lessons().exists()


def test_a_copy_is_a_draft_though_its_model_is_signed_and_live(published):
    copy = published.lesson.copy(update_attrs={"slug": "lesson-copy", "title": "Copy"}, keep_live=True)

    copy.refresh_from_db()
    assert not copy.live and copy.live_revision is None
    assert list(shown_lessons()) == [published.lesson]


def test_copying_the_branch_in_the_cms_copies_drafts(published):
    where = reverse("wagtailadmin_pages:copy", args=[published.module.pk])
    answer = published.as_boss.post(
        where,
        {
            "new_title": "Branch", "new_slug": "branch", "new_parent_page": published.module.get_parent().pk,
            "copy_subpages": "on", "publish_copies": "on",
        },
    )  # fmt: skip

    assert answer.status_code == 302
    assert Page.objects.get(slug="branch").live
    copied = LessonPage.objects.get(path__startswith=Page.objects.get(slug="branch").path)
    assert not copied.live and shown_lessons().count() == 1


def test_an_alias_stays_a_draft_and_publishing_its_model_goes_on(published):
    alias(published)
    assert not LessonPage.objects.get(slug="lesson-alias").live
    draft = published.lesson.get_latest_revision_as_object()
    draft.title = "New title"
    draft.save_revision()
    published.desk.sign(
        published.desk.ask(LessonPage.objects.get(pk=published.lesson.pk), publish_when_signed=True)
    )

    assert LessonPage.objects.get(pk=published.lesson.pk).title == "New title"
    assert not LessonPage.objects.get(slug="lesson-alias").live


def test_with_the_wall_taken_away_an_alias_and_a_copy_are_live(published, monkeypatch):
    monkeypatch.setattr(ShownWhenSigned, "may_be_shown", lambda self: True)

    alias(published)
    copy = published.lesson.copy(update_attrs={"slug": "lesson-copy", "title": "Copy"}, keep_live=True)

    assert LessonPage.objects.get(slug="lesson-alias").live and LessonPage.objects.get(pk=copy.pk).live


def test_unpublished_and_published_again_needs_the_same_signatures(published):
    published.lesson.unpublish()
    draft = LessonPage.objects.get(pk=published.lesson.pk).get_latest_revision_as_object()
    draft.title = "Another title"
    revision = draft.save_revision()

    with pytest.raises(NotSigned):
        revision.publish()
    published.lesson.revisions.order_by("pk").first().publish()
    assert shown_lessons().exists()


def test_moving_a_lesson_changes_none_of_its_words(published):
    other = make_module(make_curriculum(slug="other"))

    published.lesson.move(other, pos="last-child")

    assert shown_lessons().count() == 1


def test_a_translation_is_signed_itself(published):
    french = Locale.objects.create(language_code="fr")
    for above in published.lesson.get_ancestors().filter(depth__gt=1).specific():
        above.copy_for_translation(french, copy_parents=False)

    translation = LessonPage.objects.get(pk=published.lesson.pk).copy_for_translation(french)
    assert not translation.live
    with pytest.raises(NotSigned):
        translation.get_latest_revision().publish()


def test_the_loader_makes_drafts(settings):
    settings.SHOW_UNREVIEWED = False

    load_curricula()

    assert LessonPage.objects.exists() and not LessonPage.objects.live().exists()


def test_a_schedule_that_lost_a_signature_holds_up_no_other(published, settings):
    draft = published.lesson.get_latest_revision_as_object()
    draft.title = "Signed, then not"
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    revision = draft.save_revision()
    review = published.desk.ask(LessonPage.objects.get(pk=published.lesson.pk))
    published.desk.sign(review)
    revision.publish()
    other = make_lesson(published.module, slug="lesson-2", published=False)
    published.desk.signed(other)
    waiting = other.get_latest_revision_as_object()
    waiting.go_live_at = timezone.now() + timedelta(hours=1)
    waiting.save_revision().publish()
    the_time_comes()
    ask_for_change(seat=review.seats.first(), by=published.desk.lived, words="No.")
    Message.objects.all().delete()

    call_command("publish_scheduled", stdout=StringIO())

    assert LessonPage.objects.get(slug="lesson-2").live
    assert LessonPage.objects.get(pk=published.lesson.pk).title == "A quiet word"
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert [(one.template, one.to) for one in Message.objects.all()] == [
        ("review_dropped", published.desk.author)
    ]


def test_a_demonstration_publishes_and_says_that_nobody_reviewed_it(site, settings, client):
    settings.SHOW_UNREVIEWED = True

    button(site)

    assert "Not yet reviewed" in site.as_boss.get("/course/module/lesson/").text


def files_that_say(words: str) -> set[str]:
    """Our files, tests apart, in whose code these names stand."""
    found = set()
    for top in ("lms", "courses", "workshops", "coaching"):
        for file in (ROOT / top).rglob("*.py"):
            tree = ast.parse(file.read_text())
            names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(tree)}
            names |= {
                one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names
            }
            if words in names:
                found.add(str(file.relative_to(ROOT)))
    return found


def test_no_command_and_no_demonstration_signs():
    """Signatures are written by one service, which one page calls for the person who presses its button."""
    assert files_that_say("sign_lesson") == {"courses/views/reviewing.py"}
    writers = {
        str(file.relative_to(ROOT))
        for top in ("lms", "courses", "workshops", "coaching")
        for file in (ROOT / top).rglob("*.py")
        if "Signature.objects.create" in file.read_text()
        or "Signature(" in file.read_text().replace("class Signature(", "")
    }
    assert writers == {"courses/services/signing.py"}
    # The test sees what it looks for.
    assert "courses/demo.py" in files_that_say("load_curricula")
    assert Signature.objects.count() == 0 and User.objects.count() == 0
