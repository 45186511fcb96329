"""Outages with their real times of waiting: a server that is stopped, a lock that is held, a disk that is full, mail that is away."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from lms.core.backups.databases import PostgresDatabase
from tests.lms.test_outages import (
    PERSON,
    SIGN_UP,
    person,
    running_sink_at,
    says_plainly_that_it_rests,
    sign_up,
)
from tests.processes import Line, within
from tests.smtp_sink import free_port

pytestmark = [pytest.mark.drill, pytest.mark.django_db]


def is_sqlite() -> bool:
    return not os.environ.get("DATABASE_URL", "").startswith("postgres")


class OwnPostgres:
    """A PostgreSQL server that a test may stop, with a copy of this run's empty, migrated database."""

    def __init__(self) -> None:
        # Not below pytest's own folder, which is closed to the server's user whenever another run begins.
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="own-postgres-")), free_port()
        self.as_owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        bin_folder = Path(PostgresDatabase().program("pg_dump")).resolve().parent
        self.bin = (
            bin_folder
            if (bin_folder / "initdb").exists()
            else next(Path("/usr/lib/postgresql").glob("*/bin"))
        )
        self.folder.chmod(0o755)
        if self.as_owner:
            shutil.chown(self.folder, "postgres")
        self._do(
            "initdb",
            "-D",
            self.data,
            "-U",
            "tests",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        self.start()
        self.url = f"postgres://tests@127.0.0.1:{self.port}/postgres"

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._do("pg_ctl", "-D", self.data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._do("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def end(self) -> None:
        """Whatever state it is in."""
        with suppress(AssertionError):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _do(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [*self.as_owner, str(self.bin / program), *words],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert done.returncode == 0, done.stderr.decode()


def tried(site) -> int:
    """How many mails the worker has had in its hands."""
    return site.rows("SELECT COUNT(*) FROM notifications_message WHERE attempts > 0")[0][0]


def test_a_database_server_that_is_stopped_and_started(new_site, figure):
    if is_sqlite():
        return  # there is no server; the short test takes the disk away
    server = OwnPostgres()
    try:
        site = new_site(empty=True, DATABASE_URL=server.url)
        site.run("migrate", "--verbosity=0")
        site.facts = site.script("import json\n" + PERSON)
        visitor = site.visitor(site.facts)
        site.start_web()
        site.start_worker()
        assert visitor.get("/my/").status == 200
        sign_up(site.visitor(), 1)
        assert within(60, lambda: tried(site) == 1), "the worker never began"
        server.stop()
        during = [visitor.get(path) for path in ("/my/", "/workshops/", "/coaching/") for _twice in range(5)]
        alive, ready = site.visitor().get("/healthz").status, site.visitor().get("/readyz").status
        time.sleep(20)
        server.start()
        back = within(10, lambda: visitor.get("/my/").status == 200)
        answers = [visitor.get("/my/").status for _each in range(40)]
        # The worker is back too: what is asked of it now is done.
        sign_up(site.visitor(), 2)
        worked = within(120, lambda: tried(site) == 2)
    finally:
        server.end()

    assert all(says_plainly_that_it_rests(answer) for answer in during)
    assert (alive, ready) == (200, 503)
    assert back is not None and set(answers) == {200}
    figure("server stopped for 20 s: back without a restart", round(back, 1), "s", bar="< 10")
    assert worked is not None, "the worker did not come back"
    figure("server stopped for 20 s: worker back", round(worked, 1), "s", bar="< 120")


def test_a_writer_that_never_ends_is_an_outage_for_writers_only(new_site, figure):
    if not is_sqlite():
        return  # PostgreSQL locks rows: nobody waits for a stranger's
    site = new_site(PERSON)
    visitor = site.visitor(site.facts)
    site.start_web()
    visitor.get("/my/")
    other = site.visitor()
    form = other.hidden_fields(SIGN_UP) | person(1)
    writer = sqlite3.connect(site.env["DATABASE_URL"].removeprefix("sqlite:///"), check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    wrote = []
    waiting = threading.Thread(target=lambda: wrote.append(other.send(SIGN_UP, form)))
    waiting.start()

    reads = []
    while waiting.is_alive():
        reads.append(visitor.get("/my/"))
        time.sleep(0.5)
    writer.rollback()
    afterwards = sign_up(site.visitor(), 2)

    assert says_plainly_that_it_rests(wrote[0])
    assert {answer.status for answer in reads} == {200}
    assert afterwards.status == 302
    slowest = max(answer.seconds for answer in reads)
    figure(
        "database locked: slowest page for readers",
        round(slowest, 2),
        "s",
        bar="< 5",
        note=f"{len(reads)} pages",
    )


def test_a_full_disk_is_said_plainly_and_leaves_nothing_partial(new_site, tmp_path, figure):
    """The database and the files lie on a small disk, which somebody fills."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        not is_sqlite()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", str(disk)]).returncode
    ):
        pytest.skip("needs SQLite, and to be allowed to make a small disk")
    site = new_site(PERSON)
    try:
        file = Path(site.env["DATABASE_URL"].removeprefix("sqlite:///"))
        shutil.move(file, disk / "db.sqlite3")
        site.env["DATABASE_URL"] = f"sqlite:///{disk / 'db.sqlite3'}"
        site.start_web()
        before = counts(site)
        # They have the form before them, and press its button when there is no room any more.
        visitors = [site.visitor() for _each in range(20)]
        forms = [visitor.hidden_fields(SIGN_UP) | person(number) for number, visitor in enumerate(visitors)]
        fill(disk)
        refused = [visitor.send(SIGN_UP, form) for visitor, form in zip(visitors, forms, strict=True)]
        backup = site.run("backup", str(disk / "backups"), fails=True)
        left = list((disk / "backups").iterdir()) if (disk / "backups").exists() else []
        (disk / "filling").unlink()
        full = counts(site)  # to look from outside takes a little room too
        sound = sqlite3.connect(disk / "db.sqlite3").execute("PRAGMA integrity_check").fetchone()[0]
        back = within(10, lambda: sign_up(site.visitor(), 100).status == 302)
        after = counts(site)
    finally:
        site.end_all()
        subprocess.run(["umount", "-l", str(disk)])

    taken = sum(answer.status == 302 for answer in refused)
    plain = sum(says_plainly_that_it_rests(answer) for answer in refused)
    figure(
        "disk full: neither taken nor refused plainly",
        len(refused) - taken - plain,
        f"of {len(refused)}",
        bar="= 0",
    )
    assert plain > 0
    partial = sum(full[what] - before[what] != taken for what in full)
    figure("disk full: partial", partial, f"with {taken} taken and {plain} refused", bar="= 0")
    assert "Traceback" not in backup and left == []
    assert sound == "ok"
    assert back is not None and after["people_user"] > full["people_user"]
    figure("disk full: back after room was made", round(back, 1), "s", bar="< 10")


def counts(site) -> dict[str, int]:
    """A sign-up writes one row in each of these, or in none."""
    tables = ("people_user", "account_emailaddress", "notifications_message")
    return {table: site.rows(f"SELECT COUNT(*) FROM {table}")[0][0] for table in tables}


def fill(disk: Path) -> None:
    file = os.open(disk / "filling", os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while True:
            os.write(file, b"\0" * 4096)
    os.close(file)


@pytest.mark.parametrize("mail_server", ["refuses", "hangs"])
def test_mail_that_was_away_comes_by_itself(new_site, mail_server, figure):
    """Nobody nudges anything: the times of waiting are the real ones."""
    dead = Line("127.0.0.1", 1)
    dead.hangs = True
    if mail_server == "hangs":
        dead.open()
    site = new_site(EMAIL_PORT=str(dead.port))
    site.start_web()
    site.start_worker()
    answers = [sign_up(site.visitor(), number) for number in range(10)]
    time.sleep(60)
    dead.cut()
    with running_sink_at(dead.port) as sink:
        came = within(15 * 60, lambda: len({mail["Message-ID"] for mail in sink.mails}) == 10)
        time.sleep(5)

    slowest = max(answer.seconds for answer in answers)
    figure(f"mail server {mail_server} for a minute: slowest request", round(slowest, 2), "s", bar="< 5")
    figure(
        f"mail server {mail_server} for a minute: lost",
        10 - len({mail["To"] for mail in sink.mails}),
        "mails",
        bar="= 0",
    )
    figure(f"mail server {mail_server} for a minute: sent twice", len(sink.mails) - 10, "mails", bar="= 0")
    assert came is not None
    figure(f"mail server {mail_server} for a minute: all there after", round(came), "s", bar="< 900")
