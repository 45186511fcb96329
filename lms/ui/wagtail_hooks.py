"""What our look adds to the CMS."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_js")
def script_that_starts_widgets() -> SafeString:
    return format_html('<script src="{}"></script>', static("js/cms/start.js"))
