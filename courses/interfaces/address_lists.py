"""Reads a list of people to put on a course: a CSV file with a header. Looks at the whole file before anything is done.

The first line names the columns: `email`, and if wanted `course` and `name`. Names may stand there for whoever keeps the
file; they are not read. Commas and semicolons both part the columns, as spreadsheet programs write them.
"""

import csv
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.errors import RuleBroken

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 10_000
LONGEST_CELL = 1000
EMAIL = {"email", "e-mail", "email address", "address"}
COURSE = {"course", "curriculum", "programme", "program"}


@dataclass(frozen=True)
class Line:
    """One person of the file. `number` is the line as a spreadsheet counts; `course` may be empty."""

    number: int
    email: str
    course: str


def read_address_list(content: bytes) -> list[Line]:
    """The people in the file, in its order; empty lines are passed over.

    Refuses a file that is no text in UTF-8, has no column of addresses, is no table, is empty, or is too long. Whether
    an address is one is not asked here: one wrong line does not stop the others.
    """
    if len(content) > MOST_BYTES:
        raise RuleBroken(_("This file is too big. Split it into files of 10,000 lines or fewer."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RuleBroken(
            _("This file is not in a form we can read. Save it as “CSV UTF-8”, and choose the new file.")
        ) from None
    if "\x00" in text:
        raise RuleBroken(_("This is not a CSV file. Save your table as “CSV UTF-8”, and choose that."))
    rows = _rows(text)
    if not rows:
        raise RuleBroken(_("This file is empty. Choose another one."))
    names = [name.strip().lower() for name in rows[0][1]]
    at = next((place for place, name in enumerate(names) if name in EMAIL), None)
    course_at = next((place for place, name in enumerate(names) if name in COURSE), None)
    if at is None:
        raise RuleBroken(
            _("The first line has to name the columns, and one of them has to be called “email”.")
        )
    lines = [Line(number, _cell(row, at).lower(), _cell(row, course_at)) for number, row in rows[1:]]
    if not lines:
        raise RuleBroken(_("There is nobody in this file: below the first line it is empty."))
    if len(lines) > MOST_LINES:
        message = ngettext(
            "There is %(lines)d line too many. Split the file: each may have 10,000 lines.",
            "There are %(lines)d lines too many. Split the file: each may have 10,000 lines.",
            len(lines) - MOST_LINES,
        )
        raise RuleBroken(message % {"lines": len(lines) - MOST_LINES})
    return lines


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The lines that hold something, each with its number."""
    header = text.lstrip("\r\n").partition("\n")[0]
    separator = max(",;\t", key=header.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    found = []
    try:
        for number, row in enumerate(reader, start=1):
            if any(len(cell) > LONGEST_CELL for cell in row):
                raise RuleBroken(
                    _("Line %(number)d has a cell that is too long. Mend it, and choose the file again.")
                    % {"number": number}
                )
            if any(cell.strip() for cell in row):
                found.append((number, row))
    except csv.Error:
        raise RuleBroken(
            _("Line %(number)d cannot be read: check its quotation marks.") % {"number": reader.line_num}
        ) from None
    return found


def _cell(row: list[str], at: int | None) -> str:
    return row[at].strip() if at is not None and at < len(row) else ""
