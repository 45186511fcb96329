"""One or more answers to choose, and a number from 0 to 10. Each answer teaches something; nobody is marked."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.exercises.base import OneField, Value
from lms.ui.fields import ChoiceList, ChoiceRadios, ScaleField


class ChoiceExercise(OneField):
    def field(self) -> ChoiceList | ChoiceRadios:
        field = ChoiceList if self.block["multiple"] else ChoiceRadios
        choices = [(option["id"], option["text"]) for option in self.block["options"]]
        return field(
            label=self.block["question"], name=gettext_lazy("an answer"), choices=choices, required=False
        )

    def initial(self) -> Any:
        chosen = (self.value or {}).get("chosen", [])
        return chosen if self.block["multiple"] else (chosen or [None])[0]

    def answer(self, cleaned: Any, was_given: bool) -> Value | None:
        chosen = cleaned if self.block["multiple"] else [cleaned] if cleaned else []
        return {"chosen": chosen} if chosen or self.value is not None else None

    @classmethod
    def is_answered(cls, block: dict[str, Any], value: Value) -> bool:
        return bool(value.get("chosen"))

    @classmethod
    def in_words(cls, block: dict[str, Any], value: Value) -> str:
        chosen = value.get("chosen", [])
        return "\n".join(option["text"] for option in block["options"] if option["id"] in chosen)

    @classmethod
    def helps_most(cls, block: dict[str, Any], value: Value) -> tuple[int, int]:
        """One question: all that help are chosen, and none of the others. What is no longer offered counts for nothing."""
        helping = {option["id"] for option in block["options"] if option["correct"]}
        if not helping:
            return 0, 0
        offered = {option["id"] for option in block["options"]}
        return int(offered & set(value.get("chosen", [])) == helping), 1

    @property
    def chosen(self) -> list[dict[str, Any]]:
        """The answers given, with what each teaches."""
        ids = (self.value or {}).get("chosen", [])
        return [option for option in self.block["options"] if option["id"] in ids]

    @property
    def has_more_that_help(self) -> bool:
        """Whether an answer that helps most was not chosen."""
        chosen = [option["id"] for option in self.chosen]
        return any(option["correct"] and option["id"] not in chosen for option in self.block["options"])


class RulerExercise(OneField):
    def field(self) -> ScaleField:
        return ScaleField(
            label=self.block["question"],
            low=self.block["low_label"],
            high=self.block["high_label"],
            required=False,
            optional=True,
        )

    def initial(self) -> Any:
        if self.value is None:
            return None
        number = self.value.get("number")
        return ScaleField.without_number if number is None else number

    def answer(self, cleaned: int | None, was_given: bool) -> Value | None:
        return {"number": cleaned} if was_given else None

    @classmethod
    def is_answered(cls, block: dict[str, Any], value: Value) -> bool:
        return "number" in value

    @classmethod
    def in_words(cls, block: dict[str, Any], value: Value) -> str:
        number = value.get("number")
        return _("No number") if number is None else str(number)
