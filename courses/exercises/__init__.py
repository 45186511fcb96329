"""Practice blocks at work: what a learner has kept, what they have just sent, what is amiss, what to say to it."""

from typing import Any

from django.http import QueryDict

from courses.exercises.arranging import OrderExercise, SortExercise
from courses.exercises.base import Exercise, Pressed, Value
from courses.exercises.choosing import ChoiceExercise, RulerExercise
from courses.exercises.talks import ConsultationExercise
from courses.exercises.tools import PracticeExercise
from courses.exercises.writing import ReflectionExercise, RewriteExercise
from courses.practices import practice

__all__ = ["KINDS", "Exercise", "Pressed", "Value", "exercise_for", "helps_most", "in_words", "is_answered"]

KINDS: dict[str, type[Exercise]] = {
    "reflection": ReflectionExercise,
    "choice": ChoiceExercise,
    "sort": SortExercise,
    "order": OrderExercise,
    "rewrite": RewriteExercise,
    "ruler": RulerExercise,
    "practice": PracticeExercise,
    "consultation": ConsultationExercise,
}


def exercise_for(
    block: dict[str, Any],
    kept: Value | None = None,
    sent: QueryDict | None = None,
    *,
    number: int | None = None,
) -> Exercise:
    """The block at work. `kept` is the answer there is; `sent` what has just come from the page."""
    return KINDS[block["type"]](block, kept, sent, number=number)


def is_answered(block: dict[str, Any], value: Value | None) -> bool:
    """Whether the answer is one: a half filled practice or an emptied reflection is not."""
    if block["type"] == "practice" and practice(block["practice"]) is None:
        return True  # what nobody can fill in is not asked for
    return value is not None and KINDS[block["type"]].is_answered(block, value)


def helps_most(block: dict[str, Any], value: Value | None) -> tuple[int, int]:
    """How many parts of the block got the answer that helps most, of how many: a choice is one, a sort one a line.

    (0, 0) for what has no such answer: a reflection, a ruler, a talk. For a lesson's rule alone: nobody is told a score.
    """
    return KINDS[block["type"]].helps_most(block, value or {})


def in_words(block: dict[str, Any], value: Value) -> str:
    """What was answered, as its writer reads it outside the lesson: the words of the block, not its ids."""
    return KINDS[block["type"]].in_words(block, value)
