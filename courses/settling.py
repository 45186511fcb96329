"""What the worker does after an edit: whoever lacked only what is no longer asked for is done."""

from django_q.tasks import async_task
from wagtail.models import Page

from courses.models import CurriculumPage, Enrolment
from courses.queries.outlines import CURRICULUM_PATH, outline_of
from courses.services.learning import settle_course


def settle_later(page: Page) -> None:
    """Have the course of this page settled by the worker, if somebody is under way on it. In the caller's transaction.

    Should the job be lost, each learner's next lesson, and the next edit, settle as well.
    """
    curriculum = (
        CurriculumPage.objects.filter(path=page.path[:CURRICULUM_PATH]).only("translation_key").first()
    )
    if curriculum is None:
        return
    under_way = Enrolment.objects.filter(
        curriculum_key=curriculum.translation_key, completed_at=None, left_at=None, completions__isnull=False
    )
    if under_way.exists():
        async_task("courses.settling.settle", curriculum.pk)


def settle(curriculum_pk: int) -> int:
    """Write down what an edit has made complete; how many learners it was."""
    curriculum = (
        CurriculumPage.objects.live()
        .filter(pk=curriculum_pk)
        .select_related("outline_stamp", "locale")
        .first()
    )
    return settle_course(outline_of(curriculum)) if curriculum is not None else 0
