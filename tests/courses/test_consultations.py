"""A consultation's graph: what the editor refuses, and how a path is walked."""

import pytest
from wagtail.blocks import StructBlockValidationError

from courses.blocks import Consultation
from courses.blocks.faults import sentences_of
from courses.consultations import Choice, Node, faults, script, walk
from tests.factories.courses import consultation_block


def node(id: str, *leads_to: str, debrief: str = "") -> Node:
    choices = tuple(Choice(f"to-{next}", "Say", "Technique", "Feedback", next) for next in leads_to)
    return Node(id, "Says", "Thinks", bool(debrief), debrief, choices)


GOOD = [
    node("start", "middle", "end"),
    node("middle", "start", "end"),
    node("end", debrief="<p>Look back.</p>"),
]


def test_a_graph_that_can_be_rehearsed_has_no_faults():
    assert faults("start", GOOD) == []


def test_an_unreachable_moment_is_refused():
    assert faults("start", [*GOOD, node("island", "end")]) == [
        "Nobody can get to “island”. Lead a choice there, or take it out."
    ]


def test_a_dead_end_is_refused():
    assert faults("start", [node("start", "wall", "end"), node("wall"), GOOD[2]]) == [
        "“wall” is a dead end: give it choices, or make it an ending."
    ]


def test_an_ending_without_debrief_is_refused():
    ending = Node("end", "Says", "Thinks", True, "", ())
    assert faults("start", [node("start", "end"), ending]) == ["The ending “end” needs a debrief."]


def test_a_choice_that_leads_nowhere_is_refused():
    assert faults("start", [node("start", "end", "gone"), GOOD[2]]) == [
        "At “start”, the choice “to-gone” leads to “gone”, which is not there."
    ]


def test_a_circle_without_a_way_out_is_refused():
    circle = [node("start", "left", "end"), node("left", "right"), node("right", "left"), GOOD[2]]
    assert faults("start", circle) == [
        "From “left” no ending can be reached.",
        "From “right” no ending can be reached.",
    ]


def test_a_start_that_is_not_there_and_double_names_are_refused():
    found = faults("nowhere", [*GOOD, node("end", debrief="<p>Again.</p>")])

    assert "Two moments are called “end”. Give each a name of its own." in found
    assert "It starts at “nowhere”, which is not there." in found


def test_the_editor_asks_the_graph():
    block = Consultation()
    good = consultation_block()["value"]
    broken = consultation_block()["value"]
    broken["nodes"][3]["value"]["debrief"] = ""

    block.clean(block.to_python(good))
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python(broken))

    beside = refused.value.block_errors["nodes"].block_errors
    assert list(beside) == [3]
    assert list(sentences_of(refused.value)) == ["The ending “over” needs a debrief."]


def test_a_start_that_is_not_there_is_said_above_all_moments():
    block = Consultation()
    broken = consultation_block()["value"] | {"start": "nowhere"}

    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python(broken))

    above = [str(error.message) for error in refused.value.non_block_errors.as_data()]
    assert above == ["It starts at “nowhere”, which is not there."]


def test_the_script_begins_where_the_talk_does_and_numbers_every_turn():
    nodes = {one.id: one for one in [GOOD[2], GOOD[1], GOOD[0]]}

    turns = script("start", nodes)

    assert [(turn.number, turn.node.id) for turn in turns] == [(1, "start"), (2, "end"), (3, "middle")]
    assert [[leads_to for _choice, leads_to in turn.choices] for turn in turns] == [[3, 2], [], [1, 2]]


def test_a_path_that_an_edit_broke_ends_where_it_no_longer_fits():
    nodes = {one.id: one for one in GOOD}
    path = [["start", "to-middle"], ["middle", "gone"], ["start", "to-end"]]

    assert [step.reply.id for step in walk("start", nodes, path)] == ["middle"]
