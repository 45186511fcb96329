"""Handbooks as they lie in YAML and Markdown, read into what their pages keep.

The folder `handbooks` holds a file for each, and activities-patients.yaml and activities-professionals.yaml: what is done in
several workshops stands there once, and is written out into each session that names it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from courses.blocks.handbooks import PAUSES
from courses.interfaces import markdown
from courses.interfaces.content_files import (
    BLOCKS,
    BrokenContent,
    Source,
    block_id,
    items_of,
    plain,
    read_yaml,
    said_where,
    source_of,
)

FOLDER = "handbooks"
ACTIVITIES = {"patient": "activities-patients.yaml", "professional": "activities-professionals.yaml"}
READERS = {"everybody", "tutors"}
AUDIENCES = {"patient", "professional", "both"}
OF_AN_ACTIVITY = {
    "type", "id", "title", "minutes", "kind", "leads", "purpose", "needs", "steps", "say", "watch_for", "adapt",
}  # fmt: skip
OF_A_SESSION = {"type", "id", "title", "minutes", "before", "plan", "after"}


@dataclass
class Shared:
    """The activities that sessions name, by the audience of their file; and which of them no session has named yet."""

    by_audience: dict[str, dict[str, dict[str, Any]]]
    unused: dict[tuple[str, str], str] = field(default_factory=dict)

    def find(self, name: str, audience: str) -> dict[str, Any]:
        """The activity for a manual of this audience: its own file's, else the other's. Says so where there is none, or two."""
        found = [key for key, known in self.by_audience.items() if name in known]
        if audience in found:
            found = [audience]
        if not found:
            raise BrokenContent(f"there is no activity {name}")
        if len(found) > 1:
            raise BrokenContent(f"the activity {name} stands in both files of activities")
        self.unused.pop((found[0], name), None)
        return self.by_audience[found[0]][name]


def read_handbooks(folder: Path) -> list[Source]:
    """Every handbook of the folder; raises BrokenContent at the first thing that cannot become a page.

    Refuses too what nobody would find out later: minutes that do not add up, and activities that no manual uses.
    """
    files = sorted((folder / FOLDER).glob("*.yaml"))
    shared = _shared(folder / FOLDER)
    sources = [_handbook(path, shared) for path in files if path.name not in ACTIVITIES.values()]
    for where in shared.unused.values():
        raise BrokenContent(f"{where}: no session of any handbook names it")
    known: set[str] = set()
    for source in sources:
        if source.slug in known:
            raise BrokenContent(f"{FOLDER}/: two handbooks have the slug {source.slug}")
        known.add(source.slug)
    return sources


def _shared(folder: Path) -> Shared:
    shared = Shared({})
    for audience, name in ACTIVITIES.items():
        path = folder / name
        known: dict[str, dict[str, Any]] = {}
        for line, words in _entries(path, read_yaml(path) or []) if path.exists() else ():
            where = f"{FOLDER}/{name}, line {line}, the activity {_named(words)}"
            with _at(path, line, f"the activity {_named(words)}"):
                if words["id"] in known:
                    raise BrokenContent("it stands there twice")
                if words["id"] in PAUSES:
                    raise BrokenContent("a session has this beside its activities")
                _activity(words, "")
            known[words["id"]] = words
            shared.unused[audience, words["id"]] = where
        shared.by_audience[audience] = known
    return shared


def _handbook(path: Path, shared: Shared) -> Source:
    words = read_yaml(path)
    with said_where(path, "the handbook"):
        where = f"{FOLDER}/{words['slug']}"
        fields = {
            "readers": _one_of(READERS, words["readers"], "readers", path),
            "audience": _one_of(AUDIENCES, words["audience"], "audience", path),
            "purpose": plain(words["purpose"]),
        }
        if not path.stem == words["slug"]:
            raise BrokenContent(f"{FOLDER}/{path.name}: its slug is {words['slug']}; call the file the same")
        entries = words["body"]
    body, counted = [], dict[str, int]()
    for line, block in _entries(path, entries):
        with _at(path, line, f"the block {_kind(block)}"):
            kind = block["type"]
            counted[kind] = counted.get(kind, 0) + 1
            key = f"{where}#{block.get('id') or f'{kind}-{counted[kind]}'}"
            value = _value(block, key, shared, fields["audience"])
            body.append({"type": kind, "value": value, "id": block_id(key)})
    if len({block["id"] for block in body}) < len(body):
        raise BrokenContent(f"{FOLDER}/{path.name}: two blocks have the same id")
    return source_of(where, words, fields | {"body": body}, [])


def _value(block: dict[str, Any], key: str, shared: Shared, audience: str) -> Any:
    kind = block["type"]
    if kind == "session":
        return _session(block, key, shared, audience)
    if kind in OWN_BLOCKS:
        return OWN_BLOCKS[kind](block, key)
    if kind not in REUSED:
        raise BrokenContent(f"a handbook has no blocks of the type {kind}")
    return BLOCKS[kind](block, key)


def _activity(words: dict[str, Any], key: str) -> dict[str, Any]:
    _nothing_else(words, OF_AN_ACTIVITY)
    if words["kind"] not in ("fixed", "adaptable") or words["leads"] not in ("lay", "clinical", "both"):
        raise BrokenContent("kind is fixed or adaptable; leads is lay, clinical or both")
    if (words["kind"] == "adaptable") != bool(words.get("adapt")):
        raise BrokenContent(
            "an adaptable activity says in adapt what may be changed, a fixed one has no adapt"
        )
    return {
        "title": plain(words["title"]),
        "minutes": _number(words["minutes"], "minutes"),
        "kind": words["kind"],
        "leads": words["leads"],
        "purpose": plain(words["purpose"]),
        "needs": items_of([plain(one) for one in _list(words.get("needs") or [], "needs")], f"{key}/needs"),
        "steps": items_of(
            [markdown.line(str(one)) for one in _list(words["steps"], "steps")], f"{key}/steps"
        ),
        "say": _paragraphs(words["say"]),
        "watch_for": _paragraphs(words["watch_for"]),
        "adapt": _paragraphs(words.get("adapt") or ""),
    }


def _session(words: dict[str, Any], key: str, shared: Shared, audience: str) -> dict[str, Any]:
    """With every activity it names written out."""
    _nothing_else(words, OF_A_SESSION)
    minutes, plan, planned = _number(words["minutes"], "minutes"), [], 0
    for place, name in enumerate(_list(words["plan"], "plan")):
        at = f"{key}/plan/{place}"
        if name in PAUSES:
            value, takes = None, PAUSES[name]
        else:
            value = _activity(shared.find(name, audience), at)
            takes = value["minutes"]
        plan.append({"type": name if name in PAUSES else "activity", "value": value, "id": block_id(at)})
        planned += takes
    if planned != minutes:
        raise BrokenContent(f"its plan takes {planned} minutes, and it says {minutes}")
    return {
        "title": plain(words["title"]),
        "minutes": minutes,
        "before": markdown.prose(words.get("before") or ""),
        "plan": plan,
        "after": markdown.prose(words.get("after") or ""),
    }


def _lines(words: dict[str, Any], key: str) -> dict[str, Any]:
    return {"label": plain(words["label"]), "lines": _number(words["lines"], "lines")}


OWN_BLOCKS = {
    "chapter": lambda words, key: {"title": plain(words["title"])},
    "text": lambda words, key: markdown.prose(words["text"] if "text" in words else words["value"]),
    "lines": _lines,
    "activity": _activity,
}
REUSED = {"key_points", "steps", "do_dont", "details", "care_card", "drawing", "tool_sheet", "glossary"}


def _entries(path: Path, values: Any) -> Iterator[tuple[int, Any]]:
    """Each entry of the file's list with the line it begins at: the list is the whole file, or its `body`."""
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    nodes = root.value if isinstance(root, yaml.SequenceNode) else []
    if isinstance(root, yaml.MappingNode):
        nodes = next((node.value for name, node in root.value if name.value == "body"), [])
    if not isinstance(values, list):
        raise BrokenContent(f"{FOLDER}/{path.name}: this has to be a list of blocks")
    yield from zip([node.start_mark.line + 1 for node in nodes], values, strict=True)


class _at(said_where):
    """As `said_where`, with the line; and what is refused inside is refused here."""

    def __init__(self, path: Path, line: int, what: str):
        super().__init__(path, f"line {line}, {what}")

    def __exit__(self, kind, error, traceback) -> None:
        if isinstance(error, BrokenContent):
            raise BrokenContent(f"{self.where}: {error}") from error
        super().__exit__(kind, error, traceback)


def _kind(block: Any) -> str:
    name = block.get("title") or block.get("heading") or "" if isinstance(block, dict) else ""
    return f"{block.get('type') if isinstance(block, dict) else block} {name}".strip()


def _named(words: Any) -> str:
    return str(words.get("id") or words.get("title")) if isinstance(words, dict) else str(words)


def _nothing_else(words: dict[str, Any], known: set[str]) -> None:
    if more := sorted(set(words) - known):
        raise BrokenContent(f"{', '.join(more)} is not known here")


def _one_of(known: set[str], given: Any, what: str, path: Path) -> str:
    if given not in known:
        raise BrokenContent(f"{FOLDER}/{path.name}: {what} is one of {', '.join(sorted(known))}, not {given}")
    return given


def _number(value: Any, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise BrokenContent(f"{what} is a whole number, not {value}")
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BrokenContent(f"{what} is a list of texts")
    return value


def _paragraphs(text: str) -> str:
    """Words of several paragraphs, each in one line."""
    return "\n\n".join(filter(None, (plain(part) for part in str(text).split("\n\n"))))
