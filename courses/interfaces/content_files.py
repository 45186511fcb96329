"""The curricula's words as they lie in YAML and Markdown, read into what the pages keep.

A folder holds one folder for each curriculum (curriculum.yaml and a file for each module), pairings.yaml and glossary.yaml;
handbooks are read by courses.interfaces.handbook_files.
Names of keys are stable (uuid5 of where a thing stands), so that two installations, and two loads, agree.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from courses.interfaces import markdown

NAMESPACE = uuid.UUID("6f0f8a0e-5d0b-5b0e-9c39-0a6a1f7d3c52")
FORMAT = 1  # goes into every digest: raise it when the same words become other pages


class BrokenContent(Exception):
    """A file that cannot be loaded; says which, where, and why."""


@dataclass(frozen=True)
class Source:
    """A page to be: where it stands, what it says, and a digest of that."""

    where: str
    slug: str
    title: str
    fields: dict[str, Any]
    digest: str
    children: list["Source"] = field(default_factory=list)

    @property
    def key(self) -> uuid.UUID:
        return key_of(self.where)


@dataclass(frozen=True)
class Content:
    curricula: list[Source]
    pairings: list[dict[str, Any]]
    glossary: list[dict[str, Any]] = field(default_factory=list)


def key_of(where: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, where)


def term_key(word: str) -> uuid.UUID:
    """Under which number a word of the glossary is kept."""
    return key_of(f"glossary/{word}")


def read_content(folder: Path) -> Content:
    """Read the whole folder; raises BrokenContent at the first thing that cannot become a page."""
    curricula = [_curriculum(path) for path in sorted(folder.glob("*/curriculum.yaml"))]
    pairings_file = folder / "pairings.yaml"
    pairings = read_yaml(pairings_file) if pairings_file.exists() else []
    glossary = folder / "glossary.yaml"
    return Content(curricula, pairings, _glossary(glossary) if glossary.exists() else [])


def _glossary(path: Path) -> list[dict[str, Any]]:
    words = read_yaml(path) or []
    with said_where(path, "the glossary"):
        return [
            {"id": term_key(one["word"]), "term": one["word"], "means": plain(one["means"])} for one in words
        ]


def read_yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 - the safe one, in C
    except yaml.YAMLError as error:
        raise BrokenContent(f"{path.name}: {error}") from error


def _curriculum(path: Path) -> Source:
    words = read_yaml(path)
    with said_where(path, "the curriculum"):
        where = words["slug"]
        fields = {
            "audience": words["audience"],
            "strapline": plain(words["strapline"]),
            "who_for": plain(words["who_for"]),
            "how_long": plain(words["how_long"]),
            "what_you_do": _lines(where, words["what_you_do"]),
            "start_here": f"{where}/{words['start_here']}",
        }
        modules = [_module(where, file) for file in sorted(path.parent.glob("[0-9]*.yaml"))]
        return source_of(where, words, fields, modules)


def _module(parent: str, path: Path) -> Source:
    words = read_yaml(path)
    with said_where(path, "the module"):
        where = f"{parent}/{words['slug']}"
        fields = {
            "number": words["number"],
            "status": words["status"],
            "purpose": plain(words["purpose"]),
            "outcomes": _lines(where, words["outcomes"]),
            "shared_moment": plain(words.get("shared_moment", "")),
        }
        lessons = [_lesson(where, lesson, path) for lesson in words["lessons"] or []]
        return source_of(where, words, fields, lessons)


def _lesson(parent: str, words: dict[str, Any], path: Path) -> Source:
    with said_where(path, f"the lesson {words.get('slug')}"):
        where = f"{parent}/{words['slug']}"
        fields = {
            "minutes": words["minutes"],
            "open_to_visitors": words["open_to_visitors"],
            "completion": words["completion"],
        }
    body = []
    for block in words["body"]:
        with said_where(path, f"the lesson {words['slug']}, block {block.get('id')}"):
            key = f"{where}#{block['id']}"
            body.append(
                {"type": block["type"], "value": BLOCKS[block["type"]](block, key), "id": block_id(key)}
            )
    if len({block["id"] for block in body}) < len(body):
        raise BrokenContent(f"{path.name}, the lesson {words['slug']}: two blocks have the same id")
    return source_of(where, words, fields | {"body": body}, [])


def source_of(where: str, words: dict[str, Any], fields: dict[str, Any], children: list[Source]) -> Source:
    title = plain(words["title"])
    written = json.dumps([FORMAT, words["slug"], title, fields], sort_keys=True, ensure_ascii=False)
    return Source(where, words["slug"], title, fields, hashlib.sha256(written.encode()).hexdigest(), children)


class said_where:
    """Turns a missing key or a wrong type into a sentence that names the file and the place."""

    def __init__(self, path: Path, what: str):
        self.where = f"{path.parent.name}/{path.name}, {what}"

    def __enter__(self) -> None: ...

    def __exit__(self, kind, error, traceback) -> None:
        if isinstance(error, KeyError):
            raise BrokenContent(f"{self.where}: {error} is missing or not known") from error
        if isinstance(error, TypeError | AttributeError):
            raise BrokenContent(f"{self.where}: {error}") from error


def block_id(key: str) -> str:
    return str(key_of(key))


def plain(text: str) -> str:
    return " ".join(str(text).split())


def _lines(where: str, lines: list[str]) -> list[dict[str, Any]]:
    return [
        {"type": "line", "value": plain(line), "id": block_id(f"{where}#line-{number}")}
        for number, line in enumerate(lines)
    ]


def items_of(values: list[Any], key: str) -> list[dict[str, Any]]:
    return [{"type": "item", "value": value, "id": block_id(f"{key}/{n}")} for n, value in enumerate(values)]


def _headed_list(block: dict[str, Any], key: str) -> dict[str, Any]:
    lines = [markdown.line(str(line)) for line in block["items"]]
    return {"heading": plain(block["heading"]), "items": items_of(lines, f"{key}/items")}


def _do_dont(block: dict[str, Any], key: str) -> dict[str, Any]:
    return {side: _headed_list(block[side], f"{key}/{side}") for side in ("do", "dont")}


def _choice(block: dict[str, Any], key: str) -> dict[str, Any]:
    options = [
        {
            "text": plain(option["text"]),
            "correct": bool(option["correct"]),
            "feedback": plain(option["feedback"]),
        }
        for option in block["options"]
    ]
    return {
        "question": plain(block["question"]),
        "multiple": bool(block["multiple"]),
        "required": bool(block["required"]),
        "options": items_of(options, f"{key}/options"),
    }


def _sort(block: dict[str, Any], key: str) -> dict[str, Any]:
    groups = [
        {"name": plain(group["name"]), "items": _taught_lines(group["items"], f"{key}/{_id_of(group)}")}
        for group in block["groups"]
    ]
    return {
        "question": plain(block["question"]),
        "groups": _named_items(groups, block["groups"], f"{key}/groups"),
        "required": bool(block.get("required", False)),
    }


def _order(block: dict[str, Any], key: str) -> dict[str, Any]:
    return {
        "question": plain(block["question"]),
        "items": _taught_lines(block["items"], f"{key}/items"),
        "required": bool(block.get("required", False)),
    }


def _taught_lines(lines: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """Lines of which each teaches something. They have ids of their own, so that moving one keeps what was answered."""
    values = [{"text": plain(line["text"]), "feedback": plain(line["feedback"])} for line in lines]
    return _named_items(values, lines, key)


def _named_items(values: list[Any], named: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [
        {"type": "item", "value": value, "id": block_id(f"{key}/{_id_of(one)}")}
        for value, one in zip(values, named, strict=True)
    ]


def _id_of(named: dict[str, Any]) -> str:
    return str(named["id"])


def _rewrite(block: dict[str, Any], key: str) -> dict[str, Any]:
    return {
        "sentence": plain(block["sentence"]),
        "task": plain(block["task"]),
        "model": plain(block["model"]),
        "look_for": items_of([plain(point) for point in block["look_for"]], f"{key}/look_for"),
        "required": bool(block.get("required", False)),
    }


def _voice(block: dict[str, Any], key: str) -> dict[str, Any]:
    if block.get("made_up") is not True:
        raise BrokenContent(
            f"{key}: a voice in a file is made up, and says so (made_up: true); real ones are in the CMS"
        )
    return {"who": plain(block["who"]), "text": markdown.prose(block["text"])}


def _drawing(block: dict[str, Any], key: str) -> dict[str, Any]:
    return {
        "name": block["name"],
        "alt": plain(block.get("alt") or ""),
        "decorative": bool(block.get("decorative", False)),
        "caption": plain(block.get("caption") or ""),
    }


def _tool_sheet(block: dict[str, Any], key: str) -> dict[str, Any]:
    rows = [
        {"prompt": plain(row["prompt"]), "help": plain(row.get("help") or ""), "lines": row.get("lines", 3)}
        for row in block["rows"]
    ]
    return {
        "title": plain(block["title"]),
        "intro": markdown.prose(block.get("intro") or ""),
        "rows": items_of(rows, f"{key}/rows"),
    }


def _consultation(block: dict[str, Any], key: str) -> dict[str, Any]:
    return {
        "title": plain(block["title"]),
        "scene": markdown.prose(block["scene"]),
        "start": block["start"],
        "required": bool(block.get("required", False)),
        "nodes": items_of([_node(node, f"{key}/{node['id']}") for node in block["nodes"]], f"{key}/nodes"),
    }


def _node(node: dict[str, Any], key: str) -> dict[str, Any]:
    choices = [
        {name: plain(choice[name]) for name in ("id", "say", "technique", "feedback", "next")}
        for choice in node.get("choices") or []
    ]
    return {
        "id": node["id"],
        "says": plain(node["says"]),
        "thinks": plain(node["thinks"]),
        "ending": bool(node.get("ending", False)),
        "debrief": markdown.prose(node.get("debrief") or ""),
        "choices": items_of(choices, f"{key}/choices"),
    }


BLOCKS = {
    "text": lambda block, key: markdown.prose(block["value"]),
    "key_points": _headed_list,
    "steps": _headed_list,
    "do_dont": _do_dont,
    "details": lambda block, key: {
        "summary": plain(block["summary"]),
        "text": markdown.prose(block["text"]),
    },
    "care_card": lambda block, key: {"kind": block["kind"]},
    "voice": _voice,
    "drawing": _drawing,
    "glossary": lambda block, key: {
        "terms": items_of([str(term_key(word)) for word in block["words"]], f"{key}/terms")
    },
    "tool_sheet": _tool_sheet,
    "reflection": lambda block, key: {
        "prompt": plain(block["prompt"]),
        "help": plain(block.get("help") or ""),
        "required": bool(block.get("required", False)),
    },
    "choice": _choice,
    "sort": _sort,
    "order": _order,
    "rewrite": _rewrite,
    "ruler": lambda block, key: {
        "question": plain(block["question"]),
        "low_label": plain(block["low_label"]),
        "high_label": plain(block["high_label"]),
        "required": bool(block.get("required", False)),
    },
    "practice": lambda block, key: {
        "practice": block["practice"],
        "intro": markdown.prose(block["intro"]),
        "scenario": markdown.prose(block["scenario"]),
        "required": bool(block.get("required", False)),
    },
    "consultation": _consultation,
}
