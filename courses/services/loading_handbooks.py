"""Loading the handbooks' words into pages, with the same promises as for the curricula."""

import json
from pathlib import Path

from django.core.exceptions import ValidationError
from wagtail.models import Page

from courses.blocks.faults import sentences_of
from courses.interfaces.content_files import BrokenContent, Source
from courses.interfaces.handbook_files import read_handbooks
from courses.models import HandbookPage, LoadedPage
from courses.services.loaded_pages import Loaded, keep_page, was_edited


def load_handbooks(*, folder: Path, home: Page, loaded: Loaded) -> None:
    """Bring the handbooks up to their files, and note in `loaded` what was done. In the caller's transaction.

    What was edited in the CMS is named and left. Raises BrokenContent where something cannot become a page.
    """
    sources = read_handbooks(folder)
    pages = HandbookPage.objects.defer_streamfields().filter(
        translation_key__in=[source.key for source in sources], locale_id=home.locale_id
    )
    known = {page.translation_key: page for page in pages}
    records = {record.page_id: record for record in LoadedPage.objects.filter(page__in=pages)}
    for source in sources:
        page = known.get(source.key)
        if page is None:
            _make(source, home)
            loaded.made.append(source.where)
            continue
        record = records.get(page.pk)
        if was_edited(page, record):
            loaded.edited_here.append(source.where)
        elif record is not None and record.digest == source.digest:
            loaded.unchanged += 1
        else:
            page.refresh_from_db()
            _fill(page, source)
            keep_page(page, source.digest)
            loaded.changed.append(source.where)


def _make(source: Source, home: Page) -> None:
    if home.get_children().filter(slug=source.slug).exists():
        raise BrokenContent(f"{source.where}: another page has this address already")
    page = HandbookPage(translation_key=source.key, locale_id=home.locale_id, live=False)
    _fill(page, source)
    home.add_child(instance=page)
    keep_page(page, source.digest)


def _fill(page: HandbookPage, source: Source) -> None:
    page.title = page.draft_title = source.title
    page.slug = source.slug
    for name, value in source.fields.items():
        setattr(page, name, json.dumps(value) if name == "body" else value)
    _refuse_broken(page, source)


def _refuse_broken(page: HandbookPage, source: Source) -> None:
    """What the editor would refuse, the loader does too."""
    for number, child in enumerate(page.body, start=1):
        try:
            child.block.clean(child.value)
        except ValidationError as error:
            called = (
                child.value.get("title") or child.value.get("heading") if hasattr(child.value, "get") else ""
            )
            faults = "; ".join(sentences_of(error))
            raise BrokenContent(
                f"{source.where}, block {number}, {called or child.block_type}: {faults}"
            ) from error
