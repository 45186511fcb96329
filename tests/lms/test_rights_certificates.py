"""A certificate of somebody who was erased: no name any more, and its holder can still prove it."""

import pytest

from lms.certificates.models import CertificateFile
from lms.certificates.names import normalised
from lms.people.models import User
from lms.rights.models import Erasure
from lms.rights.services import ask_for_erasure, erase
from tests.factories.certificates import certificate_for


@pytest.fixture
def nameless(cast):
    User.objects.filter(pk=cast.patient.pk).update(first_name="Zoë", last_name="O’Brien-Hart")
    cast.patient.refresh_from_db()
    certificate = certificate_for(cast.patient, cast.organisation)
    CertificateFile.objects.create(certificate=certificate, content=b"%PDF-1.7", sha256="0" * 64)
    before = certificate.facts
    erase(erasure=ask_for_erasure(person=cast.patient, asked_by=cast.patient, how=Erasure.Asked.SELF))
    certificate.refresh_from_db()
    assert certificate.facts == {**before, "recipient": ""}
    return certificate


def address(certificate) -> str:
    return f"/certificates/verify/{certificate.token}/"


def test_it_is_still_real_and_shows_no_name(client, nameless):
    page = client.get(address(nameless)).content.decode()

    assert "Yes, this certificate is real and valid" in page
    assert "Initials" not in page and "Brien" not in page
    assert "The holder asked us to delete their name." in page
    assert not CertificateFile.objects.exists()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("Zoë O’Brien-Hart", "Yes, this is the name of the holder."),
        ("  zoë o'brien hart ", "Yes, this is the name of the holder."),
        ("Zoe Hart", "No, this is not the name of the holder."),
        ("''", "No, this is not the name of the holder."),
    ],
)
def test_who_has_the_paper_can_prove_the_name(client, nameless, typed, answer):
    page = client.post(address(nameless), {"name": typed}).content.decode()

    assert answer in page


def test_the_name_cannot_be_guessed_all_day(client, nameless, settings):
    settings.DOOR_LIMITS = {"certificate_name": "10/m/ip,3/h/key"}

    answers = [client.post(address(nameless), {"name": f"Name {n}"}).content.decode() for n in range(4)]

    assert ["No, this is not" in page for page in answers] == [True, True, True, False]
    assert "This was tried many times." in answers[3]


def test_what_is_kept_tells_no_name(nameless):
    assert nameless.name_proof != ""
    assert normalised("Zoë O’Brien-Hart") not in nameless.name_proof


def test_a_certificate_with_its_name_takes_no_names(client, cast):
    certificate = certificate_for(cast.patient, cast.organisation)

    page = client.post(address(certificate), {"name": cast.patient.display_name}).content.decode()

    assert "Check the name" not in page and "Yes, this is the name" not in page
