"""docs/curricula.md says what the files hold."""

from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from courses.curricula_table import curricula_table
from courses.services.loading import CONTENT
from tests.curricula.test_planted_faults import FIRST, copy_two_modules

WHERE = Path(settings.BASE_DIR) / "docs" / "curricula.md"


def test_the_page_is_true():
    printed = StringIO()
    call_command("print_curricula", stdout=printed)

    assert WHERE.read_text(encoding="utf-8") == printed.getvalue(), (
        "Write it again: ./dev manage print_curricula > docs/curricula.md"
    )


def test_a_word_more_changes_the_page(tmp_path):
    folder = copy_two_modules(tmp_path / "content")
    before = curricula_table(folder)
    file = folder / FIRST.split("/")[0] / "01-living-with-a-condition.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("## ", "## And ", 1), encoding="utf-8")

    after = curricula_table(folder)

    assert after != before
    assert len(after.splitlines()) == len(before.splitlines())


def test_it_counts_every_module_once():
    rows = [
        line
        for line in curricula_table(CONTENT).splitlines()
        if " | Patients | " in line or " | Professionals | " in line
    ]

    assert [row.split(" | ")[0] for row in rows] == [
        f"| {number}" for number in range(1, 9) for _ in range(2)
    ]
