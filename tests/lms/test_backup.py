"""A backup is one moment of the whole site, whole or not there; a restore gives back that and nothing else."""

import io
import os
import resource
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from lms.core.backups import BackupRefused
from lms.core.backups.databases import PostgresDatabase
from lms.core.backups.making import _refuse_public
from lms.core.backups.restoring import check_parts
from tests.processes import PYTHON, ROOT, SmallSite, within


class Writer:
    """A process that writes to a site, and what it has said is safe."""

    def __init__(self, site: SmallSite, name: str) -> None:
        self.site, self.name = site, name
        self.said = site.folder / f"{name}.said"
        with self.said.open("w") as out:
            site.start(name, PYTHON, "-m", "tests.writer", name, stdout=out)

    def safe(self) -> int:
        lines = self.said.read_text().split("\n")[:-1]
        return int(lines[-1]) if lines else 0

    def numbers_in(self, site: SmallSite, table: str, column: str) -> list[int]:
        rows = site.rows(
            f"SELECT {column} FROM {table} WHERE {column} LIKE '{self.name}-%' ORDER BY {column}"
        )
        return [int(value.removeprefix(f"{self.name}-")[:6]) for (value,) in rows]


def two_writers(site: SmallSite, at_least: int = 10) -> list[Writer]:
    writers = [Writer(site, name) for name in ("ann", "bob")]
    assert within(60, lambda: all(writer.safe() >= at_least for writer in writers)), site.logs()
    return writers


def faults_of(copy: SmallSite, writers: list[Writer], safe_before: list[int]) -> list[str]:
    """What is missing or half there in a restored copy."""
    faults = []
    for writer, safe in zip(writers, safe_before, strict=True):
        people = writer.numbers_in(copy, "people_user", "username")
        if people != list(range(1, len(people) + 1)) or len(people) < safe:
            faults.append(f"{writer.name}: {safe} were safe, and there are {len(people)}")
        if writer.numbers_in(copy, "notifications_message", "subject") != people:
            faults.append(f"{writer.name}: messages are not those of the people")
        for number in people:
            who = f"{writer.name}-{number:06d}"
            file = copy.folder / f"media/written/{who}.txt"
            if not file.is_file() or file.read_text() != who * 50:
                faults.append(f"{who}: its file is not whole")
    return faults


def backups_under_writes(new_site, rounds: int) -> tuple[int, int, list[str]]:
    """That many backups of a site that is written to by two processes, each restored: how many of each, and the faults."""
    site = new_site()
    writers = two_writers(site)
    made, restored, faults = 0, 0, []
    for _round in range(rounds):
        safe = [writer.safe() for writer in writers]
        file = site.run("backup", str(site.folder / "backups")).splitlines()[-1]
        made += 1
        copy = new_site(empty=True)
        assert "Restored: " in copy.run("restore", file)
        restored += 1
        faults += faults_of(copy, writers, safe)
    assert all(writer.safe() > safe for writer, safe in zip(writers, safe, strict=True)), (
        "they went on writing"
    )
    assert not list((site.folder / "backups").glob(".half*"))
    return made, restored, faults


@pytest.mark.django_db
def test_backups_under_writes_come_back_whole(new_site, figure):
    made, restored, faults = backups_under_writes(new_site, rounds=2)

    assert faults == []
    figure("backups under writes: restored whole", restored, f"of {made}", bar="= 2", note="short, 2 writers")


@pytest.mark.django_db
def test_a_plain_copy_of_the_database_misses_what_was_safe(new_site, tmp_path):
    """The negative control: the same question, asked of a copied file, finds rows missing."""
    site = new_site()
    if not site.env["DATABASE_URL"].startswith("sqlite"):
        return
    database = Path(site.env["DATABASE_URL"].removeprefix("sqlite:///"))
    # A reader holds on to an old moment, as a long report would: what is written since stays in the log beside the file.
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM people_user").fetchone()
        writers = two_writers(site)
        safe = [writer.safe() for writer in writers]
        copy = SmallSite(tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path / 'copy.sqlite3'}"}, 0)
        shutil.copyfile(database, tmp_path / "copy.sqlite3")
        shutil.copytree(site.folder / "media", tmp_path / "media")

    faults = faults_of(copy, writers, safe)

    assert any("were safe, and there are 0" in fault for fault in faults)


# ---------------------------------------------------------------- what a restore refuses


@pytest.fixture
def backed_up(new_site):
    """A site with one file and one person, and its backup."""
    site = new_site(
        "from lms.people.models import User\n"
        "User.objects.create(email='amina@example.org', username='amina')\nprint(0)"
    )
    (site.folder / "media/photo.jpg").write_bytes(b"a photo")
    return site, Path(site.run("backup", str(site.folder / "backups")).splitlines()[-1])


def people_of(site: SmallSite) -> list[str]:
    return [name for (name,) in site.rows("SELECT username FROM people_user ORDER BY username")]


@pytest.mark.django_db
def test_a_restore_touches_nothing_before_all_is_well_and_asked_for(backed_up, tmp_path):
    site, file = backed_up
    assert file.stat().st_mode & 0o077 == 0, "only its owner reads a backup"
    (site.folder / "media/later.txt").write_text("came later")
    damaged = tmp_path / "damaged.tar"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)

    not_empty = site.run("restore", str(file), fails=True)
    bad = site.run("restore", str(damaged), "--replace", fails=True)

    assert "The database is not empty" in not_empty
    assert "changed or damaged" in bad
    assert people_of(site) == ["amina"]
    assert sorted(path.name for path in site.folder.glob("media/*")) == ["later.txt", "photo.jpg"]

    replaced = site.run("restore", str(file), "--replace")

    assert "1 files" in replaced
    assert people_of(site) == ["amina"]
    assert [(path.name, path.read_bytes()) for path in site.folder.glob("media/*")] == [
        ("photo.jpg", b"a photo")
    ]
    assert not list(site.folder.glob("media.*")) and not list(site.folder.glob(".restoring*"))


@pytest.mark.django_db
def test_a_full_disk_leaves_no_half_backup(backed_up):
    site, file = backed_up

    done = subprocess.run(
        [PYTHON, "manage.py", "backup", str(site.folder / "more")],
        cwd=ROOT,
        env=site.env,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )

    assert done.returncode != 0
    assert "could not be" in done.stderr or "stopped" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((site.folder / "more").iterdir()) == []
    assert "Whole: " in site.run("restore", "--check", str(file))


def a_tar(tmp_path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    path = tmp_path / "strange.tar"
    with tarfile.open(path, "w") as archive:
        for header, content in members:
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return path


def a_link() -> tarfile.TarInfo:
    header = tarfile.TarInfo("media/link")
    header.type, header.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return header


@pytest.mark.parametrize(
    ("header", "content", "reason"),
    [
        (tarfile.TarInfo("../out.txt"), b"out", "no plain file"),
        (tarfile.TarInfo("/etc/cron.d/x"), b"out", "no plain file"),
        (a_link(), b"", "no plain file"),
        (tarfile.TarInfo("media/photo.jpg"), b"no manifest", "no manifest"),
        (tarfile.TarInfo("manifest.json"), b'{"format": 99}', "newer version"),
        (tarfile.TarInfo("manifest.json"), b"{}", "cannot be read"),
    ],
)
def test_a_strange_archive_is_refused(tmp_path, header, content, reason):
    with (
        tarfile.open(a_tar(tmp_path, (header, content))) as archive,
        pytest.raises(BackupRefused, match=reason),
    ):
        check_parts(archive, to=tmp_path / "unpacked", tell=lambda *told: None)

    assert not (tmp_path / "out.txt").exists()


def test_a_backup_never_lies_where_the_site_serves_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"

    with pytest.raises(BackupRefused, match="nobody can browse"):
        _refuse_public(tmp_path / "media/backups")
    _refuse_public(tmp_path / "backups")


@pytest.mark.django_db
def test_the_password_is_in_no_argument(monkeypatch, tmp_path):
    if connection.vendor != "postgresql":
        return
    called = []

    def remember(words, **options):
        called.append((words, options["env"]))
        raise OSError("not now")

    monkeypatch.setattr(subprocess, "Popen", remember)
    with pytest.raises(OSError, match="not now"):
        PostgresDatabase().copy_to(tmp_path / "copy", lambda done, total: None)

    password = connection.settings_dict["PASSWORD"]
    ((words, env),) = called
    assert not any(password in word for word in words)
    assert env["PGPASSWORD"] == password != os.environ.get("PGPASSWORD")
