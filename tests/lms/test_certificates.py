"""Certificates: issued once, true for ever, opened by their holder, checked by anybody, and never telling why."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from threading import Thread

import page
import pikepdf
import pytest
from django.db import connection
from django.urls import reverse

from lms.audit.models import Entry
from lms.certificates import services
from lms.certificates.models import Certificate, CertificateFile
from lms.certificates.paper import verify_address
from lms.certificates.queries import certificates_visible_to
from lms.certificates.services import certificate_pdf, issue_certificate, revoke_certificate
from lms.core.errors import RuleBroken
from lms.home.cards import cards_for
from lms.people.models import Audience
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.certificates import FACTS, certificate_for

pytestmark = pytest.mark.django_db
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")


def text_of(pdf: bytes, *options: str) -> str:
    return subprocess.run(
        ["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


# ------------------------------------------------------------------ issuing


def test_issued_twice_is_one_certificate_and_only_the_first_is_new(cast):
    first = certificate_for(cast.patient, cast.organisation)
    again = certificate_for(cast.patient, cast.organisation, course="Another title")

    assert again == first
    assert again.read.course == "Moving on Together"
    assert (first.newly_issued, again.newly_issued) == (True, False)
    assert Entry.objects.filter(act="certificate issued", subject=cast.patient).count() == 1


def test_another_source_is_another_certificate(cast):
    first = certificate_for(cast.patient, cast.organisation, source_key="series:1")
    other = certificate_for(cast.patient, cast.organisation, source_key="series:2")

    assert first != other
    assert first.token != other.token
    assert first.number != other.number


def test_somebody_else_issues_between_the_look_and_the_insert(cast, monkeypatch):
    real = services._refuse_unprintable

    def meanwhile(kind, frozen):
        real(kind, frozen)
        monkeypatch.setattr(services, "_refuse_unprintable", real)
        certificate_for(cast.patient, cast.organisation)

    monkeypatch.setattr(services, "_refuse_unprintable", meanwhile)
    late = certificate_for(cast.patient, cast.organisation)

    assert Certificate.objects.get() == late
    assert not late.newly_issued


@pytest.mark.django_db(transaction=True)
def test_eight_issue_at_once_and_there_is_one(cast):
    """At once on a server's database; one after another where the test database is one connection."""
    issued, errors = [], []

    def issue():
        try:
            issued.append(certificate_for(cast.patient, cast.organisation))
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            if at_once:
                connection.close()

    at_once = connection.vendor == "postgresql"
    threads = [Thread(target=issue) for _each in range(8)]
    for thread in threads:
        thread.start() if at_once else thread.run()
    for thread in threads:
        if at_once:
            thread.join()

    assert errors == []
    assert len({certificate.pk for certificate in issued}) == 1
    assert [certificate.newly_issued for certificate in issued].count(True) == 1
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"course": ""}, "A certificate needs: course."),
        ({"hours_workshop": "many"}, "hours_workshop is no number of hours: 'many'"),
    ],
)
def test_facts_that_could_not_be_printed_are_refused(cast, change, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        certificate_for(cast.patient, cast.organisation, **change)

    assert not Certificate.objects.exists()


def test_an_unknown_kind_is_refused(cast):
    with pytest.raises(ValueError):
        certificate_for(cast.patient, kind="accredited")


def test_a_token_cannot_be_guessed_and_a_number_does_not_count(cast):
    certificates = [certificate_for(cast.patient, source_key=f"series:{n}") for n in range(5)]

    assert all(len(each.token) == 32 for each in certificates)
    assert len({each.token[:6] for each in certificates}) == 5
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", each.number) for each in certificates)


# ------------------------------------------------------------------ what was true stays true


@needs_poppler
def test_renaming_everything_changes_nothing_on_a_certificate(cast, at):
    cast.patient.last_name = "Hart"
    cast.patient.save()
    at(datetime(2026, 11, 12, 15, 30, tzinfo=UTC))
    certificate = certificate_for(cast.patient, cast.organisation)
    before = certificate.read

    at(datetime(2027, 3, 1, tzinfo=UTC))
    cast.patient.first_name, cast.patient.last_name = "Another", "Name"
    cast.patient.save()
    cast.organisation.name = "Another Trust"
    cast.organisation.save()
    certificate_for(cast.patient, cast.organisation, course="Another course", sessions_attended=1)
    certificate.refresh_from_db()

    assert certificate.read == before
    words = text_of(certificate_pdf(certificate))
    for frozen in [
        "Amina Hart",
        "Riverside Clinic",
        "Moving on Together",
        "came to 6 of 7",
        "12 November 2026",
    ]:
        assert frozen in words
    assert "Another" not in words


@needs_poppler
def test_a_new_certificate_does_carry_the_new_name(cast):
    cast.patient.first_name, cast.patient.last_name = "Another", "Name"
    cast.patient.save()

    words = text_of(certificate_pdf(certificate_for(cast.patient, cast.organisation)))

    assert "Another Name" in words


def test_the_file_is_made_once_and_kept(cast, monkeypatch):
    certificate = certificate_for(cast.patient, cast.organisation)
    first = certificate_pdf(certificate)

    monkeypatch.setattr(services, "print_certificate", lambda certificate: pytest.fail("made again"))

    assert certificate_pdf(certificate) == first
    assert CertificateFile.objects.get().certificate == certificate


def test_two_who_ask_for_the_file_at_once_get_the_same_bytes(cast, monkeypatch):
    certificate = certificate_for(cast.patient, cast.organisation)
    real = services.print_certificate

    def meanwhile(asked):
        monkeypatch.setattr(services, "print_certificate", real)
        certificate_pdf(certificate)
        return b"%PDF of the one who came late"

    monkeypatch.setattr(services, "print_certificate", meanwhile)

    assert certificate_pdf(certificate) == bytes(CertificateFile.objects.get().content)


def test_printing_the_same_facts_gives_the_same_bytes(cast):
    certificate = certificate_for(cast.patient, cast.organisation)

    assert services.print_certificate(certificate) == services.print_certificate(certificate)


# ------------------------------------------------------------------ the paper


def test_the_paper_has_no_fault_for_those_who_hear_it(cast):
    pdf = certificate_pdf(
        certificate_for(cast.professional, cast.organisation, cpd=True, hours_elearning="4.5")
    )

    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in report.failures] == []
    with pikepdf.open(BytesIO(pdf)) as document:
        tags = list(_tags(document.Root.StructTreeRoot.K))
        assert document.Root.Lang == "en"
        assert document.docinfo["/Title"] == "Certificate: Moving on Together"
        assert len(document.pages) == 1
    kinds = [kind for kind, _alt in tags]
    assert kinds.count("/H1") == 1
    assert kinds.index("/H1") < kinds.index("/H2") < kinds.index("/Table") < kinds.index("/Figure")
    assert [alt for kind, alt in tags if kind == "/Figure"] == [
        "Square code. It opens the page that checks this certificate."
    ]


def _tags(node):
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from _tags(each)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield str(node.S), str(node.get("/Alt", ""))
        yield from _tags(node.get("/K", pikepdf.Array()))


@needs_poppler
def test_the_words_come_in_the_order_one_reads_them(cast):
    certificate = certificate_for(
        cast.professional,
        cast.organisation,
        course="Working in Partnership",
        cpd=True,
        hours_elearning="4.5",
        hours_participatory=15,
    )

    words = " ".join(text_of(certificate_pdf(certificate)).split())
    # The address may go on in the next line, after a hyphen of its own.
    address = verify_address(certificate).partition("://")[2]
    words = re.sub(r"\s?".join(map(re.escape, address)), address, words)

    in_order = [
        "Certificate of completion",
        "This is for",
        "Priya Field",
        "who completed",
        "Working in Partnership",
        "Taught together by",
        "Dr Lena Fox",
        "came to 6 of 7",
        "19.5 in all, without breaks: workshop 15, e-learning 4.5",
        "of these, learned together with others: 15",
        "8 September 2026 to 20 October 2026",
        "St Mary's Hall, Mill Lane",
        "Came to at least five of the seven sessions.",
        "Riverside Clinic",
        "For my own professional record",
        "Is this certificate real?",
        address,
        certificate.number,
    ]
    places = [words.find(each) for each in in_order]
    assert -1 not in places
    assert places == sorted(places)
    assert "accredited" not in words.lower()


@needs_poppler
@pytest.mark.parametrize(
    ("workshop", "elearning", "words"),
    [
        ("20.00", None, "20 of workshop, without breaks"),
        ("12.50", "7.50", "20 in all, without breaks: workshop 12.5, e-learning 7.5"),
        (None, 100, "100 of e-learning"),
    ],
)
def test_hours_read_as_people_write_them(cast, workshop, elearning, words):
    certificate = certificate_for(cast.patient, hours_workshop=workshop, hours_elearning=elearning)

    assert words in text_of(certificate_pdf(certificate))


@needs_poppler
def test_a_patients_certificate_has_no_professional_box(cast):
    words = text_of(certificate_pdf(certificate_for(cast.patient, cast.organisation)))

    assert "professional record" not in words
    assert "15 of workshop, without breaks" in words


@needs_poppler
@pytest.mark.parametrize("turned", [False, True])
def test_both_tutors_stand_on_one_line_in_one_size_in_the_order_given(cast, turned):
    tutors = [{"name": "Clinician", "side": "clinical"}, {"name": "Layperson", "side": "lay"}]
    if turned:
        tutors.reverse()

    boxes = text_of(certificate_pdf(certificate_for(cast.patient, cast.organisation, tutors=tutors)), "-bbox")

    found = {
        word: (float(left), top, bottom)
        for left, top, bottom, word in re.findall(
            r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(Clinician|Layperson)<', boxes
        )
    }
    assert found["Clinician"][1:] == found["Layperson"][1:]
    assert (found["Clinician"][0] > found["Layperson"][0]) is turned


@needs_poppler
def test_a_tutors_certificate_says_that_they_led_it(cast):
    words = text_of(certificate_pdf(certificate_for(cast.lay_tutor, cast.organisation, kind="delivered")))

    assert "Certificate of delivery" in words
    assert "who led, as one of two equal tutors," in words
    assert "led 6 of 7" in words


@pytest.mark.parametrize(
    "name",
    [
        "عبد الرحمن بن محمد 12",
        "רחל לוי",
        "Zoë Ångström-Łukasiewicz",
        "X" * 300,
        "Wilhelmina-Konstantina Featherstonehaugh " * 7,
        "A\U0001f600 \u202eB \u200d<b>&",
    ],
)
def test_any_name_can_be_printed_without_a_fault(cast, name):
    person = UserFactory.build(first_name="")
    certificate = Certificate(
        kind="completed", facts={**FACTS, "recipient": name, "organisation": "Clinic"}, recipient=person
    )

    pdf = services.print_certificate(certificate)

    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in report.failures] == []


# ------------------------------------------------------------------ who opens it


def test_the_holder_downloads_it_and_nobody_else(cast, signed_in):
    certificate = certificate_for(cast.patient, cast.organisation)
    address = reverse("certificates:pdf", args=[certificate.public_id])

    answer = signed_in(cast.patient).get(address)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.content == certificate_pdf(certificate)
    for other in [cast.outsider, cast.professional, cast.lay_tutor, cast.clinical_tutor, cast.coordinator]:
        assert signed_in(other).get(address).status_code == 404


def test_signed_out_is_sent_to_sign_in(cast, client):
    certificate = certificate_for(cast.patient, cast.organisation)

    for address in [reverse("certificates:mine"), reverse("certificates:pdf", args=[certificate.public_id])]:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url == f"{reverse('account_login')}?next={address}"


def test_my_certificates_are_mine_newest_first(cast, signed_in, at):
    at(datetime(2026, 5, 1, tzinfo=UTC))
    old = certificate_for(cast.patient, cast.organisation, source_key="old", course="First course")
    at(datetime(2026, 6, 1, tzinfo=UTC))
    new = certificate_for(cast.patient, cast.organisation, source_key="new", course="Second course")
    certificate_for(cast.outsider, cast.organisation, course="Somebody else's course")

    page_of_mine = signed_in(cast.patient).get(reverse("certificates:mine")).content.decode()

    assert list(certificates_visible_to(cast.patient)) == [new, old]
    assert page_of_mine.index("Second course") < page_of_mine.index("First course")
    assert "Somebody else" not in page_of_mine
    assert verify_address(new) in page_of_mine


def test_without_certificates_the_page_says_what_will_be_there(cast, signed_in):
    words = signed_in(cast.outsider).get(reverse("certificates:mine")).content.decode()

    assert "No certificates yet" in words


def test_the_list_costs_the_same_with_one_and_with_three(cast, signed_in, django_assert_num_queries):
    browser = signed_in(cast.patient)
    certificate_for(cast.patient, source_key="1")
    with django_assert_num_queries(_cost := _queries(browser)):
        browser.get(reverse("certificates:mine"))
    for key in "23":
        certificate_for(cast.patient, source_key=key)

    with django_assert_num_queries(_cost):
        browser.get(reverse("certificates:mine"))


def _queries(browser) -> int:
    from django.test.utils import CaptureQueriesContext

    browser.get(reverse("certificates:mine"))
    with CaptureQueriesContext(connection) as seen:
        browser.get(reverse("certificates:mine"))
    return len(seen)


def test_the_dashboard_has_one_card_for_one_query(cast, django_assert_num_queries):
    from lms.certificates.dashboard import cards

    certificate_for(cast.patient, source_key="1")
    certificate_for(cast.patient, source_key="2", course="Newest")

    with django_assert_num_queries(1):
        found = cards(cast.patient)
    assert [(card.urgency, card.text, card.url) for card in found] == [
        (90, "Newest", reverse("certificates:mine"))
    ]
    assert found[0] in cards_for(cast.patient)
    assert cards(cast.outsider) == []


# ------------------------------------------------------------------ anybody checks it


def verify_page(client, token: str):
    return client.get(reverse("certificates:verify", args=[token]))


def test_a_real_certificate_says_yes_first_and_then_the_agreed_facts(cast, client, at):
    at(datetime(2026, 11, 12, 15, 30, tzinfo=UTC))
    certificate = certificate_for(cast.patient, cast.organisation)

    answer = verify_page(client, certificate.token)

    words = answer.content.decode()
    assert answer.status_code == 200
    assert _first_line(words) == "Yes, this certificate is real and valid"
    for agreed in ["A. F.", "Riverside Clinic", "12 November 2026", "Completed a course"]:
        assert agreed in words
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex, nofollow">' in words


def _first_line(words: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", re.search(r"<h1.*?</h1>", words, re.S)[0]).split()).removeprefix(
        "Check a certificate "
    )


CANARIES = [
    "Canary-course",
    "Canary-first",
    "Canary-last",
    "Canary-place",
    "Canary-tutor",
    "Canary-rule",
    "Canary-out",
]


def canary_certificate(cast):
    person = UserFactory(first_name="Canary-first", last_name="Canary-last", email="canary-mail@example.org")
    return certificate_for(
        person,
        cast.organisation,
        course="Canary-course",
        mode="Canary-mode",
        place="Canary-place",
        rule="Canary-rule",
        tutors=["Canary-tutor"],
        outcomes=["Canary-out"],
        sessions_attended=55,
    )


def everything_said(answer) -> str:
    return answer.content.decode() + str(answer.headers) + str(answer.cookies)


def test_the_public_page_tells_nothing_that_could_tell_why(cast, client):
    certificate = canary_certificate(cast)

    said = everything_said(verify_page(client, certificate.token))

    assert "canary" not in said.lower()
    assert "patient" not in said.lower()
    assert str(certificate.public_id) not in said
    assert certificate.number not in said


@needs_poppler
def test_the_canaries_are_there_to_be_found(cast, client, signed_in):
    certificate = canary_certificate(cast)

    paper = text_of(certificate_pdf(certificate))
    mine = everything_said(signed_in(certificate.recipient).get(reverse("certificates:mine")))

    assert all(canary in paper for canary in CANARIES)
    assert "Canary-course" in mine
    assert "Canary-first Canary-last" in mine


def test_patients_and_professionals_certificates_look_the_same(cast, client):
    patient = UserFactory(first_name="Ann", last_name="Bell", audience=Audience.PATIENT)
    professional = UserFactory(first_name="Art", last_name="Boon", audience=Audience.PROFESSIONAL)
    first = certificate_for(patient, cast.organisation)
    second = certificate_for(
        professional, cast.organisation, course="Working in Partnership", cpd=True, hours_elearning=4
    )

    pages = [
        verify_page(client, each.token).content.decode().replace(each.token, "TOKEN")
        for each in (first, second)
    ]

    assert pages[0] == pages[1]


def test_the_check_costs_one_query_and_makes_no_file(cast, client, django_assert_num_queries):
    certificate = certificate_for(cast.patient, cast.organisation)
    verify_page(client, certificate.token)

    with django_assert_num_queries(1):
        verify_page(client, certificate.token)
    assert not CertificateFile.objects.exists()


@pytest.mark.parametrize(
    "token",
    [
        "0" * 32,
        "short",
        "%00",
        "\x00" * 32,
        "a" * 5000,
        "' OR 1=1 --",
        "ünïcödé-" * 4,
        "\U0001f600" * 32,
        "..",
        "%ff",
    ],
)
def test_a_token_that_is_nobodys_is_calmly_not_found(client, token):
    certificate_for(UserFactory())

    answer = verify_page(client, token)

    assert answer.status_code == 404
    assert _first_line(answer.content.decode()) == "We cannot find this certificate"


def test_one_letter_changed_is_not_found(cast, client):
    token = certificate_for(cast.patient).token
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")

    assert verify_page(client, changed).status_code == 404
    assert verify_page(client, token).status_code == 200


# ------------------------------------------------------------------ ending it


def test_a_revoked_certificate_says_so_at_once(cast, client, signed_in, at):
    at(datetime(2026, 11, 12, tzinfo=UTC))
    certificate = certificate_for(cast.patient, cast.organisation)
    assert _first_line(verify_page(client, certificate.token).content.decode()).startswith("Yes")

    at(datetime(2026, 12, 1, 12, tzinfo=UTC))
    revoke_certificate(certificate=certificate, by=cast.coordinator, reason="issued_in_error")

    words = verify_page(client, certificate.token).content.decode()
    assert _first_line(words) == "No, this certificate is no longer valid"
    assert "ended on 1 December 2026. It was issued by mistake." in " ".join(words.split())
    assert "No longer valid" in signed_in(cast.patient).get(reverse("certificates:mine")).content.decode()
    assert Entry.objects.get(act="certificate revoked").actor == cast.coordinator


def test_revoking_twice_keeps_the_first_date_and_reason(cast, at):
    at(datetime(2026, 12, 1, tzinfo=UTC))
    certificate = certificate_for(cast.patient, cast.organisation)
    revoke_certificate(certificate=certificate, by=cast.coordinator, reason="issued_in_error")

    at(datetime(2026, 12, 5, tzinfo=UTC))
    again = revoke_certificate(certificate=certificate, by=cast.coordinator, reason="holder_asked")

    assert again.revoked_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert again.revoked_reason == "issued_in_error"


def test_only_a_coordinator_of_the_organisation_that_gave_it_can_end_it(cast):
    certificate = certificate_for(cast.patient, cast.organisation)
    stranger = RoleFactory(
        person=UserFactory(), kind="coordinator", organisation=OrganisationFactory()
    ).person

    for person in [cast.patient, cast.lay_tutor, cast.outsider, stranger]:
        with pytest.raises(RuleBroken):
            revoke_certificate(certificate=certificate, by=person, reason="issued_in_error")
    with pytest.raises(RuleBroken):
        revoke_certificate(certificate=certificate, by=cast.coordinator, reason="because")

    certificate.refresh_from_db()
    assert certificate.revoked_at is None


def test_issuing_again_after_revoking_does_not_bring_it_back(cast):
    certificate = certificate_for(cast.patient, cast.organisation)
    revoke_certificate(certificate=certificate, by=cast.coordinator, reason="issued_in_error")

    again = issue_certificate(
        source_key=certificate.source_key,
        kind="completed",
        recipient=cast.patient,
        organisation=cast.organisation,
        facts=FACTS,
    )

    assert again == certificate
    assert again.is_revoked
