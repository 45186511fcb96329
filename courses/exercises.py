"""Practice blocks at work: what a learner has kept, what they have just sent, what is amiss, what to say to it.

Nothing here touches the database, so that a visitor's answers (in the session) and a learner's (in rows) go one way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.consultations import Node, Step, walk
from courses.practices import practice
from lms.ui.drawn import GAP, drawn_once, fill, gap
from lms.ui.fields import ChoiceList, ChoiceRadios, LongTextField, ScaleField
from lms.ui.forms import PlainForm

LONGEST_REFLECTION = 4000
LONGEST_DRAFT = 20_000
LONGEST_PATH = 100

Value = dict[str, Any]


@dataclass(frozen=True)
class Pressed:
    """Which button sent the page: done, stop, save, say, back, or nothing known."""

    action: str = ""
    block_id: str = ""
    detail: str = ""

    @classmethod
    def of(cls, post: Mapping[str, str]) -> "Pressed":
        for action in ("done", "stop"):
            if action in post:
                return cls(action)
        for action in ("save", "say", "back"):
            if action in post:
                block_id, _slash, detail = post[action][:200].partition("/")
                return cls(action, block_id, detail)
        return cls()


class Exercise:
    """One practice block for one person. `value` is what is kept, `is_new` whether it has just changed."""

    own_template = ""

    def __init__(
        self, block: dict[str, Any], kept: Value | None, sent: QueryDict | None, *, number: int | None
    ):
        self.block = block
        self.value = kept
        self.sent = sent
        self.number = number  # of the kept answer, where it is a row
        self.is_new = False

    @property
    def id(self) -> str:
        return self.block["id"]

    @property
    def is_kept(self) -> bool:
        return is_answered(self.block, self.value)

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


class OneField(Exercise):
    """A practice whose form has a single field."""

    def field(self):
        raise NotImplementedError

    def initial(self) -> Any:
        return None

    @cached_property
    def form(self) -> PlainForm:
        form_class = type(
            "AnswerForm", (PlainForm,), {"once": None, "mark_optional": False, "answer": self.field()}
        )
        return form_class(data=self.sent, prefix=self.id, initial={"answer": self.initial()})

    @property
    def drawn(self) -> SafeString:
        """The field with the answer there is. Its words are drawn once; what was sent is drawn with what is amiss."""
        if self.sent is not None:
            return self.form["answer"].as_field_group()
        kept_as = self.block.get("kept_as")
        if kept_as is None:
            return fill(GAP.split(self._without_answer()), self._fill)
        return fill(drawn_once(f"{kept_as}:field:{get_language()}", self._without_answer), self._fill)

    def _without_answer(self) -> str:
        """The field with a gap for each place where the answer goes."""
        empty = type(self)(self.block, None, None, number=None)
        html = str(empty.form["answer"].as_field_group())
        for value, _text in empty.form.fields["answer"].choices:
            box = format_html(' value="{}"', value)
            html = html.replace(box, box + gap("checked", value), 1)
        return html

    def _fill(self, kind: str, value: str) -> str:
        answer = self.initial()
        answers = answer if isinstance(answer, list) else [answer]
        return " checked" if value in [str(one) for one in answers if one is not None] else ""

    def read(self, pressed: Pressed) -> None:
        name = self.form.add_prefix("answer")
        if self.form.is_valid():
            value = self.answer(self.form.cleaned_data["answer"], bool(self.sent and self.sent.get(name)))
            if value is not None:
                self._keep(value)

    def answer(self, cleaned: Any, was_given: bool) -> Value | None:
        raise NotImplementedError


class ReflectionExercise(OneField):
    def field(self):
        return LongTextField(
            label=self.block["prompt"],
            help_text=self.block["help"],
            name=_("what you wrote"),
            max_length=LONGEST_REFLECTION,
            required=False,
            rows=4,
        )

    def initial(self) -> str:
        return (self.value or {}).get("text", "")

    def _without_answer(self) -> str:
        empty = type(self)(self.block, {"text": gap("text")}, None, number=None)
        return str(empty.form["answer"].as_field_group())

    def _fill(self, kind: str, value: str) -> str:
        return escape(self.initial())

    def answer(self, cleaned: str, was_given: bool) -> Value | None:
        return {"text": cleaned} if cleaned or self.value is not None else None


class ChoiceExercise(OneField):
    def field(self):
        field = ChoiceList if self.block["multiple"] else ChoiceRadios
        choices = [(option["id"], option["text"]) for option in self.block["options"]]
        return field(label=self.block["question"], name=_("an answer"), choices=choices, required=False)

    def initial(self) -> Any:
        chosen = (self.value or {}).get("chosen", [])
        return chosen if self.block["multiple"] else (chosen or [None])[0]

    def answer(self, cleaned: Any, was_given: bool) -> Value | None:
        chosen = cleaned if self.block["multiple"] else [cleaned] if cleaned else []
        return {"chosen": chosen} if chosen or self.value is not None else None

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
    def field(self):
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


class PracticeExercise(Exercise):
    """A real tool's form. Half of it is kept too, so that nobody has to begin again."""

    @property
    def practice(self):
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

    def _forget_errors(self) -> None:
        """A form that is not finished yet is no mistake, until somebody says that it is finished."""
        self.sent = None
        del self.form


def _storable(text: str) -> str:
    """Without what no database keeps in JSON: the form says what was amiss with it."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


class ConsultationExercise(Exercise):
    """A path through a dialogue. `path` is where one is now, `ended` whether an ending was ever reached."""

    @property
    def path(self) -> list[list[str]]:
        return list((self.value or {}).get("path", []))

    @cached_property
    def steps(self) -> list[Step]:
        return walk(self.block["start"], self.block["nodes"], self.path)

    @property
    def here(self) -> Node:
        return self.steps[-1].reply if self.steps else self.block["nodes"][self.block["start"]]

    @property
    def last(self) -> Step | None:
        return self.steps[-1] if self.steps else None

    @property
    def back_to(self) -> int:
        """How long the path is after one step back."""
        return max(len(self.steps) - 1, 0)

    @property
    def choices(self) -> list[dict[str, Any]]:
        """What can be said here, and whether it was tried before."""
        tried = (self.value or {}).get("tried", [])
        return [
            {"choice": choice, "tried": f"{self.here.id}/{choice.id}" in tried}
            for choice in self.here.choices
        ]

    def read(self, pressed: Pressed) -> None:
        if pressed.block_id != self.id:
            return
        held = [[step.heard.id, step.said.id] for step in self.steps]
        if pressed.action == "say":
            self._say(held, *pressed.detail.partition("/")[::2])
        elif pressed.action == "back" and pressed.detail.isdecimal() and len(pressed.detail) < 4:
            self._go(held[: int(pressed.detail)])

    def _say(self, held: list[list[str]], node_id: str, choice_id: str) -> None:
        """Say it, if this is where the learner stands: the same press twice says it once."""
        known = any(choice.id == choice_id for choice in self.here.choices)
        if self.here.id == node_id and known and len(held) < LONGEST_PATH:
            self._go([*held, [node_id, choice_id]], tried=f"{node_id}/{choice_id}")

    def _go(self, path: list[list[str]], tried: str = "") -> None:
        before = self.value or {}
        have_tried = list(before.get("tried", []))
        if tried and tried not in have_tried:
            have_tried.append(tried)
        steps = walk(self.block["start"], self.block["nodes"], path)
        ended = bool(before.get("ended")) or bool(steps and steps[-1].reply.ending)
        self._keep({"path": path, "tried": have_tried, "ended": ended})
        del self.steps


KINDS = {
    "reflection": ReflectionExercise,
    "choice": ChoiceExercise,
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
    if value is None:
        return False
    checks = {
        "reflection": lambda: bool(value.get("text")),
        "choice": lambda: bool(value.get("chosen")),
        "ruler": lambda: "number" in value,
        "practice": lambda: value.get("answer") is not None,
        "consultation": lambda: bool(value.get("ended")),
    }
    return checks[block["type"]]()
