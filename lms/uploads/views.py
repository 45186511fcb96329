"""Pictures on their way out. Documents have the CMS's own address, where it is asked who may have them."""

from posixpath import normpath

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from lms.core.policy import PUBLIC, Policy, policy
from lms.uploads.pictures import KINDS

FOLDERS = ("images/", "original_images/")
CONTENT_TYPES = {ending: kind.content_type for kind in KINDS for ending in kind.endings}
CLOSED = Policy("closed", lambda request: False, needs_sign_in=False)


@policy(PUBLIC)
@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    """A picture that was written by us. Anything else that lies among the media is not there."""
    content_type = CONTENT_TYPES.get(name.rpartition(".")[2].lower())
    if content_type is None or not name.startswith(FOLDERS) or name != normpath(name):
        raise Http404
    try:
        picture = default_storage.open(name)
    except (OSError, ValueError, SuspiciousOperation):
        raise Http404 from None
    # Each file has a name of its own, so what was fetched once stays right.
    headers = {"Cache-Control": "public, max-age=604800, immutable"}
    return FileResponse(picture, content_type=content_type, headers=headers)


@policy(CLOSED)
def closed(request: HttpRequest, **kwargs) -> None:
    """An address of a package that this site does not open."""
