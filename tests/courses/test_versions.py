"""Numbered versions: made by publishing a course, never changed, and named by whoever began or finished on them."""

import shutil

import pytest

from courses.models import CourseVersion, CurriculumPage, Enrolment, LessonPage, LessonWords, VersionLesson
from courses.queries import progress
from courses.services import complete_lesson, enrol, make_version
from courses.services.loading import CONTENT, load_curricula
from tests.factories import UserFactory
from tests.factories.courses import make_curriculum, make_lesson, make_module, text_block

pytestmark = pytest.mark.django_db


def publish(page, **fields):
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


@pytest.fixture
def course():
    """A published course with two lessons, and its first version."""
    curriculum = make_curriculum(title="Small steps", hours="1.5")
    module = make_module(curriculum, title="First", needed_lessons=1)
    lessons = [
        make_lesson(module, text_block("<p>Old words.</p>"), title="One"),
        make_lesson(module, title="Two", optional=True),
    ]
    publish(curriculum)
    return curriculum, lessons


def test_publishing_a_course_writes_down_its_words_rules_and_hours(course):
    curriculum, lessons = course

    version = CourseVersion.objects.get()

    assert (version.number, version.title, str(version.hours)) == (1, "Small steps", "1.5")
    assert version.curriculum_key == curriculum.translation_key
    assert version.facts["modules"][0]["needed_lessons"] == 1
    rows = list(version.lessons.all())
    assert [(row.title, row.rule, row.optional, row.module_title) for row in rows] == [
        ("One", "done", False, "First"),
        ("Two", "done", True, "First"),
    ]
    assert [row.revision_number for row in rows] == [lesson.live_revision_id for lesson in lessons]
    assert rows[0].words.content["body"][0]["value"] == "<p>Old words.</p>"


def test_what_is_as_it_was_makes_no_version_and_what_is_not_makes_the_next(course):
    curriculum, (one, _two) = course

    publish(curriculum)
    assert make_version(curriculum=curriculum) is None
    publish(one, body=[("text", "<p>New words.</p>")])
    assert CourseVersion.objects.count() == 1  # a version is made when the course is published
    publish(curriculum)
    publish(curriculum, hours="2")

    versions = list(CourseVersion.objects.all())
    assert [version.number for version in versions] == [1, 2, 3]
    words = [version.lessons.get(title="One").words.content["body"][0]["value"] for version in versions]
    assert words == ["<p>Old words.</p>", "<p>New words.</p>", "<p>New words.</p>"]
    assert LessonWords.objects.count() == 3  # the same words are kept once


def test_a_version_is_never_changed_nor_taken_away(course):
    version, row = CourseVersion.objects.get(), VersionLesson.objects.first()

    for change in (
        lambda: CourseVersion.objects.update(title="Other"),
        lambda: CourseVersion.objects.all().delete(),
        version.save,
        version.delete,
        lambda: VersionLesson.objects.update(title="Other"),
        row.delete,
        lambda: LessonWords.objects.update(content={}),
    ):
        with pytest.raises(TypeError):
            change()

    assert CourseVersion.objects.get().title == "Small steps"


def test_deleting_a_lesson_or_the_course_leaves_its_versions(course):
    curriculum, (one, _two) = course
    LessonPage.objects.get(pk=one.pk).delete()
    CurriculumPage.objects.get(pk=curriculum.pk).delete()

    assert CourseVersion.objects.get().lessons.get(title="One").words.content["title"] == "One"


def test_who_begins_names_the_newest_version_and_who_finishes_the_one_of_that_day(course):
    curriculum, (one, _two) = course
    learner = UserFactory()
    enrol(learner=learner, curriculum=curriculum)
    publish(curriculum, hours="2")
    complete_lesson(learner=learner, lesson=one)

    enrolment = Enrolment.objects.get()

    assert (enrolment.version.number, enrolment.completed_version.number) == (1, 2)
    far = progress(learner, curriculum)
    assert (far.version, far.completed_version) == (1, 2)
    publish(curriculum, hours="3")
    assert Enrolment.objects.get().completed_version.number == 2


def test_a_course_that_has_no_version_yet_gets_its_first_with_its_first_learner():
    curriculum = make_curriculum(lessons=2)
    assert not CourseVersion.objects.exists()

    enrolment = enrol(learner=UserFactory(), curriculum=curriculum)
    enrol(learner=UserFactory(), curriculum=curriculum)

    assert enrolment.version == CourseVersion.objects.get()
    assert enrolment.version.lessons.count() == 2


def test_a_course_without_lessons_has_no_version_and_can_be_begun_all_the_same():
    enrolment = enrol(learner=UserFactory(), curriculum=make_curriculum())

    assert enrolment.version is None
    assert not CourseVersion.objects.exists()


def test_what_is_loaded_is_version_one_as_a_whole_and_loading_again_changes_nothing(tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder)
    load_curricula(folder=folder)

    for curriculum in CurriculumPage.objects.all():
        version = CourseVersion.objects.get(curriculum_key=curriculum.translation_key)
        shown = LessonPage.objects.live().descendant_of(curriculum).count()
        assert version.number == 1 and 0 < version.lessons.count() <= shown
        assert version.lessons.count() == len(
            [
                lesson
                for module in version.facts["modules"]
                if module["is_ready"]
                for lesson in module["lessons"]
            ]
        )
    load_curricula(folder=folder)
    assert set(CourseVersion.objects.values_list("number", flat=True)) == {1}

    files = sorted(folder.glob("working-in-partnership/[0-9]*.yaml"))
    file = next(file for file in files if "status: ready" in file.read_text())
    file.write_text(file.read_text().replace("minutes: ", "minutes: 1", 1))
    changed = load_curricula(folder=folder).changed

    assert changed and sorted(CourseVersion.objects.values_list("number", flat=True)) == [1, 1, 2]
