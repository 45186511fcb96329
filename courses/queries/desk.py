"""What the list of lessons in the CMS says of each: how its latest words read, and how far their review is."""

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.models import Revision

from courses.checks import Checked, check_body
from courses.models import CurriculumPage, LessonPage, Review
from courses.queries.outlines import CURRICULUM_PATH
from courses.queries.review import ReviewState, standing_signatures, state_of
from courses.words import words_digest
from lms.people.models import Audience


@dataclass(frozen=True)
class Listed:
    checked: Checked
    state: ReviewState


def listed(lessons: Iterable[LessonPage]) -> dict[int, Listed]:
    """For each lesson, by primary key. Five queries for any number."""
    pages = list(lessons)
    contents = dict(
        Revision.objects.filter(pk__in=[page.latest_revision_id for page in pages]).values_list(
            "pk", "content"
        )
    )
    drafts = {
        page.pk: page.with_content_json(contents[page.latest_revision_id])
        if page.latest_revision_id in contents
        else page
        for page in pages
    }
    digests = {pk: words_digest(draft) for pk, draft in drafts.items()}
    signatures = standing_signatures(digests)
    reviews = {one.lesson_id: one for one in Review.objects.filter(lesson__in=pages, over_at=None)}
    paths = {page.path[:CURRICULUM_PATH] for page in pages}
    audiences = dict(CurriculumPage.objects.filter(path__in=paths).values_list("path", "audience"))
    return {
        page.pk: Listed(
            check_body(
                drafts[page.pk].body.get_prep_value(),
                audience=audiences.get(page.path[:CURRICULUM_PATH], Audience.PATIENT),
                language=page.locale.language_code,
            ),
            state_of(digests[page.pk], signatures[page.pk, digests[page.pk]], reviews.get(page.pk)),
        )
        for page in pages
    }
