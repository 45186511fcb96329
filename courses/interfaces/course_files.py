"""A whole course as one file: a zip of JSON, with the pictures and recordings that its lessons show.

    manifest.json             what this is, in which language, and the SHA-256 of every other part
    course.json               the course's own words and rules
    modules/01/module.json    a module; its folders and files stand in the order of the course
    modules/01/01.json        a lesson
    materials.json            explained words, recordings, and what pictures are called
    pairs.json                the other side of the course, of its modules and of their lessons
    versions.json             the numbered versions, as they were written down
    pictures/…, recordings/…  the files

The same course gives the same bytes. Pages name one another by their translation keys, pictures go by their SHA-256.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from lms.core.errors import RuleBroken
from lms.uploads.archives import Limits, Part, read_archive
from lms.uploads.captions import ENDING as CAPTIONS
from lms.uploads.pictures import ENDINGS as PICTURES
from lms.uploads.recordings import KINDS as RECORDINGS

WHAT = "course"
SCHEMA = 1  # raise it when an older reader would misread what is written
MANIFEST = "manifest.json"
LIMITS = Limits(endings=frozenset({"json", CAPTIONS, *PICTURES, *RECORDINGS}))
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that a zip knows: the day of writing would make other bytes


class BrokenCourse(RuleBroken):
    """A file that cannot be read. Says which part, where in it, and what is wrong there."""

    def __init__(self, part: str, where: str, wrong: str) -> None:
        self.part, self.where = part, where
        place = f"{part}, {where}" if where else part
        super().__init__(_("%(place)s: %(wrong)s") % {"place": place, "wrong": wrong})


@dataclass(frozen=True)
class CourseFile:
    """A file that was read: its manifest, and every part by its name."""

    manifest: dict[str, Any]
    parts: dict[str, bytes]

    def digest(self, part: str) -> str:
        return self.manifest["files"][part]

    def json(self, part: str) -> Any:
        if part not in self.parts:
            raise BrokenCourse(part, "", _("this part is missing."))
        return parsed(part, self.parts[part])

    def modules(self) -> list[str]:
        """The folders of the modules, in order."""
        return sorted({name.split("/")[1] for name in self.parts if name.startswith("modules/")})

    def lessons(self, module: str) -> list[str]:
        """The parts that hold the lessons of this module, in order."""
        folder = f"modules/{module}/"
        return sorted(
            name for name in self.parts if name.startswith(folder) and name != f"{folder}module.json"
        )


def as_json(value: Any) -> bytes:
    """Always the same bytes for the same value; a line for each thing, so that two files can be compared."""
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_course(*, about: dict[str, Any], parts: dict[str, bytes]) -> bytes:
    """The zip. `about` is what the manifest says beside the digests."""
    files = {name: sha256(content) for name, content in sorted(parts.items())}
    manifest = as_json({"what": WHAT, "schema": SCHEMA, "files": files} | about)
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name, content in [(MANIFEST, manifest), *sorted(parts.items())]:
            info = ZipInfo(name, LONG_AGO)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, content)
    return written.getvalue()


def read_course(file: BinaryIO) -> CourseFile:
    """Read the zip whole. Raises RuleBroken for what is no harmless zip, BrokenCourse for what is no course."""
    with TemporaryDirectory() as folder:
        found = _contents(read_archive(file=file, limits=LIMITS, into=Path(folder) / "parts"))
    if MANIFEST not in found:
        raise BrokenCourse(MANIFEST, "", _("this part is missing."))
    manifest = parsed(MANIFEST, found.pop(MANIFEST))
    _look_at(manifest, found)
    return CourseFile(manifest, found)


def _contents(parts: Iterable[Part]) -> dict[str, bytes]:
    return {part.name: part.path.read_bytes() for part in parts}


def _look_at(manifest: Any, found: dict[str, bytes]) -> None:
    check_shape(
        MANIFEST,
        manifest,
        {"what": str, "schema": int, "course": UUID, "title": str, "language": str, "files": dict},
    )
    if manifest["what"] != WHAT or manifest["schema"] != SCHEMA:
        raise BrokenCourse(MANIFEST, "schema", _("this file was written by another version of the software."))
    for name in sorted(set(manifest["files"]) ^ set(found)):
        if name in found:
            raise BrokenCourse(name, "", _("the manifest does not name this part."))
        raise BrokenCourse(name, "", _("this part is missing."))
    for name, content in sorted(found.items()):
        if manifest["files"][name] != sha256(content):
            raise BrokenCourse(name, "", _("this part was changed after it was written."))


def parsed(part: str, content: bytes) -> Any:
    try:
        return json.loads(content.decode(), parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = _("line %(line)d") % {"line": error.lineno}
        raise BrokenCourse(part, where, _("this is no JSON.")) from None
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise BrokenCourse(part, "", _("this is no JSON.")) from None


def _no_number(name: str) -> None:
    raise ValueError(name)


def check_shape(part: str, value: Any, shape: dict[str, Any], where: str = "") -> None:
    """Every name is there and holds its kind, and no other name is. A kind is a type, or several in a tuple."""
    if not isinstance(value, dict):
        raise BrokenCourse(part, where, _("a set of names and values should stand here."))
    for name in sorted(set(shape) | set(value)):
        at = f"{where}.{name}" if where else name
        if name not in value:
            raise BrokenCourse(part, at, _("this is missing."))
        if name not in shape:
            raise BrokenCourse(part, at, _("this name is not known."))
        if not _is_a(value[name], shape[name]):
            raise BrokenCourse(part, at, _("this is of another kind than it should be."))


def _is_a(value: Any, kind: Any) -> bool:
    if isinstance(kind, tuple):
        return any(_is_a(value, one) for one in kind)
    if kind is None:
        return value is None
    if kind is UUID:
        return isinstance(value, str) and _is_uuid(value)
    if kind is str:
        return isinstance(value, str) and "\x00" not in value
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
