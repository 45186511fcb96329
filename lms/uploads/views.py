"""Pictures and recordings on their way out. Documents have the CMS's own address, where it is asked who may have them."""

from posixpath import normpath

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from lms.core.policy import PUBLIC, Policy, policy
from lms.uploads import captions, recordings
from lms.uploads.pictures import KINDS
from lms.uploads.ranges import asked_for

PICTURES = {ending: kind.content_type for kind in KINDS for ending in kind.endings}
RECORDINGS = {kind.ending: kind.served for kind in recordings.KINDS.values()} | {
    captions.ENDING: captions.CONTENT_TYPE
}
FOLDERS = {"images": PICTURES, "original_images": PICTURES, "recordings": RECORDINGS}
CLOSED = Policy("closed", lambda request: False, needs_sign_in=False)


@policy(PUBLIC)
@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture that was written by us, or a recording that was looked through; of that, the part that is asked for.

    Anything else that lies among the media is not there.
    """
    content_types = FOLDERS.get(name.partition("/")[0], {})
    content_type = content_types.get(name.rpartition(".")[2].lower())
    if content_type is None or "/" not in name or name != normpath(name):
        raise Http404
    try:
        file = default_storage.open(name)
    except (OSError, ValueError, SuspiciousOperation):
        raise Http404 from None
    # Each file has a name of its own, so what was fetched once stays right.
    headers = {"Cache-Control": "public, max-age=604800, immutable"}
    if content_types is RECORDINGS:
        return asked_for(request, file, content_type=content_type, headers=headers)
    return FileResponse(file, content_type=content_type, headers=headers)


@policy(CLOSED)
def closed(request: HttpRequest, **kwargs) -> None:
    """An address of a package that this site does not open."""
