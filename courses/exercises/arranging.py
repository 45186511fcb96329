"""Sorting lines into groups, and putting lines in order: by keyboard or one press each, dragging only on top of that."""

import hashlib
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from courses.exercises.base import Exercise, FieldsExercise, Pressed, Value
from lms.ui.fields import ChoiceRadios

Line = dict[str, Any]


def shuffled(block_id: str, lines: list[Line]) -> list[Line]:
    """The lines as if by chance, and the same for everybody, every time; a line that is added moves no other."""
    mixed = sorted(lines, key=lambda line: hashlib.sha256(f"{block_id}{line['id']}".encode()).digest())
    return [*mixed[1:], mixed[0]] if len(mixed) > 1 and mixed == lines else mixed


class SortExercise(FieldsExercise):
    """Each line has radio buttons for the groups. `value`: {"items": {line's id: group's id}}."""

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of all groups, mixed; each knows the group where it fits."""
        groups = self.block["groups"]
        return shuffled(
            self.id, [line | {"group": group["id"]} for group in groups for line in group["items"]]
        )

    def fields(self) -> dict[str, Any]:
        choices = [(group["id"], group["name"]) for group in self.block["groups"]]
        return {
            line["id"]: ChoiceRadios(
                label=line["text"], name=_("a group"), choices=choices, required=False, inline=True
            )
            for line in self.lines
        }

    def initials(self) -> dict[str, Any]:
        return _placed(self.block, self.value)

    def read(self, pressed: Pressed) -> None:
        if not self.form.is_valid():
            return
        # A radio button cannot be let go of: a line that was not sent stays where it was.
        sent = {id: group for id, group in self.form.cleaned_data.items() if group}
        placed = self.initials() | sent
        if placed or self.value is not None:
            self._keep({"items": placed})

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each line with its buttons; where it was put somewhere, whether it fits there."""
        placed = _placed(self.block, self.value)
        rows = []
        for line in self.lines:
            group = placed.get(line["id"])
            rows.append(
                {
                    "line": line,
                    "drawn": self.draw(line["id"]),
                    "is_placed": group is not None,
                    "fits": group == line["group"],
                }
            )
        return rows

    @classmethod
    def is_answered(cls, block: dict[str, Any], value: Value) -> bool:
        """Every line that is there now lies in a group."""
        placed = _placed(block, value)
        return bool(placed) and all(
            line["id"] in placed for group in block["groups"] for line in group["items"]
        )

    @classmethod
    def in_words(cls, block: dict[str, Any], value: Value) -> str:
        placed = _placed(block, value)
        names = {group["id"]: group["name"] for group in block["groups"]}
        lines = [line for group in block["groups"] for line in group["items"] if line["id"] in placed]
        return "\n".join(f"{line['text']}: {names[placed[line['id']]]}" for line in lines)

    @classmethod
    def helps_most(cls, block: dict[str, Any], value: Value) -> tuple[int, int]:
        placed = _placed(block, value)
        fits = [placed.get(line["id"]) == group["id"] for group in block["groups"] for line in group["items"]]
        return sum(fits), len(fits)


def _placed(block: dict[str, Any], value: Value | None) -> dict[str, str]:
    """Which line lies in which group, of those lines and groups that are still there."""
    kept = (value or {}).get("items", {})
    groups = {group["id"] for group in block["groups"]}
    lines = {line["id"] for group in block["groups"] for line in group["items"]}
    return {line: group for line, group in kept.items() if line in lines and group in groups}


class OrderExercise(Exercise):
    """Lines with an Up and a Down each. `value`: {"order": lines' ids, "settled": whether it was ever said to be done}.

    Each press without script is a page of its own and is kept; what nobody touched is no answer.
    """

    @cached_property
    def lines(self) -> list[Line]:
        """The lines as they lie now."""
        return self._lying(_known(self.block, (self.value or {}).get("order", [])))

    def _lying(self, order: list[str]) -> list[Line]:
        """In this order; a line that is not in it comes after them, in its place among the mixed ones."""
        by_id = {line["id"]: line for line in self.block["items"]}
        rest = [line for line in shuffled(self.id, self.block["items"]) if line["id"] not in order]
        return [by_id[id] for id in order] + rest

    def read(self, pressed: Pressed) -> None:
        if self.sent is None:
            return
        before = [line["id"] for line in self.lines]
        sent = _known(self.block, self.sent.getlist(f"{self.id}-order")[: len(before)])
        order = [line["id"] for line in self._lying(sent)] if sent else before
        is_mine = pressed.block_id == self.id
        if is_mine and pressed.action == "move":
            order = _moved(order, *pressed.detail.partition("/")[::2])
        is_settled = bool((self.value or {}).get("settled"))
        was_touched = self.value is not None or order != before
        settles = (is_mine and pressed.action == "save") or (pressed.action == "done" and was_touched)
        if settles or order != before:
            self._keep({"order": order, "settled": is_settled or settles})
            self.__dict__.pop("lines", None)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each line with its place; once the order was said to be done, whether it could come sooner or later."""
        is_kept = self.is_kept
        places = {line["id"]: place for place, line in enumerate(self.block["items"])}
        last = len(self.lines) - 1
        return [
            {
                "line": line,
                "is_first": place == 0,
                "is_last": place == last,
                "fits": is_kept and places[line["id"]] == place,
                "earlier": is_kept and places[line["id"]] < place,
                "later": is_kept and places[line["id"]] > place,
            }
            for place, line in enumerate(self.lines)
        ]

    @property
    def all_fit(self) -> bool:
        return self.is_kept and self.lines == self.block["items"]

    @classmethod
    def is_answered(cls, block: dict[str, Any], value: Value) -> bool:
        return bool(value.get("settled"))

    @classmethod
    def in_words(cls, block: dict[str, Any], value: Value) -> str:
        texts = {line["id"]: line["text"] for line in block["items"]}
        order = _known(block, value.get("order", []))
        return "\n".join(f"{place}. {texts[id]}" for place, id in enumerate(order, start=1))

    @classmethod
    def helps_most(cls, block: dict[str, Any], value: Value) -> tuple[int, int]:
        """How many lines lie where they help most. A line that was added later is looked at once it was put somewhere."""
        order = _known(block, value.get("order", [])) if value.get("settled") else []
        right = [line["id"] for line in block["items"] if line["id"] in order]
        return sum(here == there for here, there in zip(order, right, strict=True)), len(block["items"])


def _known(block: dict[str, Any], order: list[str]) -> list[str]:
    """The order without what is no longer there, and each line once."""
    there = {line["id"] for line in block["items"]}
    return [id for id in dict.fromkeys(order) if id in there]


def _moved(order: list[str], line_id: str, way: str) -> list[str]:
    """One line one place up or down; where it cannot go nothing moves."""
    if line_id not in order or way not in ("up", "down"):
        return order
    here = order.index(line_id)
    there = here - 1 if way == "up" else here + 1
    if not 0 <= there < len(order):
        return order
    moved = list(order)
    moved[here], moved[there] = moved[there], moved[here]
    return moved
