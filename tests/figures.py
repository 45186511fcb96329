"""The figures that show how safe the site is: written down by the tests that measure them.

A test asks for the fixture and says what it measured, and the bar it has to clear:

    def test_last_seats(figure, …):
        figure("last seats: oversold", oversold, "places", bar="= 0", note="200 rounds, 4 processes")

A drill's figure goes to docs/assurance/figures.json, and the table figures.md beside it is made again from that; a short test's
goes to figures.json in the run's own folder. One row a name and database: the newest stands. The row is written first and the
bar held up afterwards, so a figure that falls short is in the table too, and says so.
"""

import fcntl
import json
import operator
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "docs/assurance/figures.json"

COMPARE = {
    "=": operator.eq,
    "≤": operator.le,
    "<": operator.lt,
    "≥": operator.ge,
    ">": operator.gt,
}
BAR = re.compile(r"^(=|≤|<|≥|>) (\d+(?:\.\d+)?)$")


@pytest.fixture
def figure(request):
    """`figure(name, value, unit, bar="= 0", database=None, command="", note="")`.

    `bar`: one of = ≤ < ≥ > and a number, or "" where there is none. `database`: "sqlite" or "postgresql" (the one of this run,
    unless said), or "" where the figure does not hang on one. `command`: what gives the figure again, unless it is this test.
    """
    is_drill = request.node.get_closest_marker("drill") is not None
    file = KEPT if is_drill else Path(settings.VAR_DIR) / "figures.json"
    again = f"./dev {'drill' if is_drill else 'test'} {request.node.nodeid.split('[')[0]}"

    def record(name, value, unit, *, bar="", database=None, command="", note=""):
        row = {
            "name": name,
            "database": connection.vendor if database is None else database,
            "figure": value,
            "unit": unit,
            "bar": bar,
            "holds": clears(value, bar),
            "note": note,
            "command": command or again,
            "when": datetime.now(UTC).strftime("%Y-%m-%d"),
        }
        keep(row, file)
        assert row["holds"], f"{name}: {value} {unit}, and the bar is {bar}"

    return record


def clears(value: float, bar: str) -> bool:
    """Whether the value clears the bar; a bar that cannot be read is a mistake in the test."""
    if not bar:
        return True
    sign, number = BAR.match(bar).groups()
    return COMPARE[sign](value, float(number))


def keep(row: dict, file: Path) -> None:
    """Put the row into the file in place of the older one; several processes may do so at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Path(settings.VAR_DIR).mkdir(parents=True, exist_ok=True)
    with (Path(settings.VAR_DIR) / "figures.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        rows = json.loads(file.read_text()) if file.exists() else []
        others = [old for old in rows if (old["name"], old["database"]) != (row["name"], row["database"])]
        rows = sorted([*others, row], key=lambda each: (each["name"], each["database"]))
        _write(file, json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
        if file == KEPT:
            _write(file.with_suffix(".md"), table(rows))


def table(rows: list[dict]) -> str:
    """The rows as a page to read."""
    lines = [
        "# The figures of the long safety runs",
        "",
        "Written by `./dev drill` from what it measured; `figures.json` beside this page has the same for programs.",
        "",
        "| what | database | figure | bar | holds | measured with | on |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        what = row["name"] + (f" ({row['note']})" if row["note"] else "")
        cells = [
            what,
            row["database"] or "either",
            f"{row['figure']:,} {row['unit']}".strip(),
            row["bar"] or "none set",
            "yes" if row["holds"] else "**no**",
            f"`{row['command']}`",
            row["when"],
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _write(file: Path, text: str) -> None:
    half = file.with_suffix(f".{os.getpid()}")
    half.write_text(text)
    half.replace(file)
