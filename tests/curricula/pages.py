"""The curricula's words as the checks look at them: every page read as the loader reads it, and its blocks as they were written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from courses.checks import sentences_in, texts_in
from courses.interfaces.content_files import Content, Source, read_content
from courses.interfaces.handbook_files import read_handbooks
from courses.services.loading import CONTENT

PATIENT, PROFESSIONAL = "patient", "professional"


@dataclass(frozen=True)
class Page:
    """One page: a course, a module, a lesson, or a chapter of a handbook."""

    where: str
    kind: str
    audience: str
    texts: tuple[str, ...]
    blocks: tuple[dict[str, Any], ...] = ()  # as they stand in the file
    body: tuple[dict[str, Any], ...] = ()  # as the loader keeps them
    words: dict[str, Any] = field(default_factory=dict, hash=False)

    @cached_property
    def sentences(self) -> list[str]:
        return [one for text in self.texts for one in sentences_in(text)]

    def of_type(self, *types: str) -> list[dict[str, Any]]:
        return [block for block in self.blocks if block["type"] in types]

    def with_value(self, type: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Blocks of one type, as written and as kept."""
        for written, kept in zip(self.blocks, self.body, strict=True):
            if written["type"] == type:
                yield written, kept["value"]


@dataclass(frozen=True)
class Module:
    where: str
    audience: str
    slug: str
    number: int
    status: str
    lessons: tuple[Page, ...]

    def of_type(self, *types: str) -> list[dict[str, Any]]:
        return [block for lesson in self.lessons for block in lesson.of_type(*types)]


@dataclass(frozen=True)
class Book:
    """All that stands under one content folder."""

    content: Content
    pages: list[Page]
    modules: list[Module]
    glossary: list[dict[str, str]]

    @property
    def lessons(self) -> list[Page]:
        return [page for page in self.pages if page.kind == "lesson"]

    @property
    def read(self) -> list[Page]:
        """Pages that somebody reads from top to bottom."""
        return [page for page in self.pages if page.kind in ("lesson", "handbook")]

    @property
    def terms(self) -> tuple[str, ...]:
        """Words that must stay: the glossary explains each of them."""
        return tuple(one["word"] for one in self.glossary)


def read_book(folder: Path = CONTENT) -> Book:
    content = read_content(folder)
    pages: list[Page] = []
    modules: list[Module] = []
    for curriculum in content.curricula:
        audience = curriculum.fields["audience"]
        pages.append(Page(curriculum.where, "curriculum", audience, _plain_texts(curriculum)))
        files = sorted((folder / curriculum.slug).glob("[0-9]*.yaml"))
        for module, file in zip(curriculum.children, files, strict=True):
            written = _yaml(file)["lessons"] or []
            lessons = tuple(
                _lesson(lesson, words, audience)
                for lesson, words in zip(module.children, written, strict=True)
            )
            fields = module.fields
            modules.append(
                Module(module.where, audience, module.slug, fields["number"], fields["status"], lessons)
            )
            pages += [Page(module.where, "module", audience, _plain_texts(module)), *lessons]
    pages += _pairing_pages(content) + list(_handbooks(folder))
    return Book(content, pages, modules, _yaml(folder / "glossary.yaml"))


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _plain_texts(source: Source) -> tuple[str, ...]:
    read = {
        name: value
        for name, value in source.fields.items()
        if name not in ("audience", "number", "status", "start_here")
    }
    return (source.title, *texts_in(read))


def _lesson(source: Source, words: dict[str, Any], audience: str) -> Page:
    body = tuple(source.fields["body"])
    texts = (source.title, *(text for block in body for text in texts_in(block["value"])))
    return Page(source.where, "lesson", audience, texts, tuple(words["body"]), body, words)


def _pairing_pages(content: Content) -> list[Page]:
    return [
        Page(f"pairings.yaml/{row['number']}", "pairing", PATIENT, tuple(texts_in(_spoken(row))))
        for row in content.pairings
    ]


def _spoken(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: " ".join(row[name].split()) for name in ("together", "patient_does", "professional_does")}
    return said | {"moments": [pair["moment"] for pair in row["lessons"] or []]}


def _handbooks(folder: Path) -> Iterator[Page]:
    """A page for each chapter of a handbook, with the sessions that stand in it."""
    for source in read_handbooks(folder):
        written = _yaml(folder / "handbooks" / f"{source.slug}.yaml")["body"]
        tutors = source.fields["readers"] == "tutors" or source.fields["audience"] == PROFESSIONAL
        chapters: list[list[tuple[dict, dict]]] = [[]]
        for block, kept in zip(written, source.fields["body"], strict=True):
            if block["type"] in ("chapter", "session"):
                chapters.append([])
            chapters[-1].append((block, kept))
        for chapter in filter(None, chapters):
            title = chapter[0][0].get("title") or source.title
            yield Page(
                f"{source.where}/{title}",
                "handbook",
                PROFESSIONAL if tutors else PATIENT,
                tuple(text for _block, kept in chapter for text in texts_in(kept["value"])),
                tuple(block for block, _kept in chapter),
                tuple(kept for _block, kept in chapter),
            )
