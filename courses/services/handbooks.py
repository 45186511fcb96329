"""Keeping the PDF of a handbook: printed once for its words, then those very bytes."""

from django.conf import settings
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django_q.tasks import async_task

from courses.handbook_paper import name_of_print, print_handbook
from courses.models import HandbookFile, HandbookPage
from courses.queries.handbooks import shown_handbooks
from courses.queries.review import Reviewed, reviewed

AGAIN_AFTER = 5 * 60  # seconds until the worker is asked once more for what it has not printed


def kept_pdf(page: HandbookPage) -> bytes | None:
    """The PDF of these published words, if it is printed. Two queries.

    It is another one as soon as anything on it is another: the words, a signature, the site's name or its crisis lines.
    """
    return _kept(page, name_of_print(page, _signed_by(page)))


def handbook_pdf(page: HandbookPage) -> bytes:
    """As `kept_pdf`; printed now, where it is not yet, and kept in the older one's place. A long book takes many seconds."""
    signed_by = _signed_by(page)
    digest = name_of_print(page, signed_by)
    kept = _kept(page, digest)
    if kept is not None:
        return kept
    content = print_handbook(page, signed_by)
    try:
        with transaction.atomic():
            HandbookFile.objects.update_or_create(page=page, defaults={"digest": digest, "content": content})
    except IntegrityError:
        pass  # two printed it at the same moment: the same words give the same bytes
    return content


def print_later(page: HandbookPage) -> None:
    """Have the worker print what was published, in the caller's transaction.

    A demonstration begins with all of them, a minute's work or two: there each is printed when somebody first asks for it.
    """
    if not settings.SHOW_UNREVIEWED:
        _ask_the_worker(page)


def _ask_the_worker(page: HandbookPage) -> None:
    async_task("courses.services.handbooks.print_shown", page.pk)


def ask_for_print(page: HandbookPage) -> None:
    """A reader waits for it: have it printed, unless the worker was asked within the last five minutes."""
    if caches["default"].add(f"handbook:{page.pk}:{page.live_revision_id}", True, AGAIN_AFTER):
        _ask_the_worker(page)


def print_shown(page_pk: int) -> bool:
    """What the worker does: print the handbook, if it is shown. Safe to repeat."""
    page = shown_handbooks().filter(pk=page_pk).first()
    if page is None:
        return False
    handbook_pdf(page)
    return True


def _signed_by(page: HandbookPage) -> Reviewed | None:
    return reviewed([page]).get(page.pk)


def _kept(page: HandbookPage, digest: str) -> bytes | None:
    kept = HandbookFile.objects.filter(page=page, digest=digest).first()
    return bytes(kept.content) if kept is not None else None
