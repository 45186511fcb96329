"""Authors' words as HTML: what the editor offers, and nothing else, when it is kept and again when it is shown.

The editor keeps to the same list; this holds for what came another way, too: an import, an older version, a hand in the database.
"""

import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "h2", "h3", "b", "strong", "i", "em", "a", "ol", "ul", "li"}
SCHEMES = {"http", "https", "mailto", "tel"}

_shown = nh3.Cleaner(tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None)
# Wagtail keeps a link to a page by the page's number, and a key at each paragraph.
_kept = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "linktype", "id"}, "*": {"data-block-key"}},
    url_schemes=SCHEMES,
    link_rel=None,
)


def clean_to_show(html: str) -> SafeString:
    """Safe to put into a page: no script, style, picture, frame or form, and no link but to the web, a mail or a phone."""
    return mark_safe(_shown.clean(html))


def clean_to_keep(html: str) -> str:
    """The same for what goes into the database, with what Wagtail notes in it."""
    return _kept.clean(html)
