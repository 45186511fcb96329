"""A dialogue in which one says something and sees what it does."""

from typing import Any

from django.utils.functional import cached_property

from courses.consultations import Node, Step, walk
from courses.exercises.base import Exercise, Pressed, Value

LONGEST_PATH = 100


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

    @classmethod
    def is_answered(cls, block: dict[str, Any], value: Value) -> bool:
        return bool(value.get("ended"))

    @classmethod
    def in_words(cls, block: dict[str, Any], value: Value) -> str:
        steps = walk(block["start"], block["nodes"], value.get("path", []))
        return "\n".join(step.said.say for step in steps)

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
