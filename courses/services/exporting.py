"""A course into one file, for another installation."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from wagtail.images import get_image_model
from wagtail.models import Page

from courses.carried_pages import as_it_travels
from courses.carried_streams import Names
from courses.interfaces.course_files import as_json, sha256, write_course
from courses.models import (
    CarriedPicture,
    CourseVersion,
    CurriculumPage,
    CurriculumPair,
    GlossaryTerm,
    LessonPage,
    ModulePage,
    Pairing,
    Recording,
)
from lms.audit.services import record_act
from lms.people.models import User

KINDS = (CurriculumPage, ModulePage, LessonPage)


class _Taken:
    """What the lessons show, gathered while they are written down."""

    def __init__(self) -> None:
        self.pictures: dict[str, dict[str, str]] = {}
        self.terms: dict[str, dict[str, str]] = {}
        self.recordings: dict[str, dict[str, str]] = {}
        self.files: dict[str, bytes] = {}
        self._names = dict(CarriedPicture.objects.values_list("image_id", "name"))

    def picture(self, pk: Any) -> str | None:
        """A picture goes by its SHA-256; one that came in a file keeps the name it had there."""
        image = get_image_model().objects.filter(pk=pk).first()
        if image is None:
            return None
        with image.file.open("rb") as opened:
            content = opened.read()
        name = self._names.get(image.pk) or sha256(content)
        file = f"pictures/{name}.{image.file.name.rpartition('.')[2].lower()}"
        self.files[file] = content
        self.pictures[name] = {"title": image.title, "description": image.description, "file": file}
        return name

    def material(self, kind: type, key: Any) -> str | None:
        """Materials have the same number everywhere. A voice stays: consent was given to this site alone."""
        row = kind.objects.filter(pk=key).first() if kind in (GlossaryTerm, Recording) else None
        if isinstance(row, GlossaryTerm):
            self.terms[str(row.pk)] = {
                "term": row.term, "explanation": row.explanation, "language": row.language,
            }  # fmt: skip
        elif isinstance(row, Recording):
            self._take_recording(row)
        return str(key)

    def _take_recording(self, row: Recording) -> None:
        told = {"title": row.title, "language": row.language, "transcript": row.transcript}
        for name in ("file", "captions"):
            file = getattr(row, name)
            part = f"recordings/{row.pk}.{file.name.rpartition('.')[2].lower()}"
            with file.open("rb") as opened:
                self.files[part] = opened.read()
            told[name] = part
        self.recordings[str(row.pk)] = told


def export_course(*, course: CurriculumPage, exporter: User | None = None) -> bytes:
    """The course as one file: what is published, and of what is not, the draft. The same course gives the same bytes.

    Holds words, pictures, recordings, explained words, pairs and versions; nothing of anybody who learns, and no voice of
    somebody who took part. Notes it in the audit. Refuses somebody who may not edit the course; None is a command.
    """
    if exporter is not None and not course.permissions_for_user(exporter).can_edit():
        raise PermissionDenied
    taken = _Taken()
    names, keys = names_and_keys(taken)
    parts = {"course.json": as_json(as_it_travels(_words(course), names, keys))}
    for number, module in enumerate(_children(course, ModulePage), start=1):
        folder = f"modules/{number:02}"
        parts[f"{folder}/module.json"] = as_json(as_it_travels(_words(module), names, keys))
        for place, lesson in enumerate(_children(module, LessonPage), start=1):
            parts[f"{folder}/{place:02}.json"] = as_json(as_it_travels(_words(lesson), names, keys))
    materials = {"pictures": taken.pictures, "recordings": taken.recordings, "terms": taken.terms}
    parts |= {
        "materials.json": as_json(materials),
        "pairs.json": as_json(_pairs(course)),
        "versions.json": as_json(_versions(course)),
    }
    about = {
        "course": str(course.translation_key), "title": course.title, "language": course.locale.language_code,
    }  # fmt: skip
    record_act(actor=exporter, act="exported a course", obj=course)
    return write_course(about=about, parts=parts | taken.files)


def names_and_keys(taken: "_Taken | None" = None) -> tuple[Names, dict[int | None, str]]:
    """How references are called in a file; and the keys of pages. What they lead to is gathered in `taken`."""
    taken, keys = taken or _Taken(), _keys()
    return Names(taken.picture, taken.material, lambda pk: keys.get(_number(pk))), keys


def _keys() -> dict[int | None, str]:
    """The translation key of every page of a course, by its number."""
    return {pk: str(key) for pk, key in Page.objects.type(*KINDS).values_list("pk", "translation_key")}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _children(page: Page, kind: type[Page]) -> list[Page]:
    return list(kind.objects.child_of(page).order_by("path"))


def _words(page: Page) -> Page:
    return page if page.live else page.get_latest_revision_as_object()


def _pairs(course: CurriculumPage) -> dict[str, Any]:
    """The pairs that the course, its modules and its lessons are half of."""
    pair = (
        CurriculumPair.objects.filter(Q(patient_curriculum=course) | Q(professional_curriculum=course))
        .select_related("patient_curriculum", "professional_curriculum")
        .first()
    )
    pairings = (
        Pairing.objects.filter(
            Q(patient_module__path__startswith=course.path)
            | Q(professional_module__path__startswith=course.path)
        )
        .select_related("patient_module", "professional_module")
        .prefetch_related("lesson_pairs__patient_lesson", "lesson_pairs__professional_lesson")
    )
    return {
        "course": pair
        and {
            "patient": str(pair.patient_curriculum.translation_key),
            "professional": str(pair.professional_curriculum.translation_key),
            "together": pair.together,
        },
        "moments": [_moment(pairing) for pairing in pairings.order_by("number", "moment")],
    }


def _moment(pairing: Pairing) -> dict[str, Any]:
    words = ("number", "moment", "together", "patient_does", "professional_does")
    lessons = [
        {
            "patient": str(pair.patient_lesson.translation_key),
            "professional": str(pair.professional_lesson.translation_key),
            "moment": pair.moment,
        }
        for pair in pairing.lesson_pairs.all()
    ]
    return {name: getattr(pairing, name) for name in words} | {
        "patient": str(pairing.patient_module.translation_key),
        "professional": str(pairing.professional_module.translation_key),
        "lessons": sorted(lessons, key=lambda pair: (pair["patient"], pair["professional"])),
    }


def _versions(course: CurriculumPage) -> list[dict[str, Any]]:
    """Without the numbers of revisions, which mean nothing elsewhere."""
    versions = (
        CourseVersion.objects.filter(curriculum_key=course.translation_key)
        .order_by("number")
        .prefetch_related("lessons__words")
    )
    return [
        {
            "number": version.number,
            "title": version.title,
            "audience": version.audience,
            "hours": str(version.hours) if version.hours is not None else None,
            "facts": version.facts,
            "digest": version.digest,
            "made_at": version.made_at.isoformat(),
            "lessons": [
                {
                    "position": lesson.position,
                    "module_key": str(lesson.module_key),
                    "module_title": lesson.module_title,
                    "lesson_key": str(lesson.lesson_key),
                    "title": lesson.title,
                    "minutes": lesson.minutes,
                    "rule": lesson.rule,
                    "optional": lesson.optional,
                    "words": {"digest": lesson.words.digest, "content": lesson.words.content},
                }
                for lesson in version.lessons.all()
            ],
        }
        for version in versions
    ]
