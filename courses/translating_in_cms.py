"""Translations in the CMS: what stands before the pages of wagtail-localize."""

from django.urls import path
from wagtail import hooks

from courses.views import translating


@hooks.register("register_admin_urls", order=-1)  # before the package's own of the same address
def addresses_of_translations() -> list:
    where = "localize/translate/<int:translation_id>/pofile/upload/"
    return [path(where, translating.upload_sentences, name="upload_sentences")]
