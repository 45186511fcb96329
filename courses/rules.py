"""When a lesson may be called done: its rule against the answers there are. It knows no database.

There are as many tries as anybody likes, and nobody is told a score: what is left is named, to be looked at again.
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from django.utils.translation import ngettext

from courses.exercises import helps_most, is_answered
from courses.models import LessonPage
from lms.core.errors import RuleBroken

QUESTIONS = {"choice", "sort", "order"}

Block = dict[str, Any]
Values = Mapping[str, Any]


def what_refuses(
    rule: str, pass_mark: int | None, practices: Iterable[Block], values: Values
) -> RuleBroken | None:
    """What is in the way of calling the lesson done, in a sentence that names it; None where nothing is.

    "answers": every practice that is asked for has an answer. "pass": of the questions asked for (choice, sort, order),
    so many of a hundred have every option that helps and none that does not; the other practices are free.
    """
    asked = [block for block in practices if block["required"]]
    if rule == LessonPage.Rule.ANSWERS:
        return _open([block for block in asked if not is_answered(block, values.get(block["id"]))])
    if rule == LessonPage.Rule.PASS:
        questions = [block for block in asked if block["type"] in QUESTIONS]
        again = [block for block in questions if not has_all_that_helps(block, values.get(block["id"]))]
        needed = ceil((pass_mark or 0) * len(questions) / 100)
        return _look_again(again, needed - (len(questions) - len(again)))
    return None


def has_all_that_helps(block: Block, value: dict[str, Any] | None) -> bool:
    """Whether every option that helps was chosen and none that does not; of a question without such options, any answer."""
    right, of = helps_most(block, value)
    return right == of if of else is_answered(block, value)


def _open(blocks: list[Block]) -> RuleBroken | None:
    if not blocks:
        return None
    message = ngettext(
        "One question is still open: %(names)s. Answer it, or stop here and come back.",
        "Some questions are still open: %(names)s. Answer them, or stop here and come back.",
        len(blocks),
    )
    return RuleBroken(message % {"names": _names(blocks)}, field=blocks[0]["id"])


def _look_again(blocks: list[Block], number: int) -> RuleBroken | None:
    if number <= 0:
        return None
    if number < len(blocks):
        message = ngettext(
            "%(number)d more question to look at again, any of these: %(names)s. Try as often as you like.",
            "%(number)d more questions to look at again, any of these: %(names)s. Try as often as you like.",
            number,
        )
    else:
        message = ngettext(
            "%(number)d more question to look at again: %(names)s. Try as often as you like.",
            "%(number)d more questions to look at again: %(names)s. Try as often as you like.",
            number,
        )
    return RuleBroken(message % {"number": number, "names": _names(blocks)}, field=blocks[0]["id"])


def _names(blocks: list[Block]) -> str:
    return "; ".join(f"“{block['label']}”" for block in blocks)
