"""The drawings that come with the software: one file each among the static files, known by its name."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

WHERE = "images/courses"
SIZE = re.compile(r'<svg[^>]* viewBox="0 0 (\d{2,4}) (\d{2,4})"')


@dataclass(frozen=True)
class DrawingFile:
    """A drawing: its name, where it lies below the static files, and its size in dots."""

    name: str
    path: str
    width: int
    height: int


@cache
def drawings() -> dict[str, DrawingFile]:
    """All of them, by name. One without a size in its first words would make the page jump, so it is none."""
    found = {}
    for file in sorted((Path(settings.BASE_DIR) / "static" / WHERE).glob("*.svg")):
        size = SIZE.search(file.read_text(encoding="utf-8"))
        if size:
            found[file.stem] = DrawingFile(file.stem, f"{WHERE}/{file.name}", int(size[1]), int(size[2]))
    return found


def drawing_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("-", " ").capitalize()) for name in drawings()]
