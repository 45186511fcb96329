"""The rows of the report: fifty of them through a template's own loop would cost as much as all its queries."""

from collections.abc import Iterable
from datetime import date

from django import template
from django.urls import reverse
from django.utils import dateformat
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from courses.queries import Outline
from courses.queries.reports import Line

register = template.Library()

CELL = '<td data-label="{}">{}</td>'
ROW = f'<tr><td data-label="{{}}"><a href="{{}}{{}}/"><bdi>{{}}</bdi></a>{{}}</td>{CELL * 5}</tr>'


@register.simple_tag
def report_rows(outline: Outline, lines: Iterable[Line]) -> SafeString:
    """A row for each line: name (a link to the learner's page), done, last, began, finished, version."""
    labels = [_("Name"), _("Modules done"), _("Last active"), _("Began"), _("Finished"), _("Version")]
    here = reverse("courses:report", args=[outline.slug])
    days: dict[date | None, str] = {None: ""}

    def day(one: date | None) -> str:
        if one not in days:
            days[one] = dateformat.format(one, "j M Y")
        return days[one]

    def cells(line: Line) -> tuple:
        rests = line.state in ("paused", "left")
        said = [
            line.done_words,
            day(line.last_on),
            day(line.began),
            day(line.completed_on),
            line.version or "",
        ]
        pairs = [part for pair in zip(labels[1:], said, strict=True) for part in pair]
        return (labels[0], here, line.learner, line.name, f" ({line.state_words})" if rests else "", *pairs)

    return format_html_join("", ROW, map(cells, lines))
