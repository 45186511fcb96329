"""The blocks of a lesson that say the same to everybody."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from courses.bodies import Prepared
from lms.ui.drawn import drawn_once, fill

register = template.Library()


@register.simple_tag(takes_context=True)
def draw_block(context, block: Prepared, component: str = "") -> SafeString | str:
    """The block by its own template, or by a `component` of it that reads nothing but `block` and `crisis`.

    A block of a published lesson is drawn once for its words; a block in a preview every time.
    """
    component = component or block["template"]
    crisis = context.get("crisis")

    def draw() -> str:
        return render_to_string(component, {"block": block, "crisis": crisis})

    if "kept_as" not in block:
        return draw()
    pieces = drawn_once(f"{block['kept_as']}:{component}:{get_language()}", draw, about=crisis)
    return fill(pieces, lambda kind, about: "")
