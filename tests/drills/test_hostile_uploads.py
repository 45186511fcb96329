"""Every hostile file through every door it could come by, each in a process of its own with its time and memory measured."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.figures import figure  # noqa: F401

BAR_SECONDS, BAR_MEGABYTES = 5, 300


@pytest.mark.drill
def test_hostile_files_are_refused_fast_and_in_little_memory(figure, tmp_path):  # noqa: F811
    rows = probed(tmp_path)
    hostile = [row for row in rows if row["kind"] != "good"]
    good = [row for row in rows if row["kind"] == "good"]
    doors = {"picture": 3, "paper": 3, "zip": 1, "recording": 1, "captions": 1}

    taken = [row for row in hostile if len([said for said in row["said"] if said]) != doors[row["kind"]]]
    assert not [row for row in rows if row["problem"]], [row for row in rows if row["problem"]]
    # Sent through three doors, one after the other.
    slowest = max(rows, key=lambda row: row["seconds"] / doors.get(row["kind"], 1))
    largest = max(rows, key=lambda row: row["megabytes"])
    figure("hostile files tried", len(hostile), "files", bar="≥ 60", database="")
    figure(
        "hostile files taken",
        len(taken),
        "files",
        bar="= 0",
        database="",
        note="; ".join(row["harm"] for row in taken),
    )
    figure(
        "left of refused files",
        sum(len(row["left"]) for row in hostile),
        "files and rows",
        bar="= 0",
        database="",
    )
    figure(
        "slowest hostile file",
        seconds(slowest, doors),
        "processor seconds a door",
        bar="< 5",
        database="",
        note=slowest["harm"],
    )
    figure(
        "most memory for a hostile file",
        largest["megabytes"],
        "MB",
        bar="< 300",
        database="",
        note=largest["harm"],
    )
    assert all(row["said"] == [""] for row in good), good


def seconds(row: dict, doors: dict[str, int]) -> float:
    return round(row["seconds"] / doors.get(row["kind"], 1), 2)


def probed(folder) -> list[dict]:
    (folder / "tmp").mkdir()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.hostile.probe_settings",
        "DATABASE_URL": f"sqlite:///{folder / 'probe.sqlite3'}",
        "PROBE_MEDIA": str(folder / "media"),
        "TMPDIR": str(folder / "tmp"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.probe"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]
