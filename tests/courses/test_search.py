"""Search: what the reader may see, however it is spelled, whatever is typed."""

import uuid
from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from courses.models import GlossaryTerm
from courses.queries.searching import excerpt, marked, search_pages
from courses.spelling import Vocabulary, distance, plain_form, tokens
from tests.factories.courses import (
    block,
    choice_block,
    consultation_block,
    make_curriculum,
    make_lesson,
    make_module,
    text_block,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def module():
    course = make_curriculum(title="Moving on", strapline="Small steps.", who_for="Whoever is tired.")
    return make_module(course, title="Preparing for a visit", purpose="To say what matters first.")


def titles(answer) -> list[str]:
    found = answer.results(answer.order)
    return ["".join(text for text, _is in one.title) for one in found]


def look(words: str, *, is_visitor: bool = False) -> list[str]:
    return titles(search_pages(words, is_visitor=is_visitor))


# ---------------------------------------------------------------- who sees what


def test_visitors_find_titles_of_all_and_the_words_of_open_lessons(module):
    make_lesson(module, text_block("<p>Pomegranate</p>"), title="Open fruit", open_to_visitors=True)
    make_lesson(module, text_block("<p>Pomegranate and marzipan</p>"), title="Shut fruit")

    assert look("pomegranate", is_visitor=True) == ["Open fruit"]
    assert look("marzipan", is_visitor=True) == []
    assert look("shut", is_visitor=True) == ["Shut fruit"]
    # A word that stands only in what is shut is not offered to a visitor either.
    assert search_pages("marzipam", is_visitor=True).instead == []
    assert set(look("pomegranate")) == {"Open fruit", "Shut fruit"}
    assert search_pages("marzipam", is_visitor=False).instead == [("marzipam", "marzipan")]


def test_a_visitor_reads_nothing_of_a_shut_lesson_in_the_results(module, client):
    make_lesson(module, text_block("<p>Marzipan in secret</p>"), title="Shut fruit")

    page = client.get("/search/", {"query": "fruit"}).text

    assert "Shut" in page and "secret" not in page


def test_what_is_hidden_is_not_found(module):
    make_lesson(module, text_block("<p>Pomegranate</p>"), title="A draft", published=False)
    waiting = make_module(module.get_parent().specific, title="Later on", status="in_preparation")
    make_lesson(waiting, text_block("<p>Pomegranate</p>"), title="Half written")

    assert look("pomegranate") == []
    assert look("later") == ["Later on"], "a module in preparation has a page of its own"


def test_what_one_learns_by_trying_is_not_given_away(module):
    make_lesson(module, choice_block(), consultation_block(), title="To try")

    assert look("What would you do") == ["To try"]
    for given_away in ("then it gets its time", "polite", "technique"):
        assert "To try" not in look(given_away.split()[-1])


def test_a_change_is_found_at_once_and_the_old_words_no_more(module):
    lesson = make_lesson(module, text_block("<p>Pomegranate</p>"), title="Fruit")
    assert look("pomegranate") == ["Fruit"]

    lesson.body = [("text", "<p>Quince</p>")]
    lesson.save_revision().publish()

    assert look("pomegranate") == [] and look("quince") == ["Fruit"]
    lesson.unpublish()
    assert look("quince") == []


# ---------------------------------------------------------------- how it is spelled


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("agedna", "agenda"), ("agnda", "agenda"), ("agendda", "agenda"), ("ahenda", "agenda"),
        ("consultaton", "consultation"), ("consutlatoin", "consultation"), ("resume", "résumé"),
        ("AGENDA", "agenda"), ("agendas", "agenda"), ("agen", "agenda"),
    ],
)  # fmt: skip
def test_mistakes_are_forgiven(module, typed, meant):
    make_lesson(module, text_block(f"<p>Here is the word {meant} in it.</p>"), title="That one")
    make_lesson(module, text_block("<p>Nothing of it.</p>"), title="Another")

    assert look(typed) == ["That one"]


def test_the_page_says_what_was_looked_for_instead(module, client):
    make_lesson(module, text_block("<p>The agenda.</p>"), title="That one", open_to_visitors=True)

    page = client.get("/search/", {"query": "agedna"}).text

    assert "No page says “agedna”" in page and "<b>agenda</b>" in page and "<mark>agenda</mark>" in page
    assert "No page says" not in client.get("/search/", {"query": "agenda"}).text


def test_short_words_and_numbers_are_taken_as_they_are():
    known = Vocabulary(Counter(["pain", "2027", "paint"]))

    assert known.near("pan") == [] and known.near("2028") == []
    assert known.near("pian") == ["pain"]


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("agenda", "agenda", 0),
        ("agedna", "agenda", 1),
        ("", "ab", 2),
        ("abc", "xyz", 3),
        ("abcd", "abxcd", 1),
    ],
)
def test_how_far_two_words_are_apart(one, other, far):
    assert distance(one, other, 2) == far == distance(other, one, 2)


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("ألم في الليل", "الم", True),  # without the sign on its first letter
        ("מַה חָשׁוּב לָךְ", "חשוב", True),  # without vowel points
        ("आपकी यात्रा", "यात्रा", True),
        ("予定を決める", "予定", True),
        ("Über die Straße", "uber strasse", True),
        ("Don’t wait", "dont", True),
        ("ألم في الليل", "نهار", False),
    ],
)
def test_any_script_is_searched(module, text, words, found):
    make_lesson(module, text_block(f"<p>{text}</p>"), title="That one")

    assert look(words) == (["That one"] if found else [])


# ---------------------------------------------------------------- the order, and what is shown


def test_pages_with_all_words_come_first_and_titles_weigh_more(module):
    make_lesson(module, text_block("<p>Pacing through the day. Pacing again.</p>"), title="In the text")
    make_lesson(module, text_block("<p>Something.</p>"), title="Pacing")
    make_lesson(module, text_block("<p>Pacing with anger.</p>"), title="Both")

    assert look("pacing")[0] == "Pacing" and len(look("pacing")) == 3
    assert look("pacing anger") == ["Both"]
    assert set(look("pacing unheardof")) == {"In the text", "Pacing", "Both"}


def test_results_show_the_words_around_marked():
    text = "Start. " + "word " * 100 + "The Agénda is here. " + "word " * 100

    shown = marked(excerpt(text, frozenset({"agenda"})), frozenset({"agenda"}))

    assert [piece for piece, is_marked in shown if is_marked] == ["Agénda"]
    assert shown[0][0].startswith("… ") and shown[-1][0].endswith(" …")
    assert len("".join(piece for piece, _is in shown)) < 240


def test_words_are_shown_as_words(module, client):
    make_lesson(
        module, text_block("<p>&lt;script&gt;alert(1)&lt;/script&gt; quince</p>"), title="<b>Bold</b>",
        open_to_visitors=True,
    )  # fmt: skip

    page = client.get("/search/", {"query": "quince"}).text

    assert "&lt;script&gt;alert" in page and "<script>alert" not in page and "&lt;b&gt;" in page


def test_a_word_of_the_glossary_is_explained(module, client):
    GlossaryTerm.objects.create(term="Pacing", explanation="Resting before you are worn out.")
    GlossaryTerm.objects.create(term="Pacing", explanation="Nicht auf einmal.", language="de")

    page = client.get("/search/", {"query": "what is pacing"}).text

    assert "Resting before you are worn out." in page and "Nicht auf einmal." not in page
    assert "Resting" not in client.get("/search/", {"query": "visit"}).text


# ---------------------------------------------------------------- whatever is typed


@pytest.mark.parametrize(
    "words",
    ["agenda\x00", "\x00", "a" * 10_000, "ab " * 5_000, "' OR 1=1 --", '"', "*", "()", "a AND NOT", "-a", "NEAR(a b)",
     "مرحبا", "👩🏽‍⚕️", "\u202eagenda", "%", "_", "\\", "{{ 7 }}", "<script>", "\ud83d".encode("utf-8", "surrogatepass")],
)  # fmt: skip
def test_anything_gets_an_answer(module, client, words):
    make_lesson(module, text_block("<p>The agenda.</p>"), open_to_visitors=True)

    answer = client.get("/search/", {"query": words, "page": "x" * 500})

    assert answer.status_code == 200 and "\x00" not in answer.text


def test_signs_are_no_operators(module):
    make_lesson(module, text_block("<p>The agenda.</p>"), title="That one")

    for typed in ('"agenda"', "agenda*", "(agenda", "-agenda", "agenda:*", "agenda' --", "agenda OR"):
        assert "That one" in look(typed), typed


def test_a_very_long_query_is_cut_and_answered_quickly(module, django_assert_max_num_queries):
    for _number in range(5):
        make_lesson(module, text_block("<p>" + " ".join(uuid.uuid4().hex for _ in range(400)) + "</p>"))
    look("warm")

    with django_assert_max_num_queries(2):
        assert look(" ".join(uuid.uuid4().hex[:9] for _ in range(1000))) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=300))
@example(words="\x00")
@example(words="İstanbul ﬁ ǅ")
def test_property_whatever_is_typed_is_answered_with_what_may_be_seen(module, words):
    if not module.get_children().exists():
        make_lesson(
            module, text_block("<p>Open words of the agenda.</p>"), title="Open", open_to_visitors=True
        )
        make_lesson(module, text_block("<p>Shut words.</p>"), title="Shut")
        make_lesson(module, text_block("<p>Draft.</p>"), title="Draft", published=False)

    for is_visitor in (True, False):
        answer = search_pages(words, is_visitor=is_visitor)
        found = answer.results(answer.order)
        assert {one.url.split("/")[1] for one in found} <= {module.get_parent().slug}
        assert "Draft" not in titles(answer)
        if is_visitor:
            assert not any("Shut words" in "".join(piece for piece, _is in one.text) for one in found)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_property_marking_changes_no_letter(text):
    forms = frozenset([token.form for token in tokens(text)][::2])

    assert "".join(piece for piece, _is in marked(text, forms)) == text
    assert all(plain_form(text[token.start : token.end]) == token.form for token in tokens(text))


@settings(max_examples=200, deadline=None)
@given(word=st.from_regex(r"[a-z]{5,12}", fullmatch=True), data=st.data())
def test_property_a_word_with_one_mistake_is_found(word, data):
    at = data.draw(st.integers(0, len(word) - 2))
    mistake = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + "q" + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )

    assert mistake == word or len(mistake) < 4 or word in Vocabulary(Counter([word])).near(mistake)


# ---------------------------------------------------------------- what it costs


@pytest.mark.parametrize("many", [1, 15])
def test_a_search_costs_the_same_with_one_lesson_as_with_many(
    many, client, module, django_assert_num_queries
):
    for _number in range(many):
        make_lesson(
            module,
            text_block("<p>The agenda.</p>"),
            block("details", {"summary": "More", "text": "<p>x</p>"}),
        )
    client.get("/search/", {"query": "agenda"})

    # the outlines' stamps, the glossary
    with django_assert_num_queries(2):
        client.get("/search/", {"query": "agenda"})
