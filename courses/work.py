"""Somebody's work in one lesson: a learner's is kept in rows, a visitor's in the session. The lesson need not know which."""

from typing import Any, Protocol

from django.http import HttpRequest

from courses import visitors
from courses.bodies import prepared_body
from courses.models import Enrolment, LessonPage
from courses.queries import Outline, OutlineLesson, answers_of
from courses.services import complete_lesson, remember_place, save_answer
from courses.services.learning import refuse_open_questions


class Work(Protocol):
    def answers(self) -> dict[str, tuple[int | None, Any]]:
        """Answers by block id: the answer's number, if it has one, and its value."""

    def save_answer(self, block_id: str, value: Any) -> None: ...

    def remember_place(self, block_id: str, *, only_if_enrolled: bool = False) -> None: ...

    def complete(self) -> None:
        """Raises RuleBroken while something that is asked for is open."""

    def go_to(self, lesson: OutlineLesson) -> None:
        """Remember that the next thing is that lesson."""


class LearnerWork:
    def __init__(self, request: HttpRequest, entry: OutlineLesson, outline: Outline, page: LessonPage | None):
        self.learner, self.entry, self.outline, self.page = request.user, entry, outline, page

    def answers(self) -> dict[str, tuple[int | None, Any]]:
        return dict(answers_of(self.learner, self.entry, self.outline.key))

    def save_answer(self, block_id: str, value: Any) -> None:
        save_answer(learner=self.learner, lesson=self.page, block_id=block_id, value=value)

    def remember_place(self, block_id: str, *, only_if_enrolled: bool = False) -> None:
        enrolled = Enrolment.objects.filter(learner=self.learner, curriculum_key=self.outline.key)
        if not only_if_enrolled or enrolled.exists():
            remember_place(learner=self.learner, lesson=self.page, block_id=block_id)

    def complete(self) -> None:
        complete_lesson(learner=self.learner, lesson=self.page)

    def go_to(self, lesson: OutlineLesson) -> None:
        remember_place(learner=self.learner, lesson=LessonPage.objects.defer("body").get(pk=lesson.pk))


class VisitorWork:
    def __init__(self, request: HttpRequest, entry: OutlineLesson, outline: Outline, page: LessonPage | None):
        self.request, self.entry, self.outline, self.page = request, entry, outline, page

    def answers(self) -> dict[str, tuple[int | None, Any]]:
        kept = visitors.answers_in(self.request, self.entry)
        return {block_id: (None, value) for block_id, value in kept.items()}

    def save_answer(self, block_id: str, value: Any) -> None:
        visitors.keep_answer(self.request, self.entry, block_id, value)

    def remember_place(self, block_id: str, *, only_if_enrolled: bool = False) -> None:
        if not only_if_enrolled:
            visitors.keep_place(self.request, self.entry, block_id)

    def complete(self) -> None:
        body = prepared_body(self.page, stamp=self.outline.stamp)
        refuse_open_questions(self.page, body, visitors.answers_in(self.request, self.entry))
        visitors.keep_done(self.request, self.entry)

    def go_to(self, lesson: OutlineLesson) -> None:
        """A visitor's lessons stand alone; what comes next is said on the page."""


def work_of(
    request: HttpRequest, entry: OutlineLesson, outline: Outline, page: LessonPage | None = None
) -> Work:
    """The work of whoever asks. Reading what was answered needs no `page`; everything else does."""
    kind = LearnerWork if request.user.is_authenticated else VisitorWork
    return kind(request, entry, outline, page)
