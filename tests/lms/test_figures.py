"""What was measured is written down: also when it falls short, and the newest stands."""

import json

import pytest

from tests.figures import clears, table


@pytest.mark.parametrize(
    ("value", "bar", "answer"),
    [
        (0, "= 0", True),
        (1, "= 0", False),
        (9.9, "< 10", True),
        (10, "< 10", False),
        (500, "≥ 500", True),
        (3, "", True),
    ],
)
def test_a_value_is_held_against_its_bar(value, bar, answer):
    assert clears(value, bar) is answer


def test_a_bar_that_nobody_can_read_is_a_mistake():
    with pytest.raises(AttributeError):
        clears(0, "about nothing")


def test_the_newest_figure_stands_also_when_it_falls_short(request, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    measured = request.getfixturevalue("figure")

    measured("things lost", 0, "things", bar="= 0", database="sqlite")
    with pytest.raises(AssertionError, match="things lost: 2 things, and the bar is = 0"):
        measured("things lost", 2, "things", bar="= 0", database="sqlite")
    measured("things lost", 1, "things", bar="≤ 1", database="postgresql")

    assert written(settings) == [("things lost", "postgresql", 1, True), ("things lost", "sqlite", 2, False)]


def test_the_table_says_what_does_not_hold():
    row = {
        "name": "last seats: oversold",
        "database": "sqlite",
        "figure": 3,
        "unit": "places",
        "bar": "= 0",
        "holds": False,
        "note": "200 rounds",
        "command": "./dev drill tests/drills/test_seats.py",
        "when": "2026-11-22",
    }

    last = table([row]).splitlines()[-1]

    assert last == (
        "| last seats: oversold (200 rounds) | sqlite | 3 places | = 0 | **no** |"
        " `./dev drill tests/drills/test_seats.py` | 2026-11-22 |"
    )


def written(settings) -> list[tuple]:
    rows = json.loads((settings.VAR_DIR / "figures.json").read_text())
    return [(row["name"], row["database"], row["figure"], row["holds"]) for row in rows]
