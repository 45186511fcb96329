"""Documents on paper. The only place that knows WeasyPrint; it is imported when a first document is printed."""

from datetime import datetime
from typing import Any

__all__ = ["render_pdf"]


def render_pdf(
    *,
    template: str,
    context: dict[str, Any],
    title: str,
    stylesheet: str = "",
    language: str = "en",
    author: str = "",
    created: datetime | None = None,
) -> bytes:
    """A tagged PDF/UA-1 file of a template. The same words and dates give the same bytes.

    `template` extends "documents/base.html"; `stylesheet` names a template of CSS that follows the common one.
    `created` is the only date in the file: none means that it carries no date. Nothing but our own fonts is
    ever fetched, whatever the words or the stylesheet ask for. Takes 30-60 ms of CPU once the first is made.
    """
    from lms.documents.press import (
        press,
    )  # half a second and 30 MB, which a process that prints nothing saves

    return press(
        template=template,
        context=context,
        title=title,
        stylesheet=stylesheet,
        language=language,
        author=author,
        created=created,
    )
