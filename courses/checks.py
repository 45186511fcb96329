"""What the editor tells an author of a lesson's words: how hard they are to read, and what would shut somebody out.

Everything here looks at plain values and knows no database, but `check_lesson`, which asks for whom the lesson is.
Reading age: the Flesch–Kincaid grade (Kincaid, Fishburne, Rogers and Chissom 1975, Research Branch Report 8-75, Naval Technical
Training Command) plus five years. It is for English only; syllables are counted by pyphen's hyphenation and by groups of
vowels. Over all words of both curricula, that comes within a tenth of a grade of a pronouncing dictionary, which pyphen alone
misses by half a grade. textstat would fetch that dictionary from the network when it is first used, and takes a list without
full stops for one sentence.
The goal for patients, nine to eleven, is the UK's Patient Information Forum's.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pyphen
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import CurriculumPage, HandbookPage, LessonPage
from lms.people.models import Audience

OLDEST = {Audience.PATIENT: 11, Audience.PROFESSIONAL: 14}
MOST_WORDS_IN_SENTENCE = {Audience.PATIENT: 20, Audience.PROFESSIONAL: 25}
GRADE_TO_AGE = 5
FEWEST_WORDS = 30  # of fewer, the formula says nothing
IN_A_LIST = {"type", "value", "id"}
# Names of values that no reader sees as words.
NOT_READ = {
    "id",
    "start",
    "next",
    "kind",
    "leads",
    "practice",
    "decorative",
    "image",
    "recording",
    "document",
    "sheet",
    "terms",  # the glossary's words, by their numbers
}
SAYS_NOTHING = {
    "click here", "click", "here", "read more", "more", "find out more", "learn more", "link", "this link", "this", "this page",
    "website", "page", "see here", "go", "details",
}  # fmt: skip
BLOCK_ENDS = re.compile(r"</?(?:p|li|ul|ol|h[1-6]|br|div|blockquote)\b[^>]*>", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+")
NEEDS = {
    "alt": gettext_lazy("A picture has no words for those who cannot see it. Describe it, or mark it as decoration."),
    "captions": gettext_lazy("A recording has no captions. Add them, for those who cannot hear it."),
    "transcript": gettext_lazy("A recording has no transcript. Add one, for those who cannot play it."),
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Something to mend: where it is (a block's id; empty for the whole lesson), and a sentence that says what to do."""

    block_id: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """How a lesson reads. `age` is None where the words are too few, or not English."""

    words: int
    sentences: int
    longest: str
    longest_words: int
    age: int | None
    oldest: int
    faults: tuple[Fault, ...]

    @property
    def is_easy_enough(self) -> bool:
        return self.age is None or self.age <= self.oldest


def check_lesson(lesson: LessonPage | HandbookPage) -> Checked:
    """How the lesson, or handbook, reads, as its words stand in hand. One query, for whom it is."""
    if isinstance(lesson, HandbookPage):
        audience = lesson.audience if lesson.audience in OLDEST else Audience.PATIENT
    else:
        above = CurriculumPage.objects.filter(path=(lesson.path or "")[:12]).only("audience").first()
        audience = above.audience if above else Audience.PATIENT
    list(lesson.body)
    language = lesson.locale.language_code if lesson.locale_id else "en"
    return check_body(lesson.body.get_prep_value(), audience=audience, language=language)


def check_body(body: list[dict], *, audience: str, language: str = "en") -> Checked:
    """How a stream's plain values read, for one audience."""
    texts = [text for block in body for text in texts_in(block["value"])]
    sentences = [one for text in texts for one in sentences_in(text)]
    longest = max(sentences, key=lambda one: len(words_in(one)), default="")
    faults = [*_faults_of_headings(body), *_faults_of_parts(body)]
    most = MOST_WORDS_IN_SENTENCE[Audience(audience)]
    too_long = [one for one in sentences if len(words_in(one)) > most]
    if too_long:
        faults.append(
            Fault(
                "",
                _("%(count)d sentences have more than %(most)d words. Make two of each.")
                % {"count": len(too_long), "most": most},
            )
        )
    return Checked(
        words=sum(len(words_in(one)) for one in sentences),
        sentences=len(sentences),
        longest=longest,
        longest_words=len(words_in(longest)),
        age=reading_age(sentences) if language.split("-")[0] == "en" else None,
        oldest=OLDEST[Audience(audience)],
        faults=tuple(faults),
    )


def reading_age(sentences: list[str], *, kept: Iterable[str] = ()) -> int | None:
    """The age at which these sentences are read with ease, by Flesch–Kincaid; None for fewer than thirty words.

    `kept` are terms that must stay and are explained elsewhere: they make a sentence longer, but its words no harder.
    """
    words = [word for one in sentences for word in words_in(one)]
    if len(words) < FEWEST_WORDS:
        return None
    terms = _any_of(tuple(kept))
    counted = [word for one in sentences for word in words_in(terms.sub(" ", one))] if terms else words
    syllables = sum(map(syllables_in, counted)) / max(1, len(counted))
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables - 15.59
    return max(GRADE_TO_AGE, round(grade + GRADE_TO_AGE))


@cache
def _any_of(terms: tuple[str, ...]) -> re.Pattern | None:
    """Finds each of the terms as whole words, one or several of it, the longest first."""
    longest_first = sorted(map(re.escape, terms), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(longest_first)})s?\b", re.IGNORECASE) if terms else None


def words_in(text: str) -> list[str]:
    return WORD.findall(text)


def sentences_in(text: str) -> list[str]:
    """The sentences of a plain text. A line of its own (a heading, a list's entry) is one."""
    found = [one.strip() for line in text.split("\n") for one in SENTENCE_END.split(line)]
    return [one for one in found if words_in(one)]


@cache
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


@cache
def syllables_in(word: str) -> int:
    """About how many syllables an English word has: the more of what hyphenation and its groups of vowels say."""
    word = word.lower().replace("’", "'")
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = (
        (word.endswith("e") and not word.endswith(("le", "ee", "ye")))
        or (word.endswith("ed") and not word.endswith(("ted", "ded")))
        or (
            word.endswith("es")
            and not word.endswith(("ses", "zes", "ches", "shes", "xes", "ges", "ces", "les"))
        )
    )
    return max(1, groups - (silent and groups > 1), len(_hyphens().positions(word)) + 1)


def texts_in(value: Any) -> list[str]:
    """Every text of a block, in order, without its markup: those too that a learner meets only on some ways through it."""
    if isinstance(value, str):
        lines = (re.sub(r"<[^>]+>", "", line) for line in BLOCK_ENDS.sub("\n", value).split("\n"))
        text = "\n".join(" ".join(unescape(line).split()) for line in lines if line.strip())
        return [text] if text else []
    if isinstance(value, dict) and set(value) == IN_A_LIST:
        return texts_in(value["value"])
    if isinstance(value, dict):
        unread = (
            NOT_READ | {"name"} if "alt" in value else NOT_READ
        )  # a drawing's name; other names are words
        return [text for name, part in value.items() if name not in unread for text in texts_in(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts_in(part)]
    return []


class _Reader(HTMLParser):
    """Headings, links, and paragraphs that are bold from end to end, of one rich text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.headings: list[tuple[int, str]] = []
        self.links: list[tuple[str, str]] = []
        self.bold_paragraphs: list[str] = []
        self._open: dict[str, list[str]] = {}
        self._plain = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "p":
            self._plain = ""
        if tag in ("h2", "h3", "h4", "a", "p", "b", "strong"):
            self._open[tag] = [dict(attrs).get("href") or "" if tag == "a" else "", ""]

    def handle_data(self, data: str) -> None:
        for kept in self._open.values():
            kept[1] += data
        if not {"b", "strong"} & set(self._open):
            self._plain += data

    def handle_endtag(self, tag: str) -> None:
        href, text = self._open.pop(tag, (None, ""))
        if href is None:
            return
        text = " ".join(text.split())
        if tag.startswith("h"):
            self.headings.append((int(tag[1]), text))
        elif tag == "a":
            self.links.append((href, text))
        elif tag == "p" and text and not self._plain.strip():
            self.bold_paragraphs.append(text)


def _rich_texts(body: list[dict]) -> Iterator[tuple[str, _Reader]]:
    for block in body:
        for source in _sources(block["value"]):
            if "<" in source:
                yield block["id"], _Reader(source)


def _sources(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _sources(part)
    elif isinstance(value, list):
        for part in value:
            yield from _sources(part)


def _faults_of_headings(body: list[dict]) -> Iterator[Fault]:
    """The page's title is the first level; what follows goes down one at a time."""
    level = 1
    for block_id, reader in _rich_texts(body):
        for own, text in reader.headings:
            if not text:
                yield Fault(block_id, _("A heading is empty. Write it, or take it away."))
            elif own > level + 1:
                yield Fault(
                    block_id,
                    _("The heading “%(text)s” skips a level. Make it one level higher.") % {"text": text},
                )
            level = own
        for text in reader.bold_paragraphs:
            if len(words_in(text)) <= 10 and not text.endswith((".", "!", "?")):
                yield Fault(
                    block_id,
                    _("“%(text)s” looks like a heading and is none. Make it one.") % {"text": text},
                )


def _faults_of_parts(body: list[dict]) -> Iterator[Fault]:
    for block_id, reader in _rich_texts(body):
        for _href, text in reader.links:
            plain = text.lower().strip(" .,:;!?…»>→")
            if plain in SAYS_NOTHING:
                yield Fault(
                    block_id,
                    _("A link says only “%(text)s”. Say where it leads.") % {"text": text},
                )
            elif plain.startswith(("http:", "https:", "www.")):
                yield Fault(block_id, _("A link shows its bare address. Say where it leads, in words."))
            elif not plain:
                yield Fault(block_id, _("A link has no words. Say where it leads, or take it away."))
    for block in body:
        yield from _missing(block["id"], block["value"])


def _missing(block_id: str, value: Any) -> Iterator[Fault]:
    """Parts for those who cannot see or hear, that a picture or a recording of a block leaves empty."""
    if isinstance(value, dict):
        for name, sentence in NEEDS.items():
            if name in value and not value[name] and not value.get("decorative"):
                yield Fault(block_id, str(sentence))
        for part in value.values():
            yield from _missing(block_id, part)
    elif isinstance(value, list):
        for part in value:
            yield from _missing(block_id, part)
