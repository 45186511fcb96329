"""Words as a search compares them: without capitals, accents and vowel signs, and with a mistake or two in their letters."""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

# Signs that stand on a letter and belong to its word: accents, vowels of Arabic, Hebrew, Hindi, Thai.
_MARKS = "".join(
    sign
    for sign in map(chr, range(min(sys.maxunicode, 0xFFFF)))
    if unicodedata.category(sign) in ("Mn", "Mc")
)
# Chinese and Japanese put no spaces between words, so each sign is one.
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_LETTER = rf"(?:(?![{_ALONE}_])[\w{_MARKS}])"
_WORD = re.compile(rf"[{_ALONE}][{_MARKS}]*|{_LETTER}+(?:['’]{_LETTER}+)*")
_SAME = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "'": "", "’": ""})
SHORTEST = 4  # shorter words are not corrected: too many others are one letter away
LONGEST = 40


class Token(NamedTuple):
    """A word of a text: where it stands, and its plain form."""

    start: int
    end: int
    form: str


def tokens(text: str) -> Iterator[Token]:
    for found in _WORD.finditer(text):
        form = plain_form(found[0])
        if form:
            yield Token(found.start(), found.end(), form)


def plain_form(word: str) -> str:
    """The word without capitals, accents and apostrophes, in one way of writing it."""
    if word.isascii():
        return word.lower().replace("'", "")[:LONGEST]
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn").translate(_SAME)[:LONGEST]


def distance(one: str, other: str, most: int) -> int:
    """How many letters differ: one more, one less, another one, or two swapped. Above `most` it says `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before = before, row
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _pairs_of(word: str) -> list[str]:
    framed = f"^{word}$"
    return [framed[i : i + 2] for i in range(len(framed) - 1)]


class Vocabulary:
    """Known words, and how often each is used."""

    def __init__(self, words: Counter[str]):
        self.words = words
        self._with: dict[str, list[str]] = {}
        for word in words:
            if len(word) >= SHORTEST - 1 and not word.isdecimal():
                for pair in set(_pairs_of(word)):
                    self._with.setdefault(pair, []).append(word)

    def near(self, word: str) -> list[str]:
        """Known words that may have been meant, the nearest and most used first. Numbers are never corrected."""
        if len(word) < SHORTEST or any(sign.isdecimal() for sign in word):
            return []
        most = 1 if len(word) < 7 else 2
        pairs = set(_pairs_of(word))
        shared = Counter(known for pair in pairs for known in self._with.get(pair, ()))
        # One letter is in two pairs; two that are swapped are in three.
        enough = max(len(pairs) - 3 * most, 1)
        found = [
            (far, -self.words[known], known)
            for known, same in shared.items()
            if same >= enough and (far := distance(word, known, most)) <= most
        ]
        return [known for _far, _used, known in sorted(found)]

    def like(self, word: str) -> dict[str, float]:
        """Known words that are this one, begin with it, are its beginning or hold it; and how much alike each is."""
        found = {word: 1.0} if word in self.words else {}
        if len(word) < 3:
            return found
        for known in self.words:
            if known == word:
                continue
            if known.startswith(word):
                found[known] = 0.8
            elif len(known) >= 4 and len(word) - len(known) <= 4 and word.startswith(known):
                found[known] = 0.6
            elif len(word) >= 4 and word in known:
                found[known] = 0.4
        return found
