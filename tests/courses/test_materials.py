"""What lessons show of what is kept once: pictures, drawings, recordings, voices, explained words, and sheets."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree

import pikepdf
import pytest
from django.contrib.staticfiles import finders
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model

from courses.blocks import Drawing, Glossary, MaterialChooser, Picture
from courses.drawings import drawings
from courses.models import GlossaryTerm, LessonPage, Recording, VoiceRecord
from courses.queries.voices import voices_shown
from courses.words import words_digest
from lms.core import clock
from lms.people.models import Role
from tests.courses.test_learning import address
from tests.factories import RoleFactory, UserFactory
from tests.factories.courses import block, make_curriculum, make_lesson, make_module, sheet_block, text_block
from tests.hostile.bits import picture
from tests.lms.test_documents import text_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def monday(at):
    at(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def a_voice(**fields) -> VoiceRecord:
    defaults = {"who": "Rosa, who lives with asthma", "words": "I say it first.\n\nThen I breathe."}
    return VoiceRecord.objects.create(
        **defaults | {"given_on": TODAY - timedelta(days=9), "how": "written"} | fields
    )


def a_recording(**fields) -> Recording:
    defaults = {"title": "Two minutes", "kind": "video", "seconds": 125, "transcript": "Hello <b>you</b>."}
    recording = Recording(**defaults | fields)
    recording.file.save("talk-1.mp4", ContentFile(b"film"), save=False)
    recording.captions.save("talk-1.vtt", ContentFile(b"WEBVTT"), save=False)
    recording.save()
    return recording


def a_picture():
    return get_image_model().objects.create(
        title="A hall", file=ImageFile(ContentFile(picture("PNG", size=(900, 600)), name="hall.png"))
    )


def voice_block(voice: VoiceRecord) -> dict:
    return block("voice_record", {"voice": str(voice.pk)})


def glossary_block(*terms: GlossaryTerm) -> dict:
    items = [{"type": "item", "value": str(term.pk), "id": str(uuid4())} for term in terms]
    return block("glossary", {"terms": items})


def make_open_lesson(*blocks: dict, **fields) -> LessonPage:
    return make_lesson(make_module(make_curriculum()), *blocks, **{"open_to_visitors": True} | fields)


# ---------------------------------------------------------------- voices


def test_a_voice_is_heard_while_its_owner_agrees_and_gone_at_the_next_request(client):
    voice = a_voice()
    lesson = make_open_lesson(text_block("<p>Before.</p>"), voice_block(voice), text_block("<p>After.</p>"))
    page = client.get(address(lesson)).text
    assert "<p>I say it first.</p>" in page and "Rosa, who lives with asthma" in page
    assert "I say it first" not in repr(caches["process"]._kept), "words of a voice are never remembered"

    # Wherever it was written: no signal tells this process.
    VoiceRecord.objects.filter(pk=voice.pk).update(withdrawn_on=TODAY)
    page = client.get(address(lesson)).text

    assert "I say it first" not in page and "Rosa" not in page
    assert "Before." in page and "After." in page
    assert "lesson-block--voice_record" not in page


@pytest.mark.parametrize(
    ("fields", "is_heard"),
    [
        ({}, True),
        ({"shown_until": TODAY}, True),
        ({"shown_until": TODAY - timedelta(days=1)}, False),
        ({"given_on": TODAY + timedelta(days=1)}, False),
        ({"withdrawn_on": TODAY}, False),
        ({"withdrawn_on": TODAY + timedelta(days=7)}, False),
    ],
)
def test_when_a_voice_may_be_heard(client, fields, is_heard):
    lesson = make_open_lesson(voice_block(a_voice(**fields)))

    assert ("I say it first" in client.get(address(lesson)).text) is is_heard
    assert voices_shown().exists() is is_heard


def test_a_voice_falls_silent_at_midnight_without_anybody_doing_anything(client, at):
    lesson = make_open_lesson(voice_block(a_voice(shown_until=TODAY)))
    assert "I say it first" in client.get(address(lesson)).text

    at(datetime(2026, 3, 3, 0, 1, tzinfo=UTC))

    assert "I say it first" not in client.get(address(lesson)).text


def test_voices_cost_one_query_however_many_and_other_lessons_none(client):
    with_none = make_open_lesson(text_block())
    with_three = make_open_lesson(*[voice_block(a_voice()) for _ in range(3)])
    for lesson in (with_none, with_three):
        client.get(address(lesson))

    counted = {}
    for lesson in (with_none, with_three):
        with CaptureQueriesContext(connection) as queries:
            client.get(address(lesson))
        counted[lesson.pk] = len(queries)

    assert counted[with_three.pk] == counted[with_none.pk] + 1 <= 6


def test_a_deleted_voice_leaves_the_lesson_whole(client):
    voice = a_voice()
    lesson = make_open_lesson(text_block("<p>Before.</p>"), voice_block(voice))
    client.get(address(lesson))

    voice.delete()

    assert "Before." in client.get(address(lesson)).text


def test_markup_in_a_voice_is_shown_as_it_was_typed(client):
    lesson = make_open_lesson(voice_block(a_voice(words="<script>alert(1)</script>", who="<b>R</b>")))

    page = client.get(address(lesson)).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "&lt;b&gt;R&lt;/b&gt;" in page


def test_a_voice_in_the_words_themselves_always_says_that_it_is_made_up(client):
    """Also one of an older version, which could claim not to be."""
    old = {"who": "Dilys, not made up at all", "made_up": False, "text": "<p>Not now.</p>"}
    lesson = make_open_lesson(block("voice", old))

    assert "Dilys, not made up at all (made up for this course)" in client.get(address(lesson)).text


# ---------------------------------------------------------------- explained words


def test_another_explanation_shows_at_the_next_request_though_memory_is_warm(client):
    term = GlossaryTerm.objects.create(term="Agenda", explanation="The list of topics.")
    lesson = make_open_lesson(glossary_block(term))
    assert "<dt>Agenda</dt><dd>The list of topics.</dd>" in client.get(address(lesson)).text
    kept = dict(caches["process"]._kept)

    term.explanation = "What you talk about, in order."
    term.save()
    page = client.get(address(lesson)).text

    assert "What you talk about, in order." in page and "The list of topics." not in page
    assert kept.items() <= dict(caches["process"]._kept).items(), "nothing told this process to forget"
    term.delete()
    assert "Agenda" not in client.get(address(lesson)).text


def test_words_are_chosen_by_numbers_that_a_stream_keeps_as_text():
    chooser = MaterialChooser("courses.GlossaryTerm")
    one, two = (GlossaryTerm.objects.create(term=term, explanation="It is.") for term in ("One", "Two"))

    found = chooser.bulk_to_python([str(two.pk), None, "no number", str(uuid4()), one.pk])

    assert found == [two, None, None, None, one]
    assert chooser.to_python(str(one.pk)) == one
    assert chooser.get_prep_value(one) == str(one.pk)


@pytest.mark.parametrize("kind", ["author", "patient"])
def test_an_author_chooses_words_in_the_editor_and_nobody_else_does(signed_in, kind):
    term = GlossaryTerm.objects.create(term="Baseline", explanation="Where you start.")
    browser = signed_in(RoleFactory(kind=Role.Kind.AUTHOR).person if kind == "author" else UserFactory())
    chooser = "/cms/snippets/choose/courses/glossaryterm/"

    answers = [browser.get(f"{chooser}{path}") for path in ("", f"chosen/{term.pk}/", "chosen/7/")]

    assert [one.status_code for one in answers] == ([200, 200, 404] if kind == "author" else [404, 404, 404])
    if kind == "author":
        assert answers[1].json()["result"]["string"] == "Baseline"


# ---------------------------------------------------------------- pictures and drawings


@pytest.mark.parametrize(("alt", "decorative", "beside"), [
    ("", False, {"alt": "Say what it shows, or tick that it is only decoration."}),
    ("  ", False, {"alt": "Say what it shows, or tick that it is only decoration."}),
    ("A hall", True, {"decorative": "It cannot be both: take out the words, or untick this."}),
    ("A hall", False, None),
    ("", True, None),
])  # fmt: skip
@pytest.mark.parametrize("kind", [Picture, Drawing])
def test_something_to_look_at_is_described_or_is_decoration(media, kind, alt, decorative, beside):
    what = {"image": a_picture()} if kind is Picture else {"name": "symptom-cycle"}
    value = kind().normalize(what | {"alt": alt, "decorative": decorative, "caption": ""})

    if beside is None:
        assert kind().clean(value)["alt"] == alt
    else:
        with pytest.raises(Exception) as refused:  # noqa: PT011
            kind().clean(value)
        said = {name: error.messages[0] for name, error in refused.value.block_errors.items()}
        assert said == beside


def test_a_picture_is_shown_with_its_words_and_its_size(client, media):
    image = a_picture()
    words = {"image": image.pk, "alt": "A hall with two doors", "decorative": False, "caption": "The hall."}
    lesson = make_open_lesson(block("image", words))

    page = client.get(address(lesson)).text

    found = re.search(
        r'<img src="(/media/images/[^"]+)" srcset="[^"]+" [^>]*width="720" height="480" alt="A hall with two doors"',
        page,
    )
    assert found, page
    assert client.get(found[1]).status_code == 200
    assert "<figcaption>The hall.</figcaption>" in page


def test_decoration_is_not_read_aloud_and_a_picture_that_is_gone_leaves_no_hole(client, media):
    image = a_picture()
    words = {"image": image.pk, "alt": "kept from before", "decorative": True, "caption": ""}
    lesson = make_open_lesson(text_block("<p>Before.</p>"), block("image", words))
    assert 'alt=""' in client.get(address(lesson)).text

    image.delete()
    page = client.get(address(lesson)).text

    assert "Before." in page and "<figure" not in page


ALL_DRAWINGS = [
    "agenda-map", "ask-tell-ask", "boom-and-bust", "circle-of-help", "four-corners", "four-doors", "good-day-wheel",
    "plan-cycle", "problem-path", "relieving-and-enabling", "setback-road", "slow-breath", "symptom-cycle", "two-chairs",
    "two-rulers",
]  # fmt: skip


def test_every_drawing_has_a_size_and_nothing_that_acts():
    assert list(drawings()) == ALL_DRAWINGS
    for drawing in drawings().values():
        text = Path(finders.find(drawing.path)).read_text()
        assert drawing.width > 99 and drawing.height > 99
        assert not re.search(
            r"<script|<image|<foreignObject|\son\w+=|href=|https?://(?!www\.w3\.org/2000/svg)", text
        )


@pytest.mark.parametrize("name", ALL_DRAWINGS)
def test_a_drawing_is_small_and_dark_on_white_whatever_the_page_behind_it(name):
    """White all over, so that it is seen where the system turns the page black; few colours, which differ in grey."""
    file = Path(finders.find(f"images/courses/{name}.svg"))
    size, picture = drawings()[name], ElementTree.parse(file).getroot()

    assert file.stat().st_size < 8_000
    assert not re.search(r"<!--|<metadata|<title|<desc|<style", file.read_text())
    whole = {"fill": "#ffffff", "d": f"M0 0h{size.width}v{size.height}H0z"}
    assert next(iter(picture)).attrib == whole
    assert {"width": str(size.width), "height": str(size.height)}.items() <= picture.attrib.items()
    used = {part.get(kind) for part in picture.iter() for kind in ("fill", "stroke")} - {None, "none"}
    dark, light = {"#052724", "#0b4f4a", "#5a5149", "#6d2550"}, {"#9fbdb8", "#dcebe8", "#f4e4ec", "#ffffff"}
    assert used <= dark | light


@pytest.mark.parametrize("name", [name for name in ALL_DRAWINGS if name != "symptom-cycle"])
def test_a_drawing_says_nothing_that_would_have_to_be_translated(name):
    """Figures only, and large: 15 dots where the drawing is 280 wide."""
    file = Path(finders.find(f"images/courses/{name}.svg"))
    picture = ElementTree.parse(file).getroot()

    words = "".join(picture.itertext()).split()
    sizes = [float(part.get("font-size")) for part in picture.iter() if part.get("font-size")]

    assert all(word.isdigit() for word in words)
    assert bool(sizes) == bool(words)
    assert all(size * 280 / drawings()[name].width > 15 for size in sizes)


def test_a_drawing_is_shown_from_the_static_files(client):
    lesson = make_open_lesson(
        block("drawing", {"name": "symptom-cycle", "alt": "A circle.", "decorative": False, "caption": ""})
    )

    assert re.search(
        r'<img src="/static/images/courses/symptom-cycle[^"]*\.svg" width="640" height="560" alt="A circle."',
        client.get(address(lesson)).text,
    )


# ---------------------------------------------------------------- recordings


def test_a_recording_brings_its_captions_its_words_and_a_short_address(client, media, settings):
    lesson = make_open_lesson(block("recording", {"recording": str(a_recording().pk)}))

    page = client.get(address(lesson)).text

    assert re.search(
        r'<video [^>]*controls preload="none" crossorigin="anonymous" src="/media/recordings/talk-1[^"]*\.mp4"',
        page,
    )
    assert re.search(
        r'<track kind="captions" src="/media/recordings/talk-1[^"]*\.vtt" srclang="en" label="Captions" default>',
        page,
    )
    assert "To watch, about 2 minutes" in page
    assert "Hello &lt;b&gt;you&lt;/b&gt;." in page
    short = settings.SITE_URL.partition("://")[2] + f"/l/{lesson.pk}/"
    assert f'<p class="only-print">Watch it here: {short}</p>' in page
    assert client.get(f"/l/{lesson.pk}/").headers["Location"] == address(lesson)


def test_a_changed_transcript_shows_at_the_next_request(client, media):
    recording = a_recording(kind="audio")
    lesson = make_open_lesson(block("recording", {"recording": str(recording.pk)}))
    assert "To listen to, about 2 minutes" in client.get(address(lesson)).text

    recording.transcript = "Goodbye."
    recording.save()

    assert "Goodbye." in client.get(address(lesson)).text


def test_a_short_address_leads_to_shown_lessons_only(client, settings):
    lesson, draft = make_open_lesson(), make_open_lesson(published=False)
    assert client.get(f"/l/{lesson.pk}/").status_code == 302

    assert client.get(f"/l/{draft.pk}/").status_code == 404
    assert client.get("/l/99999999/").status_code == 404
    lesson.unpublish()
    assert client.get(f"/l/{lesson.pk}/").status_code == 404


# ---------------------------------------------------------------- sheets


def sheet_address(lesson: LessonPage, number: str) -> str:
    return f"{address(lesson)}sheets/{number}.pdf"


def test_a_sheet_is_seen_and_saved_as_a_tagged_pdf(client):
    lesson = make_open_lesson(sheet_block(), title="Your list")
    number = lesson.body[0].id

    page = client.get(address(lesson)).text
    answer = client.get(sheet_address(lesson, number))

    assert f'<a href="{sheet_address(lesson, number)}" download>Save “My list” as a PDF</a>' in page
    assert page.count("<span></span>") >= 2
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-list.pdf"'
    words = words_of(answer.content)
    for said in ("My list", "What matters most", "One line is plenty.", "Bring it.", "Your list", "999"):
        assert said in words
    assert client.get(sheet_address(lesson, number)).content == answer.content


def words_of(pdf: bytes) -> str:
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert bool(opened.Root.MarkInfo.Marked) and "/StructTreeRoot" in opened.Root
        assert str(opened.Root.Lang) == "en"
    return " ".join(text_of(pdf).split())


def test_a_sheet_opens_for_whom_the_lesson_does(client, signed_in):
    lesson = make_open_lesson(sheet_block(), text_block(), open_to_visitors=False)
    number = lesson.body[0].id

    assert client.get(sheet_address(lesson, number)).headers["Location"] == address(lesson)
    learner = signed_in(UserFactory())
    assert learner.get(sheet_address(lesson, number)).status_code == 200
    assert learner.get(sheet_address(lesson, lesson.body[1].id)).status_code == 404
    assert learner.get(sheet_address(lesson, uuid4())).status_code == 404
    lesson.unpublish()
    assert learner.get(sheet_address(lesson, number)).status_code == 404


# ---------------------------------------------------------------- in the editor


def test_every_block_has_an_example_and_says_what_it_is_for(signed_in):
    author = signed_in(RoleFactory(kind=Role.Kind.AUTHOR).person)
    for name, one in LessonPage.body.field.stream_block.child_blocks.items():
        assert one.is_previewable, name
        assert str(one.get_description()), name
        answer = author.get("/cms/block-preview/", {"id": one.definition_prefix})
        assert answer.status_code == 200, name
        assert f"lesson-block--{name}" in answer.text, name
        assert not re.search(r"<script(?! type=\"module\" src)|style=|\son\w+=", answer.text), name


def test_an_author_is_told_beside_the_field(signed_in):
    """The editor shows the error at the picture's own words, not above the page."""
    value = Glossary().normalize({"terms": []})
    with pytest.raises(Exception) as refused:  # noqa: PT011
        Glossary().clean(value)

    assert "terms" in refused.value.block_errors


def test_the_numbers_of_materials_are_kept_as_text():
    term = GlossaryTerm.objects.create(term="Agenda", explanation="The list.")
    lesson = make_open_lesson(glossary_block(term))

    kept = json.loads(json.dumps(LessonPage.objects.get(pk=lesson.pk).body.get_prep_value()))

    assert kept[0]["value"]["terms"][0]["value"] == str(term.pk)


def test_consent_of_tomorrow_is_refused_and_so_is_an_end_before_the_beginning():
    tomorrow, yesterday = clock.today() + timedelta(days=1), clock.today() - timedelta(days=1)
    for fields, field in (
        ({"given_on": tomorrow}, "given_on"),
        ({"given_on": TODAY, "shown_until": yesterday}, "shown_until"),
    ):
        with pytest.raises(ValidationError) as refused:
            VoiceRecord(who="R", words="W", how="written", **fields).full_clean()
        assert set(refused.value.message_dict) == {field}


# ---------------------------------------------------------------- what reviewers sign


def test_another_explanation_asks_the_reviewers_again_and_an_untouched_lesson_keeps_its_name():
    term, other = (GlossaryTerm.objects.create(term=term, explanation="It is.") for term in ("One", "Two"))
    shows, shows_other = make_open_lesson(glossary_block(term)), make_open_lesson(glossary_block(other))
    before = dict(LessonPage.objects.values_list("pk", "words_digest"))

    term.explanation = "It is something else."
    term.save()

    after = dict(LessonPage.objects.values_list("pk", "words_digest"))
    assert after[shows.pk] != before[shows.pk] != ""
    assert after[shows_other.pk] == before[shows_other.pk]
    assert after[shows.pk] == words_digest(LessonPage.objects.get(pk=shows.pk))
    term.save()
    assert dict(LessonPage.objects.values_list("pk", "words_digest")) == after, (
        "saved as it was, it asks nobody"
    )


@pytest.mark.parametrize("change", ["recording", "captions", "transcript", "image", "voice"])
def test_whatever_is_shown_in_the_place_of_what_was_signed_has_another_name(media, change):
    recording, voice, image = a_recording(), a_voice(), a_picture()
    words = {"image": image.pk, "alt": "A hall", "decorative": False, "caption": ""}
    lesson = make_open_lesson(
        block("recording", {"recording": str(recording.pk)}), voice_block(voice), block("image", words)
    )
    before = lesson.words_digest

    if change == "recording":
        recording.file.save("another.mp4", ContentFile(b"another film"))
    elif change == "captions":
        recording.captions.save("another.vtt", ContentFile(b"WEBVTT"))
    elif change == "transcript":
        recording.transcript = "Something else."
        recording.save()
    elif change == "image":
        image.file = ImageFile(ContentFile(picture("PNG", size=(30, 20))), name="other.png")
        image.save()
    else:
        voice.words = "Something else."
        voice.save()

    assert LessonPage.objects.get(pk=lesson.pk).words_digest != before


def test_a_withdrawn_voice_takes_no_lesson_off_the_site():
    voice = a_voice()
    lesson = make_open_lesson(voice_block(voice))

    voice.withdrawn_on = TODAY
    voice.save()

    assert LessonPage.objects.get(pk=lesson.pk).words_digest == lesson.words_digest != ""
