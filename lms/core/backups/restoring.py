"""Putting a backup back. Everything is read and checked first; only then is anything of the site touched."""

import os
import shutil
import tarfile
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from .databases import our_database
from .parts import (
    DATABASE,
    MANIFEST,
    PIECE,
    BackupRefused,
    Manifest,
    Measured,
    Progress,
    files_in,
    folders_of_files,
)


@dataclass
class Found:
    """A backup that was unpacked beside the site and checked: `folder` has its parts."""

    manifest: Manifest
    folder: Path


def check_parts(archive: tarfile.TarFile, *, to: Path | None = None, tell: Progress) -> Manifest:
    """Read all of an archive, and unpack it into `to` if that is given. Refuses one that is not as its manifest says."""
    found: dict[str, dict] = {}
    manifest = None
    try:
        for member in archive:
            _refuse_strange(member)
            source = archive.extractfile(member)
            if member.name == MANIFEST:
                manifest = Manifest.from_json(source.read())
                continue
            measured = Measured(source)
            if to is None:
                while measured.read(PIECE):
                    pass
            else:
                _unpack(measured, to / member.name)
            found[member.name] = measured.facts
            tell("checking", len(found), None)
    except (tarfile.TarError, EOFError) as error:
        raise BackupRefused(f"This file is no whole backup: {error}.") from error
    if manifest is None:
        raise BackupRefused("This file is no whole backup: it has no manifest, which comes last.")
    if found != manifest.parts:
        wrong = sorted(
            name
            for name in found.keys() | manifest.parts.keys()
            if found.get(name) != manifest.parts.get(name)
        )
        raise BackupRefused(
            f"This backup was changed or damaged: {len(wrong)} of its parts differ, {wrong[0]} among them."
        )
    return manifest


def open_backup(file: Path, *, within: ExitStack, tell: Progress = lambda what, done, total: None) -> Found:
    """Unpack the backup beside the site and check it whole. What was unpacked goes when `within` ends."""
    if not file.is_file():
        raise BackupRefused(f"There is no file {file}.")
    # Beside the files, so that moving them into place is a rename and not a copy.
    beside = next(iter(folders_of_files().values())).parent
    beside.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".restoring-", dir=beside))
    within.callback(shutil.rmtree, folder, ignore_errors=True)
    try:
        with tarfile.open(file) as archive:
            manifest = check_parts(archive, to=folder, tell=tell)
    except tarfile.TarError as error:
        raise BackupRefused(f"{file.name} is no backup: {error}.") from error
    _require_fitting(manifest)
    our_database().check(folder / DATABASE)
    return Found(manifest=manifest, folder=folder)


def restore(found: Found, *, replace: bool = False) -> dict[str, int]:
    """Put the database and the files back together; returns the rows of each table, which are as in the manifest.

    Refuses a site that holds anything, unless `replace`. If the database cannot be put back, the files are as they were.
    """
    database = our_database()
    folders = folders_of_files()
    unknown = {PurePosixPath(name).parts[0] for name in found.manifest.parts} - {DATABASE, *folders}
    if unknown:
        raise BackupRefused(
            f"This site has no storage named {', '.join(sorted(unknown))}, and the backup has files of it."
        )
    if not replace:
        _require_empty(database, folders)
    swapped: list[tuple[Path, Path]] = []
    try:
        for name, folder in folders.items():
            swapped.append((folder, _swap(found.folder / name, folder)))
        database.put_back(found.folder / DATABASE)
    except BaseException:
        for folder, before in reversed(swapped):
            shutil.rmtree(folder, ignore_errors=True)
            os.rename(before, folder)
        raise
    for _folder, before in swapped:
        shutil.rmtree(before, ignore_errors=True)
    counts = database.counts()
    if counts != found.manifest.counts:
        raise BackupRefused(
            "The rows that came back are not those of the manifest. Do not use this site; restore again."
        )
    return counts


def _swap(new: Path, folder: Path) -> Path:
    """Put the new folder in place; where the old one is now. Both renames are on one disk."""
    new.mkdir(exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    before = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%d%H%M%S%f}")
    try:
        os.rename(folder, before)
    except OSError as error:
        raise BackupRefused(
            f"{folder} cannot be moved aside: {error.strerror}. Is it a disk of its own?"
        ) from error
    try:
        os.rename(new, folder)
    except OSError as error:
        os.rename(before, folder)
        raise BackupRefused(f"The files cannot be moved to {folder}: {error.strerror}.") from error
    os.chmod(folder, before.stat().st_mode & 0o777)
    return before


def _require_fitting(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise BackupRefused(
            f"This backup is of {manifest.database}, and DATABASE_URL names {connection.vendor}: they must be the same kind."
        )
    known = {
        f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    }
    newer = [name for name in manifest.migrations if name not in known]
    if newer:
        raise BackupRefused(
            f"A newer version of the site made this backup (it has {newer[0]}). Restore it with that version."
        )


def _require_empty(database, folders: dict[str, Path]) -> None:
    if not database.is_empty():
        raise BackupRefused("The database is not empty. With --replace, what is in it goes for good.")
    for folder in folders.values():
        if next(files_in(folder), None) is not None:
            raise BackupRefused(f"{folder} is not empty. With --replace, what is in it goes for good.")


def _refuse_strange(member: tarfile.TarInfo) -> None:
    """Our own archives have plain files with plain names; anything else was made by somebody else."""
    path = PurePosixPath(member.name)
    if not member.isreg() or path.is_absolute() or ".." in path.parts or str(path) != member.name:
        raise BackupRefused("This file is no backup of ours: it has a part that is no plain file.")


def _unpack(source: Measured, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        while piece := source.read(PIECE):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
