"""Pages in other languages, as wagtail-localize makes them."""

from django.conf import settings
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    String,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.operations import TranslationCreator

from lms.people.models import User

WELSH, URDU = "cy", "ur"


def speak(settings_of_test, *codes: str) -> list[Locale]:
    """Switch these languages on, beside English."""
    languages = [("en", "English"), *[(code, code) for code in codes]]
    settings_of_test.LANGUAGES = settings_of_test.WAGTAIL_CONTENT_LANGUAGES = languages
    return [Locale.objects.get_or_create(language_code=code)[0] for code in codes]


def begin(page: Page, locale: Locale, *, by: User | None = None) -> Translation:
    """Send the page for translation, as the CMS does; what is not translated says what the original says."""
    TranslationCreator(by, [locale]).create_translations(page.specific)
    return Translation.objects.get(source__object_id=page.translation_key, target_locale=locale)


def word(translation: Translation, said: str, in_words: str, *, by: User | None = None) -> None:
    """Translate one sentence of it."""
    source = translation.source
    for segment in StringSegment.objects.filter(source=source, string__data=said):
        StringTranslation.objects.update_or_create(
            translation_of=String.objects.get(pk=segment.string_id),
            locale=translation.target_locale,
            context=segment.context,
            defaults={
                "data": in_words,
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                "last_translated_by": by,
                "has_error": False,
                "field_error": "",
            },
        )


def translated(page: Page, locale: Locale, **words: str) -> Page:
    """A published translation, on a site that shows what nobody signed. `title` and other words by the original's text."""
    assert settings.SHOW_UNREVIEWED
    translation = begin(page, locale)
    for said, in_words in words.items():
        word(translation, page.title if said == "title" else said, in_words)
    translation.source.update_from_db()
    translation.save_target(publish=False)
    made = page.specific_class.objects.get(translation_key=page.translation_key, locale=locale)
    made.get_latest_revision().publish()
    made.refresh_from_db()
    return made


def source_of(page: Page) -> TranslationSource:
    return TranslationSource.objects.get(object_id=page.translation_key)
