"""Search over what the reader may see, forgiving of typing mistakes.

The words of a language's published pages are kept in the process's memory, beside the outlines that they belong to: while
those are the same, so are they. So a search costs the query for the outlines and the one for the glossary, and gives the
same on every database. Visitors find the titles of everything, and what is written in the lessons that are open to them.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log

from django.core.cache import caches
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.models import CurriculumPage, GlossaryTerm, ModulePage
from courses.queries.handbooks import everybodys_handbooks
from courses.queries.outlines import Outline, outlines
from courses.queries.texts import texts_of_handbooks, texts_of_lessons
from courses.spelling import Vocabulary, tokens

LONGEST_QUERY = 200
MOST_WORDS = 12
MOST_RESULTS = 100
AROUND = 220  # letters of a page's text that a result shows
BEFORE = 60  # of them before the first word that was looked for
TITLE = 6.0  # a word in a title weighs as much as so many in the text

Pieces = list[tuple[str, bool]]  # a text in parts, and whether each is what was looked for


@dataclass(frozen=True)
class Document:
    """A page that can be found. `text` is its words, which a visitor finds only where `is_open`."""

    title: str
    url: str
    where: str
    text: str
    is_open: bool


@dataclass(frozen=True)
class Found:
    """A result: where it is, and its words with those marked that were looked for."""

    title: Pieces
    url: str
    where: str
    text: Pieces


@dataclass(frozen=True)
class Answer:
    """What a search found. `instead` are words that nothing holds, each with the one that was looked for in its place."""

    index: "Index"
    order: list[int]
    forms: frozenset[str]
    instead: list[tuple[str, str]]
    terms: list[GlossaryTerm]
    is_visitor: bool

    def results(self, numbers: list[int]) -> list[Found]:
        """These results, ready to be shown; for one page of them at a time."""
        return [self._result(self.index.documents[number]) for number in numbers]

    def _result(self, one: Document) -> Found:
        text = one.text if one.is_open or not self.is_visitor else ""
        return Found(
            marked(one.title, self.forms), one.url, one.where, marked(excerpt(text, self.forms), self.forms)
        )


class Index:
    """The words of all pages of a language. Made once; nobody changes it."""

    def __init__(self, of: list[Outline], documents: list[Document]):
        self.of, self.documents = of, documents
        self.titles: dict[str, set[int]] = defaultdict(set)
        self.texts: dict[str, dict[int, int]] = defaultdict(dict)
        for number, document in enumerate(documents):
            for token in tokens(document.title):
                self.titles[token.form].add(number)
            for form, times in Counter(token.form for token in tokens(document.text)).items():
                self.texts[form][number] = times
        self.open = frozenset(number for number, document in enumerate(documents) if document.is_open)

    @cached_property
    def for_all(self) -> Vocabulary:
        return Vocabulary(self._used(None))

    @cached_property
    def for_visitors(self) -> Vocabulary:
        """Without the words that stand only in lessons for which one needs an account."""
        return Vocabulary(self._used(self.open))

    def _used(self, only: frozenset[int] | None) -> Counter[str]:
        used = Counter({form: 3 * len(numbers) for form, numbers in self.titles.items()})
        for form, numbers in self.texts.items():
            times = sum(times for number, times in numbers.items() if only is None or number in only)
            if times:
                used[form] += times
        return used

    def weights(self, form: str, is_visitor: bool) -> dict[int, float]:
        """How much each page is about this word."""
        found = {
            number: 1 + log(times)
            for number, times in self.texts.get(form, {}).items()
            if not is_visitor or number in self.open
        }
        for number in self.titles.get(form, ()):
            found[number] = found.get(number, 0) + TITLE
        return found


def search_pages(asked: str, *, is_visitor: bool) -> Answer:
    """The pages in which the words stand, the best first: those that hold all of them, else those that hold any."""
    index = _index()
    forms = list(dict.fromkeys(token.form for token in tokens(asked[:LONGEST_QUERY])))[:MOST_WORDS]
    vocabulary = index.for_visitors if is_visitor else index.for_all
    matched: set[str] = set()
    instead: list[tuple[str, str]] = []
    by_word: list[dict[int, float]] = []
    for form in forms:
        alike = vocabulary.like(form)
        if not alike and (near := vocabulary.near(form)):
            alike = {near[0]: 1.0}
            instead.append((form, near[0]))
        matched |= alike.keys()
        by_word.append(_weights_of_word(index, alike, is_visitor))
    return Answer(
        index=index,
        order=_ranked(by_word, len(index.documents)),
        forms=frozenset(matched),
        instead=instead,
        terms=_explained(forms) if forms else [],
        is_visitor=is_visitor,
    )


def _weights_of_word(index: Index, alike: dict[str, float], is_visitor: bool) -> dict[int, float]:
    best: dict[int, float] = {}
    for form, likeness in alike.items():
        for number, weight in index.weights(form, is_visitor).items():
            best[number] = max(best.get(number, 0), likeness * weight)
    return best


def _ranked(by_word: list[dict[int, float]], documents: int) -> list[int]:
    totals: dict[int, float] = defaultdict(float)
    held: Counter[int] = Counter()
    for weights in by_word:
        rarity = log(1 + documents / (1 + len(weights)))
        for number, weight in weights.items():
            totals[number] += rarity * weight
            held[number] += 1
    most = [number for number in totals if held[number] == len(by_word)] or list(totals)
    return sorted(most, key=lambda number: (-totals[number], number))[:MOST_RESULTS]


def _explained(forms: list[str]) -> list[GlossaryTerm]:
    """Words of the glossary that were asked for."""
    asked = set(forms)
    terms = GlossaryTerm.objects.filter(language=get_language())
    return [
        term for term in terms if (words := {token.form for token in tokens(term.term)}) and words <= asked
    ]


def _index() -> Index:
    key, now = f"search:{get_language()}", outlines()
    kept: Index | None = caches["process"].get(key)
    # The very same outlines, not only like them: one that was read anew may show other lessons.
    if (
        kept
        and len(kept.of) == len(now)
        and all(one is other for one, other in zip(kept.of, now, strict=True))
    ):
        return kept
    index = Index(now, _documents(now))
    caches["process"].set(key, index)
    return index


def _documents(of: list[Outline]) -> list[Document]:
    courses = CurriculumPage.objects.in_bulk([outline.pk for outline in of])
    modules = ModulePage.objects.in_bulk([module.pk for outline in of for module in outline.modules])
    texts = texts_of_lessons([lesson for outline in of for lesson in outline.lessons])
    found = []
    for outline in of:
        course = courses[outline.pk]
        about = [course.strapline, course.who_for, *[line.value for line in course.what_you_do]]
        found.append(Document(outline.title, outline.url, "", " ".join(about), True))
        for module in outline.modules:
            page = modules[module.pk]
            about = [page.purpose, page.shared_moment, *[line.value for line in page.outcomes]]
            found.append(Document(module.title, module.url, outline.title, " ".join(about), True))
            where = _("%(course)s: %(module)s") % {"course": outline.title, "module": module.title}
            found += [
                Document(lesson.title, lesson.url, where, texts.get(lesson.pk, ""), lesson.open_to_visitors)
                for lesson in (module.lessons if module.is_ready else ())
            ]
    return found + _handbooks()


def _handbooks() -> list[Document]:
    """Those that everybody may read; what is for tutors alone is found by nobody here."""
    books = everybodys_handbooks()
    texts = texts_of_handbooks([one.pk for one in books])
    return [
        Document(one.title, one.url, _("Handbooks"), f"{one.purpose} {texts.get(one.pk, '')}", True)
        for one in books
    ]


def excerpt(text: str, forms: frozenset[str]) -> str:
    """The part of the text around the first of these words; its beginning where none of them stands in it."""
    if len(text) <= AROUND:
        return text
    at = next((token.start for token in tokens(text) if token.form in forms), 0)
    start = max(at - BEFORE, 0)
    start = text.rfind(" ", 0, start + 1) + 1 if start else 0
    end = text.rfind(" ", start, start + AROUND)
    end = end if end > at else start + AROUND
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def marked(text: str, forms: frozenset[str]) -> Pieces:
    pieces: Pieces = []
    done = 0
    for token in tokens(text):
        if token.form in forms:
            pieces += [(text[done : token.start], False), (text[token.start : token.end], True)]
            done = token.end
    return [piece for piece in [*pieces, (text[done:], False)] if piece[0]]
