"""What the editor says of a lesson's words: planted faults are found, sound words are left in peace."""

import pytest

from courses.checks import check_body, reading_age, sentences_in, syllables_in, texts_in

PLAIN = (
    "You come to see your doctor. There is not much time. So you say what you need first. Then it gets its place. "
    "You can bring a list. Two or three things are enough. Ask for more time when you need it."
)
HARD = (
    "Comprehensive multidisciplinary rehabilitation interventions demonstrate considerable effectiveness for individuals "
    "experiencing long-term respiratory conditions, notwithstanding substantial heterogeneity regarding methodological "
    "characteristics of the investigations contributing to contemporary international recommendations, guidelines and professional documentation everywhere."
)  # fmt: skip


def text(html: str, id: str = "b1") -> dict:
    return {"type": "text", "value": html, "id": id}


def faults(*blocks: dict) -> list[tuple[str, str]]:
    return [(one.block_id, one.sentence) for one in check_body(list(blocks), audience="patient").faults]


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("goal", 1), ("makes", 1), ("walked", 1), ("table", 2), ("people", 2), ("about", 2), ("wanted", 2), ("agenda", 3),
        ("remember", 3), ("condition", 3), ("medication", 4), ("professional", 4), ("you", 1), ("all", 1), ("next", 1),
        ("tell", 1), ("two", 1), ("small", 1), ("start", 1), ("different", 3), ("patient", 2), ("going", 2), ("didn't", 2),
    ],
)  # fmt: skip
def test_syllables(word, syllables):
    assert syllables_in(word) == syllables


def test_reading_age_is_the_published_formula():
    # Six words, one sentence, eight syllables, six times over: 0.39 * 6 + 11.8 * 8 / 6 - 15.59 = 2.48, plus five.
    sentence = "The table is about my goal."

    assert reading_age([sentence] * 6) == 7


def test_a_term_that_must_stay_makes_no_word_harder():
    sentences = ["I live with diabetes and with obstructive pulmonary disease."] * 6
    terms = ("Diabetes", "Obstructive pulmonary disease")

    assert reading_age(sentences) == 15
    assert reading_age(sentences, kept=terms) == 5
    assert reading_age(["We live in pulmonary and obstructive houses today."] * 6, kept=terms) > 12


def test_plain_words_reach_the_goal_and_hard_ones_do_not():
    plain = check_body([text(f"<p>{PLAIN}</p>")], audience="patient")
    hard = check_body([text(f"<p>{HARD}</p>")], audience="patient")

    assert plain.age <= 9 and plain.is_easy_enough and plain.faults == ()
    assert hard.age > 18 and not hard.is_easy_enough
    assert (plain.sentences, plain.longest) == (7, "Ask for more time when you need it.")


def test_too_few_words_and_other_languages_have_no_age():
    assert check_body([text("<p>Short.</p>")], audience="patient").age is None
    assert check_body([text(f"<p>{PLAIN}</p>")], audience="patient", language="cy").age is None


def test_professionals_read_harder_words():
    assert check_body([], audience="professional").oldest == 14
    assert check_body([], audience="patient").oldest == 11


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<h3>First</h3>", "The heading “First” skips a level"),
        ("<h2>One</h2><h4>Two</h4>", "The heading “Two” skips a level"),
        ("<h2> </h2>", "A heading is empty"),
        ("<p><b>What to do</b></p>", "“What to do” looks like a heading"),
        ('<p>To know more, <a href="/x/">click here</a>.</p>', "A link says only “click here”"),
        ('<p><a href="/x/">Read more…</a></p>', "A link says only “Read more…”"),
        ('<p><a href="https://x.example/">https://x.example/</a></p>', "A link shows its bare address"),
        ('<p><a href="/x/"></a></p>', "A link has no words"),
        (f"<p>{HARD}</p>", "1 sentences have more than 20 words"),
    ],
)
def test_planted_faults_are_found(html, says):
    ((_block, sentence),) = faults(text(html))

    assert sentence.startswith(says)


@pytest.mark.parametrize(
    "html",
    [
        "<h2>One</h2><h3>Two</h3><h2>Three</h2>",
        "<p><b>Say it first.</b></p>",
        "<p>It is <b>yours</b>.</p>",
        '<p><a href="/x/">How to make a list</a></p>',
    ],
)
def test_sound_words_are_left_in_peace(html):
    assert faults(text(html)) == []


def test_headings_go_on_from_one_block_to_the_next():
    assert faults(text("<h2>One</h2>"), text("<h3>Two</h3>", "b2")) == []
    assert [block for block, _ in faults(text("<p>A</p>"), text("<h3>Two</h3>", "b2"))] == ["b2"]


def test_what_shows_or_sounds_has_words_for_who_cannot_see_or_hear():
    picture = {"type": "image", "id": "p", "value": {"image": 1, "alt": "", "decorative": False}}
    film = {"type": "video", "id": "v", "value": {"captions": None, "transcript": ""}}

    assert [(block, sentence.split(".")[0]) for block, sentence in faults(picture, film)] == [
        ("p", "A picture has no words for those who cannot see it"),
        ("v", "A recording has no captions"),
        ("v", "A recording has no transcript"),
    ]
    picture["value"]["decorative"] = True
    film["value"] = {"captions": 3, "transcript": "Words."}
    assert faults(picture, film) == []


def test_every_word_of_a_practice_is_read():
    question = {
        "question": "What <b>would</b> you do?",
        "options": [{"type": "item", "id": "x", "value": {"text": "Wait", "correct": False, "feedback": "There &amp; then."}}],
        "start": "hello",
    }  # fmt: skip

    assert texts_in(question) == ["What would you do?", "Wait", "There & then."]


def test_what_only_machines_read_is_no_word():
    drawing = {"name": "symptom-cycle", "alt": "A circle of arrows.", "caption": "", "decorative": False}
    glossary = {"terms": [{"type": "item", "id": "x", "value": "132d81e7-7744-5d87-b8b7-b45492190ebb"}]}
    group = {"groups": [{"type": "item", "id": "y", "value": {"name": "At the visit", "items": []}}]}

    assert texts_in([drawing, glossary, group]) == ["A circle of arrows.", "At the visit"]


def test_lines_are_sentences_of_their_own():
    (text,) = texts_in("<h2>Before</h2><ul><li>Write it. Keep it.</li><li>Bring it</li></ul>")

    assert sentences_in(text) == ["Before", "Write it.", "Keep it.", "Bring it"]
