"""Making a backup. It has its name only once it is whole, checked and on the disk."""

import io
import os
import shutil
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from .databases import our_database
from .parts import DATABASE, MANIFEST, BackupRefused, Manifest, Measured, Progress, files_in, folders_of_files
from .restoring import check_parts


def write_backup(folder: Path, *, tell: Progress = lambda what, done, total: None) -> Path:
    """Write site-<moment>.tar into the folder and return its path; only its owner can read it.

    The site may go on meanwhile. The database is copied as of one moment and the files after it, so every file that the copy
    names is there, unless it was deleted in between (the manifest counts those). Refuses what does not pass its checks, and then
    leaves nothing behind.
    """
    _refuse_public(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made_at = datetime.now(UTC)
    final = folder / f"site-{made_at:%Y%m%d-%H%M%S-%f}.tar"
    half = Path(tempfile.mkdtemp(prefix=".half-made-", dir=folder))  # for its owner only
    try:
        tar = half / "backup.tar"
        _fill(tar, half, made_at, tell)
        with tarfile.open(tar) as written:
            check_parts(written, tell=tell)
        with tar.open("rb") as whole:
            os.fsync(whole.fileno())
        os.chmod(tar, 0o600)
        os.replace(tar, final)
        _keep_name(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return final


def _fill(tar: Path, half: Path, made_at: datetime, tell: Progress) -> None:
    database = our_database()
    copy = half / DATABASE
    counts = database.copy_to(copy, lambda done, total: tell("database", done, total))
    manifest = Manifest(
        made_at=made_at.isoformat(timespec="seconds"),
        database=database.kind,
        server=database.server(),
        migrations=sorted(
            f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
        ),
        counts=counts,
    )
    with tarfile.open(tar, "w", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, DATABASE, copy, manifest)
        copy.unlink()
        for name, folder in folders_of_files().items():
            _add_folder(archive, name, folder, manifest, tell)
        text = manifest.to_json()
        archive.addfile(_header(MANIFEST, len(text)), io.BytesIO(text))


def _add_folder(
    archive: tarfile.TarFile, name: str, folder: Path, manifest: Manifest, tell: Progress
) -> None:
    files = list(files_in(folder))
    for number, path in enumerate(files, start=1):
        try:
            _add(archive, f"{name}/{path.relative_to(folder).as_posix()}", path, manifest)
        except FileNotFoundError:
            manifest.gone_meanwhile += 1
        tell(f"files of {name}", number, len(files))


def _add(archive: tarfile.TarFile, name: str, path: Path, manifest: Manifest) -> None:
    with path.open("rb") as file:
        measured = Measured(file)
        try:
            archive.addfile(_header(name, os.fstat(file.fileno()).st_size), measured)
        except OSError as error:
            if error.errno is None:  # tarfile's own: the file ended early
                raise BackupRefused(
                    f"The file {name} became shorter while it was read. Try again."
                ) from error
            raise
    manifest.parts[name] = measured.facts


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size = size
    header.mode = 0o600
    return header


def _refuse_public(folder: Path) -> None:
    folder = folder.resolve()
    for public in (settings.MEDIA_ROOT, settings.STATIC_ROOT, *settings.STATICFILES_DIRS):
        public = Path(public).resolve()
        if public == folder or public in folder.parents:
            raise BackupRefused(
                f"{folder} is inside {public}, which the site serves. Choose a folder that nobody can browse."
            )


def _keep_name(folder: Path) -> None:
    """The folder's own entry survives a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
