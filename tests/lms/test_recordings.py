"""Recordings and their captions: what comes in, what is refused and why, and how a player gets the part it asks for."""

import random
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from courses.models import Recording
from lms.core.errors import RuleBroken
from lms.people.models import Role
from lms.uploads.captions import clean_captions, read_captions
from lms.uploads.limits import MOST_BYTES, MOST_BYTES_OF_RECORDING
from lms.uploads.recordings import Recorded, check_recording
from tests.factories import RoleFactory
from tests.hostile import Hostile
from tests.hostile.doors import beside, left_behind
from tests.hostile.recordings import (
    GOOD_VTT,
    MP3,
    MP4,
    VTT,
    WEBM,
    captions,
    id3,
    m4a,
    mp3,
    mp4,
    recordings,
    track,
    webm,
)
from tests.lms.test_hostile_files import author, disk, is_plain  # noqa: F401

NEW = "/cms/snippets/courses/recording/add/"
GOOD = [
    ("a.mp3", MP3, mp3(), "audio", 1),
    ("a.mp3", "audio/mp3", mp3(400, before=id3(b"TIT2 a title"), after=b"TAG" + bytes(125)), "audio", 10),
    ("a.m4a", "audio/x-m4a", m4a(), "audio", 5),
    ("a.mp4", MP4, mp4(track(), track(b"soun", codec=b"mp4a"), seconds=125), "video", 125),
    ("a.webm", WEBM, webm(), "video", 5),
    ("a.webm", "audio/webm", webm(kinds=b"\2", codec=b"A_OPUS"), "audio", 5),
]


@pytest.mark.parametrize(("name", "declared", "content", "kind", "seconds"), GOOD)
def test_a_recording_says_what_it_is_and_how_long(name, declared, content, kind, seconds):
    found = check_recording(name=name, content_type=declared, content=content)

    assert found == Recorded(kind, seconds, name.rpartition(".")[2])


@pytest.mark.parametrize("hostile", recordings(), ids=str)
def test_a_hostile_recording_is_refused_in_plain_words(hostile):
    with pytest.raises(RuleBroken) as refused:
        check_recording(name=hostile.name, content_type=hostile.content_type, content=hostile.make())

    assert is_plain(str(refused.value)), refused.value


@pytest.mark.parametrize("hostile", captions(), ids=str)
def test_hostile_captions_are_refused_in_plain_words(hostile):
    with pytest.raises(RuleBroken) as refused:
        clean_captions(name=hostile.name, content_type=hostile.content_type, content=hostile.make())

    assert str(refused.value).endswith(".") and "{" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"WEB\n", "Line 1 of the captions: the file must begin with WEBVTT."),
        (b"WEBVTT\n00:01.000 --> 00:02.000\nHi\n", "Line 2 of the captions: an empty line must come after WEBVTT."),
        (b"WEBVTT\n\n1\nHi\n", "Line 4 of the captions: here a time should stand, like 00:01.000 --> 00:04.000."),
        (b"WEBVTT\r\n\r\n00:02.000 --> 00:01.000\r\nHi", "Line 3 of the captions: the times must go forward."),
        (GOOD_VTT + b"\n00:01.000 --> 00:02.000\nHi\n", "Line 9 of the captions: the times must go forward."),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "Line 3 of the captions: nothing is said at this time."),
    ],
)  # fmt: skip
def test_the_line_that_is_wrong_is_named(content, said):
    with pytest.raises(RuleBroken) as refused:
        read_captions(content)

    assert str(refused.value) == said


def test_captions_are_written_again_without_what_nobody_is_shown():
    sent = b"\xef\xbb\xbfWEBVTT - made by somebody\r\n\r\nNOTE a secret\r\n\r\nname\r\n00:01.000 --> 01:00:04.000\r\n<b>Hello</b> &amp; welcome.\r\n"

    kept = clean_captions(name="a.vtt", content_type=VTT, content=sent)

    assert kept == b"WEBVTT\n\n00:00:01.000 --> 01:00:04.000\n<b>Hello</b> &amp; welcome.\n"
    assert clean_captions(name="a.vtt", content_type=VTT, content=kept) == kept


@pytest.mark.parametrize("make", [mp3, mp4, webm])
def test_a_recording_with_any_byte_changed_is_taken_or_refused_but_breaks_nothing(make):
    whole, chance = make(), random.Random(3)
    name, declared = {mp3: ("a.mp3", MP3), mp4: ("a.mp4", MP4), webm: ("a.webm", WEBM)}[make]
    refused = 0
    for _ in range(600):
        spoilt = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            spoilt[chance.randrange(min(len(whole), 700))] ^= 1 << chance.randrange(8)
        try:
            check_recording(
                name=name, content_type=declared, content=bytes(spoilt[: chance.choice([None, -1])])
            )
        except RuleBroken:
            refused += 1
    assert refused > 200


# ---------------------------------------------------------------- the editor's form


def send(browser: Client, *, recording: Hostile | None = None, vtt: Hostile | None = None, **more):
    files = {
        "file": recording or Hostile("", "My talk.mp4", MP4, mp4),
        "captions": vtt or Hostile("", "My talk.vtt", VTT, lambda: GOOD_VTT),
    }
    uploads = {}
    for name, one in files.items():
        uploads[name] = SimpleUploadedFile("file", one.make(), content_type=one.content_type)
        uploads[name]._name = one.name
    words = {"title": "Two minutes", "language": "en", "transcript": "Hello.\n\nI say it first."}
    return browser.post(NEW, words | uploads | more)


def test_an_author_keeps_a_recording_with_captions_and_transcript(author, disk):  # noqa: F811
    answer = send(author)

    assert answer.status_code == 302, beside(answer.text, "file") + beside(answer.text, "captions")
    kept = Recording.objects.get()
    assert (kept.kind, kept.seconds, kept.title) == ("video", 5, "Two minutes")
    assert kept.file.name.startswith("recordings/my-talk-") and kept.file.name.endswith(".mp4")
    assert kept.captions.read().startswith(b"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nHello.\n")


def test_without_captions_or_transcript_nothing_is_kept(author, disk):  # noqa: F811
    page = author.post(
        NEW,
        {
            "title": "A",
            "language": "en",
            "transcript": "",
            "file": SimpleUploadedFile("a.mp3", mp3(), content_type=MP3),
        },
    ).text

    assert beside(page, "captions") == "Choose a file."
    assert beside(page, "transcript") == "This field is required."
    assert (Recording.objects.count(), left_behind()) == (0, [])


@pytest.mark.parametrize("hostile", recordings()[::6], ids=str)
def test_the_form_refuses_a_recording_and_leaves_nothing(author, disk, hostile):  # noqa: F811
    page = send(author, recording=hostile).text

    assert is_plain(beside(page, "file")), page
    assert (Recording.objects.count(), left_behind()) == (0, [])


def test_the_form_refuses_captions_and_names_the_line(author, disk):  # noqa: F811
    page = send(author, vtt=captions()[4]).text

    assert beside(page, "captions").startswith("Line 4 of the captions: only plain words")
    assert (Recording.objects.count(), left_behind()) == (0, [])


def test_without_a_look_they_get_in(author, disk, monkeypatch):  # noqa: F811
    """The control: the same form, with fields that believe what they are told."""
    monkeypatch.setattr(
        "lms.uploads.recording_fields.check_recording", lambda **sent: Recorded("video", 5, "mp4")
    )
    monkeypatch.setattr("lms.uploads.recording_fields.clean_captions", lambda **sent: sent["content"])

    for hostile in recordings()[:5]:
        assert send(author, recording=hostile, vtt=captions()[4]).status_code == 302
    assert Recording.objects.count() == 5
    assert len(left_behind()) == 5 + 10, "five rows, and two files each"


def test_words_can_be_changed_without_sending_the_files_again(author, disk):  # noqa: F811
    send(author)
    kept = Recording.objects.get()
    edit = reverse("wagtailsnippets_courses_recording:edit", args=[kept.pk])

    answer = author.post(edit, {"title": "Another title", "language": "en", "transcript": "More."})

    assert answer.status_code == 302
    again = Recording.objects.get()
    assert (again.title, again.transcript, again.file.name) == ("Another title", "More.", kept.file.name)


@pytest.fixture
def run_on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_files_go_when_others_take_their_place_and_with_it(author, disk, run_on_commit):  # noqa: F811
    send(author)
    kept = Recording.objects.get()
    edit, delete = (
        reverse(f"wagtailsnippets_courses_recording:{name}", args=[kept.pk]) for name in ("edit", "delete")
    )
    another = SimpleUploadedFile("Another.mp4", mp4(), content_type=MP4)

    with run_on_commit():
        words = {"title": "Another", "language": "en", "transcript": "More.", "file": another}
        assert author.post(edit, words).status_code == 302

    again = Recording.objects.get()
    files = [disk / "media" / one.name for one in (again.file, again.captions)]
    assert again.file.name != kept.file.name and again.captions.name == kept.captions.name
    assert sorted(disk.rglob("*.*")) == sorted(files)
    with run_on_commit():
        author.post(delete)
    assert (Recording.objects.count(), left_behind()) == (0, [])


@pytest.mark.django_db
def test_who_is_no_author_sends_nothing(signed_in, client, disk):  # noqa: F811
    patient = signed_in(RoleFactory(kind=Role.Kind.LAY_TUTOR).person)

    assert {send(patient).status_code, send(client).status_code} <= {302, 404}
    assert (Recording.objects.count(), left_behind()) == (0, [])


@pytest.mark.parametrize(("is_known", "room"), [(True, MOST_BYTES_OF_RECORDING), (False, MOST_BYTES)])
def test_there_is_room_for_a_recording_only_for_who_is_signed_in(is_known, room):
    from types import SimpleNamespace

    for size, fits in ((room, True), (room + 500_000, False)):
        upload = SimpleUploadedFile("a.mp3", bytes(size), content_type=MP3)
        request = RequestFactory().post(NEW, {"file": upload})
        request.user = SimpleNamespace(is_authenticated=is_known)
        found = request.FILES["file"]
        assert isinstance(found, InMemoryUploadedFile)
        assert (len(found.read()) == size, found.size > MOST_BYTES_OF_RECORDING) == (fits, not fits)


# ---------------------------------------------------------------- on the way out


@pytest.fixture
def film(settings, tmp_path) -> str:
    settings.MEDIA_ROOT = tmp_path
    default_storage.save("recordings/film-1234.mp4", ContentFile(bytes(range(256)) * 1000))
    default_storage.save("recordings/film-1234.vtt", ContentFile(GOOD_VTT))
    return "/media/recordings/film-1234.mp4"


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


WHOLE = bytes(range(256)) * 1000


@pytest.mark.parametrize(
    ("wanted", "status", "said", "content"),
    [
        (None, 200, None, WHOLE),
        ("bytes=0-", 206, "bytes 0-255999/256000", WHOLE),
        ("bytes=0-0", 206, "bytes 0-0/256000", WHOLE[:1]),
        ("bytes=70000-199999", 206, "bytes 70000-199999/256000", WHOLE[70000:200000]),
        ("bytes=255990-999999", 206, "bytes 255990-255999/256000", WHOLE[255990:]),
        ("bytes=-10", 206, "bytes 255990-255999/256000", WHOLE[-10:]),
        ("bytes=-999999", 206, "bytes 0-255999/256000", WHOLE),
        ("bytes=0-1,5-6", 200, None, WHOLE),
        ("bytes=-", 200, None, WHOLE),
        ("bytes=a-b", 200, None, WHOLE),
        ("lines=0-1", 200, None, WHOLE),
    ],
)
def test_a_player_gets_the_part_it_asks_for(client, film, wanted, status, said, content):
    headers = {"range": wanted} if wanted else {}

    answer = client.get(film, headers=headers | {"accept-encoding": "gzip"})

    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, said)
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Type"] == "video/mp4"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert body(answer) == content


@pytest.mark.parametrize("wanted", ["bytes=256000-", "bytes=9-8", "bytes=-0"])
def test_a_part_that_is_not_there(client, film, wanted):
    answer = client.get(film, headers={"range": wanted})

    assert (answer.status_code, answer.headers["Content-Range"], answer.content) == (
        416,
        "bytes */256000",
        b"",
    )


def test_captions_go_out_as_captions(client, film):
    answer = client.get(film.replace(".mp4", ".vtt"))

    assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert body(answer) == GOOD_VTT


def test_nothing_else_among_the_recordings_is_given_out(client, film, db):
    for name in (
        "recordings/run.html",
        "recordings/a.svg",
        "recordings/a.png",
        "images/a.mp4",
        "elsewhere/a.mp4",
    ):
        default_storage.save(name, BytesIO(b"<script>alert(1)</script>"))

    made = ["run.html", "a.svg", "a.png", "../images/a.mp4", "", "..%2fimages/a.mp4"]
    assert {client.get(f"/media/recordings/{name}").status_code for name in made} == {404}
    assert (
        client.get("/media/images/a.mp4").status_code
        == client.get("/media/elsewhere/a.mp4").status_code
        == 404
    )


def test_a_host_of_their_own_lets_the_site_play_them(film, settings):
    settings.MEDIA_HOST, settings.MEDIA_ORIGIN = "files.example.org", "https://files.example.org"
    settings.ALLOWED_HOSTS = ["testserver", "files.example.org"]
    answer = Client(headers={"host": "files.example.org"}).get(film, headers={"range": "bytes=5-9"})

    assert (answer.status_code, body(answer)) == (206, WHOLE[5:10])
    assert answer.headers["Access-Control-Allow-Origin"] == settings.SITE_URL
    assert Client().get(film).headers["Location"] == f"https://files.example.org{film}"
