"""A course in other languages: one course, one progress, the same addresses; and its words where somebody translated them."""

import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from courses.models import (
    Answer,
    CourseVersion,
    CurriculumPair,
    Enrolment,
    LessonCompletion,
    LessonPage,
    Pairing,
)
from courses.queries import curricula, outline_of, outlines, progress
from courses.queries.partners import alone, paired_pages
from courses.queries.reports import Asked, asked_for, lines_of
from courses.services import complete_lesson, enrol
from courses.shown import shown_courses_of
from tests.factories import UserFactory
from tests.factories.courses import (
    choice_block,
    consultation_block,
    make_curriculum,
    make_lesson,
    make_module,
    order_block,
    reflection_block,
    rewrite_block,
    ruler_block,
    sheet_block,
    sort_block,
    text_block,
)
from tests.factories.languages import URDU, WELSH, begin, source_of, speak, translated, word

pytestmark = pytest.mark.django_db


class World:
    """A course of two lessons, of which the first can be read in Welsh too."""

    def __init__(self, settings) -> None:
        (self.welsh,) = speak(settings, WELSH)
        self.course = make_curriculum(title="Two doors", slug="course")
        self.module = make_module(self.course, title="Before the visit", slug="module")
        self.question = reflection_block(prompt="What matters?")
        self.first = make_lesson(self.module, self.question, title="A quiet word", slug="first")
        self.second = make_lesson(self.module, title="A loud word", slug="second")
        self.yn_gymraeg = translated(
            self.first, self.welsh, **{"title": "Gair tawel", "What matters?": "Beth sy'n bwysig?"}
        )


@pytest.fixture
def world(settings):
    return World(settings)


def ticks(page: str) -> list[bool]:
    items = BeautifulSoup(page, "html.parser").select(".lesson-list__item")
    return ["lesson-list__item--done" in item["class"] for item in items]


# ---------------------------------------------------------------- one progress


def test_done_in_english_is_done_in_welsh(world, signed_in):
    learner = UserFactory()
    client = signed_in(learner)

    client.post("/course/module/first/", {"done": "1"})

    assert ticks(client.get("/course/module/").text) == [True, False]
    assert ticks(client.get("/cy/course/module/").text) == [True, False]
    welsh = client.get("/cy/course/module/first/").text
    assert "Gair tawel" in welsh and "nhsuk-tag--green" in welsh


def test_done_in_welsh_is_done_in_english_with_one_enrolment(world, signed_in):
    learner = UserFactory()
    client = signed_in(learner)

    for _twice in range(2):
        client.post("/cy/course/module/first/", {"done": "1"})
    client.post("/course/module/first/", {"done": "1"})

    done = LessonCompletion.objects.get()
    assert done.lesson_key == world.first.translation_key
    assert done.revision_number == world.yn_gymraeg.live_revision_id, "the words they read"
    assert Enrolment.objects.get().curriculum_key == world.course.translation_key
    assert ticks(client.get("/course/module/").text) == [True, False]


def test_a_translation_of_half_a_course_is_not_half_as_much_to_do(world):
    """The one Welsh lesson is not all there is to finish."""
    learner = UserFactory()

    complete_lesson(learner=learner, lesson=world.yn_gymraeg)

    for language in ("en", WELSH):
        with translation.override(language):
            (course,) = outlines()
            how_far = progress(learner, world.course)
            assert (how_far.done, how_far.total, how_far.percent) == (1, 2, 50)
            assert [one.key for one in course.lessons] == [
                str(page.translation_key) for page in (world.first, world.second)
            ]
    assert Enrolment.objects.get().completed_at is None
    complete_lesson(learner=learner, lesson=world.second)
    assert Enrolment.objects.get().completed_at is not None


def test_an_answer_belongs_to_the_same_question_in_every_language(world, signed_in):
    client = signed_in(UserFactory())
    block = world.question["id"]

    client.post("/course/module/first/", {f"{block}-answer": "The stairs", "save": ""})
    page = client.get("/cy/course/module/first/").text
    assert "Beth sy&#x27;n bwysig?" in page and "The stairs" in page

    client.post("/cy/course/module/first/", {f"{block}-answer": "Y grisiau", "save": ""})
    assert Answer.objects.get().value == {"text": "Y grisiau"}
    assert "Y grisiau" in client.get("/course/module/first/").text
    assert "What matters?" in client.get("/my/journal/").text
    assert "Beth sy&#x27;n bwysig?" in client.get("/cy/my/journal/").text


def test_a_visitor_takes_along_what_they_did_in_both_languages(world, client):
    LessonPage.objects.filter(pk__in=[world.first.pk, world.yn_gymraeg.pk]).update(open_to_visitors=True)
    world.course.save_revision().publish()
    client.post("/cy/course/module/first/", {"done": "1"})

    assert ticks(client.get("/course/module/").text) == [True, False]


def test_a_report_counts_each_learner_once(world):
    learner = UserFactory(first_name="Amina", last_name="")
    complete_lesson(learner=learner, lesson=world.yn_gymraeg)
    complete_lesson(learner=learner, lesson=world.second)

    for language in ("en", WELSH):
        with translation.override(language):
            (course,) = outlines()
            found = Enrolment.objects.filter(curriculum_key=course.key)
            (line,) = lines_of(asked_for(found, Asked()), course)
            assert (line.name, line.done, line.needed, line.state) == ("Amina", 1, 1, "done")
            assert len(shown_courses_of(learner)) == 1


def test_versions_are_those_of_the_original(world):
    before = CourseVersion.objects.count()
    enrolment = enrol(learner=UserFactory(), curriculum=world.course)

    welsh_course = translated(world.course, world.welsh, title="Dau ddrws")

    assert CourseVersion.objects.count() in (before, 1)
    assert set(CourseVersion.objects.values_list("curriculum_key", flat=True)) == {
        world.course.translation_key
    }
    again = enrol(learner=enrolment.learner, curriculum=welsh_course)
    assert (again.pk, again.version) == (enrolment.pk, enrolment.version)
    assert outline_of(welsh_course).version == outline_of(world.course).version


def test_worth_reading_again_is_said_in_a_language_once_it_can_be_read_there(world, at):
    learner = UserFactory()
    complete_lesson(learner=learner, lesson=world.first)

    def again() -> dict[str, bool]:
        found = {}
        for language in ("en", WELSH):
            with translation.override(language):
                found[language] = progress(learner, world.course).states[0].is_updated
        return found

    draft = world.first.get_latest_revision_as_object()
    draft.change = LessonPage.Change.AGAIN
    draft.save_revision().publish()
    assert again() == {"en": True, WELSH: False}

    world.yn_gymraeg.save_revision().publish()
    assert again() == {"en": True, WELSH: True}
    assert progress(learner, world.course).done == 1, "the tick stays"


# ---------------------------------------------------------------- the learner's page


def test_the_page_says_in_which_language_it_is_and_leads_to_the_others(world, signed_in):
    client = signed_in(UserFactory())

    page = BeautifulSoup(client.get("/cy/course/module/first/").text, "html.parser")
    assert (page.html["lang"], page.html["dir"]) == ("cy", "ltr")
    assert page.h1.span is None, "its words are in the page's own language"
    (link,) = page.select(".languages a")
    assert (link["href"], link["lang"], link["hreflang"], link.text) == (
        "/course/module/first/",
        "en",
        "en",
        "English",
    )
    assert page.select_one(".languages [aria-current]").text == "Cymraeg"
    assert {one["hreflang"]: one["href"] for one in page.select("link[rel=alternate]")} == {
        "en": "http://127.0.0.1:8000/course/module/first/",
        "cy": "http://127.0.0.1:8000/cy/course/module/first/",
    }

    page = BeautifulSoup(client.get(link["href"]).text, "html.parser")
    assert page.html["lang"] == "en"
    assert [one["href"] for one in page.select(".languages a")] == ["/cy/course/module/first/"]


def test_what_nobody_translated_is_there_in_its_own_language_and_says_so(world, signed_in):
    client = signed_in(UserFactory())

    listed = BeautifulSoup(client.get("/cy/course/module/").text, "html.parser")
    links = [(one.text, one["href"], one.get("lang")) for one in listed.select(".lesson-list__item a")]
    page = BeautifulSoup(client.get("/cy/course/module/second/").text, "html.parser")

    assert links == [
        ("Gair tawel", "/cy/course/module/first/", None),
        ("A loud word", "/cy/course/module/second/", "en"),
    ]
    assert page.h1.span.attrs == {"lang": "en", "dir": "ltr"}
    assert page.select_one(".lesson-block")["lang"] == "en"
    assert "This lesson is not there in Cymraeg yet. You read it in English." in page.text
    assert not page.select(".languages")


def test_a_site_with_one_language_says_nothing_of_languages(client, settings):
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English")]
    lesson = make_lesson(
        make_module(make_curriculum(slug="course"), slug="m"), slug="l", open_to_visitors=True
    )

    page = client.get("/course/m/l/").text

    assert lesson.title in page
    assert "languages" not in page and 'rel="alternate"' not in page and f"<h1>{lesson.title}</h1>" in page


def test_a_translation_is_withdrawn_and_the_original_is_there(world, signed_in):
    client = signed_in(UserFactory())

    world.yn_gymraeg.unpublish()

    page = client.get("/cy/course/module/first/").text
    assert "A quiet word" in page and "Gair tawel" not in page


def test_a_lesson_whose_original_is_taken_off_is_gone_in_every_language(world, signed_in):
    world.first.unpublish()

    client = signed_in(UserFactory())
    assert client.get("/course/module/first/").status_code == 404
    assert client.get("/cy/course/module/first/").status_code == 404


def test_right_to_left(world, signed_in, settings):
    _welsh, urdu = speak(settings, WELSH, URDU)
    translated(world.first, urdu, title="ایک خاموش لفظ")

    page = BeautifulSoup(signed_in(UserFactory()).get("/ur/course/module/first/").text, "html.parser")

    assert (page.html["lang"], page.html["dir"]) == ("ur", "rtl")
    assert page.h1.text == "ایک خاموش لفظ"
    assert [one["dir"] for one in page.select(".languages [lang]")] == ["ltr", "ltr", "rtl"]


def test_the_course_its_module_and_the_search_speak_it_too(world, client):
    welsh_course = translated(
        world.course, world.welsh, title="Dau ddrws", **{"A small course.": "Cwrs bach."}
    )
    translated(world.module, world.welsh, title="Cyn yr ymweliad")

    home = client.get("/cy/course/").text
    assert "Dau ddrws" in home and "Cwrs bach." in home and "Cyn yr ymweliad" in home
    assert "Two doors" in client.get("/course/").text
    hits = BeautifulSoup(client.get("/cy/search/?query=tawel").text, "html.parser")
    assert [one["href"] for one in hits.select("h3 a")] == ["/cy/course/module/first/"]
    with translation.override(WELSH):
        assert [page.pk for page in curricula()] == [welsh_course.pk]


def test_the_other_side_is_named_in_the_language_and_a_translation_needs_no_pair(world, client):
    other = make_curriculum(title="In partnership", slug="other", audience="professional")
    CurriculumPair.objects.create(
        patient_curriculum=world.course, professional_curriculum=other, together="x"
    )
    theirs = make_module(other, title="Agreeing", slug="theirs")
    Pairing.objects.create(
        number=1, patient_module=world.module, professional_module=theirs, moment="The start", together="Both",
        patient_does="Say", professional_does="Ask",
    )  # fmt: skip
    for page, title in (
        (world.course, "Dau ddrws"),
        (world.module, "Cyn yr ymweliad"),
        (other, "Mewn partneriaeth"),
    ):
        translated(page, world.welsh, title=title)

    home = client.get("/cy/course/").text

    assert "Mewn partneriaeth" in home and "In partnership" not in home
    assert "The start" in home and "/cy/course/module/other-side/" in home
    assert client.get("/cy/course/module/other-side/").status_code == 200
    assert {page.locale.language_code for page in paired_pages()} == {"en"}
    assert not alone().exists()


def test_a_preview_is_in_the_language_of_its_words(world, rf):
    draft = world.yn_gymraeg.get_latest_revision_as_object()

    answer = draft.make_preview_request(preview_mode="patient")

    page = BeautifulSoup(answer.content.decode(), "html.parser")
    assert (page.html["lang"], page.h1.text) == ("cy", "Gair tawel")


# ---------------------------------------------------------------- what it costs


def cost(client, path: str) -> int:
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_a_language_costs_no_query(settings, signed_in, prefix):
    (welsh,) = speak(settings, WELSH)
    learner = UserFactory()
    client = signed_in(learner)
    taken = []
    for number in (3, 12):
        course = make_curriculum(slug=f"course-of-{number}")
        module = make_module(course, slug="m")
        lessons = [make_lesson(module, slug=f"l{each}") for each in range(number)]
        translated(lessons[0], welsh, title="Gwers")
        enrol(learner=learner, curriculum=course)
        taken.append(
            [
                cost(client, f"{prefix}/course-of-{number}/"),
                cost(client, f"{prefix}/course-of-{number}/m/l0/"),
                cost(client, f"{prefix}/course-of-{number}/m/l2/"),
            ]
        )

    assert taken[0] == taken[1], "the same in a long course as in a short one"
    assert max(taken[0]) <= 6, taken


# ---------------------------------------------------------------- its blocks

EVERY = [
    text_block("<h2>Head</h2><p>Some <b>bold</b> words.</p><ul><li>One</li><li>Two</li></ul>"),
    reflection_block(),
    choice_block(),
    sort_block(),
    order_block(),
    rewrite_block(),
    ruler_block(),
    consultation_block(),
    sheet_block(),
]


def ids(value) -> list[str]:
    """Every id in a stream, in order."""
    if isinstance(value, dict):
        own = [value["id"]] if set(value) == {"type", "value", "id"} else []
        return own + [one for part in value.values() for one in ids(part)]
    if isinstance(value, list):
        return [one for part in value for one in ids(part)]
    return []


def test_every_block_goes_over_with_its_ids_and_its_words(settings):
    (welsh,) = speak(settings, WELSH)
    lesson = make_lesson(make_module(make_curriculum()), *EVERY)

    sent = begin(lesson, welsh)
    strings = {segment.string.data for segment in sent.source.stringsegment_set.all()}
    for said in strings:
        word(sent, said, f"cy {said}" if "<" not in said else said)
    sent.save_target(publish=False)

    made = LessonPage.objects.get(locale=welsh).get_latest_revision_as_object()
    before, after = (json_of(page) for page in (lesson, made))
    assert ids(after) == ids(before) and len(ids(before)) > 25
    assert {"Say it first", "line 1", "relieve 1", "I ask.", "hello thinks.", "What matters most?"} <= strings
    talk = next(one for one in after if one["type"] == "consultation")["value"]
    assert talk["start"] == "hello" and talk["title"] == "cy A visit"
    assert [node["value"]["id"] for node in talk["nodes"]] == ["hello", "more", "good", "over"]
    assert talk["nodes"][0]["value"]["choices"][0]["value"]["next"] == "more"
    assert not strings & {"hello", "more", "good", "over", "ask", "tell"}, "names are no words"
    made.full_clean()


def json_of(page) -> list:
    list(page.body)
    return page.body.get_prep_value()


def test_what_a_translator_pastes_is_cleaned_like_an_authors_words(settings):
    (welsh,) = speak(settings, WELSH)
    lesson = make_lesson(make_module(make_curriculum()), text_block("<p>Some words.</p>"))
    sent = begin(lesson, welsh)
    word(sent, "Some words.", 'Geiriau <img src="x" onerror="alert(1)"><script>alert(2)</script>')

    sent.save_target(publish=False)

    kept = str(json_of(LessonPage.objects.get(locale=welsh).get_latest_revision_as_object()))
    assert not re.search(r"<script|<img|<[^>]*onerror", kept)
    word(sent, "Some words.", "Geiriau <b>glân</b>")
    sent.save_target(publish=False)
    assert "Geiriau <b>glân</b>" in str(
        json_of(LessonPage.objects.get(locale=welsh).get_latest_revision_as_object())
    )


def test_an_original_that_changes_leaves_the_translation_until_it_is_sent_again(world):
    draft = world.first.get_latest_revision_as_object()
    draft.title = "A quieter word"
    draft.save_revision().publish()

    with translation.override(WELSH):
        assert outlines()[0].lessons[0].title == "Gair tawel"
    source_of(world.first).update_from_db()
    assert source_of(world.first).object_repr == "A quieter word"
