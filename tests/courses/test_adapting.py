"""A copy of a course that is adapted: the fixed core follows, what differs says why."""

import pytest
from django.core.exceptions import PermissionDenied

from courses.models import CurriculumPage, LessonPage, ModulePage, NotAsTheOriginal, NotSaidWhy
from courses.queries.adaptations import How, differences
from courses.services.adapting import copy_to_adapt, follow_original
from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.people.models import Audience, Role
from lms.people.services.roles import sync_cms_groups
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.courses import make_curriculum, make_lesson, make_module, text_block

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(db):
    person = UserFactory(first_name="Ada", audience=Audience.PROFESSIONAL)
    RoleFactory(person=person, kind=Role.Kind.AUTHOR, organisation=OrganisationFactory())
    sync_cms_groups(person=person)
    return type(person).objects.get(pk=person.pk)


@pytest.fixture
def original():
    """A course with a lesson of the fixed core, which another one links to."""
    course = make_curriculum(title="The course", slug="the-course")
    module = make_module(course, title="A module")
    core = make_lesson(module, text_block("<p>The core.</p>"), title="Core", slug="core", fixed=True)
    link = f'<p>See <a id="{core.pk}" linktype="page">the core</a>.</p>'
    free = make_lesson(module, text_block(link), title="Free", slug="free")
    course.refresh_from_db()
    course.start_here = free
    course.save_revision().publish()
    return CurriculumPage.objects.get(pk=course.pk)


@pytest.fixture
def copy(original, author):
    return copy_to_adapt(course=original, title="Our course", slug="our-course", copier=author)


def of_copy(copy, slug: str) -> LessonPage:
    return LessonPage.objects.descendant_of(copy).get(slug=slug)


def publish(page):
    page.get_latest_revision().publish()
    page.refresh_from_db()
    return page


def how(copy) -> dict[str, How]:
    return {one.title: one.how for one in differences(copy)}


def test_a_copy_is_a_draft_with_keys_of_its_own_tied_to_its_original(original, copy):
    pages = [*ModulePage.objects.descendant_of(copy), *LessonPage.objects.descendant_of(copy)]

    assert (copy.title, copy.slug, copy.adapted_from_id, copy.live) == (
        "Our course",
        "our-course",
        original.pk,
        False,
    )
    assert [page.title for page in pages] == ["A module", "Core", "Free"] and not any(
        page.live for page in pages
    )
    for page in pages:
        assert page.adapted_from_id and page.translation_key != page.adapted_from.translation_key
    core, free = of_copy(copy, "core"), of_copy(copy, "free")
    assert f'id="{core.pk}"' in free.body[0].value.source, "a link leads to the copy"
    assert CurriculumPage.objects.get(pk=copy.pk).start_here_id == free.pk
    assert how(copy) == {"Core": How.FOLLOWS, "Free": How.SAME}
    assert Entry.objects.filter(act="copied a course to adapt it").count() == 1


def test_an_address_that_is_taken_is_refused_whole_and_strangers_copy_nothing(original, author, cast):
    with pytest.raises(RuleBroken) as refused:
        copy_to_adapt(course=original, title="x", slug="the-course", copier=author)
    assert refused.value.field == "slug"
    with pytest.raises(PermissionDenied):
        copy_to_adapt(course=original, title="x", slug="x", copier=cast.coordinator)

    assert CurriculumPage.objects.count() == 1


def test_what_differs_says_why_before_it_is_published(copy):
    free = publish(of_copy(copy, "free"))  # the same words need no reason
    free.body = [("text", "<p>Our own words.</p>")]
    revision = free.save_revision()
    assert how(copy)["Free"] == How.UNEXPLAINED

    with pytest.raises(NotSaidWhy, match="differs from the original"):
        revision.publish()

    assert "Our own" not in LessonPage.objects.get(pk=free.pk).body[0].value.source
    free = LessonPage.objects.get(pk=free.pk).get_latest_revision_as_object()
    free.adaptation = "Our clinic has no lift."
    free.save_revision().publish()
    row = next(one for one in differences(copy) if one.title == "Free")
    assert (row.how, row.why, row.module) == (How.ADAPTED, "Our clinic has no lift.", "A module")


def test_the_fixed_core_says_nothing_of_its_own(copy):
    core = publish(of_copy(copy, "core"))
    core.body = [("text", "<p>Our own core.</p>")]
    core.adaptation = "We know better."

    with pytest.raises(NotAsTheOriginal, match="fixed core"):
        core.save_revision().publish()


def test_the_fixed_core_follows_the_original(original, copy):
    published, words = publish(of_copy(copy, "core")), "<p>The core, anew.</p>"
    core = LessonPage.objects.descendant_of(original).get(slug="core")

    core.body = [("text", words)]
    core.save_revision().publish()

    published.refresh_from_db()
    assert published.live and published.body[0].value.source == words
    assert of_copy(copy, "free").latest_revision.pk, "the others are left alone"
    assert how(copy) == {"Core": How.FOLLOWS, "Free": How.SAME}


def test_a_copy_that_is_a_draft_stays_one(original, copy):
    core = LessonPage.objects.descendant_of(original).get(slug="core")
    core.title = "Core, anew"
    core.save_revision().publish()

    ours = of_copy(copy, "core")
    assert (ours.live, ours.draft_title) == (False, "Core, anew")


def test_words_that_nobody_signed_are_followed_in_a_draft_only(original, copy, settings):
    published = publish(of_copy(copy, "core"))
    core = LessonPage.objects.descendant_of(original).get(slug="core")
    core.body = [("text", "<p>The core, anew.</p>")]
    # As if both reviewers had signed the original, and nobody the copy.
    LessonPage.objects.filter(pk=core.pk).update(body=core.body)

    settings.SHOW_UNREVIEWED = False
    changed = follow_original(original=LessonPage.objects.get(pk=core.pk))

    assert [one.pk for one in changed] == [published.pk]
    published.refresh_from_db()
    assert published.body[0].value.source == "<p>The core.</p>"
    assert published.get_latest_revision_as_object().body[0].value.source == "<p>The core, anew.</p>"


def test_what_only_one_of_them_has_is_listed(original, copy):
    module = ModulePage.objects.descendant_of(original).get()
    make_lesson(module, title="New there")
    make_lesson(ModulePage.objects.descendant_of(copy).get(), title="New here")

    assert how(copy) == {
        "Core": How.FOLLOWS, "Free": How.SAME, "New here": How.OWN, "New there": How.LEFT_OUT,
    }  # fmt: skip


# ---------------------------------------------------------------- in the CMS


def test_an_author_copies_saves_and_brings_in_whole_courses(original, author, signed_in):
    browser = signed_in(author)
    assert "Save The course as a file" in browser.get("/cms/courses/").text

    file = browser.post(f"/cms/courses/{original.pk}/file/")
    assert file.headers["Content-Type"] == "application/zip" and file.content.startswith(b"PK")

    taken = browser.post(f"/cms/courses/{original.pk}/copy/", {"title": "Ours", "slug": "the-course"})
    assert taken.status_code == 200 and "slug" in taken.context["form"].errors
    made = browser.post(f"/cms/courses/{original.pk}/copy/", {"title": "Ours", "slug": "ours"})
    copy = CurriculumPage.objects.get(slug="ours")
    assert made.url == f"/cms/pages/{copy.pk}/"
    assert "Follows the original" in browser.get(f"/cms/courses/{copy.pk}/differences/").text

    from io import BytesIO

    upload = BytesIO(file.content)
    upload.name = "course.zip"
    brought = browser.post("/cms/courses/", {"file": upload})
    assert "0 pages made, 0 changed" in brought.text
    broken = BytesIO(b"no zip at all")
    broken.name = "course.zip"
    assert "This zip is damaged" in browser.post("/cms/courses/", {"file": broken}).text


def test_the_fixed_core_opens_in_the_original(original, copy, author, signed_in):
    core, ours = LessonPage.objects.descendant_of(original).get(slug="core"), of_copy(copy, "core")

    for ask in (signed_in(author).get, signed_in(author).post):
        assert ask(f"/cms/pages/{ours.pk}/edit/").url == f"/cms/pages/{core.pk}/edit/"
    assert signed_in(author).get(f"/cms/pages/{of_copy(copy, 'free').pk}/edit/").status_code == 200
