"""A QR code as a drawing in the page itself, with words for those who cannot see it."""

from itertools import groupby

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString


def square_code(content: str, words: str) -> SafeString:
    """An SVG of the code. `words` say what it leads to.

    Each run of dark squares is one stroke: drawing square by square takes as long as the rest of the page.
    """
    code = segno.make(content, error="m", micro=False)
    size = len(code.matrix)
    strokes = []
    for y, row in enumerate(code.matrix):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                strokes.append(f"M{x} {y}.5h{length}")
            x += length
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="code" viewBox="0 0 {0} {0}" role="img"><title>{1}</title>'
        '<path stroke="#000" stroke-width="1" d="{2}"/></svg>',
        size,
        words,
        "".join(strokes),
    )
