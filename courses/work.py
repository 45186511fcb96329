"""Somebody's work in one lesson: a learner's is kept in rows, a visitor's in the session. The lesson need not know which."""

from typing import Any, Protocol

from django.http import HttpRequest

from courses import visitors
from courses.bodies import Prepared, practice_blocks
from courses.queries import Outline, OutlineLesson, answers_of
from courses.rules import what_refuses
from courses.services.learning import Sent, move_place, take_page
from lms.core.errors import RuleBroken


class Work(Protocol):
    def answers(self) -> dict[str, tuple[int | None, Any]]:
        """Answers by block id: the answer's number, if it has one, and its value."""

    def take(self, body: list[Prepared], sent: Sent) -> RuleBroken | None:
        """Keep what the page sent. The answer is what refused that the lesson is done, where it was to be."""

    def move_place(self, block_id: str) -> None:
        """Remember where somebody reads, if they are learning here already."""


class LearnerWork:
    def __init__(self, request: HttpRequest, entry: OutlineLesson, outline: Outline):
        self.learner, self.entry, self.outline = request.user, entry, outline

    def answers(self) -> dict[str, tuple[int | None, Any]]:
        return dict(answers_of(self.learner, self.entry, self.outline.key))

    def take(self, body: list[Prepared], sent: Sent) -> RuleBroken | None:
        return take_page(learner=self.learner, outline=self.outline, lesson=self.entry, body=body, sent=sent)

    def move_place(self, block_id: str) -> None:
        move_place(learner=self.learner, outline=self.outline, lesson=self.entry, block_id=block_id)


class VisitorWork:
    def __init__(self, request: HttpRequest, entry: OutlineLesson, outline: Outline):
        self.request, self.entry, self.outline = request, entry, outline

    def answers(self) -> dict[str, tuple[int | None, Any]]:
        kept = visitors.answers_in(self.request, self.entry)
        return {block_id: (None, value) for block_id, value in kept.items()}

    def take(self, body: list[Prepared], sent: Sent) -> RuleBroken | None:
        for block_id in sent.changed:
            visitors.keep_answer(self.request, self.entry, block_id, sent.answers[block_id])
        if sent.is_done:
            practices = practice_blocks(body)
            refused = what_refuses(self.entry.rule, self.entry.pass_mark, practices, sent.answers)
            if refused is None:
                visitors.keep_done(self.request, self.entry)
                return None  # a visitor's lessons stand alone; what comes next is said on the page
            self._keep_place(sent)
            return refused
        self._keep_place(sent)
        return None

    def _keep_place(self, sent: Sent) -> None:
        if sent.place is not None:
            visitors.keep_place(self.request, self.entry, sent.place[1])

    def move_place(self, block_id: str) -> None:
        """A visitor's session is not written each time they scroll."""


def work_of(request: HttpRequest, entry: OutlineLesson, outline: Outline) -> Work:
    """The work of whoever asks."""
    kind = LearnerWork if request.user.is_authenticated else VisitorWork
    return kind(request, entry, outline)
