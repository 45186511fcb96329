"""Translations of a lesson or handbook meet the same wall as it does: what wagtail-localize writes of one is a draft until it is signed.

The package writes new words straight into the published row, draft or not, and publishes once its transaction is over. For
these both are replaced: the words become a revision, and it is published as any other, where both reviewers signed it.
tests/lms/test_headers.py holds the sum of what is replaced. docs/decisions/0020-languages.md
"""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.text import slugify
from wagtail.coreutils import find_available_slug
from wagtail.models import Locale, Revision
from wagtail_localize.models import TranslationLog, TranslationSource

from courses.models.guarded import ShownWhenSigned
from lms.people.models import User

PACKAGES_OWN = TranslationSource.create_or_update_translation


def create_or_update_translation(
    source: TranslationSource,
    locale: Locale,
    user: User | None = None,
    publish: bool = True,
    copy_parent_pages: bool = False,
    fallback: bool = False,
) -> tuple[Any, bool]:
    """As the package's; of what has to be signed, a draft is written, and published after that where its words are signed.

    Where they are not, `NotSigned` comes once the draft is kept (courses.refusals makes a sentence of it).
    """
    given = {"user": user, "copy_parent_pages": copy_parent_pages, "fallback": fallback}
    if not issubclass(source.specific_content_type.model_class(), ShownWhenSigned):
        return PACKAGES_OWN(source, locale, publish=publish, **given)
    with transaction.atomic():
        if _stands_alone(source, locale):
            page, revision = _draft(source, locale, user=user, fallback=fallback)
            is_new = False
        else:
            page, is_new = PACKAGES_OWN(source, locale, publish=False, **given)
            revision = page.get_latest_revision()
        if publish:
            transaction.on_commit(revision.publish)
    return page, is_new


def _stands_alone(source: TranslationSource, locale: Locale) -> bool:
    """Whether there is a translation already, and no mere mirror of the original."""
    try:
        return source.get_translated_instance(locale).alias_of_id is None
    except ObjectDoesNotExist:
        return False


def _draft(
    source: TranslationSource, locale: Locale, *, user: User | None, fallback: bool
) -> tuple[ShownWhenSigned, Revision]:
    page = source.get_ephemeral_translated_instance(locale, fallback=fallback)
    page.slug = find_available_slug(page.get_parent(), slugify(page.slug), ignore_page_id=page.pk)
    page.clean_words()
    revision = page.save_revision(user=user)
    source.sync_view_restrictions(source.as_instance(), page)
    TranslationLog.objects.create(source=source, locale=locale, revision=revision)
    return page, revision


def keep_translations_behind_the_wall() -> None:
    TranslationSource.create_or_update_translation = create_or_update_translation
