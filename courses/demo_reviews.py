"""The demonstration's authors' desk: lessons that wait for both reviewers, one with something said of it. Nobody signs."""

from courses.models import LessonPage, Review
from courses.queries import curricula, outline_of
from courses.services.signing import answer_comment, ask_for_review, comment_on_lesson
from lms.demo.registry import Stage, register_part


def load(stage: Stage) -> None:
    if Review.objects.exists():
        return
    author, lived, clinical = (stage.cast[name] for name in ("author", "lay_reviewer", "clinical_reviewer"))
    for number, curriculum in enumerate(curricula()):
        lesson = next(iter(outline_of(curriculum).lessons), None)
        if lesson is None:
            continue
        page = LessonPage.objects.get(pk=lesson.pk)
        review = ask_for_review(lesson=page, asked_by=author, reviewers=[lived, clinical])
        if number == 0:
            seat = review.seats.get(reviewer=lived)
            said = comment_on_lesson(
                seat=seat, by=lived, text="On a bad day I read one paragraph. Could this be two lessons?"
            )
            answer_comment(comment=said, by=author, text="It is five minutes now. Is that short enough?")


register_part(21, "reviews", load)
