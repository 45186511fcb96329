"""Loading the curricula's words."""

import shutil

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Revision, Site

from courses.models import CurriculumPage, LessonPage, LessonPair, ModulePage, Pairing
from courses.services.loading import CONTENT, load_curricula
from lms.home.models import HomePage

pytestmark = pytest.mark.django_db

MODULE = """
number: 1
slug: first
title: The first
status: ready
purpose: To begin.
outcomes: [You can begin.]
lessons:
  - slug: one
    title: One
    minutes: 5
    open_to_visitors: true
    completion: done
    body:
      - type: text
        id: start
        value: |
          ## A heading

          Words with **weight** and *tone*.

          - One
          - Two
      - type: key_points
        id: points
        heading: Take away
        items: ["**First** of all"]
"""
CURRICULUM = """
slug: {slug}
title: {title}
audience: {audience}
strapline: Short.
who_for: You.
how_long: Not long.
what_you_do: [Read.]
start_here: first/one
"""


@pytest.fixture
def folder(tmp_path):
    for slug, audience in (("one-side", "patient"), ("other-side-course", "professional")):
        (tmp_path / slug).mkdir()
        words = CURRICULUM.format(slug=slug, title=slug.title(), audience=audience)
        (tmp_path / slug / "curriculum.yaml").write_text(words)
        (tmp_path / slug / "01-first.yaml").write_text(MODULE)
    (tmp_path / "pairings.yaml").write_text(
        "- {number: 1, moment: Opening, patient_module: first, professional_module: first, together: a,"
        " patient_does: b, professional_does: c, lessons: [{patient: one, professional: one, moment: d}]}"
    )
    return tmp_path


def everything():
    pages = Page.objects.order_by("pk").values_list("pk", "title", "path", "latest_revision_id", "live")
    return (
        list(pages),
        Revision.objects.count(),
        list(Pairing.objects.values()),
        list(LessonPair.objects.values()),
    )


def test_loading_makes_published_pages_and_pairs(folder):
    loaded = load_curricula(folder=folder)

    lesson = LessonPage.objects.filter(slug="one").first()
    assert len(loaded.made) == 6
    assert HomePage.objects.count() == 1 and not Page.objects.filter(title__startswith="Welcome").exists()
    assert Site.objects.get().root_page.specific_class is HomePage
    assert lesson.live and lesson.body[0].value.source == (
        "<h2>A heading</h2><p>Words with <b>weight</b> and <i>tone</i>.</p><ul><li>One</li><li>Two</li></ul>"
    )
    assert CurriculumPage.objects.get(slug="one-side").start_here == lesson
    assert Pairing.objects.get().lesson_pairs.count() == 1


def test_a_second_load_changes_nothing(folder):
    load_curricula(folder=folder)
    before = everything()

    loaded = load_curricula(folder=folder)

    assert (loaded.made, loaded.changed, loaded.edited_here, loaded.unchanged) == ([], [], [], 6)
    assert everything() == before


def test_changed_words_reach_the_page_and_keep_the_ids_that_answers_hang_on(folder):
    load_curricula(folder=folder)
    before = LessonPage.objects.get(slug="one", url_path__contains="one-side")
    file = folder / "one-side" / "01-first.yaml"
    file.write_text(file.read_text().replace("A heading", "Another heading"))

    loaded = load_curricula(folder=folder)

    after = LessonPage.objects.get(pk=before.pk)
    assert loaded.changed == ["one-side/first/one"]
    assert "Another heading" in after.body[0].value.source
    assert [block.id for block in after.body] == [block.id for block in before.body]
    assert after.live_revision_id != before.live_revision_id


def test_what_was_edited_in_the_cms_is_left_and_named(folder):
    load_curricula(folder=folder)
    lesson = LessonPage.objects.get(slug="one", url_path__contains="one-side")
    lesson.title = "Mended by an author"
    lesson.save_revision().publish()
    file = folder / "one-side" / "01-first.yaml"
    file.write_text(file.read_text().replace("title: One", "title: Uno"))

    loaded = load_curricula(folder=folder)

    lesson.refresh_from_db()
    assert loaded.edited_here == ["one-side/first/one"]
    assert lesson.title == "Mended by an author"


def test_a_production_site_loads_drafts_that_nobody_can_open(folder, settings, client):
    settings.SHOW_UNREVIEWED = False

    load_curricula(folder=folder)

    assert not LessonPage.objects.live().exists() and not ModulePage.objects.live().exists()
    assert client.get("/one-side/first/one/").status_code == 404


def test_a_broken_file_loads_nothing_and_says_where(folder):
    file = folder / "one-side" / "01-first.yaml"
    file.write_text(file.read_text().replace("heading: Take away", "headline: Take away"))

    with pytest.raises(CommandError) as refused:
        call_command("load_curricula", folder=folder)

    assert "one-side/01-first.yaml, the lesson one, block points: 'heading' is missing" in str(refused.value)
    assert not CurriculumPage.objects.exists()


def test_a_consultation_one_could_get_lost_in_is_not_loaded(folder):
    folder_copy = folder / "working-in-partnership"
    shutil.copytree(CONTENT / "working-in-partnership", folder_copy)
    shutil.rmtree(folder / "other-side-course")
    (folder / "pairings.yaml").unlink()
    file = folder_copy / "03-agreeing-the-agenda.yaml"
    file.write_text(file.read_text().replace("next: end-polite", "next: nowhere"))

    with pytest.raises(CommandError, match="which is not there"):
        call_command("load_curricula", folder=folder)


def test_the_real_words_load_whole_and_in_pairs():
    load_curricula()

    assert CurriculumPage.objects.live().count() == 2
    assert ModulePage.objects.live().count() == 16
    assert Pairing.objects.count() == 8
    ready = ModulePage.objects.filter(status="ready")
    assert sorted(ready.values_list("number", flat=True)) == sorted([*range(1, 9)] * 2)
    for module in ready:
        assert 3 <= module.get_children().live().count() <= 5
