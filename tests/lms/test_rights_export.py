"""A copy of all that is held about somebody: whole, theirs alone, and made even if the job dies on the way."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django_q.models import OrmQ

from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.notifications.models import Message
from lms.people.models import User
from lms.rights import registry, tasks
from lms.rights.models import Export, ExportPart
from lms.rights.registry import Kind
from lms.rights.services import ask_for_export, exports, make_export, run_retention, take_export
from lms.rights.services.exports import told_in_copies
from tests.factories.people import PASSWORD
from tests.lms import doors_world
from tests.lms.doors_world import LAST_NAME, REACHED, UNSHARED, WORDS

MINE = WORDS - REACHED  # the patient's; the others are of somebody who gets letters


@pytest.fixture
def world(db, at):
    at(doors_world.MONDAY)
    return doors_world.build()


def made_for(person: User) -> dict[str, str]:
    export = ask_for_export(person=person)
    assert make_export(export=export)
    return unpacked(Export.objects.get(pk=export.pk), person)


def unpacked(export: Export, person: User) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(take_export(export=export, person=person))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def things_in(files: dict[str, str]) -> dict[str, list[dict]]:
    return {thing["kind"]: thing["rows"] for thing in json.loads(files["your-data.json"])["things"]}


def test_it_holds_every_word_somebody_wrote_and_whatever_was_shared_with_them(world):
    patient = world.people["patient"]

    files = made_for(patient)

    for words in files.values():
        missing = {word for word in MINE if word not in words}
        assert missing == set()
        assert LAST_NAME in words and "canary-address@example.org" in words


def test_the_other_sees_in_theirs_only_what_they_wrote_or_see_anyway(world):
    professional = made_for(world.people["professional"])

    for words in professional.values():
        assert "canary-reason" in words, "their own reason"
        assert not [word for word in WORDS - {"canary-reason"} if word in words]
        assert not [word for word in UNSHARED if word in words]


def test_the_file_for_machines_has_every_row_and_every_field_of_the_registry(world):
    patient = world.people["patient"]

    things = things_in(made_for(patient))

    for one in told_in_copies():
        rows = one.rows_of(patient).count()
        # The audit and the messages grow by the copy itself.
        if one.model not in {"audit.Entry", "notifications.Message"}:
            assert len(things.get(one.model, [])) == rows, one.model
        for row in things.get(one.model, []):
            told = {name for name, kind in one.kinds.items() if kind not in (Kind.PLAIN, Kind.SEALED)}
            assert set(row) == told | {"number"}, one.model
    assert json.loads(made_for(patient)["your-data.json"])["schema"] == "export/1"


def test_a_line_of_the_registry_less_is_seen_to_be_missing(world, monkeypatch):
    monkeypatch.delitem(registry._registry, "coaching.ConfidenceRating")

    assert "canary-sure" not in made_for(world.people["patient"])["your-data.json"]


def test_no_key_or_password_is_in_it(world):
    patient = world.people["patient"]
    feed = patient.password

    files = made_for(patient)

    for words in files.values():
        assert feed not in words
        assert not [
            each
            for each in Message.objects.filter(to=patient, is_secret=True)
            if each.text and each.text in words
        ]


def test_the_file_for_reading_stands_alone(world):
    page = BeautifulSoup(made_for(world.people["patient"])["your-data.html"], "html.parser")

    assert [heading.text for heading in page.find_all("h1")] == ["Everything we hold about you"]
    assert not page.find_all(["script", "link", "img", "iframe"])
    assert page.html["lang"] == "en"
    links = {link["href"] for link in page.nav.find_all("a")}
    assert links == {f"#{section['id']}" for section in page.find_all("section")}
    assert "Your action plans" in [heading.text for heading in page.find_all("h2")]
    assert "What you will do" in [term.text for term in page.find_all("dt")]


def test_a_job_that_dies_is_gone_on_with_and_nothing_is_missing_or_twice(world, monkeypatch):
    patient = world.people["patient"]
    export = ask_for_export(person=patient)
    told_before = Message.objects.filter(to=patient, template="export_ready").count()
    whole, made = exports.part_of, []

    def dies_at_the_tenth(one, person):
        made.append(one.model)
        if len(made) == 10:
            raise SystemExit("killed")
        return whole(one, person)

    with monkeypatch.context() as half, pytest.raises(SystemExit):
        half.setattr(exports, "part_of", dies_at_the_tenth)
        make_export(export=export)
    export.refresh_from_db()
    assert (export.done, export.ready_at, export.parts.count()) == (9, None, 9)

    monkeypatch.setattr(exports, "part_of", lambda one, person: made.append(one.model) or whole(one, person))
    assert make_export(export=export)

    assert len(made) == len(told_in_copies()) + 1, "only the part it died at is made twice"
    assert {
        word
        for word in MINE
        if word not in unpacked(Export.objects.get(pk=export.pk), patient)["your-data.json"]
    } == set()
    assert not ExportPart.objects.exists()
    assert make_export(export=export) is True
    assert Message.objects.filter(to=patient, template="export_ready").count() == told_before + 1


def test_a_long_one_is_made_in_several_jobs(cast):
    export = ask_for_export(person=cast.patient)
    turns = iter([False, False, True])

    assert make_export(export=export, enough=lambda: next(turns)) is False

    export.refresh_from_db()
    assert (export.done, export.total) == (2, len(told_in_copies()))
    assert tasks.make_copy(export.pk) is True
    assert tasks.make_copy(export.pk + 1) is False, "erased in between"


def test_a_copy_whose_job_was_lost_goes_on(cast, at):
    at(doors_world.MONDAY)
    ask_for_export(person=cast.patient)
    OrmQ.objects.all().delete()
    assert tasks.sweep() == 0
    at(doors_world.MONDAY + timedelta(minutes=3))

    assert tasks.sweep() == 1
    assert [job.task["func"] for job in OrmQ.objects.all()] == ["lms.rights.tasks.make_copy"]


def test_it_is_there_for_seven_days_and_for_nobody_else(cast, at):
    at(doors_world.MONDAY)
    export = ask_for_export(person=cast.patient)
    assert ask_for_export(person=cast.patient) == export, "asking twice is asking once"
    make_export(export=export)
    export.refresh_from_db()

    with pytest.raises(RuleBroken):
        take_export(export=export, person=cast.outsider)
    assert take_export(export=export, person=cast.patient)[:2] == b"PK"
    at(doors_world.MONDAY + timedelta(days=8))
    with pytest.raises(RuleBroken, match="This copy is no longer here."):
        take_export(export=export, person=cast.patient)
    run_retention()
    assert not Export.objects.exists()


def test_five_a_day_are_enough(cast):
    for _each in range(5):
        make_export(export=ask_for_export(person=cast.patient))

    with pytest.raises(RuleBroken, match="You can ask again tomorrow."):
        ask_for_export(person=cast.patient)


def test_the_way_through_the_pages(cast, signed_in):
    browser = signed_in(cast.patient)
    page = browser.get("/privacy/your-data/").content.decode()
    assert "Make my copy" in page

    browser.post("/privacy/your-data/", {"once": ""})
    page = browser.get("/privacy/your-data/").content.decode()
    assert f"0 of {len(told_in_copies())} parts" in page and "See how far it is" in page
    assert "Make" not in page.replace("We are making", "")
    export = Export.objects.get()
    make_export(export=export)
    page = browser.get("/privacy/your-data/").content.decode()
    assert "Your copy is ready" in page
    address = f"/privacy/your-data/{export.public_id}/your-data.zip"
    assert browser.get(address).status_code == 302, "a link does not take it"

    answer = browser.post(address)
    assert answer.status_code == 302 and answer.url.startswith("/accounts/reauthenticate/")
    assert Export.objects.get().taken_at is None
    answer = browser.post(answer.url, {"password": PASSWORD})

    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert Entry.objects.filter(actor=cast.patient, act="took a copy").count() == 1


def test_the_copy_of_somebody_else_is_not_there(cast, signed_in):
    export = ask_for_export(person=cast.patient)
    make_export(export=export)
    browser = signed_in(cast.outsider)

    answer = browser.post(f"/privacy/your-data/{export.public_id}/your-data.zip")
    answer = browser.post(answer.url, {"password": PASSWORD})

    assert answer.status_code == 404
