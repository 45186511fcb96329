"""The sheet with a code for a course, to hand out or to hang up: in words, and as a square for a phone's camera."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from courses.models import JoiningCode
from courses.queries.enrolling import curriculum_of_key
from lms.core.links import absolute
from lms.documents import render_pdf
from lms.documents.square_code import square_code
from lms.people.printed_codes import tidied_code


def paper_context(code: JoiningCode, words: str) -> dict[str, Any]:
    """All that the sheet says."""
    with translation.override(settings.LANGUAGE_CODE):
        address = absolute(reverse("courses:join"))
        link = absolute(reverse("courses:join_link", args=[tidied_code(words)]))
    return {
        "code": code,
        "curriculum": curriculum_of_key(code.curriculum_key),
        "organisation": code.organisation,
        "team": code.team,
        "groups": words.split(),
        "address_shown": address.partition("://")[2],
        "link": link,
        "square": square_code(link, _("Square code. A phone's camera opens the page of this course.")),
        "site_name": settings.SITE_NAME,
    }


def print_paper(code: JoiningCode, words: str) -> bytes:
    """The PDF of the sheet, in large type."""
    return render_pdf(
        template="courses/pdf/joining.html",
        stylesheet="people/pdf/invitation.css",
        language=translation.get_language() or settings.LANGUAGE_CODE,
        title=_("Learn with us"),
        author=code.organisation.name,
        created=code.created_at,
        context=paper_context(code, words),
    )
