"""What the assurance papers say is held to what exists: no requirement is left out, no test is named that is not there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAPERS = sorted((ROOT / "docs/assurance").glob("*.md"))
ANSWERS = {"met", "not here", "site", "open"}

# ASVS 5.0.0, levels 1 and 2: chapter and section, and the numbers of its requirements.
REQUIREMENTS = """
1.1: 1 2
1.2: 1 2 3 4 5 6 7 8 9
1.3: 1 2 3 4 5 6 7 8 9 10 11
1.4: 1 2 3
1.5: 1 2
2.1: 1 2 3
2.2: 1 2 3
2.3: 1 2 3 4
2.4: 1
3.2: 1 2
3.3: 1 2 3 4
3.4: 1 2 3 4 5 6
3.5: 1 2 3 4 5
3.7: 1 2
4.1: 1 2 3
4.2: 1
4.3: 1 2
4.4: 1 2 3 4
5.1: 1
5.2: 1 2 3
5.3: 1 2
5.4: 1 2 3
6.1: 1 2 3
6.2: 1 2 3 4 5 6 7 8 9 10 11 12
6.3: 1 2 3 4
6.4: 1 2 3 4
6.5: 1 2 3 4 5
6.6: 1 2 3
6.8: 1 2 3 4
7.1: 1 2 3
7.2: 1 2 3 4
7.3: 1 2
7.4: 1 2 3 4 5
7.5: 1 2
7.6: 1 2
8.1: 1 2
8.2: 1 2 3
8.3: 1
8.4: 1
9.1: 1 2 3
9.2: 1 2 3 4
10.1: 1 2
10.2: 1 2
10.3: 1 2 3 4
10.4: 1 2 3 4 5 6 7 8 9 10 11
10.5: 1 2 3 4 5
10.6: 1 2
10.7: 1 2 3
11.1: 1 2
11.2: 1 2 3
11.3: 1 2 3
11.4: 1 2 3 4
11.5: 1
11.6: 1
12.1: 1 2 3
12.2: 1 2
12.3: 1 2 3 4
13.1: 1
13.2: 1 2 3 4 5
13.3: 1 2
13.4: 1 2 3 4 5
14.1: 1 2
14.2: 1 2 3 4
14.3: 1 2 3
15.1: 1 2 3
15.2: 1 2 3
15.3: 1 2 3 4 5 6 7
16.1: 1
16.2: 1 2 3 4 5
16.3: 1 2 3 4
16.4: 1 2 3
16.5: 1 2 3
17.1: 1
17.2: 1 2 3 4
17.3: 1 2
"""


def wanted() -> list[str]:
    lines = [line.split(": ") for line in REQUIREMENTS.split("\n") if line]
    return [f"{section}.{number}" for section, numbers in lines for number in numbers.split()]


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if re.match(r"\| \d+\.\d+\.\d+ \|", line)
    ]


@cache
def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def missing(text: str) -> list[str]:
    """What the paper names in backquotes, as a file or a test of ours, and is not there."""
    faults = []
    for named in re.findall(r"`([^`\n]+)`", text):
        path, _, test = named.partition("::")
        if not re.match(
            r"(tests|docs|lms|courses|workshops|coaching|templates|static|bench)/|requirements", path
        ):
            continue
        if not (ROOT / path).exists() or (test and test not in names_in(ROOT / path)):
            faults.append(named)
    return faults


def test_the_table_answers_every_requirement_once():
    found = rows((ROOT / "docs/assurance/asvs.md").read_text(encoding="utf-8"))

    assert len(wanted()) == 253
    assert [row[0] for row in found] == wanted()
    assert {row[2] for row in found} <= ANSWERS


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_a_paper_names_only_what_is_there(paper):
    assert missing(paper.read_text(encoding="utf-8")) == []


def test_a_name_that_is_not_there_would_be_found():
    there = "`tests/lms/test_doors.py::test_the_table_names_every_door_and_no_other`"

    assert missing(there) == []
    assert missing(there.replace("every_door", "some_doors")) != []
    assert missing("`tests/lms/test_of_nothing.py`") == ["tests/lms/test_of_nothing.py"]
