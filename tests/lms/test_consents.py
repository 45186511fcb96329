"""Consent for each purpose apart: dated, in the very words, withdrawable, asked at each request. With their controls."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists
from django.test.utils import CaptureQueriesContext

from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.people import services, sharing
from lms.people.models import Consent, LivedWith, Role
from lms.people.queries import asked_again, consents_of, has_agreed, purposes_of, ties_sharing, who_agree
from lms.people.sharing import Over, Shareable, register_shareable
from lms.people.shown import shown_of
from tests.factories import RoleFactory, UserFactory
from tests.factories.carers import carer_for
from tests.factories.coaching import tie_between
from tests.factories.workshops import open_series

pytestmark = pytest.mark.django_db
NAME, LIVED = "name_shown_as_tutor", "lived_with_shown"
SECRET = "Canarywort"
ROOT = Path(__file__).resolve().parent.parent.parent
PHOTOS = Shareable("test.photos", "Photos", "They may show my photo.", over=Over.ALL)


@pytest.fixture(autouse=True)
def one_more_purpose(monkeypatch):
    monkeypatch.setattr(sharing, "_shareables", dict(sharing._shareables))
    register_shareable(PHOTOS)


def reworded(monkeypatch, **changes) -> None:
    """The words of the purpose have changed since."""
    newer = replace(PHOTOS, words="They may show my photo to everybody.", version=2, **changes)
    monkeypatch.setitem(sharing._shareables, PHOTOS.key, newer)


# ---------------------------------------------------------------- giving and withdrawing


def test_a_yes_is_dated_worded_and_audited_and_ends(cast):
    services.give_consent(person=cast.patient, what=PHOTOS.key)
    services.give_consent(person=cast.patient, what=PHOTOS.key)

    consent = Consent.objects.get()
    assert (consent.words, consent.version, consent.tie, consent.carer_tie) == (PHOTOS.words, 1, None, None)
    assert has_agreed(cast.patient, PHOTOS.key) and purposes_of(cast.patient) == {PHOTOS.key}
    assert who_agree([cast.patient.pk, cast.outsider.pk], PHOTOS.key) == {cast.patient.pk}

    services.withdraw_consent(person=cast.patient, what=PHOTOS.key)
    services.withdraw_consent(person=cast.patient, what=PHOTOS.key)

    assert not has_agreed(cast.patient, PHOTOS.key)
    assert list(Entry.objects.filter(subject=cast.patient).values_list("act", "purpose").order_by("pk")) == [
        ("gave consent", PHOTOS.key),
        ("withdrew consent", PHOTOS.key),
    ]


def test_each_purpose_is_apart(cast):
    tie = tie_between(cast.patient, cast.professional, sharing=("agenda",))
    carer_tie = carer_for(cast.patient, cast.outsider, scopes=("carer_visits",))
    services.give_consent(person=cast.patient, what=PHOTOS.key)

    services.withdraw_consent(person=cast.patient, what=PHOTOS.key)
    assert consents_of(tie) == {"agenda"}
    assert carer_tie.consents.in_force().get().what == "carer_visits"

    services.give_consent(person=cast.patient, what=PHOTOS.key)
    services.withdraw_consent(person=cast.patient, what="agenda", tie=tie)
    assert purposes_of(cast.patient) == {PHOTOS.key}
    assert carer_tie.consents.in_force().exists() and consents_of(tie) == set()


@pytest.mark.parametrize(
    ("what", "over"),
    [
        (PHOTOS.key, "tie"),
        ("agenda", "nobody"),
        ("carer_visits", "tie"),
        ("agenda", "carer"),
        ("unheard", "nobody"),
    ],
)
def test_a_purpose_is_only_given_to_whom_it_is_for(cast, what, over):
    tie = tie_between(cast.patient, cast.professional, sharing=())
    carer_tie = carer_for(cast.patient, cast.outsider)
    given_to = {"tie": {"tie": tie}, "carer": {"carer_tie": carer_tie}, "nobody": {}}[over]

    with pytest.raises(RuleBroken, match="one of the things on the list"):
        services.give_consent(person=cast.patient, what=what, **given_to)
    assert not Consent.objects.exists()


def test_nobody_says_yes_or_no_for_another(cast):
    tie = tie_between(cast.patient, cast.professional)
    carer_tie = carer_for(cast.patient, cast.outsider, scopes=("carer_visits",))

    for somebody, over in ((cast.professional, {"tie": tie}), (cast.outsider, {"carer_tie": carer_tie})):
        what = "agenda" if "tie" in over else "carer_visits"
        for service in (services.give_consent, services.withdraw_consent):
            with pytest.raises(RuleBroken, match="Only the person whose words"):
                service(person=somebody, what=what, **over)
    assert Consent.objects.in_force().count() == 3


def test_the_database_keeps_one_of_each_kind(cast):
    """Two empty ties are two different ones to a database, so each kind has a constraint of its own."""
    tie = tie_between(cast.patient, cast.professional, sharing=())
    carer_tie = carer_for(cast.patient, cast.outsider)
    for over in ({}, {"tie": tie}, {"carer_tie": carer_tie}):
        Consent.objects.create(person=cast.patient, what="x", words="x", **over)
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.create(person=cast.patient, what="x", words="x", **over)
        Consent.objects.create(person=cast.patient, what="y", words="y", **over)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(person=cast.patient, what="z", words="z", tie=tie, carer_tie=carer_tie)


# ---------------------------------------------------------------- new words


def test_new_words_that_change_little_keep_the_old_yes(cast, monkeypatch):
    services.give_consent(person=cast.patient, what=PHOTOS.key)
    reworded(monkeypatch)

    assert has_agreed(cast.patient, PHOTOS.key)
    assert asked_again(cast.patient) == set()


def test_new_words_that_must_be_asked_again_end_the_old_yes_at_once(cast, monkeypatch, signed_in):
    services.give_consent(person=cast.patient, what=PHOTOS.key)
    browser = signed_in(cast.patient)
    assert "You agreed" in browser.get("/privacy/consents/").content.decode()

    reworded(monkeypatch, counts_from=2)

    assert not has_agreed(cast.patient, PHOTOS.key)
    assert who_agree([cast.patient.pk], PHOTOS.key) == set()
    page = browser.get("/privacy/consents/").content.decode()
    assert "These words have changed" in page and "You agreed<" not in page

    browser.post("/privacy/consents/", {"do": "give", "what": PHOTOS.key})
    assert has_agreed(cast.patient, PHOTOS.key)
    assert "These words have changed" not in browser.get("/privacy/consents/").content.decode()
    versions = list(Consent.objects.order_by("pk").values_list("version", "words", "withdrawn_at"))
    assert [version for version, _words, _end in versions] == [1, 2]
    assert versions[0][1] == PHOTOS.words and versions[0][2] is not None and versions[1][2] is None


def test_what_is_shared_over_a_tie_is_asked_again_too(cast, monkeypatch):
    """A query whose SQL is written once takes the registry as it is when the process begins; so a thing of its own."""
    thing = Shareable("test.diary", "Diary", "They may read it.")
    register_shareable(thing)
    tie = tie_between(cast.patient, cast.professional, sharing=(thing.key,))
    assert list(ties_sharing(cast.professional, thing.key)) == [tie]

    monkeypatch.setitem(sharing._shareables, thing.key, replace(thing, version=2, counts_from=2))

    assert not ties_sharing(cast.professional, thing.key).exists()
    assert asked_again(cast.patient, tie=tie) == {thing.key}


# ---------------------------------------------------------------- the page


def test_the_page_gives_and_stops_each_with_its_own_button_and_keeps_history(cast, signed_in):
    browser = signed_in(cast.patient)
    assert "Not agreed" in browser.get("/privacy/consents/").content.decode()

    browser.post("/privacy/consents/", {"do": "give", "what": PHOTOS.key})
    assert has_agreed(cast.patient, PHOTOS.key)
    browser.post("/privacy/consents/", {"do": "stop", "what": PHOTOS.key})
    assert not has_agreed(cast.patient, PHOTOS.key)

    page = browser.get("/privacy/consents/").content.decode()
    assert page.count(PHOTOS.words) == 2, "once to choose, once as history"
    refused = browser.post("/privacy/consents/", {"do": "give", "what": "agenda"}, follow=True)
    assert "Choose one of the things on the list." in refused.content.decode()


def test_history_names_with_whom_and_costs_the_same_for_any_number(cast, signed_in):
    browser = signed_in(cast.patient)

    def spent() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert browser.get("/privacy/consents/").status_code == 200
        return len(counted)

    tie_between(cast.patient, cast.professional)
    one = spent()
    carer_for(cast.patient, cast.outsider, scopes=("carer_visits", "carer_workshops"))
    tie_between(cast.patient, UserFactory(first_name="Another", last_name="Nurse"))

    assert spent() == one
    page = browser.get("/privacy/consents/").content.decode()
    assert "Priya Field" in page and "Another Nurse" in page and "Olu Field" in page
    assert "Priya Field" not in signed_in(cast.outsider).get("/privacy/consents/").content.decode()


def test_only_whom_it_concerns_is_asked(cast, signed_in):
    asked = "My full name, with lived experience"

    assert asked in signed_in(cast.lay_tutor).get("/privacy/consents/").content.decode()
    for somebody in (cast.patient, cast.professional, cast.coordinator):
        assert asked not in signed_in(somebody).get("/privacy/consents/").content.decode()
    services.give_consent(person=cast.lay_tutor, what=NAME)
    Role.objects.filter(person=cast.lay_tutor).delete()
    assert asked in signed_in(cast.lay_tutor).get("/privacy/consents/").content.decode(), "to end it"


def test_every_purpose_on_offer_is_read_by_something():
    """A consent that nothing uses is not offered: another module than the one that registers it asks for it."""
    code = {
        path: path.read_text()
        for folder in ("lms", "workshops", "coaching", "courses")
        for path in (ROOT / folder).rglob("*.py")
    }
    defined = {}
    for path, text in code.items():
        for name, key in re.findall(r'^(\w+) = Shareable\(\s*key="(\w+)"', text, re.MULTILINE):
            defined[key] = (name, path)
    for one in sharing._shareables.values():
        if one.key.startswith("test.") or one.over is Over.CARER:
            continue
        name, where = defined[one.key]
        asks = re.compile(rf'\b{name}\b|"{one.key}"')
        assert any(path != where and asks.search(text) for path, text in code.items()), (
            f"nothing reads the consent {one.key}"
        )


# ---------------------------------------------------------------- tutors and what they live with


@pytest.fixture
def series(cast, at):
    at(datetime(2027, 1, 4, 9, tzinfo=UTC))
    cast.lay_tutor.last_name = "Archer"
    cast.lay_tutor.save()
    return open_series(lay=cast.lay_tutor, clinical=cast.clinical_tutor, organisation=cast.organisation)


def public_pages(client, series) -> list[str]:
    return [client.get(page).content.decode() for page in ("/workshops/", f"/workshops/{series.public_id}/")]


def test_without_consent_a_lay_tutor_is_a_first_name(cast, series, client):
    services.write_lived_with(person=cast.lay_tutor, words=SECRET)

    listed, page = public_pages(client, series)

    for text in (listed, page):
        assert "Archer" not in text and SECRET not in text
        assert "Lena Field" in text, "who works in health care is named in full"
    assert "<bdi>Ben</bdi>, lay tutor</li>" in page
    assert "lived experience" not in page


def test_the_name_and_the_condition_are_each_shown_by_their_own_consent(cast, series, client):
    services.write_lived_with(person=cast.lay_tutor, words=SECRET)

    services.give_consent(person=cast.lay_tutor, what=NAME)
    listed, page = public_pages(client, series)
    assert (
        "Ben Archer" in listed
        and "<bdi>Ben Archer</bdi>, lay tutor: <bdi>with lived experience</bdi>" in page
    )
    assert SECRET not in listed + page

    services.give_consent(person=cast.lay_tutor, what=LIVED)
    services.withdraw_consent(person=cast.lay_tutor, what=NAME)
    listed, page = public_pages(client, series)
    assert f"<bdi>Ben</bdi>, lay tutor: <bdi>lives with {SECRET}</bdi>" in page
    assert "Archer" not in listed + page

    services.withdraw_consent(person=cast.lay_tutor, what=LIVED)
    assert SECRET not in "".join(public_pages(client, series)), "gone at the next request"


def test_the_words_are_the_persons_own_to_change_and_to_take_away(cast, series, client, signed_in):
    browser = signed_in(cast.lay_tutor)
    services.give_consent(person=cast.lay_tutor, what=LIVED)

    browser.post("/privacy/lived-with/", {"words": f"  {SECRET}\n "})
    assert f"lives with {SECRET}<" in public_pages(client, series)[1]
    assert SECRET in browser.get("/privacy/lived-with/").content.decode()
    assert SECRET not in signed_in(cast.outsider).get("/privacy/lived-with/").content.decode()

    browser.post("/privacy/lived-with/", {"words": ""})
    assert not LivedWith.objects.exists()
    assert "lives with" not in public_pages(client, series)[1]
    assert "120" in browser.post("/privacy/lived-with/", {"words": "x" * 121}).content.decode()


def test_a_list_costs_the_same_with_any_number_of_tutors(cast, series, client):
    def spent() -> int:
        with CaptureQueriesContext(connection) as counted:
            client.get("/workshops/")
        return len(counted)

    spent()
    one = spent()
    other = RoleFactory(kind=Role.Kind.LAY_TUTOR, organisation=cast.organisation).person
    clinical = RoleFactory(kind=Role.Kind.CLINICAL_TUTOR, organisation=cast.organisation).person
    open_series(lay=other, clinical=clinical, organisation=cast.organisation)

    assert spent() == one


def test_shown_of_is_one_query_for_reviewers_and_tutors(cast):
    services.write_lived_with(person=cast.lay_tutor, words="asthma")
    services.give_consent(person=cast.lay_tutor, what=LIVED)
    services.give_consent(person=cast.outsider, what=NAME)

    with CaptureQueriesContext(connection) as counted:
        shown = shown_of([cast.lay_tutor, cast.outsider, cast.patient])

    assert len(counted) == 1
    assert (shown[cast.lay_tutor.pk].name, shown[cast.lay_tutor.pk].experience) == (
        "Ben",
        "lives with asthma",
    )
    assert (shown[cast.outsider.pk].name, shown[cast.outsider.pk].experience) == (
        "Olu Field",
        "with lived experience",
    )
    assert (shown[cast.patient.pk].name, shown[cast.patient.pk].experience) == ("Amina", "")


def test_without_the_consent_in_the_query_the_condition_would_be_public(cast, series, client, monkeypatch):
    """The control: only the consent stands between the words and everybody."""
    services.write_lived_with(person=cast.lay_tutor, words=SECRET)
    assert SECRET not in public_pages(client, series)[1]

    everybody = Exists(Role.objects.all())
    monkeypatch.setattr("lms.people.shown.agrees", lambda person, what: everybody)

    assert SECRET in public_pages(client, series)[1]
