"""What a backup is made of: a tar file of the database, the folders of files, and a manifest that says what is whole."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
PIECE = 1 << 20

# Is told of each step: what is being done, how much of it is done, and how much there is (None: nobody knows).
Progress = Callable[[str, int, int | None], None]


class BackupRefused(Exception):
    """It cannot be done, or not safely; the text says why, and what can be done about it."""


@dataclass
class Manifest:
    """What lies in a backup. `parts`: name → bytes and sha256. `counts`: table → rows. `migrations`: "app.name"."""

    made_at: str
    database: str
    server: str
    migrations: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    parts: dict[str, dict] = field(default_factory=dict)
    gone_meanwhile: int = 0
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        try:
            facts = json.loads(text)
            if facts["format"] != FORMAT:
                raise BackupRefused(
                    "A newer version of the site made this backup. Restore it with that version."
                )
            return cls(**facts)
        except (ValueError, TypeError, KeyError) as error:
            raise BackupRefused("This is no backup of a site: its manifest cannot be read.") from error


def folders_of_files() -> dict[str, Path]:
    """Where the site keeps files that its database names: the folder of each storage but the built assets'."""
    found: dict[str, Path] = {}
    for name in sorted(settings.STORAGES):
        if name == "staticfiles":
            continue
        storage = storages[name]
        if not isinstance(storage, FileSystemStorage):
            raise BackupRefused(f"The storage {name!r} is not a folder here. Back it up where it is.")
        folder = Path(storage.location)
        if folder not in found.values():
            found["media" if name == "default" else name] = folder
    # A folder inside another is in it already.
    return {
        name: folder
        for name, folder in found.items()
        if not any(other in folder.parents for other in found.values())
    }


def files_in(folder: Path) -> Iterator[Path]:
    """The plain files below; links are not followed, and what another backup or restore has left is not ours."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


class Measured:
    """Reads from a file and takes the sha256 and the length of what went through."""

    def __init__(self, source, tell: Callable[[int], None] = lambda length: None) -> None:
        self._source = source
        self._tell = tell
        self._digest = hashlib.sha256()
        self.length = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self._digest.update(piece)
        self.length += len(piece)
        self._tell(len(piece))
        return piece

    @property
    def facts(self) -> dict:
        return {"bytes": self.length, "sha256": self._digest.hexdigest()}
