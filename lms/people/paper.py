"""The sheet of paper that a coordinator hands over, and how its code is shown.

Only a digest of the code is kept with the invitation. So that the page can be opened again and printed, the code itself
lies encrypted in the session of the coordinator who made it, for an hour.
"""

import time

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from lms.core.links import absolute
from lms.documents import render_pdf
from lms.documents.square_code import square_code
from lms.people.crisis import crisis_lines
from lms.people.models import PrintedInvitation
from lms.people.printed_codes import tidied_code
from lms.people.second_step import decrypt, encrypt

KEY, MOST, SECONDS = "printed_codes", 5, 60 * 60


def remember_code(request: HttpRequest, invitation: PrintedInvitation, code: str) -> None:
    """Keep the code where only this coordinator's next pages find it."""
    kept = request.session.get(KEY, [])[-(MOST - 1) :]
    until = int(time.time()) + SECONDS
    request.session[KEY] = [*kept, [str(invitation.public_id), until, encrypt(code)]]


def code_to_show(request: HttpRequest, invitation: PrintedInvitation) -> str:
    """The code, while it may be shown; afterwards nothing, and it is forgotten."""
    kept = request.session.get(KEY, [])
    good = [one for one in kept if one[1] > time.time()]
    if len(good) < len(kept):
        request.session[KEY] = good
    for public_id, _until, sealed in good:
        if public_id == str(invitation.public_id):
            try:
                return decrypt(sealed)
            except InvalidToken:  # the site's key was changed meanwhile
                return ""
    return ""


def paper_context(invitation: PrintedInvitation, code: str) -> dict:
    """All that the paper says. The square code holds name and code behind a #, which no server is ever sent."""
    with translation.override(settings.LANGUAGE_CODE):
        address = absolute(reverse("people:start"))
    return {
        "invitation": invitation,
        "person": invitation.person,
        "organisation": invitation.organisation,
        "code": code,
        "groups": code.split(),
        "address": address,
        "address_shown": address.partition("://")[2],
        "square": square_code(
            f"{address}#{invitation.person.username}.{tidied_code(code)}",
            _("Square code. A phone's camera opens the page and fills in your name and code."),
        ),
        "crisis": crisis_lines(),
        "site_name": settings.SITE_NAME,
    }


def print_paper(invitation: PrintedInvitation, code: str) -> bytes:
    """The PDF of the paper, in large type."""
    return render_pdf(
        template="people/pdf/invitation.html",
        stylesheet="people/pdf/invitation.css",
        language=translation.get_language() or settings.LANGUAGE_CODE,
        title=_("Your invitation"),
        author=invitation.organisation.name,
        created=invitation.created_at,
        context=paper_context(invitation, code),
    )
