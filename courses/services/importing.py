"""A course out of a file from another installation: as drafts that nobody has signed here."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from courses.carried_pages import STREAM, as_it_travels, plain_names, shape_of, shape_of_fields
from courses.carried_streams import Names, errors_in, fault_in, renamed
from courses.interfaces.course_files import (
    BrokenCourse,
    CourseFile,
    as_json,
    check_shape,
    read_course,
    sha256,
)
from courses.models import CarriedPage, CurriculumPage, LessonPage, LoadedPage, ModulePage
from courses.services.exporting import names_and_keys
from courses.services.importing_beside import Beside, import_pairs, import_versions
from lms.audit.services import record_act
from lms.home.models import HomePage
from lms.home.services import ensure_home_page
from lms.people.models import User

KINDS: tuple[type[Page], ...] = (CurriculumPage, ModulePage, LessonPage)
# What a voice says stays where its consent was given, so its block comes without it.
MAY_BE_EMPTY = {"voice_record"}


@dataclass
class Carried:
    """What an import did, each page by its title. `left_out` are sentences about what could not come along."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    edited_here: list[str] = field(default_factory=list)
    unchanged: int = 0
    left_out: list[str] = field(default_factory=list)
    course: CurriculumPage | None = None


@dataclass(frozen=True)
class _Told:
    """A page in the file: its part, its values, and the page it becomes."""

    part: str
    kind: type[Page]
    value: dict[str, Any]
    digest: str


def import_course(*, file: BinaryIO, importer: User | None = None) -> Carried:
    """Bring the course in the file into this site: all of it or nothing.

    Every page becomes a draft: what is published stays as it is until somebody publishes the draft, with both signatures. A
    second file of the same course brings its pages up to date; pages that were edited here are named and left alone.
    Pairs are made once both sides are here. Notes it in the audit. Refuses somebody who may not add courses, and raises
    RuleBroken, naming the part and the place, for what cannot become a course. Unpacks up to 200 MB on disk.
    """
    given = read_course(file)
    beside = Beside(given)
    try:
        with transaction.atomic():
            return _Import(given, beside, importer).run()
    except BaseException:
        beside.throw_away()
        raise


class _Import:
    """One import, inside one transaction."""

    def __init__(self, given: CourseFile, beside: Beside, importer: User | None):
        self.given, self.beside, self.importer = given, beside, importer
        self.carried = Carried()
        self.pages: dict[str, Page] = {}  # here, by translation key
        self.records: dict[int, CarriedPage] = {}
        self.loaded: dict[int, int] = {}

    def run(self) -> Carried:
        home = self._home()
        if self.importer is not None and not home.permissions_for_user(self.importer).can_add_subpage():
            raise PermissionDenied
        Page.objects.select_for_update().get(pk=home.pk)
        told = list(self._told())
        self._refuse_the_same_key_twice(told)
        self.beside.bring()
        self._know_what_is_here(home)
        fresh = self._make_missing(told, home)
        for one in told:
            self._bring(one, is_fresh=one.value["key"] in fresh)
        self.carried.course = self.pages[told[0].value["key"]]
        self.carried.left_out += self.beside.left_out
        self.carried.left_out += import_pairs(self.given, self.pages)
        self.carried.left_out += import_versions(self.given, told[0].value["key"])
        record_act(actor=self.importer, act="imported a course", obj=self.carried.course)
        return self.carried

    def _home(self) -> Page:
        ensure_home_page()
        language = self.given.manifest["language"]
        locale = Locale.objects.filter(language_code=language).first()
        home = HomePage.objects.filter(locale=locale).first() if locale else None
        if home is None:
            raise BrokenCourse("manifest.json", "language", _("this site has no pages in this language."))
        return home

    def _told(self) -> Iterator[_Told]:
        yield self._page("course.json", CurriculumPage)
        for module in self.given.modules():
            yield self._page(f"modules/{module}/module.json", ModulePage)
            for lesson in self.given.lessons(module):
                yield self._page(lesson, LessonPage)

    def _page(self, part: str, kind: type[Page]) -> _Told:
        value = self.given.json(part)
        check_shape(part, value, shape_of(kind))
        check_shape(part, value["fields"], shape_of_fields(kind), "fields")
        stream = STREAM[kind]
        fault = fault_in(kind._meta.get_field(stream).stream_block, value[stream], stream)
        if fault:
            raise BrokenCourse(part, fault[0], _("this is no %(what)s of a page.") % {"what": fault[1]})
        return _Told(part, kind, value, self.given.digest(part))

    def _refuse_the_same_key_twice(self, told: list[_Told]) -> None:
        if told[0].value["key"] != self.given.manifest["course"]:
            raise BrokenCourse("course.json", "key", _("the manifest names another course."))
        seen: set[str] = set()
        for one in told:
            if one.value["key"] in seen:
                raise BrokenCourse(one.part, "key", _("another page of this file has the same key."))
            seen.add(one.value["key"])

    def _know_what_is_here(self, home: Page) -> None:
        for kind in KINDS:
            for page in kind.objects.filter(locale_id=home.locale_id).defer_streamfields():
                self.pages[str(page.translation_key)] = page
        self.records = {record.page_id: record for record in CarriedPage.objects.all()}
        self.loaded = dict(LoadedPage.objects.values_list("page_id", "revision_number"))

    def _make_missing(self, told: list[_Told], home: Page) -> set[str]:
        """Empty drafts in their places, so that pages can point to one another. Their keys."""
        fresh: set[str] = set()
        above: list[Page] = [home]
        for one in told:
            level = KINDS.index(one.kind)
            page = self.pages.get(one.value["key"])
            if page is None:
                page = self._make(one, above[level])
                self.pages[one.value["key"]] = page
                fresh.add(one.value["key"])
            elif not isinstance(page, one.kind):
                raise BrokenCourse(one.part, "key", _("here, this key is that of another kind of page."))
            above = [*above[: level + 1], page]
        return fresh

    def _make(self, one: _Told, parent: Page) -> Page:
        page = one.kind(translation_key=one.value["key"], locale_id=parent.locale_id, live=False)
        self._fill_fields(page, one)
        parent = Page.objects.get(pk=parent.pk)  # as many children as it has by now
        try:
            parent.add_child(instance=page)
        except ValidationError as error:
            raise _as_broken(one.part, error) from None
        return page

    def _fill_fields(self, page: Page, one: _Told) -> None:
        for name in plain_names(one.kind):
            try:
                setattr(page, name, page._meta.get_field(name).clean(self._plain(one, name), page))
            except ValidationError as error:
                raise BrokenCourse(one.part, f"fields.{name}", str(error.messages[0])) from None
        page.draft_title = page.title

    def _plain(self, one: _Told, name: str) -> Any:
        value = one.value["fields"][name]
        if name != "hours" or value is None:
            return value
        try:
            return Decimal(value)
        except InvalidOperation:
            raise BrokenCourse(one.part, "fields.hours", _("this is no number.")) from None

    def _bring(self, one: _Told, *, is_fresh: bool) -> None:
        page = self.pages[one.value["key"]]
        if is_fresh:
            self.carried.made.append(one.value["fields"]["title"])
        else:
            record = self.records.get(page.pk)
            if (record and record.digest == one.digest) or self._says_the_same(page, one):
                self.carried.unchanged += 1
                return
            ours = {record.revision_number if record else None, self.loaded.get(page.pk)} - {None}
            if page.latest_revision_id not in ours:
                self.carried.edited_here.append(page.draft_title)
                return
            self.carried.changed.append(one.value["fields"]["title"])
            page = page.specific_class.objects.get(pk=page.pk)
        self._write(page, one)

    def _says_the_same(self, page: Page, one: _Told) -> bool:
        """Whether the page here, as it would be exported, is the one in the file."""
        page = page.specific_class.objects.get(pk=page.pk)
        words = page if page.live else page.get_latest_revision_as_object()
        return sha256(as_json(as_it_travels(words, *names_and_keys()))) == one.digest

    def _write(self, page: Page, one: _Told) -> None:
        self._fill_fields(page, one)
        stream = STREAM[one.kind]
        block = one.kind._meta.get_field(stream).stream_block
        names = self._names(one)
        setattr(page, stream, json.dumps(renamed(block, one.value[stream], names)))
        self._check_blocks(page, one)
        page.adapted_from = self._page_of(one.value["adapted_from"], one.kind)
        if isinstance(page, CurriculumPage):
            page.start_here = self._page_of(one.value["start_here"], LessonPage)
        try:
            page.full_clean()
        except ValidationError as error:
            raise _as_broken(one.part, error) from None
        if page.latest_revision_id is None:
            page.save()  # a draft that was never published is read from its row, too
        revision = page.save_revision(user=self.importer)
        CarriedPage.objects.update_or_create(
            page_id=page.pk, defaults={"digest": one.digest, "revision_number": revision.pk}
        )

    def _names(self, one: _Told) -> Names:
        def page_pk(key: str) -> str | None:
            page = self.pages.get(key)
            if page is None:
                sentence = _(
                    "“%(title)s” links to a page that is not here. The words stay, the link is gone."
                )
                self.carried.left_out.append(sentence % {"title": one.value["fields"]["title"]})
            return str(page.pk) if page else None

        return Names(
            picture=lambda name: self.beside.picture(one.part, name),
            material=lambda kind, key: self.beside.material(one.part, kind, key),
            page=page_pk,
        )

    def _check_blocks(self, page: Page, one: _Told) -> None:
        """The editor's own rules for each block, as if an author had saved it."""
        for number, child in enumerate(getattr(page, STREAM[one.kind])):
            if child.block_type in MAY_BE_EMPTY:
                continue
            where = f"{STREAM[one.kind]}[{number}].value"
            try:
                child.block.clean(child.value)
            except ValidationError as error:
                raise BrokenCourse(one.part, *errors_in(error, where)) from None
            except (TypeError, ValueError, AttributeError, KeyError):
                raise BrokenCourse(one.part, where, _("this cannot be read.")) from None

    def _page_of(self, key: str | None, kind: type[Page]) -> Page | None:
        page = self.pages.get(key or "")
        return page if isinstance(page, kind) else None


def _as_broken(part: str, error: ValidationError) -> BrokenCourse:
    if hasattr(error, "error_dict"):
        name, errors = next(iter(error.error_dict.items()))
        return BrokenCourse(part, f"fields.{name}", str(errors[0].messages[0]))
    return BrokenCourse(part, "", str(error.messages[0]))
