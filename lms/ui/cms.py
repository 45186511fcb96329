"""The CMS without inline scripts: what Wagtail would start from a script in its markup is started by our own file.

Templates do it by themselves (templates/wagtailadmin); its choosers write their script in Python, so that is replaced
here. docs/decisions/0014-policy-of-scripts.md lists each, and tests/lms/test_headers.py notices when Wagtail changes one.
"""

import json
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser

WAGTAILS_RENDER = BaseChooser.render


def start(what: str, *given: Any) -> SafeString:
    """The element at which static/js/cms/start.js starts a widget of this name with these values."""
    return format_html(
        '<cms-start hidden data-what="{}" data-with="{}"></cms-start>', what, json.dumps(given)
    )


def render_chooser(self: BaseChooser, name, value, attrs=None, renderer=None) -> SafeString:
    """A chooser as Wagtail draws it, but for its script."""
    if not (attrs or {}).get("id"):
        raise TypeError("A chooser needs an id: its button is found by it.")
    data = self.get_value_data(value)
    return SafeString(self.render_html(name, data, attrs) + _start_of(self, attrs["id"], name, data))


def _start_of(chooser: BaseChooser, id_: str, name: str, data: dict | None) -> SafeString:
    script = type(chooser).render_js_init
    if script is BaseChooser.render_js_init:
        return start(chooser.js_constructor, id_, chooser.get_js_init_options(id_, name, data))
    if script is AdminTaskChooser.render_js_init:
        return start("createTaskChooser", id_)
    raise ImproperlyConfigured(
        f"{type(chooser).__name__} writes a script of its own, which the policy refuses: teach lms.ui.cms to start it."
    )


def start_choosers_without_inline_scripts() -> None:
    BaseChooser.render = render_chooser
