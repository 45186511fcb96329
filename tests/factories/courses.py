"""Curricula, small ones. Pages are made in Wagtail's own way and published; answers are made through the services."""

import json
import uuid
from itertools import count

from courses.models import CurriculumPage, LessonPage, ModulePage
from lms.home.services import ensure_home_page
from lms.people.models import Audience

_numbers = count(1)


def make_curriculum(*, audience: str = Audience.PATIENT, lessons: int = 0, **fields) -> CurriculumPage:
    """A published curriculum; with `lessons`, one ready module that holds so many."""
    number = next(_numbers)
    defaults = {"title": f"Course {number}", "slug": f"course-{number}", "strapline": "A small course."}
    page = CurriculumPage(audience=audience, **defaults | fields)
    ensure_home_page().add_child(instance=page)
    page.save_revision().publish()
    if lessons:
        module = make_module(page)
        for _ in range(lessons):
            make_lesson(module)
    return page


def make_module(curriculum: CurriculumPage, **fields) -> ModulePage:
    number = next(_numbers)
    defaults = {"title": f"Module {number}", "slug": f"module-{number}", "number": number % 90 + 1}
    page = ModulePage(**defaults | {"status": "ready", "purpose": "To try things out."} | fields)
    curriculum.refresh_from_db()
    curriculum.add_child(instance=page)
    page.save_revision().publish()
    return page


def make_lesson(module: ModulePage, *blocks: dict, published: bool = True, **fields) -> LessonPage:
    """A lesson with these blocks: dicts as `text_block` and the others below make them."""
    number = next(_numbers)
    defaults = {"title": f"Lesson {number}", "slug": f"lesson-{number}", "minutes": 5}
    page = LessonPage(live=published, **defaults | fields)
    page.body = json.dumps(list(blocks) or [text_block()])
    module.refresh_from_db()
    module.add_child(instance=page)
    revision = page.save_revision()
    if published:
        revision.publish()
    page.refresh_from_db()
    return page


def block(kind: str, value) -> dict:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def text_block(html: str = "<p>Some words.</p>") -> dict:
    return block("text", html)


def reflection_block(*, required: bool = False, prompt: str = "What matters most?") -> dict:
    return block("reflection", {"prompt": prompt, "help": "", "required": required})


def choice_block(*, required: bool = False, multiple: bool = False) -> dict:
    options = [
        {"text": "Say it first", "correct": True, "feedback": "Then it gets its time."},
        {"text": "Wait for the door", "correct": False, "feedback": "There is little time left."},
    ]
    items = [{"type": "item", "value": option, "id": str(uuid.uuid4())} for option in options]
    question = {
        "question": "What would you do?",
        "multiple": multiple,
        "required": required,
        "options": items,
    }
    return block("choice", question)


def sheet_block(**more) -> dict:
    row = {"prompt": "What matters most", "help": "One line is plenty.", "lines": 2}
    rows = [{"type": "item", "value": row, "id": str(uuid.uuid4())}]
    return block("tool_sheet", {"title": "My list", "intro": "<p>Bring it.</p>", "rows": rows} | more)


def ruler_block(*, required: bool = False) -> dict:
    words = {"question": "How sure are you?", "low_label": "Not sure", "high_label": "Very sure"}
    return block("ruler", words | {"required": required})


def consultation_block(*, required: bool = False) -> dict:
    """Two turns and two endings: "ask" leads on, "tell" ends it."""

    def choice(id: str, next: str) -> dict:
        value = {"id": id, "say": f"I {id}.", "technique": f"To {id}", "feedback": f"You {id}.", "next": next}
        return {"type": "item", "value": value, "id": str(uuid.uuid4())}

    def node(id: str, choices=(), debrief: str = "") -> dict:
        value = {
            "id": id,
            "says": f"{id} says.",
            "thinks": f"{id} thinks.",
            "ending": bool(debrief),
            "debrief": debrief,
            "choices": list(choices),
        }
        return {"type": "item", "value": value, "id": str(uuid.uuid4())}

    nodes = [
        node("hello", [choice("ask", "more"), choice("tell", "over")]),
        node("more", [choice("agree", "good"), choice("insist", "over")]),
        node("good", debrief="<p>One list by two.</p>"),
        node("over", debrief="<p>Polite, and over.</p>"),
    ]
    value = {
        "title": "A visit",
        "scene": "<p>You meet.</p>",
        "start": "hello",
        "nodes": nodes,
        "required": required,
    }
    return block("consultation", value)


def _item(value) -> dict:
    return {"type": "item", "value": value, "id": str(uuid.uuid4())}


def _line(text: str) -> dict:
    return _item({"text": text, "feedback": f"About {text}."})


def sort_block(*, required: bool = False) -> dict:
    """Two groups with two lines each."""
    groups = [
        _item({"name": "Relieves", "items": [_line("relieve 1"), _line("relieve 2")]}),
        _item({"name": "Enables", "items": [_line("enable 1"), _line("enable 2")]}),
    ]
    return block("sort", {"question": "Which is it?", "groups": groups, "required": required})


def order_block(*, required: bool = False, lines: int = 4) -> dict:
    """Lines in the order that works."""
    items = [_line(f"line {number}") for number in range(1, lines + 1)]
    return block("order", {"question": "What comes first?", "items": items, "required": required})


def rewrite_block(*, required: bool = False) -> dict:
    value = {
        "sentence": "Why don't you walk?",
        "task": "Say it so that they choose.",
        "model": "What would you like to do more of?",
        "look_for": [_item("It asks.")],
        "required": required,
    }
    return block("rewrite", value)
