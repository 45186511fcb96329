"""Nothing of courses is shared over a care tie: answers and reflections are their writer's alone."""

from django.utils.translation import gettext_lazy as _

from lms.rights.registry import DELETE, classify, nobodys


def _lesson_title(row) -> str:
    """What the lesson of this row is called; its key, where the lesson is no longer there."""
    from courses.models import LessonPage

    lesson = LessonPage.objects.filter(translation_key=row.lesson_key).only("title").first()
    return lesson.title if lesson else str(row.lesson_key)


def _programme_title(row) -> str:
    from courses.models import CurriculumPage

    curriculum = CurriculumPage.objects.filter(translation_key=row.curriculum_key).only("title").first()
    return curriculum.title if curriculum else str(row.curriculum_key)


for model, fields, links in (
    (
        "CurriculumPage",
        "audience strapline who_for how_long what_you_do",
        "page_ptr start_here",
    ),
    ("ModulePage", "number status purpose outcomes shared_moment", "page_ptr"),
    ("LessonPage", "minutes open_to_visitors completion body", "page_ptr"),
    (
        "Pairing",
        "id number moment together patient_does professional_does",
        "patient_module professional_module",
    ),
    ("LessonPair", "id moment", "pairing patient_lesson professional_lesson"),
    ("OutlineStamp", "id stamp", "curriculum"),
    ("LoadedPage", "id digest revision_number", "page"),
):
    nobodys(f"courses.{model}", why="What is taught, the same for everybody.", plain=fields, link=links)

classify(
    "courses.Enrolment",
    whose="learner",
    label=_("Programmes you began"),
    erase=DELETE,
    retention="training",
    record="curriculum_key created_at completed_at",
    link="learner",
    plain="id public_id",
    shown={"curriculum_key": _programme_title},
    labels={"curriculum_key": _("Programme"), "created_at": _("Began"), "completed_at": _("Completed")},
)
classify(
    "courses.LessonCompletion",
    whose="enrolment__learner",
    label=_("Lessons you did"),
    erase=DELETE,
    retention="training",
    record="rule completed_at lesson_key",
    link="enrolment revision",
    plain="id revision_number",
    shown={"lesson_key": _lesson_title},
    labels={"rule": _("Counts as done when"), "completed_at": _("Done"), "lesson_key": _("Lesson")},
)
classify(
    "courses.Answer",
    whose="enrolment__learner",
    label=_("What you wrote in lessons"),
    erase=DELETE,
    retention="health",
    health="value",
    record="kind updated_at lesson_key",
    link="enrolment",
    plain="id block_id revision_number",
    shown={"lesson_key": _lesson_title},
    labels={
        "value": _("What you wrote or chose"),
        "kind": _("Kind"),
        "updated_at": _("When"),
        "lesson_key": _("Lesson"),
    },
)
classify(
    "courses.Place",
    whose="enrolment__learner",
    label=_("Where you go on"),
    erase=DELETE,
    retention="training",
    record="updated_at lesson_key",
    link="enrolment",
    plain="id block_id",
    shown={"lesson_key": _lesson_title},
    labels={"updated_at": _("When"), "lesson_key": _("Lesson")},
)
