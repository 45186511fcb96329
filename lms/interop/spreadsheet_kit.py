"""Writes tables that are safe to open: CSV and XLSX. Knows no app: it takes plain values and gives bytes.

A spreadsheet program takes words that begin with certain signs for a formula, and a formula can send what stands beside it
elsewhere or start a program. A person may type such words anywhere. Here words stay words: they get an apostrophe in front, which
the programs show or hide but never run. Numbers and days stay what they are.

Source: OWASP, "CSV Injection".
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

# Also after spaces, and in the full-width forms that some programs read as the same signs.
BEGINS_A_FORMULA = re.compile(r"^[\s\ufeff\u200b]*[=+\-@＝＋－＠|%]|^[\t\r\n]")
NOT_FOR_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767  # of Excel


def harmless(value: Any) -> Any:
    """The value as it may stand in a cell. Only words change; signs that no cell can hold are left out."""
    if not isinstance(value, str):
        return value
    value = NOT_FOR_XML.sub("", value)
    return f"'{value}" if BEGINS_A_FORMULA.match(value) else value


def safe_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """The rows as CSV in UTF-8 with the mark that Excel needs to see that it is. True and false become yes and no."""
    return b"".join(csv_parts([rows]))


def csv_parts(parts: Iterable[Iterable[Sequence[Any]]]) -> Iterator[bytes]:
    """As `safe_csv`, part by part, for a table that is sent while it is made."""
    mark = b"\xef\xbb\xbf"
    for rows in parts:
        text = StringIO()
        csv.writer(text).writerows([_as_words(value) for value in row] for row in rows)
        yield mark + text.getvalue().encode("utf-8", "replace")
        mark = b""


def safe_xlsx(rows: Iterable[Sequence[Any]], *, title: str = "Sheet1") -> bytes:
    """The rows as one sheet. Every word is kept as a word: the file has no formula in it."""
    from openpyxl import Workbook  # slow to import, and seldom needed
    from openpyxl.cell import WriteOnlyCell

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title=re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Sheet1")
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet)
            plain = _as_cell(value)
            cell.value = plain
            if isinstance(plain, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()


def _as_words(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return value
    return harmless(str(value))


def _as_cell(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    if value is None or isinstance(value, bool | int | float | Decimal | datetime | date | time):
        return value
    return harmless(str(value))[:LONGEST_CELL]
