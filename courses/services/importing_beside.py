"""What comes into a site beside the pages of a course: pictures, recordings, explained words, pairs and versions."""

import json
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db.models import Model, Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import Page

from courses.interfaces.course_files import BrokenCourse, CourseFile, check_shape
from courses.models import (
    CarriedPicture,
    CourseVersion,
    CurriculumPair,
    GlossaryTerm,
    LessonPage,
    LessonPair,
    LessonWords,
    Pairing,
    Recording,
    VersionLesson,
)
from courses.models.pairs import SIDES
from lms.core.errors import RuleBroken
from lms.uploads.captions import clean_captions
from lms.uploads.names import ending_of, name_to_keep
from lms.uploads.pictures import KINDS, clean_picture
from lms.uploads.recordings import KINDS as SOUNDS
from lms.uploads.recordings import check_recording

MATERIALS = "materials.json"
CONTENT_TYPES = {ending: kind.content_type for kind in KINDS for ending in kind.endings}


class Beside:
    """The pictures, recordings and explained words of a file, looked at like any that somebody uploads."""

    def __init__(self, given: CourseFile):
        self.given = given
        self.left_out: list[str] = []
        self.written: list[tuple[Any, str]] = []  # storage and name of every file that was saved
        self.pictures: dict[str, int] = {}
        self.materials: dict[str, str] = {}
        self.told = given.json(MATERIALS)
        check_shape(MATERIALS, self.told, {"pictures": dict, "recordings": dict, "terms": dict})

    def bring(self) -> None:
        self._pictures()
        self._terms()
        self._recordings()

    def throw_away(self) -> None:
        """The import came to nothing: no file stays."""
        for storage, name in self.written:
            storage.delete(name)

    def picture(self, part: str, name: Any) -> int:
        if name not in self.pictures:
            raise BrokenCourse(
                part, "", _("the picture %(name)s is not in the file.") % {"name": str(name)[:64]}
            )
        return self.pictures[name]

    def material(self, part: str, kind: type[Model], key: Any) -> str:
        if kind in (GlossaryTerm, Recording) and key not in self.materials:
            raise BrokenCourse(
                part, "", _("the material %(key)s is not in the file.") % {"key": str(key)[:64]}
            )
        return self.materials.get(key, str(key))

    def _file(self, part: str, where: str) -> bytes:
        if part not in self.given.parts:
            raise BrokenCourse(MATERIALS, where, _("the file %(name)s is missing.") % {"name": part[:100]})
        return self.given.parts[part]

    def _pictures(self) -> None:
        model = get_image_model()
        known = dict(CarriedPicture.objects.values_list("name", "image_id"))
        for name, told in self.told["pictures"].items():
            where = f"pictures.{name}"
            check_shape(MATERIALS, told, {"title": str, "description": str, "file": str}, where)
            content = self._file(told["file"], where)
            if name in known:
                self.pictures[name] = known[name]
                continue
            here = self._same_picture(name, told["title"])
            if here is None:
                here = self._new_picture(model, told, content, where)
                CarriedPicture.objects.create(image=here, name=name[:64])
            self.pictures[name] = here.pk

    def _same_picture(self, name: str, title: str) -> Any:
        """A picture of this site that is this very file: the file went out from here."""
        for image in get_image_model().objects.filter(title=title):
            with image.file.open("rb") as opened:
                if sha256(opened.read()).hexdigest() == name:
                    return image
        return None

    def _new_picture(self, model: type[Model], told: dict[str, str], content: bytes, where: str) -> Any:
        try:
            ending = ending_of(told["file"].rpartition("/")[2])
            clean = clean_picture(
                name=f"picture.{ending}", content_type=CONTENT_TYPES.get(ending, ""), content=content
            )
        except RuleBroken as error:
            raise BrokenCourse(told["file"], "", str(error.message)) from None
        file = ImageFile(BytesIO(clean.content), name=name_to_keep(told["title"] or "picture", clean.ending))
        image = model(title=told["title"], description=told["description"], file=file)
        self._save(image, where, ["file"])
        return image

    def _terms(self) -> None:
        for key, told in self.told["terms"].items():
            where = f"terms.{key}"
            check_shape(MATERIALS, told, {"term": str, "explanation": str, "language": str}, where)
            here = GlossaryTerm.objects.filter(
                Q(pk=_uuid(key, where)) | Q(term=told["term"], language=told["language"])
            ).first()
            if here is None:
                here = GlossaryTerm(id=key, **told)
                self._save(here, where, [])
            elif here.explanation != told["explanation"]:
                self.left_out.append(_("“%(term)s” is explained otherwise here.") % {"term": here.term})
            self.materials[key] = str(here.pk)

    def _recordings(self) -> None:
        shape = {"title": str, "language": str, "transcript": str, "file": str, "captions": str}
        for key, told in self.told["recordings"].items():
            where = f"recordings.{key}"
            check_shape(MATERIALS, told, shape, where)
            contents = {name: self._file(told[name], where) for name in ("file", "captions")}
            if not Recording.objects.filter(pk=_uuid(key, where)).exists():
                self._new_recording(key, told, contents, where)
            self.materials[key] = key

    def _new_recording(self, key: str, told: dict[str, str], contents: dict[str, bytes], where: str) -> None:
        try:
            ending = ending_of(told["file"].rpartition("/")[2])
            served = SOUNDS[ending].declared[0] if ending in SOUNDS else ""
            recorded = check_recording(name=f"it.{ending}", content_type=served, content=contents["file"])
        except RuleBroken as error:
            raise BrokenCourse(told["file"], "", str(error.message)) from None
        try:
            captions = clean_captions(name="it.vtt", content_type="text/vtt", content=contents["captions"])
        except RuleBroken as error:
            raise BrokenCourse(told["captions"], "", str(error.message)) from None
        recording = Recording(
            id=key, title=told["title"], language=told["language"], transcript=told["transcript"],
            kind=recorded.kind, seconds=recorded.seconds,
            file=ContentFile(contents["file"], name_to_keep(told["title"], recorded.ending)),
            captions=ContentFile(captions, name_to_keep(told["title"], "vtt")),
        )  # fmt: skip
        self._save(recording, where, ["file", "captions"])

    def _save(self, row: Any, where: str, files: list[str]) -> None:
        try:
            row.full_clean(exclude=[*files, "id"])
        except ValidationError as error:
            name, errors = next(iter(error.error_dict.items()))
            raise BrokenCourse(MATERIALS, f"{where}.{name}", str(errors[0].messages[0])) from None
        for name in files:
            file = getattr(row, name)
            file.save(file.name, file.file, save=False)
            self.written.append((file.storage, file.name))
        row.save(force_insert=True)


def _uuid(key: str, where: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise BrokenCourse(MATERIALS, where, _("this is no key.")) from None


PAIRS = "pairs.json"
OF_A_MOMENT = {"together": str, "patient_does": str, "professional_does": str, "moment": str}


def import_pairs(given: CourseFile, pages: dict[str, Page]) -> list[str]:
    """Make the pairs whose both sides are here. Pairs that are here stay as they are. Says which have to wait."""
    told = given.json(PAIRS)
    check_shape(PAIRS, told, {"course": (dict, None), "moments": list})
    left_out = []
    if told["course"] is not None:
        keys = {"patient": UUID, "professional": UUID}
        check_shape(PAIRS, told["course"], keys | {"together": str}, "course")
        sides = {side: pages.get(told["course"][side]) for side in SIDES}
        if not all(sides.values()):
            left_out.append(_("The course of the other side is not here yet."))
        else:
            _pair_courses(sides, told["course"]["together"])
    for number, moment in enumerate(told["moments"]):
        where = f"moments[{number}]"
        check_shape(
            PAIRS, moment, OF_A_MOMENT | {"patient": UUID, "professional": UUID, "number": int, "lessons": list}, where
        )  # fmt: skip
        if not _pair_modules(moment, pages, where):
            left_out.append(
                _("The moment “%(moment)s” waits for its other side.") % {"moment": moment["moment"]}
            )
    return left_out


def _pair_courses(sides: dict[str, Any], together: str) -> None:
    taken = CurriculumPair.objects.filter(
        Q(patient_curriculum=sides["patient"].pk) | Q(professional_curriculum=sides["professional"].pk)
    )
    if not taken.exists():
        _made(
            CurriculumPair(
                patient_curriculum=sides["patient"], professional_curriculum=sides["professional"], together=together
            ),
            "course",
        )  # fmt: skip


def _pair_modules(moment: dict[str, Any], pages: dict[str, Page], where: str) -> bool:
    modules: dict[str, Any] = {side: pages.get(moment[side]) for side in SIDES}
    if not all(modules.values()):
        return False
    taken = Pairing.objects.filter(
        Q(patient_module=modules["patient"].pk) | Q(professional_module=modules["professional"].pk)
    )
    if taken.exists():
        return True
    words = {name: moment[name] for name in (*OF_A_MOMENT, "number")}
    pairing = Pairing(**{f"{side}_module": page for side, page in modules.items()}, **words)
    _made(pairing, where)
    for number, pair in enumerate(moment["lessons"]):
        at = f"{where}.lessons[{number}]"
        check_shape(PAIRS, pair, {"patient": UUID, "professional": UUID, "moment": str}, at)
        lessons: dict[str, Any] = {side: pages.get(pair[side]) for side in SIDES}
        if not all(isinstance(lesson, LessonPage) for lesson in lessons.values()):
            continue
        free = not LessonPair.objects.filter(
            Q(patient_lesson=lessons["patient"].pk) | Q(professional_lesson=lessons["professional"].pk)
        ).exists()
        if free:
            ties = {f"{side}_lesson": page for side, page in lessons.items()}
            _made(LessonPair(pairing=pairing, moment=pair["moment"], **ties), at)
    return True


def _made(row: Any, where: str) -> None:
    try:
        row.full_clean()
    except (ValidationError, ValueError) as error:
        words = error.messages[0] if isinstance(error, ValidationError) else _("this is no pair.")
        raise BrokenCourse(PAIRS, where, str(words)) from None
    row.save()


VERSIONS = "versions.json"
OF_A_VERSION = {
    "number": int, "title": str, "audience": str, "hours": (str, None), "facts": dict, "digest": str,
    "made_at": str, "lessons": list,
}  # fmt: skip
OF_A_LESSON = {
    "position": int, "module_key": UUID, "module_title": str, "lesson_key": UUID, "title": str, "minutes": int,
    "rule": str, "optional": bool, "words": dict,
}  # fmt: skip


def import_versions(given: CourseFile, course_key: str) -> list[str]:
    """Write down the versions that are not here yet, as they were. Says which are here with other words."""
    told = given.json(VERSIONS)
    if not isinstance(told, list):
        raise BrokenCourse(VERSIONS, "", _("a list should stand here."))
    here = dict(CourseVersion.objects.filter(curriculum_key=course_key).values_list("number", "digest"))
    left_out = []
    for place, version in enumerate(told):
        where = f"[{place}]"
        check_shape(VERSIONS, version, OF_A_VERSION, where)
        if version["number"] not in here:
            _write_version(version, course_key, where)
        elif here[version["number"]] != version["digest"]:
            left_out.append(
                _("Version %(number)d here is another one. It stays.") % {"number": version["number"]}
            )
    return left_out


def _write_version(version: dict[str, Any], course_key: str, where: str) -> None:
    row = CourseVersion(
        curriculum_key=course_key,
        made_at=_moment(version["made_at"], where),
        **{name: version[name] for name in ("number", "title", "audience", "hours", "facts", "digest")},
    )
    _written(row, where)
    for number, told in enumerate(version["lessons"]):
        at = f"{where}.lessons[{number}]"
        check_shape(VERSIONS, told, OF_A_LESSON, at)
        check_shape(VERSIONS, told["words"], {"digest": str, "content": dict}, f"{at}.words")
        plain = {name: value for name, value in told.items() if name != "words"}
        # No revision of this site made them.
        _written(VersionLesson(version=row, revision_number=0, words=_words(told["words"], at), **plain), at)


def _words(told: dict[str, Any], where: str) -> LessonWords:
    content = json.dumps(told["content"], sort_keys=True, ensure_ascii=False)
    if sha256(content.encode()).hexdigest() != told["digest"]:
        raise BrokenCourse(VERSIONS, f"{where}.words", _("these words were changed after they were written."))
    here = LessonWords.objects.filter(digest=told["digest"]).first()
    if here is None:
        here = LessonWords(**told)
        _written(here, where)
    return here


def _written(row: Any, where: str) -> None:
    may_be_empty = {
        field.name for field in row._meta.fields if field.null and getattr(row, field.attname) is None
    }
    try:
        row.full_clean(exclude=may_be_empty)
    except ValidationError as error:
        raise BrokenCourse(VERSIONS, where, str(error.messages[0])) from None
    row.save()


def _moment(text: str, where: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BrokenCourse(VERSIONS, f"{where}.made_at", _("this is no moment."))
    return found
