"""What is written in another language than the page around it says so; and the ways to the other languages."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from lms.core.languages import path_in
from lms.core.links import absolute

register = template.Library()


@register.simple_tag
def spoken(language: str) -> SafeString | str:
    """The attributes of an element whose words are in this language; none where all around it is in it too."""
    if not language or language == get_language():
        return ""
    is_bidi = get_language_info(language)["bidi"]
    return format_html(' lang="{}" dir="{}"', language, "rtl" if is_bidi else "ltr")


@register.simple_tag
def said(words: str, language: str) -> SafeString | str:
    """Words with their language around them, where all around is in another."""
    attributes = spoken(language)
    return format_html("<span{}>{}</span>", attributes, words) if attributes else words


@register.simple_tag(takes_context=True)
def in_languages(context: dict[str, Any], codes: tuple[str, ...]) -> list[dict[str, Any]]:
    """The page in each of these languages: code, own name, direction, path, whole address, and whether it is this one."""
    path, here = context["request"].path, get_language() or settings.LANGUAGE_CODE
    found = []
    for code in codes:
        info, where = get_language_info(code), path_in(path, code, here)
        found.append(
            {
                "code": code,
                "name": info["name_local"],
                "dir": "rtl" if info["bidi"] else "ltr",
                "path": where,
                "address": absolute(where),
                "is_here": code == here,
            }
        )
    return found


@register.filter
def own_name(code: str) -> str:
    """What a language calls itself."""
    return get_language_info(code)["name_local"] if code else ""
