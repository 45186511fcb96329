"""Markdown into the part of HTML that Wagtail's rich text keeps."""

from markdown_it import MarkdownIt

_prose = MarkdownIt("commonmark", {"html": False, "typographer": False})
OURS = {"<strong>": "<b>", "</strong>": "</b>", "<em>": "<i>", "</em>": "</i>"}


def prose(text: str) -> str:
    """Paragraphs, headings and lists."""
    return _to_rich_text(_prose.render(text))


def line(text: str) -> str:
    """One line, as one paragraph."""
    return f"<p>{_to_rich_text(_prose.renderInline(' '.join(text.split())))}</p>"


def _to_rich_text(html: str) -> str:
    for theirs, ours in OURS.items():
        html = html.replace(theirs, ours)
    return html.replace(">\n<", "><").strip()
