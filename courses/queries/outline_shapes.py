"""What an outline is made of: a curriculum with its modules and lessons, as lists show them."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse

from courses.queries.review import Reviewed


@dataclass(frozen=True)
class OutlineLesson:
    """A lesson as lists show it. `key` is its translation_key; `revision` the number of the words now shown.

    `again_at` is when its author last said "worth reading again". `pk`, `revision` and the words are those of the page in
    `language`; `languages` are all in which it can be read.
    """

    pk: int
    key: str
    where: tuple[str, str, str]
    title: str
    minutes: int
    open_to_visitors: bool
    rule: str
    revision: int | None
    module_title: str
    number: int  # in its module, from 1
    of: int
    other_side: tuple[tuple[str, str, str], str] | None  # where the paired lesson is, and its title
    optional: bool = False
    pass_mark: int | None = None
    again_at: datetime | None = None
    reviewed: Reviewed | None = None  # who signed these words; None where nobody has yet
    language: str = ""
    languages: tuple[str, ...] = ()
    original_pk: int | None = None

    @property
    def slug(self) -> str:
        return self.where[2]

    @property
    def url(self) -> str:
        return reverse("courses:lesson", args=self.where)

    @property
    def other_url(self) -> str:
        return reverse("courses:lesson", args=self.other_side[0]) if self.other_side else ""


@dataclass(frozen=True)
class Moment:
    """The shared moment of a module: its name, what each does, and the module on the other side."""

    name: str
    together: str
    patient_does: str
    professional_does: str
    other_where: tuple[str, str]
    other_title: str
    other_is_ready: bool

    @property
    def other_url(self) -> str:
        return reverse("courses:module", args=self.other_where)


@dataclass(frozen=True)
class OutlineModule:
    pk: int
    key: str
    where: tuple[str, str]
    number: int
    title: str
    purpose: str
    is_ready: bool
    lessons: tuple[OutlineLesson, ...]
    moment: Moment | None
    optional: bool = False
    needed_lessons: int | None = None
    language: str = ""

    @cached_property
    def needed(self) -> int:
        """How many of its lessons have to be done: what its author says, never more than there are."""
        asked = sum(not lesson.optional for lesson in self.lessons) if self.is_ready else 0
        return min(self.needed_lessons or asked, asked)

    @property
    def counts(self) -> bool:
        """Whether it is one of the modules that the course asks for. One with nothing to do in it is not."""
        return not self.optional and self.needed > 0

    @property
    def slug(self) -> str:
        return self.where[1]

    @property
    def url(self) -> str:
        return reverse("courses:module", args=self.where)

    @property
    def other_side_url(self) -> str:
        return reverse("courses:other_side", args=self.where)

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)


class Version(NamedTuple):
    """The newest version of a course (courses.models.CourseVersion)."""

    pk: int
    number: int


@dataclass(frozen=True)
class Outline:
    pk: int
    key: str
    slug: str
    title: str
    audience: str
    stamp: str
    modules: tuple[OutlineModule, ...]
    start_pk: int | None
    needed_modules: int | None = None
    opens_in_order: bool = False
    version: Version | None = None
    language: str = ""
    original_pk: int | None = None

    @property
    def url(self) -> str:
        return reverse("courses:curriculum", args=[self.slug])

    @cached_property
    def lessons(self) -> list[OutlineLesson]:
        """Every lesson that may be opened, in order, of modules that are ready."""
        return [lesson for module in self.modules if module.is_ready for lesson in module.lessons]

    @property
    def start(self) -> OutlineLesson | None:
        """Where a new person begins: the author's choice, else the first lesson there is."""
        lessons = self.lessons
        return next(
            (lesson for lesson in lessons if self.start_pk in (lesson.pk, lesson.original_pk)),
            lessons[0] if lessons else None,
        )

    def module(self, slug: str) -> OutlineModule | None:
        return next((module for module in self.modules if module.slug == slug), None)

    def lesson(self, module_slug: str, slug: str) -> OutlineLesson | None:
        where = (self.slug, module_slug, slug)
        return next((lesson for lesson in self.lessons if lesson.where == where), None)

    def lesson_of_page(self, pk: int) -> OutlineLesson | None:
        return next((lesson for lesson in self.lessons if lesson.pk == pk), None)

    def after(self, lesson: OutlineLesson) -> OutlineLesson | None:
        lessons = self.lessons
        place = lessons.index(lesson) + 1
        return lessons[place] if place < len(lessons) else None
