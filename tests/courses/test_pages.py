"""Finding one's way: the courses, a curriculum, a module, the other side, search; and what each costs."""

import pytest
from django.core.cache import caches

from courses.models import LessonPair, Pairing
from courses.services import complete_lesson, enrol, remember_place
from lms.people.models import Audience
from tests.courses.test_learning import address
from tests.factories import UserFactory
from tests.factories.courses import (
    choice_block,
    make_curriculum,
    make_lesson,
    make_module,
    reflection_block,
    text_block,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """Two curricula with one shared moment."""
    patient = make_curriculum(audience=Audience.PATIENT, title="For patients")
    professional = make_curriculum(audience=Audience.PROFESSIONAL, title="For professionals")
    sides = [
        make_module(patient, title="Preparing", shared_moment="You hand over topics."),
        make_module(professional, title="Agreeing", shared_moment="You add your own."),
    ]
    lessons = [make_lesson(sides[0], title="Theirs"), make_lesson(sides[1], title="Ours")]
    pairing = Pairing.objects.create(
        number=3,
        moment="The first two minutes",
        together="Two lists become one.",
        patient_does="You hand over.",
        professional_does="You negotiate.",
        patient_module=sides[0],
        professional_module=sides[1],
    )
    LessonPair.objects.create(pairing=pairing, patient_lesson=lessons[0], professional_lesson=lessons[1])
    return patient, professional, sides


def test_each_side_shows_the_other(client, pair):
    patient, professional, (theirs, ours) = pair

    for curriculum, module in ((patient, theirs), (professional, ours)):
        for page in (f"/{curriculum.slug}/", f"/{curriculum.slug}/{module.slug}/"):
            assert "The first two minutes" in client.get(page).text
        both = client.get(f"/{curriculum.slug}/{module.slug}/other-side/").text
        for words in (
            "Preparing",
            "Agreeing",
            "You hand over topics.",
            "You add your own.",
            "Theirs",
            "Ours",
        ):
            assert words in both
        assert client.get("/learn/").text.count("The first two minutes") == 1


def test_a_module_has_one_other_side_at_most(pair):
    from django.db import IntegrityError, transaction

    _patient, professional, (theirs, _ours) = pair
    another = make_module(professional)

    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.objects.create(number=9, moment="x", patient_module=theirs, professional_module=another)


def test_a_module_in_preparation_says_so_and_lists_no_lesson(client):
    curriculum = make_curriculum()
    module = make_module(curriculum, status="in_preparation", title="Later on")
    lesson = make_lesson(module, title="Half written")

    page = client.get(f"/{curriculum.slug}/{module.slug}/").text

    assert "In preparation" in page and "Half written" not in page
    assert client.get(address(lesson)).status_code == 404


def test_wagtails_own_way_and_the_preview_show_the_same_page(client):
    lesson = make_lesson(
        make_module(make_curriculum()), text_block("<p>The very words.</p>"), open_to_visitors=True
    )
    assert "The very words." in client.get(lesson.get_url()).text

    lesson.title = "Not yet published"
    preview = lesson.make_preview_request(preview_mode=lesson.default_preview_mode)

    assert "Not yet published" in preview.text and "The very words." in preview.text


def test_an_address_that_is_no_lesson_is_left_to_the_cms(client):
    curriculum = make_curriculum(lessons=1)

    for path in ("/nothing-here/", f"/{curriculum.slug}/nothing/", f"/{curriculum.slug}/nothing/at-all/"):
        assert client.get(path).status_code == 404


def test_a_change_is_seen_at_once_though_outlines_are_remembered(client):
    curriculum = make_curriculum()
    lesson = make_lesson(make_module(curriculum), title="Old title", open_to_visitors=True)
    assert "Old title" in client.get(address(lesson)).text

    lesson.title = "New title"
    lesson.save_revision().publish()

    assert "New title" in client.get(address(lesson)).text


@pytest.mark.parametrize(
    "words", ["agenda\x00", "a" * 10_000, "' OR 1=1 --", '"', "*", "()", "مرحبا", "👩🏽‍⚕️", "a AND NOT"]
)
def test_search_always_answers(client, words):
    make_curriculum(lessons=1)

    assert client.get("/search/", {"query": words, "page": "x" * 500}).status_code == 200


def test_search_finds_what_may_be_seen(client):
    module = make_module(make_curriculum())
    shown = make_lesson(module, text_block("<p>Pomegranate</p>"), title="With fruit", open_to_visitors=True)
    make_lesson(module, text_block("<p>Pomegranate</p>"), title="Hidden fruit", published=False)

    page = client.get("/search/", {"query": "pomegranate"}).text

    assert address(shown) in page and "With fruit" in page
    assert "Hidden fruit" not in page


def lesson_with(practices: int):
    target = make_curriculum(lessons=1)
    link = f'<p><a linktype="page" id="{target.pk}">A link</a></p>'
    blocks = [
        block for _ in range(practices) for block in (text_block(link), reflection_block(), choice_block())
    ]
    return make_lesson(make_module(make_curriculum(lessons=practices)), *blocks)


@pytest.mark.parametrize("many", [1, 3])
def test_a_lesson_costs_the_same_with_one_block_as_with_three(
    many, cast, signed_in, django_assert_num_queries
):
    lesson = lesson_with(many)
    client = signed_in(cast.coordinator)
    client.post(address(lesson), {"stop": "1"})
    client.get(address(lesson))

    # session, person, roles, stamps of the curricula, answers, progress
    with django_assert_num_queries(6):
        page = client.get(address(lesson))

    assert page.text.count("A link") == many


@pytest.mark.parametrize("many", [1, 3])
def test_finding_the_way_costs_the_same_with_one_lesson_as_with_three(
    many, cast, signed_in, django_assert_num_queries
):
    curriculum = make_curriculum(audience=Audience.PROFESSIONAL)
    module = make_module(curriculum)
    lessons = [make_lesson(module) for _ in range(many)]
    learner = cast.coordinator
    enrol(learner=learner, curriculum=curriculum)
    for lesson in lessons[:-1]:
        complete_lesson(learner=learner, lesson=lesson)
    remember_place(learner=learner, lesson=lessons[-1])
    client = signed_in(learner)
    pages = {f"/{curriculum.slug}/": 5, f"/{curriculum.slug}/{module.slug}/": 6}

    for page, queries in pages.items():
        client.get(page)
        with django_assert_num_queries(queries):
            client.get(page)


@pytest.mark.parametrize("many", [1, 3])
def test_the_courses_card_costs_two_queries(many, django_assert_num_queries):
    from courses.dashboard import cards

    learner = UserFactory()
    for _ in range(many):
        enrol(learner=learner, curriculum=make_curriculum(lessons=many))
    list(cards(learner))

    with django_assert_num_queries(2):
        found = list(cards(learner))

    assert len(found) == many


def test_a_new_person_is_shown_where_to_start():
    from courses.dashboard import cards

    make_curriculum(audience=Audience.PATIENT, title="For patients", lessons=1)
    make_curriculum(audience=Audience.PROFESSIONAL, title="For professionals", lessons=1)

    assert [card.title for card in cards(UserFactory(audience=Audience.PROFESSIONAL))] == [
        "Start here: For professionals"
    ]


def test_nothing_of_a_lesson_stays_in_a_shared_cache_or_a_browser(signed_in):
    lesson = make_lesson(make_module(make_curriculum()))

    assert signed_in(UserFactory()).get(address(lesson)).headers["Cache-Control"] == "private, no-store"
    assert caches["default"].get("tried") is None
