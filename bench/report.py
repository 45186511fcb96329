"""The figures: as JSON for whoever keeps them, and as a table with the bars beside them."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.meter import Samples


@dataclass(frozen=True)
class Bar:
    """What a row must not be above."""

    ratio: float | None = None
    queries: int | None = None
    cpu_ms: float | None = None


BARS = {
    "curriculum": Bar(ratio=0.6, queries=6),
    "curriculum_12": Bar(ratio=0.6, queries=6),
    "curriculum_120": Bar(ratio=0.6, queries=6),
    "lesson": Bar(ratio=0.8, queries=8),
    "lesson_30_blocks": Bar(ratio=0.6, queries=6),
    "answer": Bar(ratio=0.5),
    "complete_lesson": Bar(ratio=0.5),
    "complete_lesson_120": Bar(ratio=0.5),
    "dashboard": Bar(ratio=0.8, queries=8),
    "certificate_pdf": Bar(cpu_ms=100),
    "report_first_page_10k": Bar(ratio=3),
    "report_csv_10k": Bar(cpu_ms=4000),
}
FIRST_VISIT_BAR = 200_000


def make_report(
    *, unit: Samples, rows: list[Samples], database: str, rss: float, first_visit: int
) -> dict[str, Any]:
    unit_cpu = unit.robust_cpu()
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "database": database,
        "unit_cpu_ms": round(unit_cpu, 3),
        "first_visit_bytes": first_visit,
        "rows": [
            {
                "name": row.name,
                "cpu_ratio": round(row.robust_cpu() / unit_cpu, 3),
                "cpu_ms": round(row.robust_cpu(), 3),
                "p50_ms": round(row.percentile(0.50), 3),
                "p95_ms": round(row.percentile(0.95), 3),
                "queries": row.queries,
                "bytes": row.bytes,
                "rss_mb": rss,
                "n": len(row.cpu_ms),
            }
            for row in rows
        ],
    }


def machine() -> str:
    model = ""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{model or platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}"


def missed(report: dict[str, Any]) -> list[str]:
    """Sentences that name each bar that was not met."""
    said = []
    for row in report["rows"]:
        bar = BARS.get(row["name"], Bar())
        for value, most, what in (
            (row["cpu_ratio"], bar.ratio, "of the unit"),
            (row["queries"], bar.queries, "queries"),
            (row["cpu_ms"], bar.cpu_ms, "ms of CPU"),
        ):
            if most is not None and value is not None and value > most:
                said.append(f"{row['name']}: {value:g} {what}, and the bar is {most:g}")
    if report["first_visit_bytes"] > FIRST_VISIT_BAR:
        said.append(f"first visit: {report['first_visit_bytes']:,} bytes, and the bar is {FIRST_VISIT_BAR:,}")
    return said


def table(report: dict[str, Any]) -> str:
    lines = [
        f"{report['machine']}; {report['database']}",
        f"unit: a bare Wagtail page, signed in, as deep in the tree as a lesson: {report['unit_cpu_ms']:.2f} ms of CPU",
        "",
        f"{'row':<20}{'ratio':>7}{'cpu ms':>9}{'p50 ms':>9}{'p95 ms':>9}{'queries':>9}{'bytes':>9}{'n':>6}  bar",
    ]
    for row in report["rows"]:
        queries = "" if row["queries"] is None else row["queries"]
        size = "" if row["bytes"] is None else row["bytes"]
        lines.append(
            f"{row['name']:<20}{row['cpu_ratio']:>7.2f}{row['cpu_ms']:>9.2f}{row['p50_ms']:>9.2f}"
            f"{row['p95_ms']:>9.2f}{queries:>9}{size:>9}{row['n']:>6}  {_bar_words(row['name'])}".rstrip()
        )
    lines += [
        "",
        f"first visit, home page with its styles, scripts and fonts: {report['first_visit_bytes']:,} bytes"
        f" (bar {FIRST_VISIT_BAR:,})",
        "",
        *(f"NOT MET  {sentence}" for sentence in missed(report)),
    ]
    if not missed(report):
        lines.append("Every bar is met.")
    return "\n".join(lines)


def _bar_words(name: str) -> str:
    bar = BARS.get(name, Bar())
    words = []
    if bar.ratio is not None:
        words.append(f"ratio <= {bar.ratio:g}")
    if bar.queries is not None:
        words.append(f"queries <= {bar.queries}")
    if bar.cpu_ms is not None:
        words.append(f"cpu <= {bar.cpu_ms:g} ms")
    return ", ".join(words)
