"""What the curricula's files hold, in figures: for docs/curricula.md, which a test keeps true."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from courses.checks import reading_age, sentences_in, texts_in, words_in
from courses.interfaces.content_files import Source, read_content
from courses.interfaces.handbook_files import read_handbooks

PRACTICES = ("choice", "sort", "order", "rewrite", "practice", "consultation")
SIDES = {"patient": "Patients", "professional": "Professionals"}
INTRODUCTION = """\
# The curricula in figures

Written by `./dev manage print_curricula > docs/curricula.md` out of `courses/content`. A test tells when it is no longer true.

- **Words** are all that a lesson can say: every way through a consultation, and the answer to every choice. Nobody reads them
  all in one go.
- **Reading age** is the Flesch–Kincaid grade plus five years, of the easiest and of the hardest lesson. The goal for patients
  is 11 at most, for professionals 14. Words of the glossary count for a sentence's length and not for its difficulty. Most of
  a lesson is talk, in short sentences, so the figure says that the words are plain, and not that the matter is.
- **Practices** are questions, lines to sort, to put in order or to say in other words, screens of real tools, and
  consultations. Rulers, reflections and sheets to write on are not among them.
- **Moments** are the points of the consultation at which something is said.
"""


@dataclass(frozen=True)
class Measured:
    """What one lesson, or one handbook, holds."""

    words: int
    minutes: int
    age: int | None
    blocks: Counter
    moments: int

    @property
    def practices(self) -> int:
        return sum(self.blocks[one] for one in PRACTICES)


def curricula_table(folder: Path) -> str:
    """The whole page, in Markdown."""
    content = read_content(folder)
    kept = tuple(one["term"] for one in content.glossary)
    parts = [INTRODUCTION]
    every: list[Measured] = []
    rows = []
    for pair in sorted(content.pairings, key=lambda row: row["number"]):
        for curriculum in content.curricula:
            side = curriculum.fields["audience"]
            module = next(one for one in curriculum.children if one.slug == pair[f"{side}_module"])
            lessons = [measure(lesson, kept) for lesson in module.children]
            every += lessons
            named = (str(pair["number"]), pair["moment"], SIDES[side], module.title, str(len(lessons)))
            rows.append((*named, *_figures(lessons)))
    rows.append(("", "", "", "**All**", str(len(every)), *_figures(every)))
    head = (
        "",
        "Moment",
        "Side",
        "Module",
        "Lessons",
        "Minutes",
        "Words",
        "Reading age",
        "Practices",
        "Moments",
    )
    parts.append("\n".join(_table(head, rows, text_columns=4)))
    books = read_handbooks(folder)
    if books:
        head = ("Handbook", "Words", "Reading age", "Sheets", "Drawings")
        lines = [_of_a_handbook(one, kept) for one in books]
        parts.append("## Handbooks and manuals\n\n" + "\n".join(_table(head, lines, text_columns=1)))
    return "\n".join(f"{part}\n" if not part.endswith("\n") else part for part in parts)


def measure(source: Source, kept: Iterable[str]) -> Measured:
    body = source.fields["body"]
    sentences = [one for block in body for text in texts_in(block["value"]) for one in sentences_in(text)]
    return Measured(
        words=sum(len(words_in(one)) for one in sentences),
        minutes=source.fields.get("minutes", 0),
        age=reading_age(sentences, kept=kept),
        blocks=Counter(block["type"] for block in body),
        moments=sum(len(block["value"]["nodes"]) for block in body if block["type"] == "consultation"),
    )


def _figures(lessons: list[Measured]) -> tuple[str, ...]:
    return (
        str(sum(one.minutes for one in lessons)),
        f"{sum(one.words for one in lessons):,}",
        _span([one.age for one in lessons if one.age is not None]),
        str(sum(one.practices for one in lessons)),
        str(sum(one.moments for one in lessons)),
    )


def _span(ages: list[int]) -> str:
    if not ages:
        return "–"
    return str(min(ages)) if min(ages) == max(ages) else f"{min(ages)}–{max(ages)}"


def _of_a_handbook(source: Source, kept: Iterable[str]) -> tuple[str, ...]:
    found = measure(source, kept)
    age = _span([found.age] if found.age is not None else [])
    return (
        source.title,
        f"{found.words:,}",
        age,
        str(found.blocks["tool_sheet"]),
        str(found.blocks["drawing"]),
    )


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]], *, text_columns: int) -> Iterator[str]:
    """Words to the left, figures to the right."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join(['---'] * text_columns + ['---:'] * (len(head) - text_columns))}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
