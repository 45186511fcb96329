"""Numbered versions of a course, and publications of a lesson."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.models import Locale, Page, Revision

from courses.models import (
    CourseVersion,
    CurriculumPage,
    LessonEdition,
    LessonPage,
    LessonWords,
    VersionLesson,
)
from courses.queries.outlines import (
    Outline,
    OutlineLesson,
    OutlineModule,
    Version,
    newest_version,
    read_outline,
)


@transaction.atomic
def make_version(*, curriculum: CurriculumPage) -> CourseVersion | None:
    """Write down the course as it is shown now, as its next version; None where nothing differs from the newest.

    A version holds each lesson's revision, rule and words, the rules of modules and course, and the hours. It never
    changes. A translation has none of its own: versions are those of the course's first language. Nor has a course that
    shows no lesson.
    """
    # Two publications at once: one number after the other.
    Page.objects.select_for_update().get(pk=curriculum.pk)
    outline = read_outline(curriculum)
    if not outline.lessons or _is_translation(curriculum):
        return None
    newest = (
        CourseVersion.objects.filter(curriculum_key=curriculum.translation_key).order_by("-number").first()
    )
    words = _words_of(outline.lessons, newest)
    facts = _facts(curriculum, outline)
    digest = _digest([facts, [[lesson.revision, words[lesson.pk].digest] for lesson in outline.lessons]])
    if newest is not None and newest.digest == digest:
        return None
    version = CourseVersion.objects.create(
        curriculum_key=curriculum.translation_key,
        number=newest.number + 1 if newest else 1,
        title=curriculum.title,
        audience=curriculum.audience,
        hours=curriculum.hours,
        facts=facts,
        digest=digest,
    )
    VersionLesson.objects.bulk_create(
        VersionLesson(
            version=version,
            position=position,
            module_key=module.key,
            module_title=module.title,
            lesson_key=lesson.key,
            title=lesson.title,
            minutes=lesson.minutes,
            rule=lesson.rule,
            optional=lesson.optional,
            revision_number=lesson.revision or 0,
            words=words[lesson.pk],
        )
        for position, (module, lesson) in enumerate(_lessons(outline), start=1)
    )
    return version


def current_version(curriculum_key: UUID | str) -> Version | None:
    """The newest version of the course; where there is none yet, the first one is made now, of what is shown."""
    version = newest_version(curriculum_key)
    if version is not None:
        return version
    for curriculum in CurriculumPage.objects.live().filter(translation_key=curriculum_key):
        make_version(curriculum=curriculum)
    return newest_version(curriculum_key)


def note_edition(*, lesson: LessonPage, revision: Revision) -> None:
    """Note that these words of a lesson were published, and what their author said of them: mended, or worth reading again.

    The first publication is nothing to read again. Afterwards the page says "a small mend", until its author says
    otherwise of the next one. The same revision twice is once.
    """
    is_first = not lesson.editions.exists()
    LessonEdition.objects.get_or_create(
        lesson=lesson,
        revision_number=revision.pk,
        defaults={"change": LessonPage.Change.MINOR if is_first else lesson.change},
    )
    if lesson.change != LessonPage.Change.MINOR:
        lesson.change = LessonPage.Change.MINOR
        LessonPage.objects.filter(pk=lesson.pk).update(change=LessonPage.Change.MINOR)


def _is_translation(curriculum: CurriculumPage) -> bool:
    """Whether this is a translation of a course that is written in the site's first language."""
    first = Locale.get_default()
    if curriculum.locale_id == first.pk:
        return False
    return CurriculumPage.objects.filter(translation_key=curriculum.translation_key, locale=first).exists()


def _lessons(outline: Outline) -> list[tuple[OutlineModule, OutlineLesson]]:
    return [(module, lesson) for module in outline.modules if module.is_ready for lesson in module.lessons]


def _facts(curriculum: CurriculumPage, outline: Outline) -> dict[str, Any]:
    """The course's rules and hours, as plain values: what a version has beside its lessons."""
    return {
        "title": curriculum.title,
        "audience": curriculum.audience,
        "hours": str(curriculum.hours) if curriculum.hours is not None else None,
        "needed_modules": curriculum.needed_modules,
        "opens_in_order": curriculum.opens_in_order,
        "modules": [
            {
                "key": module.key,
                "number": module.number,
                "title": module.title,
                "is_ready": module.is_ready,
                "optional": module.optional,
                "needed_lessons": module.needed_lessons,
                "lessons": [
                    {
                        "key": lesson.key,
                        "title": lesson.title,
                        "minutes": lesson.minutes,
                        "rule": lesson.rule,
                        "pass_mark": lesson.pass_mark,
                        "optional": lesson.optional,
                    }
                    for lesson in module.lessons
                    if module.is_ready
                ],
            }
            for module in outline.modules
        ],
    }


def _words_of(lessons: Iterable[OutlineLesson], newest: CourseVersion | None) -> dict[int, LessonWords]:
    """The words of each lesson, by its page. Words that were kept before are not read again."""
    before = {}
    if newest is not None:
        rows = newest.lessons.select_related("words").defer("words__content")
        before = {(str(row.lesson_key), row.revision_number): row.words for row in rows}
    found, changed = {}, []
    for lesson in lessons:
        kept = before.get((lesson.key, lesson.revision or 0))
        if kept is not None:
            found[lesson.pk] = kept
        else:
            changed.append(lesson.pk)
    contents = {
        page.pk: {"title": page.title, "minutes": page.minutes, "body": page.body.get_prep_value()}
        for page in LessonPage.objects.filter(pk__in=changed)
    }
    digests = {pk: _digest(content) for pk, content in contents.items()}
    LessonWords.objects.bulk_create(
        [LessonWords(digest=digest, content=contents[pk]) for pk, digest in digests.items()],
        ignore_conflicts=True,
    )
    by_digest = {
        words.digest: words
        for words in LessonWords.objects.filter(digest__in=set(digests.values())).defer("content")
    }
    return found | {pk: by_digest[digest] for pk, digest in digests.items()}


def _digest(content: Any) -> str:
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()
