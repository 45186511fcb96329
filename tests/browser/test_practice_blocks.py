"""Every practice block in both audiences: by keys alone, without script, with dragging, on a small phone, with axe."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import running_site

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}
BLOCKS = """
      - {type: reflection, id: think, prompt: What matters most?, help: Only you can see this.}
      - type: choice
        id: choose
        question: Which opens the talk?
        multiple: false
        required: false
        options:
          - {text: What else?, correct: true, feedback: It expects more.}
          - {text: Anything else?, correct: false, feedback: It expects a no.}
      - type: sort
        id: sort
        question: Which is it?
        groups:
          - {id: one, name: Relieves, items: [{id: a, text: I will ring them, feedback: Kind.}, {id: b, text: Do this, feedback: Quick.}]}
          - {id: two, name: Enables, items: [{id: c, text: What helped before?, feedback: Theirs.}]}
      - type: order
        id: order
        question: What comes first?
        items:
          - {id: a, text: Say the time, feedback: The frame.}
          - {id: b, text: Ask what matters, feedback: Their list.}
          - {id: c, text: Agree an order, feedback: Last.}
      - {type: rewrite, id: say, sentence: Why not walk?, task: Say it so that they choose., model: What would suit you?, look_for: [It asks.]}
      - {type: ruler, id: sure, question: How sure are you?, low_label: Not sure, high_label: Very sure}
      - {type: practice, id: agenda, practice: coaching.agenda, intro: Try it., scenario: Ann comes about her knee.}
      - {type: practice, id: plan, practice: coaching.action_plan, intro: Try it., scenario: Ann would like to walk.}
      - type: consultation
        id: talk
        title: A visit
        scene: You meet Ann.
        start: hello
        nodes:
          - id: hello
            says: It is my knee.
            thinks: And the nights.
            choices:
              - {id: ask, say: What else?, technique: An open question, feedback: She may go on., next: end}
              - {id: tell, say: Take these., technique: Telling, feedback: She nods., next: wall}
          - {id: wall, says: Yes., thinks: No., choices: [{id: back, say: I went ahead. What else?, technique: Going back, feedback: It costs little., next: end}]}
          - {id: end, says: I do not sleep., thinks: She asked., ending: true, debrief: You made room.}
"""
MODULE = """
number: 1
slug: first
title: The first
status: ready
purpose: To begin.
outcomes: [You can begin.]
lessons:
  - slug: one
    title: All of it
    minutes: 5
    open_to_visitors: true
    completion: done
    body:
"""
CURRICULUM = (
    "slug: {slug}\ntitle: {slug}\naudience: {audience}\nstrapline: Short.\nwho_for: You.\nhow_long: Not long.\n"
    "what_you_do: [Read.]\nstart_here: first/one\n"
)
SIDES = {"patient": "one-side", "professional": "the-other"}


@pytest.fixture(scope="module")
def site(tmp_path_factory, new_database):
    folder = tmp_path_factory.mktemp("practice")
    for audience, slug in SIDES.items():
        (folder / "content" / slug).mkdir(parents=True)
        (folder / "content" / slug / "curriculum.yaml").write_text(
            CURRICULUM.format(slug=slug, audience=audience)
        )
        (folder / "content" / slug / "01-first.yaml").write_text(MODULE + BLOCKS)
    set_up = [["load_curricula", "--folder", str(folder / "content")]]
    with running_site(folder, database_url=new_database(), set_up=set_up) as site:
        yield site


def lesson_of(audience: str) -> str:
    return f"/{SIDES[audience]}/first/one/"


def order_shown(page: Page) -> list[str]:
    return page.locator("[data-order-words]").all_inner_texts()


def tab_to(page: Page, target: str) -> None:
    """Press Tab as long as it takes to get there, as somebody without a mouse does."""
    wanted = page.locator(target).first
    for _ in range(150):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {target}")


def is_within(page: Page) -> bool:
    """Whether the page fits its window, without scrolling sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("audience", SIDES)
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desk"])
def test_every_block_before_and_after_an_answer_holds_what_axe_asks(site, person_of, audience, viewport):
    somebody = person_of(site, "Visitor", viewport=viewport)
    page = somebody.open(lesson_of(audience))
    assert is_within(page)
    assert not page.get_by_text("One way to say it").is_visible()  # first one's own

    page.get_by_label("What matters most?").fill("My sister.")
    page.get_by_label("Anything else?").check()
    for line in page.locator("[data-sort-line]").all():
        line.get_by_label("Relieves").check()
    page.get_by_label("Say it so that they choose.").fill("What about the hill?")
    page.locator(".scale__input").nth(7).check()
    somebody.press("This is my order")
    somebody.press("Take these.")

    assert "This fits." in somebody.text() and "Worth another look." in somebody.text()
    assert "One way to say it" in somebody.text() and "Not said aloud" in somebody.text()
    somebody.press("I went ahead. What else?")
    assert "Looking back" in somebody.text()
    assert is_within(page)
    somebody.follow("Read it on a page of its own")
    somebody.follow("Go to 2")
    assert is_within(page)
    assert not somebody.violations, "\n".join(somebody.violations)
    assert not somebody.console, somebody.console


def test_by_keys_alone_a_line_goes_up_and_the_focus_goes_with_it(site, person_of):
    somebody = person_of(site, "Keys")
    page = somebody.open(lesson_of("patient"))
    before = order_shown(page)

    tab_to(page, "[data-order-line]:nth-child(3) [data-way=up]")
    page.keyboard.press("Enter")
    assert order_shown(page) == [before[0], before[2], before[1]]
    expect(page.locator("[data-order-said]")).to_have_text(f"{before[2]} is now 2 of 3.")
    page.keyboard.press("Space")
    assert order_shown(page) == [before[2], before[0], before[1]]
    # At the top there is no Up any more: the focus is on Down, and not lost.
    assert page.evaluate("document.activeElement.dataset.way") == "down"

    page.locator("button[name=save]", has_text="This is my order").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert order_shown(page) == [before[2], before[0], before[1]]
    assert not somebody.console


def test_by_keys_alone_lines_are_sorted(site, person_of):
    page = person_of(site, "Keys").open(lesson_of("professional"))

    tab_to(page, "[data-sort-line] input[type=radio]")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")

    assert page.locator("[data-sort] input:checked").count() == 3


def test_without_script_each_press_is_a_page_that_goes_on_there(site, chromium):
    context = chromium.new_context(base_url=site.base, java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(site.url(lesson_of("patient")))
    before = order_shown(page)

    page.locator("[data-order-line]").nth(0).get_by_role("button", name="Down").click()
    assert order_shown(page) == [before[1], before[0], before[2]]
    assert page.url.split("#b-")[1] in page.locator("[data-order-line]").nth(1).get_attribute("id")
    for line in page.locator("[data-sort-line]").all():
        line.get_by_label("Enables").check()
    page.locator("[data-sort]").get_by_role("button", name="See what it does").click()
    assert page.locator("[data-sort-about]").count() == 3
    page.get_by_role("button", name="What else?", exact=True).click()
    assert page.get_by_text("Looking back").count() >= 1
    context.close()


def test_dragging_comes_on_top(site, person_of):
    somebody = person_of(site, "Mouse", viewport={"width": 1280, "height": 900})
    page = somebody.open(lesson_of("patient"))
    before = order_shown(page)

    grip = page.locator("[data-order-line] .drag-handle").nth(0)
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), page.locator("[data-order-line]").nth(2).bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 10, end["y"] + end["height"] - 4, steps=12)
    page.mouse.up()
    assert order_shown(page) == [before[1], before[2], before[0]]

    grip = page.locator("[data-sort-line] .drag-handle").nth(0)
    grip.scroll_into_view_if_needed()
    start = grip.bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] - 40, start["y"] + 40, steps=4)
    group = page.locator(".sort__group", has_text="Enables").bounding_box()
    page.mouse.move(group["x"] + 10, group["y"] + 10, steps=4)
    page.mouse.up()
    assert page.locator("[data-sort-line]").nth(0).get_by_label("Enables").is_checked()
    assert page.locator(".sort__groups").count() == 0
    assert not somebody.console


def test_a_drag_that_is_given_up_leaves_all_as_it_was(site, person_of):
    page = person_of(site, "Mouse", viewport={"width": 1280, "height": 900}).open(lesson_of("patient"))
    before = order_shown(page)
    grip = page.locator("[data-order-line] .drag-handle").nth(0)
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), page.locator("[data-order-line]").nth(2).bounding_box()

    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 10, end["y"] + end["height"] - 4, steps=12)
    page.keyboard.press("Escape")
    page.mouse.up()

    assert order_shown(page) == before


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desk"])
def test_from_right_to_left_nothing_runs_out_of_the_page(site, person_of, viewport):
    page = person_of(site, "Right to left", viewport=viewport).open(lesson_of("patient"))

    page.evaluate("document.documentElement.dir = 'rtl'")

    assert is_within(page)
    line = page.locator("[data-order-line]").nth(0)
    words, moves = line.locator(".order__words").bounding_box(), line.locator(".order__moves").bounding_box()
    to_their_left, below = (
        moves["x"] + moves["width"] <= words["x"],
        moves["y"] >= words["y"] + words["height"],
    )
    assert to_their_left or below


def test_on_paper_there_are_lines_to_write_on_and_nothing_to_press(site, person_of):
    page = person_of(site, "Paper").open(lesson_of("patient"))

    page.emulate_media(media="print")

    for button in ("Up", "Down", "Save and compare", "See what it does", "What else?"):
        assert not any(one.is_visible() for one in page.get_by_role("button", name=button).all()), button
    assert page.get_by_text("One way to say it").is_visible()
    assert page.get_by_text("Go to 2").first.is_visible()
    assert page.locator("[data-order-line]").count() == 3
