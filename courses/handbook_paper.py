"""A handbook as a book on paper: what is printed, under which name, and the bytes."""

import hashlib
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from courses.handbooks import Book, on_paper, prepared_book
from courses.models import HandbookPage
from courses.queries.review import Reviewed
from lms.core.links import absolute
from lms.documents import render_pdf
from lms.people.crisis import crisis_lines

FORM = 1  # raise it when the same words are set another way: every handbook is printed anew


def site_details() -> dict[str, Any]:
    """Who publishes it, as the title page says: the site's name and address, and whom to ask."""
    with translation.override(settings.LANGUAGE_CODE):
        contact = settings.SITE_CONTACT or absolute(reverse("pages:contact")).partition("://")[2]
    return {
        "name": settings.SITE_NAME,
        "contact": contact,
        "postal": [line.strip() for line in settings.SITE_POSTAL_ADDRESS.split(",") if line.strip()],
    }


def name_of_print(page: HandbookPage, reviewed: Reviewed | None) -> str:
    """A name for all that stands on the paper: the words, who signed them, the site's own details and numbers."""
    what = [
        FORM, page.pk, page.live_revision_id, page.words_digest, page.locale.language_code, site_details(), settings.SITE_URL,
        str(reviewed), repr(crisis_lines()),
    ]  # fmt: skip
    return hashlib.sha256(repr(what).encode()).hexdigest()


def print_handbook(page: HandbookPage, reviewed: Reviewed | None) -> bytes:
    """The PDF of the page's published words."""
    language = page.locale.language_code
    with translation.override(language):
        book = prepared_book(page)
        address = absolute(page.path_on_site).partition("://")[2]
    return render_pdf(
        template="courses/pdf/handbook.html",
        stylesheet="courses/pdf/handbook.css",
        language=language,
        title=page.title,
        author=settings.SITE_NAME,
        created=page.last_published_at,
        context={
            "page": page,
            "book": Book([on_paper(block) for block in book.blocks], book.contents),
            "crisis": crisis_lines(),
            "reviewed": reviewed,
            "not_yet_reviewed": reviewed is None,
            "words_of": page.last_published_at,
            "site": site_details() | {"address": address},
        },
    )
