"""A consultation as a graph: what may be said at each point, where it leads, and how a path reads.

It knows no database and no page: the editor asks it for faults, the lesson asks it where a path has come to.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Words = str | Promise


@dataclass(frozen=True)
class Choice:
    """Something the learner could say at a node, and what it does."""

    id: str
    say: str
    technique: str
    feedback: str
    next: str


@dataclass(frozen=True)
class Node:
    """The other person's line, what they kept to themselves, and what could be said to it."""

    id: str
    says: str
    thinks: str
    ending: bool
    debrief: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Step:
    """One exchange of a path: the line heard, what was said to it, and the line that came back."""

    heard: Node
    said: Choice
    reply: Node


@dataclass(frozen=True)
class Turn:
    """A node in the script of the whole talk: its number, and with each choice the number of where it leads."""

    number: int
    node: Node
    choices: tuple[tuple[Choice, int], ...]


def nodes_of(value: dict[str, Any]) -> dict[str, Node]:
    """The nodes of a consultation block's value, by id, in its order."""
    nodes: dict[str, Node] = {}
    for node in value["nodes"]:
        choices = tuple(
            Choice(choice["id"], choice["say"], choice["technique"], choice["feedback"], choice["next"])
            for choice in node["choices"]
        )
        debrief = str(node["debrief"] or "")
        nodes[node["id"]] = Node(
            node["id"], node["says"], node["thinks"], bool(node["ending"]), debrief, choices
        )
    return nodes


@dataclass(frozen=True)
class Fault:
    """What is wrong, in a sentence for the author, and at which moment (its place in the list; None: the whole)."""

    sentence: str
    place: int | None = None


def faults(start: str, nodes: list[Node]) -> list[str]:
    """What is wrong with the graph, in sentences for its author; empty when it can be rehearsed."""
    return [fault.sentence for fault in find_faults(start, nodes)]


def find_faults(start: str, nodes: list[Node]) -> list[Fault]:
    """The same, each with the moment it is about."""
    found = _doubles(nodes)
    by_id = {node.id: node for node in nodes}
    if start not in by_id:
        return [*found, Fault(_("It starts at “%(id)s”, which is not there.") % {"id": start})]
    for place, node in enumerate(nodes):
        found += [Fault(sentence, place) for sentence in _faults_of(node, by_id)]
    reached = _reached(start, by_id)
    for place, node in enumerate(nodes):
        if node.id not in reached:
            sentence = _("Nobody can get to “%(id)s”. Lead a choice there, or take it out.")
            found.append(Fault(sentence % {"id": node.id}, place))
    lost = _no_way_out(reached, by_id)
    return found + [
        Fault(_("From “%(id)s” no ending can be reached.") % {"id": node.id}, place)
        for place, node in enumerate(nodes)
        if node.id in lost and by_id[node.id] is node
    ]


def script(start: str, nodes: dict[str, Node]) -> list[Turn]:
    """The whole talk in the author's order, its beginning first."""
    ordered = sorted(nodes.values(), key=lambda node: node.id != start)
    numbers = {node.id: number for number, node in enumerate(ordered, start=1)}
    return [
        Turn(
            numbers[node.id],
            node,
            tuple((choice, numbers[choice.next]) for choice in node.choices if choice.next in numbers),
        )
        for node in ordered
    ]


def walk(start: str, nodes: dict[str, Node], path: list[list[str]]) -> list[Step]:
    """The steps of a path that still hold; a path cut short by an edit ends where it no longer fits."""
    steps: list[Step] = []
    here = nodes.get(start)
    for node_id, choice_id in path:
        if here is None or here.id != node_id:
            break
        said = next((choice for choice in here.choices if choice.id == choice_id), None)
        reply = nodes.get(said.next) if said else None
        if said is None or reply is None:
            break
        steps.append(Step(here, said, reply))
        here = reply
    return steps


def _doubles(nodes: list[Node]) -> list[Fault]:
    found = []
    ids = [node.id for node in nodes]
    for double in sorted({id for id in ids if ids.count(id) > 1}):
        sentence = _("Two moments are called “%(id)s”. Give each a name of its own.") % {"id": double}
        found.append(Fault(sentence, ids.index(double, ids.index(double) + 1)))
    for place, node in enumerate(nodes):
        names = [choice.id for choice in node.choices]
        if len(set(names)) < len(names):
            found.append(Fault(_("Two choices at “%(id)s” have the same name.") % {"id": node.id}, place))
    return found


def _faults_of(node: Node, by_id: dict[str, Node]) -> list[str]:
    found = []
    if node.ending and node.choices:
        found.append(_("“%(id)s” is an ending, so nothing more can be said there.") % {"id": node.id})
    if node.ending and not node.debrief.strip():
        found.append(_("The ending “%(id)s” needs a debrief.") % {"id": node.id})
    if not node.ending and not node.choices:
        found.append(_("“%(id)s” is a dead end: give it choices, or make it an ending.") % {"id": node.id})
    for choice in node.choices:
        if choice.next not in by_id:
            found.append(
                _("At “%(id)s”, the choice “%(choice)s” leads to “%(next)s”, which is not there.")
                % {"id": node.id, "choice": choice.id, "next": choice.next}
            )
    return found


def _reached(start: str, by_id: dict[str, Node]) -> set[str]:
    seen: set[str] = set()
    to_visit = [start]
    while to_visit:
        here = to_visit.pop()
        if here in seen or here not in by_id:
            continue
        seen.add(here)
        to_visit += [choice.next for choice in by_id[here].choices]
    return seen


def _no_way_out(reached: set[str], by_id: dict[str, Node]) -> set[str]:
    """Moments from which the talk can only go round and round."""
    can_end = {id for id in reached if by_id[id].ending}
    grew = True
    while grew:
        more = {id for id in reached - can_end if any(choice.next in can_end for choice in by_id[id].choices)}
        grew = bool(more)
        can_end |= more
    return {id for id in reached - can_end if by_id[id].choices}
