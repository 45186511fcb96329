"""What is asked of every page of the curricula. Each check takes the whole book and answers with sentences that name the page.

Sources of the goals: reading age 9 to 11 for patients is the Patient Information Forum's; twenty words in a sentence is the
NHS service manual's. The other rules are this project's own.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from courses.checks import (
    MOST_WORDS_IN_SENTENCE,
    OLDEST,
    check_body,
    reading_age,
    sentences_in,
    syllables_in,
    words_in,
)
from courses.consultations import faults, nodes_of
from courses.drawings import drawings
from tests.curricula.pages import PATIENT, PROFESSIONAL, Book, Module, Page

MOST_WORDS_ON_AVERAGE = 20
PRACTICES = ("choice", "sort", "order", "rewrite", "practice", "consultation")
MODULE_NEEDS = ("steps", "key_points", "do_dont", "voice", "reflection", "ruler", "tool_sheet", "glossary")
TRY_THIS = "Try this before next time"
DOES_NOT_WORK = "What if it does not work"
FEWEST_NODES = {PROFESSIONAL: 12, PATIENT: 8}
FEWEST = {"lessons": 60, "consultations": 8, "practices": 60}

# Words that put somebody down, or make what is hard sound small.
BLAME = re.compile(
    r"\b(just|simply|merely|obviously|fail(?:s|ed|ing|ures?)?|(?:non-?)?complian(?:t|ce)|(?:non-?)?adheren(?:t|ce)"
    r"|should(?:n't|n’t| not)? have|ought to have|lazy|laziness|excuses?|your (?:own )?fault|den(?:y|ies|ied)"
    r"|refus(?:e|es|ed|ing|al)|difficult patients?|poor historian|heartsink|frequent (?:flyer|attender)s?|attention-seeking"
    r"|unmotivated|in denial)\b",
    re.IGNORECASE,
)
# What may stay all the same, and why. Each stands in the pages word for word.
MAY_STAY = {
    # The line is there to be mended, or turned down, and the page says so.
    "too lazy for my exercises": "to be rewritten",
    "the group, but I'm too lazy": "to be rewritten",
    "Tell myself off for being lazy": "an answer that the feedback turns down",
    "Why don't you just go to bed": "to be rewritten",
    "but you keep making excuses": "an answer that the feedback turns down",
    "Pt tearful++, attention-seeking": "to be rewritten",
    "Denies SI": "to be rewritten",
    "I am a difficult patient": "a thought that the feedback turns down",
    # Somebody speaks of themselves, and is answered.
    "“I'm lazy”": "a harsh word for oneself, taken apart",
    "turning lazy": "a harsh word for oneself, taken apart",
    "“So I'm not lazy": "a harsh word for oneself, taken apart",
    "as being lazy.": "a harsh word for oneself, and the page says how to answer it",
    "it was not laziness": "a harsh word, taken back",
    "Listen for “I ought to have”": "a harsh word for oneself, taken apart",
    "Now I'm making excuses": "what somebody thinks of himself",
    # The word is talked about.
    "There is no “just” in it": "names the word",
    "“Denies” sounds like a court": "names the word",
    "“Attention-seeking” is a": "names the word",
    "no “attention-seeking”": "names the word",
    "not “unmotivated”": "names the word",
    "meet a difficult patient": "says what a careless note does",
    "the plan turns into an excuse": "says what a wrong order does",
    "is not a refusal": "says that it is none",
    "A permission that can't be refused": "speaks of the professional's question",
    "it asks people to agree or refuse": "speaks of the professional's advice",
    "I shouldn't have said anything": "what somebody says who is ashamed, and is answered",
}

# A page that has one of these touches mood or symptoms, and says where help is.
TOUCHES = re.compile(
    r"\b(low mood|mood|depress\w+|suicid\w+|self-harm\w*|hopeless\w*|despair\w*|panic\w*|anxious|anxiety|afraid|frighten\w*"
    r"|pain\w*|symptoms?|breath\w*|flare-ups?|hypos?|worr(?:y|ies|ied)|lonely|crying|cried)\b",
    re.IGNORECASE,
)
# A page that has one of these needs the card for an emergency too.
EMERGENCY = re.compile(
    r"\b(ambulance|emergenc\w+|chest pain|in danger|taken too much|kill\w* (?:my|your|him|her|them)sel\w+|end\w* (?:my|your|his|her) life)\b",
    re.IGNORECASE,
)
# Pages that need no card although such a word stands in them, and why.
NEEDS_NO_CARD: dict[str, str] = {}

DOSE = re.compile(
    r"\b(?:\d+(?:[.,]\d+)?|half|one|two|three|four|five|six|eight|ten|double|extra)[ -]?"
    r"(?:mg|mgs|milligrams?|mcg|micrograms?|g|grams?|ml|mls|millilitres?|units?|tablets?|pills?|capsules?|puffs?|doses?"
    r"|sprays?|inhalations?)\b"
    r"|\b(?:double|halve|skip|increase|reduce|adjust|raise|lower) (?:your|the|a|his|her|their) "
    r"(?:doses?|insulin|tablets?|medicines?|inhaler)\b",
    re.IGNORECASE,
)
# Words about amounts that give none to take.
NO_DOSE = {"Ten tablets and a lump in the throat": "the title of a made-up visit"}
TELEPHONE = re.compile(r"(?<![\d,.:/-])(?:999|111|112|101|116 ?123|85258|\+?\d(?:[ -]?\d){6,})(?![\d,])")

# Other people's names for methods, measures and services.
OTHERS = re.compile(
    r"\b(NHS|Brief Action Planning|PHQ(?:-?\d)?|GAD-?7|WEMWBS|PACIC|CollaboRATE|EQ-?5D|Expert Patients Programme)\b"
)

# An overlay speaks to one condition. It is marked until a clinician has signed it.
CONDITIONS = {
    "pain": r"\bpain\b",
    "diabetes": r"\bdiabetes\b",
    "depression": r"\b(?:low mood|depression)\b",
    "COPD": r"\bCOPD\b",
}
UNSIGNED = "Needs clinical sign-off."

OUTSIDE_HOSTS: frozenset[str] = frozenset()  # the pages name their sources, and link to none
LINK = re.compile(r'href="([^"]*)"')
BARE_ADDRESS = re.compile(r"https?://|\bwww\.|\b[\w-]+\.(?:org|com|net|uk|scot|wales|info)\b", re.IGNORECASE)


def reading_ages(book: Book) -> Iterator[str]:
    for page in book.read:
        age, oldest = reading_age(page.sentences, kept=book.terms), OLDEST[page.audience]
        if age is not None and age > oldest:
            hardest = sorted({*page.sentences}, key=_hardness, reverse=True)[:3]
            said = " / ".join(f"“{one}”" for one in hardest)
            yield f"{page.where}: reads at age {age}, and {oldest} is the goal. Hardest: {said}"


def _hardness(sentence: str) -> int:
    return sum(map(syllables_in, words_in(sentence)))


def sentence_lengths(book: Book) -> Iterator[str]:
    for page in book.pages:
        lengths = {one: len(words_in(one)) for one in page.sentences}
        if not lengths:
            continue
        average = sum(lengths[one] for one in page.sentences) / len(page.sentences)
        longest = sorted(lengths, key=lengths.__getitem__, reverse=True)
        if average > MOST_WORDS_ON_AVERAGE:
            yield f"{page.where}: {average:.1f} words in a sentence on average. Longest: “{longest[0]}”"
        for one in longest:
            if lengths[one] > MOST_WORDS_IN_SENTENCE[page.audience]:
                yield f"{page.where}: {lengths[one]} words in “{one}”"


def what_the_editor_finds(book: Book) -> Iterator[str]:
    """Headings, links, and what stands in for a picture: what an author is told, the files are held to."""
    for lesson in book.lessons:
        for fault in check_body(list(lesson.body), audience=lesson.audience).faults:
            yield f"{lesson.where}: {fault.sentence}"


def terms(book: Book) -> Iterator[str]:
    """A term that counts against no page is explained plainly, once, and is used."""
    for word, times in Counter(one["word"].lower() for one in book.glossary).items():
        if times > 1:
            yield f"glossary.yaml: “{word}” is explained {times} times"
    said = "\n".join(text for page in book.read for text in page.texts).lower()
    shown = {word for page in book.read for block in page.of_type("glossary") for word in block["words"]}
    for one in book.glossary:
        age = reading_age(sentences_in(" ".join(one["means"].split())) * 4, kept=book.terms)
        if not one["means"].strip():
            yield f"glossary.yaml: “{one['word']}” has no explanation"
        elif age is not None and age > OLDEST[PATIENT]:
            yield f"glossary.yaml: “{one['word']}” is explained for age {age}: “{one['means']}”"
        if one["word"] not in shown and not re.search(rf"\b{re.escape(one['word'].lower())}", said):
            yield f"glossary.yaml: no page uses “{one['word']}”"
    for page in book.read:
        for block in page.of_type("glossary"):
            for word in {*block["words"]} - {*book.terms}:
                yield f"{page.where}: the glossary does not explain “{word}”"


def blame(book: Book) -> Iterator[str]:
    for page in book.pages:
        for sentence in page.sentences:
            left = sentence
            for phrase in MAY_STAY:
                left = left.replace(phrase, " ")
            for found in BLAME.finditer(left):
                yield f"{page.where}: “{found[0]}” in “{sentence}”"


def phrases_that_may_stay_are_there(book: Book) -> Iterator[str]:
    said = "\n".join(one for page in book.pages for one in page.sentences)
    for phrase in MAY_STAY:
        if phrase not in said:
            yield f"MAY_STAY: no page says “{phrase}” any more. Take it off the list."


def made_up_people(book: Book) -> Iterator[str]:
    """Nobody made up passes for real. The page adds it to a voice by itself; a scene says it in its words."""
    for page in book.read:
        for block in page.of_type("voice"):
            if block.get("made_up") is not True:
                yield f"{page.where}: the voice of {block['who']} does not say that it is made up"
        for block in page.of_type("consultation", "practice"):
            scene = block.get("scene") or block.get("scenario") or ""
            if "made up" not in " ".join(scene.split()):
                yield f"{page.where}: the scene of “{block['id']}” does not say that its people are made up"


def links(book: Book) -> Iterator[str]:
    known = {f"/{page.where}/" for page in book.pages if page.kind in ("curriculum", "module", "lesson")}
    for page in book.read:
        for address in LINK.findall(str(page.body)):
            host = re.match(r"https?://([^/]+)", address)
            if host and host[1] not in OUTSIDE_HOSTS:
                yield f"{page.where}: the link to {address} leads to a site that is not on the list"
            elif not host and address.split("#")[0] not in known:
                yield f"{page.where}: the link to {address} leads to no page of the courses"
        for sentence in page.sentences:
            if BARE_ADDRESS.search(sentence):
                yield f"{page.where}: a bare web address in “{sentence}”"


def pictures(book: Book) -> Iterator[str]:
    for page in book.read:
        for block in page.of_type("drawing", "image"):
            alt = " ".join((block.get("alt") or "").split())
            if block["type"] == "drawing" and block["name"] not in drawings():
                yield f"{page.where}: there is no drawing “{block['name']}”"
            if not block.get("decorative") and len(words_in(alt)) < 5:
                yield f"{page.where}: the drawing “{block.get('name')}” has no description: “{alt}”"


def pairs(book: Book) -> Iterator[str]:
    """Each module has its partner, each lesson stands in a pair, and each pair leads to a lesson on both sides."""
    by_side = {
        side: {m.slug: m for m in book.modules if m.audience == side} for side in (PATIENT, PROFESSIONAL)
    }
    for side, modules in by_side.items():
        named = Counter(row[f"{side}_module"] for row in book.content.pairings)
        for slug in {*modules, *named}:
            if named[slug] != 1 or slug not in modules:
                yield f"{side}/{slug}: stands in {named[slug]} pairs of modules, of {len(modules)} modules"
    for row in book.content.pairings:
        for side, modules in by_side.items():
            module = modules.get(row[f"{side}_module"])
            if module is None:
                continue
            slugs = {lesson.words["slug"] for lesson in module.lessons}
            named = {pair[side] for pair in row["lessons"]}
            for slug in sorted(slugs ^ named):
                missing = "stands in no pair" if slug in slugs else "is paired, and is no lesson"
                yield f"{module.where}/{slug}: {missing}"
            if module.number != row["number"]:
                yield f"{module.where}: is module {module.number}, and pair {row['number']}"


def consultations(book: Book) -> Iterator[str]:
    for lesson in book.lessons:
        for written, kept in lesson.with_value("consultation"):
            flat = kept | {"nodes": [_open(node["value"]) for node in kept["nodes"]]}
            nodes = list(nodes_of(flat).values())
            endings = [node for node in nodes if node.ending]
            fewest = FEWEST_NODES[lesson.audience]
            named = f"{lesson.where}, {written['id']}"
            for fault in faults(written["start"], nodes):
                yield f"{named}: {fault}"
            if len(nodes) < fewest:
                yield f"{named}: {len(nodes)} moments, and {fewest} is the least"
            if len(endings) < 3:
                yield f"{named}: {len(endings)} endings, and three is the least"
            for node in nodes:
                for choice in node.choices:
                    if not (choice.technique and choice.feedback):
                        yield f"{named}: “{choice.say}” at {node.id} teaches nothing"
    for module in book.modules:
        talks = len(module.of_type("consultation"))
        if module.audience == PROFESSIONAL and talks != 1:
            yield f"{module.where}: {talks} consultations, and there is one in each module for professionals"
        if module.audience == PATIENT and not talks + len(module.of_type("practice")):
            yield f"{module.where}: neither a consultation nor a practice of the moment"


def _open(node: dict[str, Any]) -> dict[str, Any]:
    return node | {"choices": [choice["value"] for choice in node["choices"]]}


def modules_are_whole(book: Book) -> Iterator[str]:
    for module in book.modules:
        if module.status != "ready":
            yield f"{module.where}: is not ready"
        if not 3 <= len(module.lessons) <= 5:
            yield f"{module.where}: {len(module.lessons)} lessons, and three to five is the rule"
        for need in MODULE_NEEDS:
            if not module.of_type(need):
                yield f"{module.where}: no {need}"
        if not module.of_type("sort", "order", "rewrite"):
            yield f"{module.where}: nothing to sort, to put in order or to say in other words"
        yield from _knowledge_check(module)
        for lesson in module.lessons:
            yield from _whole_lesson(lesson)


def _knowledge_check(module: Module) -> Iterator[str]:
    """The last lesson looks back with four to six questions, and every answer to them teaches."""
    if not module.lessons:
        return
    last = module.lessons[-1]
    questions = [block for block in last.of_type("choice") if str(block["id"]).startswith("check-")]
    if not 4 <= len(questions) <= 6:
        yield f"{last.where}: {len(questions)} questions to look back with, and four to six is the rule"
    for block in module.of_type("choice"):
        if not any(option["correct"] for option in block["options"]):
            yield f"{module.where}: “{block['question'].strip()}” has no answer that helps"
        for option in block["options"]:
            if len(words_in(option["feedback"])) < 4:
                yield f"{module.where}: the answer “{option['text']}” teaches nothing"


def _whole_lesson(lesson: Page) -> Iterator[str]:
    if not 5 <= lesson.words["minutes"] <= 12:
        yield f"{lesson.where}: {lesson.words['minutes']} minutes, and five to twelve is the rule"
    if not any(block["heading"] == TRY_THIS for block in lesson.of_type("key_points")):
        yield f"{lesson.where}: no “{TRY_THIS}”"
    in_points = any(
        f"**{DOES_NOT_WORK}?**" in item
        for block in lesson.of_type("key_points")
        for item in map(str, block["items"])
    )
    in_details = any(block["summary"].startswith(DOES_NOT_WORK) for block in lesson.of_type("details"))
    if not (in_points or in_details):
        yield f"{lesson.where}: no “{DOES_NOT_WORK}?”"
    if not lesson.of_type("reflection"):
        yield f"{lesson.where}: no reflection"


def care_cards(book: Book) -> Iterator[str]:
    for lesson in book.lessons:
        kinds = {block["kind"] for block in lesson.of_type("care_card")}
        said = "\n".join(lesson.sentences)
        touches, emergency = TOUCHES.search(said), EMERGENCY.search(said)
        if touches and not kinds and lesson.where not in NEEDS_NO_CARD:
            yield f"{lesson.where}: says “{touches[0]}”, and no card says where help is"
        if emergency and "emergency" not in kinds and lesson.where not in NEEDS_NO_CARD:
            yield f"{lesson.where}: says “{emergency[0]}”, and there is no card for an emergency"


def handbooks_have_care_cards(book: Book) -> Iterator[str]:
    """What patients take home says where help is, once in the whole of it."""
    by_book: dict[str, list[Page]] = {}
    for page in book.pages:
        if page.kind == "handbook" and page.blocks and page.audience == PATIENT:
            by_book.setdefault(page.where.split("/")[1], []).append(page)
    for name, pages in by_book.items():
        touches = TOUCHES.search("\n".join(one for page in pages for one in page.sentences))
        if touches and not any(page.of_type("care_card") for page in pages):
            yield f"handbooks/{name}: says “{touches[0]}”, and no card says where help is"


def nothing_is_dosed(book: Book) -> Iterator[str]:
    for page in book.pages:
        for sentence in page.sentences:
            left = sentence
            for phrase in NO_DOSE:
                left = left.replace(phrase, " ")
            if found := DOSE.search(left):
                yield f"{page.where}: “{found[0]}” in “{sentence}”"


def no_telephone_numbers(book: Book) -> Iterator[str]:
    """Numbers come from the site's settings, so that they are changed in one place."""
    for page in book.pages:
        for sentence in page.sentences:
            if found := TELEPHONE.search(sentence):
                yield f"{page.where}: the number {found[0]} in “{sentence}”"


def others_names(book: Book) -> Iterator[str]:
    for page in book.pages:
        for sentence in page.sentences:
            if found := OTHERS.search(sentence):
                yield f"{page.where}: “{found[0]}” in “{sentence}”"


def overlays(book: Book) -> Iterator[str]:
    for page in book.read:
        for block in page.of_type("details"):
            if any(re.search(one, block["summary"], re.IGNORECASE) for one in CONDITIONS.values()) and not (
                block["text"].lstrip().startswith(UNSIGNED)
            ):
                yield f"{page.where}: “{block['summary']}” does not begin with “{UNSIGNED}”"
    for module in book.modules:
        summaries = [block["summary"] for block in module.of_type("details")]
        for condition, pattern in CONDITIONS.items():
            if not any(re.search(pattern, one, re.IGNORECASE) for one in summaries):
                yield f"{module.where}: nothing for {condition}"


def totals(book: Book) -> Iterator[str]:
    blocks = Counter(block["type"] for lesson in book.lessons for block in lesson.blocks)
    found = {
        "lessons": len(book.lessons),
        "consultations": blocks["consultation"],
        "practices": sum(blocks[one] for one in PRACTICES),
    }
    for what, fewest in FEWEST.items():
        if found[what] < fewest:
            yield f"{found[what]} {what}, and {fewest} is the least"
    if len(book.modules) != 16:
        yield f"{len(book.modules)} modules, and there are eight on each side"


CHECKS = (
    reading_ages,
    sentence_lengths,
    what_the_editor_finds,
    terms,
    blame,
    phrases_that_may_stay_are_there,
    made_up_people,
    links,
    pictures,
    pairs,
    consultations,
    modules_are_whole,
    care_cards,
    handbooks_have_care_cards,
    nothing_is_dosed,
    no_telephone_numbers,
    others_names,
    overlays,
    totals,
)
