"""One run: every row in turn, the unit among them, again and again."""

import random
from collections.abc import Callable
from typing import Any

from django.db import connection

from bench.first_visit import first_visit_bytes
from bench.meter import Meter, Samples, rss_mb
from bench.report import make_report
from bench.rows import Row, rows, unit_row
from bench.stage import set_stage

WARM = 5


def run(*, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure; the answer is the report. Each round asks for each row once, in an order drawn anew."""
    stage = set_stage(acts=rounds + WARM + 1)
    unit = unit_row(stage)
    everything = [unit, *rows(stage)]
    meter = Meter()
    samples = {row.name: Samples(row.name) for row in everything}
    say(f"Warming up, then {rounds} rounds of {len(everything)} rows")
    for number in range(WARM):
        for row in everything:
            if number % row.every == 0:
                _do(row, number, lambda act: act())
    for row in everything:
        _do(row, WARM, lambda act, row=row: meter.count_queries(samples[row.name], act))
    order = random.Random(1)
    for number in range(WARM + 1, WARM + 1 + rounds):
        order.shuffle(everything)
        for row in everything:
            if (number - WARM - 1) % row.every:
                continue
            _do(row, number, lambda act, row=row: meter.measure(samples[row.name], act))
    return make_report(
        unit=samples.pop("unit"),
        rows=list(samples.values()),
        database=database(),
        rss=rss_mb(),
        first_visit=first_visit_bytes(),
    )


def _do(row: Row, number: int, measured: Callable[[Callable[[], object]], object]) -> None:
    """Prepare, do it inside `measured`, put back, and make sure that it was answered as it must be."""
    answers = []
    row.before(number)
    try:

        def act():
            answers.append(row.act(number))
            return answers[0]

        measured(act)
    finally:
        row.after()
    if answers[0].status_code != row.expect:
        raise SystemExit(
            f"{row.name}: answered {answers[0].status_code} and not {row.expect}, so it is not measured."
        )


def database() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}"
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"
