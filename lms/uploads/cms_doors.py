"""The CMS's other doors for files. Those in that nobody needs are closed; what goes out is safe to open."""

from functools import cached_property

from django.contrib import admin
from django.urls import reverse
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.views import IndexView as RedirectsView
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from lms.interop.spreadsheet_kit import harmless


def close_what_is_not_needed() -> None:
    """Takes away the profile picture, the import of redirects, and the Django admin's own forms for files.

    None of them looks at a file as our forms do. The import's addresses are closed in lms.urls.
    """
    AvatarSettingsPanel.is_active = lambda panel: False
    with_import = RedirectsView.header_more_buttons

    def without_import(view):
        start = reverse("wagtailredirects:start_import")
        return [button for button in with_import.func(view) if button.url != start]

    RedirectsView.header_more_buttons = cached_property(without_import)
    RedirectsView.header_more_buttons.__set_name__(RedirectsView, "header_more_buttons")
    for model in (get_image_model(), get_document_model()):
        if admin.site.is_registered(model):
            admin.site.unregister(model)


def make_exports_safe() -> None:
    """Every spreadsheet of the CMS goes through this one class: words that would be a formula become words."""
    as_it_was = SpreadsheetExportMixin.preprocess_field_value
    heading_as_it_was = SpreadsheetExportMixin.get_heading

    def preprocess_field_value(view, field, value, export_format):
        return harmless(as_it_was(view, field, value, export_format))

    def get_heading(view, queryset, field):
        return harmless(heading_as_it_was(view, queryset, field))

    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
    SpreadsheetExportMixin.get_heading = get_heading
