"""What every practice block at work can do; each kind has a module of its own beside this one.

Nothing here touches the database, so that a visitor's answers (in the session) and a learner's (in rows) go one way.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lms.ui.drawn import GAP, drawn_once, fill, gap
from lms.ui.forms import PlainForm

Value = dict[str, Any]


@dataclass(frozen=True)
class Pressed:
    """Which button sent the page: done, stop, save, say, back, move, or nothing known."""

    action: str = ""
    block_id: str = ""
    detail: str = ""

    @classmethod
    def of(cls, post: Mapping[str, str]) -> "Pressed":
        for action in ("done", "stop"):
            if action in post:
                return cls(action)
        for action in ("save", "say", "back", "move"):
            if action in post:
                block_id, _slash, detail = post[action][:200].partition("/")
                return cls(action, block_id, detail)
        return cls()

    @property
    def within(self) -> str:
        """Where in its block the page goes on: a talk at its last line, below its scene; a list at the line that moved."""
        if self.action in ("say", "back"):
            return "-now"
        moved = self.detail.partition("/")[0]
        return f"-{moved}" if self.action == "move" and re.fullmatch(r"[\w-]+", moved) else ""


class Exercise:
    """One practice block for one person. `value` is what is kept, `is_new` whether it has just changed."""

    def __init__(
        self, block: dict[str, Any], kept: Value | None, sent: QueryDict | None, *, number: int | None
    ):
        self.block = block
        self.value = kept
        self.sent = sent
        self.number = number  # of the kept answer, where it is a row
        self.is_new = False

    @classmethod
    def is_answered(cls, block: dict[str, Any], value: Value) -> bool:
        """Whether what is kept is an answer: half of one is kept too."""
        raise NotImplementedError

    @classmethod
    def helps_most(cls, block: dict[str, Any], value: Value) -> tuple[int, int]:
        """How many parts of it got the answer that helps most, of how many; (0, 0) where none helps more than another."""
        return 0, 0

    @classmethod
    def in_words(cls, block: dict[str, Any], value: Value) -> str:
        """The answer as its writer reads it outside the lesson, line by line."""
        raise NotImplementedError

    @property
    def id(self) -> str:
        return self.block["id"]

    @property
    def is_kept(self) -> bool:
        return self.value is not None and self.is_answered(self.block, self.value)

    def read(self, pressed: Pressed) -> None:
        """Take what was sent; afterwards `value` and `is_new`, or the form's errors, say what came of it."""

    def _keep(self, value: Value) -> None:
        self.is_new = value != self.value
        self.value = value

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What is amiss: the address on the page to go to, and the sentence."""
        form = self.form
        if form is None or not form.is_bound:
            return []
        found = [(f"b-{self.id}", error) for error in form.non_field_errors()]
        for field in form.visible_fields():
            target = f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label
            found += [(target, error) for error in field.errors]
        return found

    @cached_property
    def form(self) -> PlainForm | None:
        return None


class FieldsExercise(Exercise):
    """A practice with a form. Its words are drawn once for everybody; what was sent is drawn with what is amiss."""

    def fields(self) -> dict[str, Any]:
        raise NotImplementedError

    def initials(self) -> dict[str, Any]:
        """What each field starts with, from what is kept."""
        raise NotImplementedError

    @cached_property
    def form(self) -> PlainForm:
        form_class = type("AnswerForm", (PlainForm,), {"once": None, "mark_optional": False} | self.fields())
        return form_class(data=self.sent, prefix=self.id, initial=self.initials())

    def draw(self, name: str) -> SafeString:
        """The field with the answer there is."""
        if self.sent is not None:
            return self.form[name].as_field_group()
        kept_as = self.block.get("kept_as")
        if kept_as is None:
            pieces = GAP.split(self._without_answer(name))
        else:
            key = f"{kept_as}:field:{name}:{get_language()}"
            pieces = drawn_once(key, lambda: self._without_answer(name))
        return fill(pieces, lambda kind, about: self._fill(name, about))

    def _empty(self) -> "FieldsExercise":
        return type(self)(self.block, None, None, number=None)

    def _without_answer(self, name: str) -> str:
        """The field with a gap for each place where the answer goes."""
        form = self._empty().form
        html = str(form[name].as_field_group())
        for value, _text in form.fields[name].choices:
            box = format_html(' value="{}"', value)
            html = html.replace(box, box + gap("checked", value), 1)
        return html

    def _fill(self, name: str, about: str) -> str:
        answer = self.initials().get(name)
        answers = answer if isinstance(answer, list) else [answer]
        return " checked" if about in [str(one) for one in answers if one is not None] else ""


class OneField(FieldsExercise):
    """A practice whose form has a single field."""

    def field(self) -> Any:
        raise NotImplementedError

    def initial(self) -> Any:
        return None

    def fields(self) -> dict[str, Any]:
        return {"answer": self.field()}

    def initials(self) -> dict[str, Any]:
        return {"answer": self.initial()}

    @property
    def drawn(self) -> SafeString:
        return self.draw("answer")

    def read(self, pressed: Pressed) -> None:
        name = self.form.add_prefix("answer")
        if self.form.is_valid():
            value = self.answer(self.form.cleaned_data["answer"], bool(self.sent and self.sent.get(name)))
            if value is not None:
                self._keep(value)

    def answer(self, cleaned: Any, was_given: bool) -> Value | None:
        raise NotImplementedError
