"""Handbooks, small ones: as files to load, and as pages made in Wagtail's own way."""

import json
from itertools import count
from pathlib import Path

from courses.models import HandbookPage
from lms.home.services import ensure_home_page
from tests.factories.courses import block, text_block

_numbers = count(1)

WORKBOOK = """\
slug: workbook
title: Your workbook
readers: everybody
audience: patient
purpose: To write in, before a visit.
body:
  - {type: text, text: "Take your *time*."}
  - {type: chapter, title: "Before you start"}
  - type: text
    text: |
      ## What it is for

      A visit is short. **Write** first.
  - {type: key_points, heading: To take away, items: ["**Say** it first."]}
  - {type: steps, heading: Three steps, items: [Write, Choose, Say]}
  - {type: do_dont, do: {heading: Do, items: [Bring it]}, dont: {heading: "Don't", items: [Wait for the door]}}
  - {type: details, summary: Where this comes from, text: "From people who tried it."}
  - {type: care_card, kind: urgent}
  - {type: care_card, kind: emergency}
  - {type: drawing, name: symptom-cycle, alt: How symptoms feed each other, caption: The circle}
  - {type: glossary, words: [Agenda]}
  - {type: chapter, title: "My pages"}
  - {type: lines, label: What matters most to me, lines: 3}
  - {type: tool_sheet, title: My list, intro: Bring it., rows: [{prompt: Today, help: One line., lines: 2}]}
"""
ACTIVITY = """\
- id: {id}
  title: {title}
  minutes: {minutes}
  kind: adaptable
  leads: both
  purpose: Everybody has spoken once.
  needs: [Flip chart]
  steps: [Say your name., Go round., Thank everybody.]
  say: Tell us your name.
  watch_for: One person takes all the time.
  adapt: The order.
"""
ACTIVITIES = ACTIVITY.format(id="opening-round", title="The opening round", minutes=20) + ACTIVITY.format(
    id="ground-rules", title="Ground rules", minutes=10
)
MANUAL = """\
slug: manual
title: The tutors' manual
readers: tutors
audience: patient
purpose: To lead a workshop.
body:
  - {type: chapter, title: "The sessions"}
  - type: session
    title: "Session 1: Opening"
    minutes: 60
    before: "Chairs in a circle."
    plan: [arrive, opening-round, break, ground-rules]
    after: "Write down what you noticed."
"""
GLOSSARY = "- {word: Agenda, means: The list of what you talk about.}\n"


def write_files(folder: Path) -> Path:
    """A workbook for everybody and a manual for tutors, with two activities that stand in their own file."""
    (folder / "handbooks").mkdir()
    (folder / "glossary.yaml").write_text(GLOSSARY)
    for name, words in {
        "workbook": WORKBOOK,
        "manual": MANUAL,
        "activities-patients": ACTIVITIES,
    }.items():
        (folder / "handbooks" / f"{name}.yaml").write_text(words)
    return folder


def make_handbook(*blocks: dict, published: bool = True, **fields) -> HandbookPage:
    """A handbook for everybody, beside the patients' course, with these blocks."""
    number = next(_numbers)
    defaults = {
        "title": f"Handbook {number}", "slug": f"handbook-{number}", "readers": "everybody", "audience": "patient",
        "purpose": "To read.",
    }  # fmt: skip
    page = HandbookPage(live=published, **defaults | fields)
    page.body = json.dumps(list(blocks) or [block("chapter", {"title": "One"}), text_block()])
    ensure_home_page().add_child(instance=page)
    revision = page.save_revision()
    if published:
        revision.publish()
    page.refresh_from_db()
    return page
