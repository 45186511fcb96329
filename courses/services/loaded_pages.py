"""What every loader of content files shares: what it says it did, and how a page is kept."""

from dataclasses import dataclass, field

from django.conf import settings
from wagtail.models import Page

from courses.models import LoadedPage


@dataclass
class Loaded:
    """What a load did, by where each page stands."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    edited_here: list[str] = field(default_factory=list)
    unchanged: int = 0


def keep_page(page: Page, digest: str) -> None:
    """A new revision, published where the site shows what nobody signed; and what was loaded, for the next load."""
    revision = page.save_revision()
    if settings.SHOW_UNREVIEWED:
        revision.publish()
    values = {"digest": digest, "revision_number": page.latest_revision_id}
    LoadedPage.objects.update_or_create(page_id=page.pk, defaults=values)


def was_edited(page: Page, record: LoadedPage | None) -> bool:
    """Whether somebody changed the page since it was loaded, or it never was."""
    return record is None or record.revision_number != page.latest_revision_id
