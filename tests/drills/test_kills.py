"""Killed while it works: nothing that was safe is lost, nothing is half there, no certificate is there twice."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.processes import ROOT, SmallSite
from tests.smtp_sink import running_sink

# A slow or shared machine may do fewer; the figures then say so, and the bar does not hold.
KILLS = int(os.environ.get("DRILL_KILLS", "500"))


@dataclass
class Outcome:
    """What was found after so many kills; `came` are the mails that arrived, by Message-ID."""

    kills: int
    errors: int
    lost: int
    partial: int
    twice: int
    faults: list[str]
    came: list[str]


def kill(new_site, workload: str, kills: int) -> Outcome:
    with running_sink() as (sink, port):
        site: SmallSite = new_site(EMAIL_PORT=str(port))
        done = subprocess.run(
            [sys.executable, "-m", "tests.drills.hands", workload, str(kills), "7"],
            cwd=ROOT,
            env=site.env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        came = [mail["Message-ID"] for mail in sink.mails]
    outcome = Outcome(came=came, **json.loads(done.stdout.splitlines()[-1]))
    assert outcome.errors == 0, done.stderr[-3000:]
    if workload.endswith("mails"):
        (waiting,) = site.rows("SELECT COUNT(DISTINCT message_id) FROM notifications_message")[0]
        outcome.lost += waiting - len(set(came))
    return outcome


def show(figure, name: str, outcome: Outcome) -> None:
    note = f"{outcome.kills} kills"
    figure(f"kill -9, {name}: lost", outcome.lost, "", bar="= 0", note=note)
    figure(f"kill -9, {name}: partial", outcome.partial, "", bar="= 0", note=note)
    if name == "certificates":
        figure(f"kill -9, {name}: duplicates", outcome.twice, "", bar="= 0", note=note)
    if name == "mails":
        sent_twice = len(outcome.came) - len(set(outcome.came))
        figure(f"kill -9, {name}: sent twice", sent_twice, "", bar=f"≤ {outcome.kills}", note=note)


@pytest.mark.django_db
@pytest.mark.parametrize("workload", ["register", "certificates", "mails"])
def test_five_kills_leave_nothing_half_done(new_site, workload, figure):
    outcome = kill(new_site, workload, kills=5)

    assert outcome.faults == []
    show(figure, workload, outcome)


@pytest.mark.drill
@pytest.mark.django_db
@pytest.mark.parametrize("workload", ["register", "certificates", "mails"])
def test_five_hundred_kills_leave_nothing_half_done(new_site, workload, figure):
    outcome = kill(new_site, workload, kills=KILLS)

    show(figure, workload, outcome)
    figure(f"kill -9, {workload}: kills", outcome.kills, "kills", bar="≥ 500")


@pytest.mark.drill
@pytest.mark.django_db
@pytest.mark.parametrize("workload", ["careless-register", "careless-certificates", "careless-mails"])
def test_careless_hands_leave_things_half_done(new_site, workload, figure):
    """The negative control: the same kills find what is lost or partial, where the care is left out."""
    outcome = kill(new_site, workload, kills=60)

    figure(
        f"control: kill -9, {workload}: lost or partial",
        outcome.lost + outcome.partial,
        "",
        bar="> 0",
        note=f"{outcome.kills} kills, on purpose without the care",
    )
