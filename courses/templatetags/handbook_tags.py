"""What a handbook's blocks need to stand at their level, and a session's plan its times."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from courses import handbooks
from courses.blocks.handbooks import PAUSES

register = template.Library()


@register.simple_tag
def lowered(html: str, by: int) -> SafeString:
    """Rich text with its headings so many levels further down."""
    return handbooks.lowered(html, by)


@register.simple_tag
def below(level: int) -> int:
    return min(level + 1, 6)


@register.simple_tag
def timed(plan: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The plan's entries, each with the minutes at which it begins and ends; pauses with words of their own."""
    pauses = {
        "arrive": {
            "title": _("Arriving"),
            "words": _("One of you is at the door and greets each person. The other helps people to a seat."),
        },
        "break": {
            "title": _("Break"),
            "words": _("Water, the toilets, some air. Say when you begin again, and begin then."),
        },
    }
    found, now = [], 0
    for entry in plan:
        entry = entry | pauses.get(entry["type"], {})
        entry["minutes"] = PAUSES.get(entry["type"]) or entry["minutes"]
        found.append(entry | {"begins": now, "ends": now + entry["minutes"]})
        now += entry["minutes"]
    return found
