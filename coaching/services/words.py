"""What every service asks of the words it is given."""

import unicodedata

from lms.core.errors import RuleBroken


def tidy(words: str, *, most: int, field: str, too_long: str, needed: str | None = None) -> str:
    """The words without control characters and with single spaces, as they are stored.

    Refuses empty words when `needed` is a sentence that says what to write, and more than `most` characters.
    Marks of direction and joiners stay: Arabic, Hebrew and emoji need them.
    """
    kept = " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in words).split())
    if needed is not None and not kept:
        raise RuleBroken(needed, field=field)
    if len(kept) > most:
        raise RuleBroken(too_long % {"most": most, "used": len(kept)}, field=field)
    return kept
