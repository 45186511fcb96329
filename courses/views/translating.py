"""Sentences that were translated outside the CMS, brought in as a file."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin.views.pages.utils import get_valid_next_url_from_request
from wagtail_localize.views.edit_translation import upload_pofile

from courses.policies import EDITS
from lms.core.policy import policy

MOST_BYTES = 1_000_000


@policy(EDITS)
@require_POST
def upload_sentences(request: HttpRequest, translation_id: int) -> HttpResponse:
    """As the package's own page, which asks who may edit; a file that it would break on is a sentence.

    What comes in are words of a draft: they are cleaned when they are put into the page, and signed before they are shown.
    """
    file = request.FILES.get("file")
    if file is not None and file.size <= MOST_BYTES:
        try:
            with transaction.atomic():
                return upload_pofile(request, translation_id)
        except (KeyError, ValueError, IndexError, OSError):
            pass  # no file of sentences, or one of another page
    messages.error(
        request, _("This file could not be read. Download it here first, and fill in its sentences.")
    )
    return redirect(get_valid_next_url_from_request(request) or "wagtailadmin_home")
