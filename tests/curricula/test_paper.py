"""The books themselves, printed and read back: each opens, is tagged, and has no fault for those who hear it."""

from io import BytesIO

import page as pdf_checks
import pikepdf
import pytest

from courses.models import HandbookPage
from courses.services.handbooks import handbook_pdf
from courses.services.loading import load_curricula

PRINTED = {
    "workbook": "Your workbook",
    "manual-seven-weeks": "Moving on Together: the workshops in seven weeks",
    "manual-three-half-days": "Working in Partnership: three half days",
}


@pytest.mark.django_db
def test_the_workbook_and_a_manual_of_each_side_are_printed_and_tagged():
    load_curricula()

    for slug, title in PRINTED.items():
        pdf = handbook_pdf(HandbookPage.objects.get(slug=slug))

        report = pdf_checks.validate_pdf_bytes(pdf, profile=pdf_checks.ValidationProfile.PDF_UA_1)
        assert [failure.message for failure in report.failures] == [], slug
        with pikepdf.open(BytesIO(pdf)) as document:
            assert document.Root.MarkInfo.Marked and "/StructTreeRoot" in document.Root
            assert str(document.docinfo["/Title"]) == title
            assert len(document.pages) > 30
