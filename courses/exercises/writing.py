"""Something to write for oneself alone."""

from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from courses.exercises.base import OneField, Value
from lms.ui.drawn import gap
from lms.ui.fields import LongTextField

LONGEST_REFLECTION = 4000
LONGEST_SENTENCE = 1000


class WritingExercise(OneField):
    def initial(self) -> str:
        return (self.value or {}).get("text", "")

    def _without_answer(self, name: str) -> str:
        empty = type(self)(self.block, {"text": gap("text")}, None, number=None)
        return str(empty.form[name].as_field_group())

    def _fill(self, name: str, about: str) -> str:
        return escape(self.initial())

    def answer(self, cleaned: str, was_given: bool) -> Value | None:
        return {"text": cleaned} if cleaned or self.value is not None else None

    @classmethod
    def is_answered(cls, block: dict[str, Any], value: Value) -> bool:
        return bool(value.get("text"))

    @classmethod
    def in_words(cls, block: dict[str, Any], value: Value) -> str:
        return str(value.get("text", ""))


class ReflectionExercise(WritingExercise):
    def field(self) -> LongTextField:
        return LongTextField(
            label=self.block["prompt"],
            help_text=self.block["help"],
            name=_("what you wrote"),
            max_length=LONGEST_REFLECTION,
            required=False,
            rows=4,
        )


class RewriteExercise(WritingExercise):
    """A sentence to say another way; one way of saying it is shown beside one's own, once that is kept."""

    def field(self) -> LongTextField:
        return LongTextField(
            label=self.block["task"],
            name=_("your own sentence"),
            max_length=LONGEST_SENTENCE,
            required=False,
            rows=3,
        )
