"""HTML that is drawn once and shown to many, with gaps for what differs.

What is drawn is kept in the process's memory under a key that says all it depends on. Nothing of a person's goes into
what is kept, nor into its key: that is put into the gaps at each request.
"""

import re
from collections.abc import Callable

from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe

# A control character that no text of ours holds marks a gap: its kind, a colon, what it is about.
MARK = "\x1e"
GAP = re.compile(f"{MARK}([a-z]+:[^{MARK}]*){MARK}")

# Text and gaps take turns, so every second piece is a gap.
Pieces = list[str]


def gap(kind: str, about: str = "") -> SafeString:
    return mark_safe(f"{MARK}{kind}:{about}{MARK}")


def drawn_once(key: str, draw: Callable[[], str], *, about: object = None) -> Pieces:
    """What `draw` gave the first time. It is drawn anew for another `about`, which must be the very same object."""
    known = caches["process"].get(key)
    if known is None or known[0] is not about:
        known = (about, GAP.split(draw()))
        caches["process"].set(key, known)
    return known[1]


def fill(pieces: Pieces, filling: Callable[[str, str], str]) -> SafeString:
    """The whole, with what `filling(kind, about)` says in the gaps. A filling escapes what people wrote."""
    if len(pieces) == 1:
        return mark_safe(pieces[0])
    whole = list(pieces)
    for number in range(1, len(pieces), 2):
        kind, _colon, about = pieces[number].partition(":")
        whole[number] = filling(kind, about)
    return mark_safe("".join(whole))
