"""Every check finds the fault it is there for: one is planted in a copy of two modules, and the check names its page."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from courses.interfaces.content_files import BrokenContent
from courses.services.loading import CONTENT
from tests.curricula import checks
from tests.curricula.pages import read_book

OURS, THEIRS = "moving-on-together", "working-in-partnership"
PATIENT_MODULE = f"{OURS}/01-living-with-a-condition.yaml"
PROFESSIONAL_MODULE = f"{THEIRS}/01-from-relieving-to-enabling.yaml"
FIRST = f"{OURS}/living-with-a-condition/round-and-round"
LAST = f"{OURS}/living-with-a-condition/when-it-goes-otherwise"
TALK = f"{THEIRS}/from-relieving-to-enabling/choose-out-loud"
PATIENT_TALK = f"{OURS}/living-with-a-condition/for-you-or-with-you"

HARD = (
    "Multidisciplinary rehabilitation necessitates considerable individual participation. Comprehensive pharmacological"
    " reconciliation facilitates appropriate continuity. "
)
LONG = "You go out and then you come back and you go out again " + "and again " * 12 + "until it is night."
HANDBOOK = """
slug: planted
title: Planted
readers: everybody
audience: patient
purpose: One.
body:
  - {type: chapter, title: Before you start}
  - {type: text, text: "You feel low, and it hurts to say so. It is a low mood."}
  - {type: care_card, kind: urgent}
"""


def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def dump(words: Any, path: Path) -> None:
    said = yaml.dump(words, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    path.write_text(said, encoding="utf-8")


def copy_two_modules(folder: Path) -> Path:
    for side, module in ((OURS, PATIENT_MODULE), (THEIRS, PROFESSIONAL_MODULE)):
        (folder / side).mkdir(parents=True)
        shutil.copy(CONTENT / side / "curriculum.yaml", folder / side)
        shutil.copy(CONTENT / module, folder / side)
    shutil.copy(CONTENT / "glossary.yaml", folder)
    pairings = load(CONTENT / "pairings.yaml")
    dump(pairings[:1], folder / "pairings.yaml")
    (folder / "handbooks").mkdir()
    (folder / "handbooks" / "planted.yaml").write_text(HANDBOOK, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> dict[str, set[str]]:
    """What each check says before anything is planted: two modules alone are not yet eight pairs."""
    book = read_book(copy_two_modules(tmp_path_factory.mktemp("sound")))
    return {check.__name__: set(check(book)) for check in checks.CHECKS}


def lesson(words: dict[str, Any], slug: str) -> dict[str, Any]:
    return next(one for one in words["lessons"] if one["slug"] == slug)


def block(words: dict[str, Any], type: str) -> dict[str, Any]:
    return next(one for part in words["lessons"] for one in part["body"] if one["type"] == type)


def without(type: str) -> Callable[[dict[str, Any]], None]:
    def change(words: dict[str, Any]) -> None:
        for part in words["lessons"]:
            part["body"] = [one for one in part["body"] if one["type"] != type]

    return change


def saying(text: str) -> Callable[[dict[str, Any]], None]:
    """The first lesson says one thing more."""

    def change(words: dict[str, Any]) -> None:
        words["lessons"][0]["body"].append({"type": "text", "id": "planted", "value": text})

    return change


def with_block(value: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    def change(words: dict[str, Any]) -> None:
        words["lessons"][0]["body"].append({"id": "planted"} | value)

    return change


def in_lesson(slug: str, change_it: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    return lambda words: change_it(lesson(words, slug))


def only_endings(words: dict[str, Any]) -> None:
    """A talk of three moments: it begins, and both ways end it."""
    talk = block(words, "consultation")
    begin = next(node for node in talk["nodes"] if node["id"] == talk["start"])
    ends = [node for node in talk["nodes"] if node.get("ending")][:2]
    for choice, end in zip(begin["choices"], [*ends, *ends], strict=False):
        choice["next"] = end["id"]
    talk["nodes"] = [begin, *ends]


def lead_nowhere(words: dict[str, Any]) -> None:
    block(words, "consultation")["nodes"][0]["choices"][0]["next"] = "nowhere"


def no_knowledge_check(words: dict[str, Any]) -> None:
    last = words["lessons"][-1]
    last["body"] = [one for one in last["body"] if one["type"] != "choice"]


def no_card_in_the_first(words: dict[str, Any]) -> None:
    first = words["lessons"][0]
    first["body"] = [one for one in first["body"] if one["type"] != "care_card"]


def no_try_this(part: dict[str, Any]) -> None:
    part["body"] = [one for one in part["body"] if one.get("heading") != checks.TRY_THIS]


def put(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda words: words.update(values)


def unsigned_overlay(words: dict[str, Any]) -> None:
    overlay = next(
        one
        for part in words["lessons"]
        for one in part["body"]
        if one["type"] == "details" and "diabetes" in one["summary"]
    )
    overlay["text"] = overlay["text"].replace(checks.UNSIGNED, "")


def nothing_for_diabetes(words: dict[str, Any]) -> None:
    for part in words["lessons"]:
        part["body"] = [one for one in part["body"] if "diabetes" not in one.get("summary", "")]


def explained(word: str, means: str) -> Callable[[list], None]:
    return lambda glossary: glossary.append({"word": word, "means": means})


PICTURE = {"type": "drawing", "name": "symptom-cycle", "alt": "A circle of arrows, one after another."}
# check, the file, what is done to it, the page that is named, and what is said of it
PLANTED = [
    ("reading_ages", PATIENT_MODULE, saying(HARD * 40), FIRST, "“Comprehensive pharmacological"),
    ("sentence_lengths", PATIENT_MODULE, saying(LONG), FIRST, f"words in “{LONG}”"),
    ("sentence_lengths", PATIENT_MODULE, put(purpose=LONG), f"{OURS}/living-with-a-condition", LONG),
    ("what_the_editor_finds", PATIENT_MODULE, saying("**What to do**"), FIRST, "looks like a heading"),
    ("terms", "glossary.yaml", explained("Diabetes", "Said again."), "glossary.yaml", "explained 2 times"),
    ("terms", "glossary.yaml", explained("Circle", HARD), "glossary.yaml", "“Circle” is explained for age"),
    ("terms", "glossary.yaml", explained("Zymurgy", "Making beer."), "glossary.yaml", "no page uses “Zymurgy”"),
    ("terms", PATIENT_MODULE, with_block({"type": "glossary", "words": ["Zymurgy"]}), FIRST, "“Zymurgy”"),
    ("blame", PATIENT_MODULE, saying("You just have to rest."), FIRST, "“just” in “You just have to rest.”"),
    ("blame", PATIENT_MODULE, saying("The plan failed."), FIRST, "“failed”"),
    ("blame", PROFESSIONAL_MODULE, saying("He is non-compliant."), "what-is-hardest", "“non-compliant”"),
    ("blame", PATIENT_MODULE, saying("You should have rung."), FIRST, "“should have”"),
    ("made_up_people", PATIENT_MODULE, lambda w: block(w, "consultation").update(scene="You are Jo."), PATIENT_TALK, "made up"),
    ("links", PATIENT_MODULE, saying("See [the plan](/moving-on-together/nowhere/)."), FIRST, "no page of the courses"),
    ("links", PATIENT_MODULE, saying("See [the shop](https://shop.example/buy)."), FIRST, "not on the list"),
    ("links", PATIENT_MODULE, saying("See www.shop.example for more."), FIRST, "bare web address"),
    ("pictures", PATIENT_MODULE, with_block(PICTURE | {"alt": ""}), FIRST, "has no description"),
    ("pictures", PATIENT_MODULE, with_block(PICTURE | {"name": "nothing"}), FIRST, "no drawing “nothing”"),
    ("pairs", "pairings.yaml", lambda rows: rows[0]["lessons"].pop(), "", "stands in no pair"),
    ("pairs", "pairings.yaml", lambda rows: rows[0]["lessons"][0].update(patient="x"), "", "is paired, and is no lesson"),
    ("pairs", "pairings.yaml", lambda rows: rows.clear(), "professional/from-relieving-to-enabling", "in 0 pairs"),
    ("consultations", PROFESSIONAL_MODULE, lead_nowhere, TALK, "leads to “nowhere”, which is not there"),
    ("consultations", PROFESSIONAL_MODULE, only_endings, TALK, "3 moments, and 12 is the least"),
    ("consultations", PATIENT_MODULE, only_endings, PATIENT_TALK, "3 moments, and 8 is the least"),
    ("consultations", PROFESSIONAL_MODULE, only_endings, TALK, "2 endings, and three is the least"),
    ("consultations", PROFESSIONAL_MODULE, without("consultation"), THEIRS, "0 consultations"),
    ("consultations", PATIENT_MODULE, without("consultation"), OURS, "neither a consultation nor a practice"),
    ("modules_are_whole", PATIENT_MODULE, put(status="coming"), OURS, "is not ready"),
    ("modules_are_whole", PATIENT_MODULE, lambda w: w["lessons"].__delitem__(slice(2)) or w["lessons"].pop(), OURS, "2 lessons"),
    ("modules_are_whole", PATIENT_MODULE, without("tool_sheet"), OURS, "no tool_sheet"),
    ("modules_are_whole", PATIENT_MODULE, without("reflection"), FIRST, "no reflection"),
    ("modules_are_whole", PATIENT_MODULE, no_knowledge_check, LAST, "0 questions to look back with"),
    ("modules_are_whole", PATIENT_MODULE, in_lesson("one-link", put(minutes=20)), "one-link", "20 minutes"),
    ("modules_are_whole", PATIENT_MODULE, in_lesson("one-link", no_try_this), "one-link", f"no “{checks.TRY_THIS}”"),
    ("modules_are_whole", PATIENT_MODULE, in_lesson("one-link", no_try_this), "one-link", f"no “{checks.DOES_NOT_WORK}?”"),
    ("care_cards", PATIENT_MODULE, no_card_in_the_first, FIRST, "no card says where help is"),
    ("care_cards", PATIENT_MODULE, in_lesson("one-link", lambda w: w["body"][0].update(value="Call an ambulance.")), "one-link", "no card for an emergency"),
    ("handbooks_have_care_cards", "handbooks/planted.yaml", lambda w: w["body"].pop(), "handbooks/planted", "“low mood”"),
    ("nothing_is_dosed", PATIENT_MODULE, saying("Take two puffs."), FIRST, "“two puffs”"),
    ("nothing_is_dosed", PATIENT_MODULE, saying("It is 500 mg."), FIRST, "“500 mg”"),
    ("nothing_is_dosed", PROFESSIONAL_MODULE, saying("They double the dose."), "what-is-hardest", "“double the dose”"),
    ("no_telephone_numbers", PATIENT_MODULE, saying("Ring 999."), FIRST, "the number 999"),
    ("no_telephone_numbers", PATIENT_MODULE, saying("Ring 01632 960 123."), FIRST, "the number 01632 960 123"),
    ("others_names", PATIENT_MODULE, saying("Ask the NHS."), FIRST, "“NHS”"),
    ("overlays", PATIENT_MODULE, unsigned_overlay, FIRST, "does not begin with"),
    ("overlays", PATIENT_MODULE, nothing_for_diabetes, OURS, "nothing for diabetes"),
    ("reading_ages", "handbooks/planted.yaml", lambda w: w["body"][1].update(text=HARD * 20), "handbooks/planted", "reads at age"),
    ("blame", "handbooks/planted.yaml", lambda w: w["body"][1].update(text="You just rest."), "handbooks/planted", "“just”"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "file", "change", "where", "says"),
    PLANTED,
    ids=[f"{number}-{one[0]}" for number, one in enumerate(PLANTED)],
)
def test_a_planted_fault_is_found(sound, tmp_path, check, file, change, where, says):
    folder = copy_two_modules(tmp_path / "content")
    words = load(folder / file)
    change(words)
    dump(words, folder / file)

    found = set(getattr(checks, check)(read_book(folder))) - sound[check]

    assert [one for one in found if where in one and says in one], found


def test_a_voice_that_passes_for_real_is_not_even_read(tmp_path):
    folder = copy_two_modules(tmp_path / "content")
    words = load(folder / PATIENT_MODULE)
    block(words, "voice")["made_up"] = False
    dump(words, folder / PATIENT_MODULE)

    with pytest.raises(BrokenContent, match="says so"):
        read_book(folder)


def test_two_modules_are_not_the_whole(sound):
    said = sorted(one.split(" ", 1)[1] for one in sound["totals"])

    assert said == [
        "consultations, and 8 is the least",
        "lessons, and 60 is the least",
        "modules, and there are eight on each side",
        "practices, and 60 is the least",
    ]


def test_the_two_modules_have_no_other_fault(sound):
    kept = ("totals", "terms", "phrases_that_may_stay_are_there")

    assert {name: found for name, found in sound.items() if found and name not in kept} == {}


def test_a_phrase_that_is_gone_from_the_pages_is_named(sound):
    assert any("“Denies SI”" in one for one in sound["phrases_that_may_stay_are_there"])


def test_every_check_has_a_fault_planted_for_it():
    elsewhere = {"totals", "phrases_that_may_stay_are_there"}

    assert {one[0] for one in PLANTED} | elsewhere == {check.__name__ for check in checks.CHECKS}
