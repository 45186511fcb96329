"""A real tool's screen, for rehearsal."""

from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

from courses.exercises.base import Exercise, Pressed, Value
from courses.practices import Practice, practice
from lms.ui.forms import PlainForm

LONGEST_DRAFT = 20_000


class PracticeExercise(Exercise):
    """A real tool's form. Half of it is kept too, so that nobody has to begin again."""

    @property
    def practice(self) -> Practice | None:
        return practice(self.block["practice"])

    @cached_property
    def form(self) -> PlainForm | None:
        if self.practice is None:
            return None
        form = self.practice.form_class(data=self.sent, prefix=self.id)
        if self.sent is None and self.value:
            typed = MultiValueDict(self.value.get("typed", {}))
            for name, field in form.fields.items():
                key = form.add_prefix(name)
                if name != "once" and not field.widget.value_omitted_from_data(typed, {}, key):
                    form.initial[name] = field.widget.value_from_datadict(typed, {}, key)
        return form

    def read(self, pressed: Pressed) -> None:
        if self.form is None or self.sent is None:
            return
        prefix = f"{self.id}-"
        typed = {
            name: [_storable(value) for value in values]
            for name, values in self.sent.lists()
            if name.startswith(prefix) and name != f"{prefix}once" and any(values)
        }
        is_asked = pressed.action == "save" and pressed.block_id == self.id
        must_finish = pressed.action == "done" and self.block["required"]
        is_old = typed == (self.value or {}).get("typed", {}) and not must_finish
        if not is_asked and (is_old or not self.form.has_changed()):
            self._forget_errors()
            return
        if self.form.is_valid():
            self._keep({"answer": self.form.as_answer(), "typed": typed})
            return
        is_short = sum(len(value) for values in typed.values() for value in values) <= LONGEST_DRAFT
        if is_short:
            self._keep({"answer": None, "typed": typed})
        # What is too long to be kept comes back with what to do about it.
        if is_short and not is_asked and not must_finish:
            self._forget_errors()

    @classmethod
    def is_answered(cls, block: dict[str, Any], value: Value) -> bool:
        return value.get("answer") is not None

    @classmethod
    def in_words(cls, block: dict[str, Any], value: Value) -> str:
        """What was filled in, by the tool's own labels; half of it as it was typed."""
        known = practice(block["practice"])
        answer = value.get("answer") or _typed_in(block, value)
        fields = known.form_class().fields if known else {}
        told = {name: fields[name].label if name in fields else name for name in answer}
        return "\n".join(
            f"{told[name]}: {words}" for name, words in answer.items() if words not in (None, "", [])
        )

    def _forget_errors(self) -> None:
        """A form that is not finished yet is no mistake, until somebody says that it is finished."""
        self.sent = None
        del self.form


def _typed_in(block: dict[str, Any], value: Value) -> dict[str, str]:
    prefix = f"{block['id']}-"
    return {
        name.removeprefix(prefix): ", ".join(values)
        for name, values in value.get("typed", {}).items()
        if values
    }


def _storable(text: str) -> str:
    """Without what no database keeps in JSON: the form says what was amiss with it."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
