"""CPU, time, queries and bytes of one request, taken in the process that answers it."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass
class Samples:
    """What was measured of one row."""

    name: str
    cpu_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)
    queries: int | None = None
    bytes: int | None = None

    def robust_cpu(self) -> float:
        return interquartile_mean(self.cpu_ms)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.wall_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def interquartile_mean(values: list[float]) -> float:
    """The mean of the middle half: a neighbour's burst or a collection of garbage does not move it."""
    ordered = sorted(values)
    cut = len(ordered) // 4
    return statistics.fmean(ordered[cut : len(ordered) - cut])


class Meter:
    """CPU of this process, and of the database's process where it has one (SQLite works inside ours)."""

    def __init__(self) -> None:
        self.database_pid = _database_pid()

    def cpu_ms(self) -> float:
        own = time.process_time_ns() / 1e6
        return own + (process_cpu_ms(self.database_pid) if self.database_pid else 0.0)

    def measure(self, samples: Samples, act: Callable[[], object]) -> None:
        cpu, wall = self.cpu_ms(), time.perf_counter_ns()
        answer = act()
        took = (time.perf_counter_ns() - wall) / 1e6
        samples.cpu_ms.append(self.cpu_ms() - cpu)
        samples.wall_ms.append(took)
        content = getattr(answer, "content", None)
        if content is not None:
            samples.bytes = len(content)

    def count_queries(self, samples: Samples, act: Callable[[], object]) -> None:
        with CaptureQueriesContext(connection) as seen:
            act()
        samples.queries = len(seen)


def _database_pid() -> int | None:
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    if not Path(f"/proc/{pid}/stat").exists():
        raise SystemExit("The database runs on another machine, so its CPU cannot be measured.")
    return pid


def process_cpu_ms(pid: int) -> float:
    """CPU a process has used: to the nanosecond where the kernel says so, else in ticks of 10 ms."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    except OSError:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 10.0


def rss_mb() -> float:
    """Memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * 4096 / 1e6, 1)
