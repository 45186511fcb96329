"""The blocks of a lesson that say the same to everybody."""

import json
from uuid import uuid4

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.blocks import BoundBlock, StreamValue

from courses.bodies import Prepared, prepared_alone
from courses.exercises import KINDS, exercise_for
from courses.materials import PREVIEWS
from courses.models import HandbookPage, LessonPage
from courses.queries import OutlineLesson
from lms.core.links import absolute
from lms.people.crisis import crisis_lines
from lms.ui.drawn import drawn_once, fill

register = template.Library()


@register.simple_tag
def short_address(lesson: OutlineLesson) -> str:
    """Where the lesson is, in so few letters that they can be typed from paper."""
    return absolute(reverse("short_lesson", args=[lesson.pk])).partition("://")[2]


@register.simple_tag(takes_context=True)
def draw_preview(context, bound_block: BoundBlock) -> SafeString | str:
    """A block with its example, as the editor shows it before it is chosen."""
    kind = bound_block.block.name
    streams = (LessonPage.body.field.stream_block, HandbookPage.body.field.stream_block)
    stream = next((one for one in streams if kind in one.child_blocks), None)
    if stream is None:
        return bound_block.render()
    if kind in PREVIEWS:
        prepared = {"type": kind, "id": "", "template": f"courses/blocks/{kind}.html"} | PREVIEWS[kind]()
    else:
        # An example leaves out what it does not need; read as if it were kept, it has all its parts.
        kept = {
            "type": kind,
            "value": bound_block.block.get_prep_value(bound_block.value),
            "id": str(uuid4()),
        }
        read = json.loads(json.dumps([kept], cls=DjangoJSONEncoder))
        prepared = prepared_alone(StreamValue(stream, read, is_lazy=True))
    given = {"block": prepared, "crisis": crisis_lines(), "lesson": None}
    if kind in KINDS:
        given["exercise"] = exercise_for(prepared)
    return render_to_string(prepared["template"], given, request=context["request"])


@register.simple_tag(takes_context=True)
def draw_block(context, block: Prepared, component: str = "") -> SafeString | str:
    """The block by its own template, or by a `component` of it that reads nothing but `block`, `crisis` and `lesson`:
    where it stands (courses.queries.OutlineLesson), if it stands anywhere yet.

    A block of a published lesson is drawn once for its words; a block in a preview every time.
    """
    component = component or block["template"]
    crisis, lesson = context.get("crisis"), context.get("lesson")
    if not isinstance(lesson, OutlineLesson):
        lesson = None  # a draft that somebody reviews

    def draw() -> str:
        return render_to_string(component, {"block": block, "crisis": crisis, "lesson": lesson})

    if "kept_as" not in block:
        return draw()
    pieces = drawn_once(f"{block['kept_as']}:{component}:{get_language()}", draw, about=crisis)
    return fill(pieces, lambda kind, about: "")
