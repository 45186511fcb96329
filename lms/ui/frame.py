"""The frame around every page: drawn once for all to whom it is the same."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from lms.ui.drawn import drawn_once, fill, gap

GAPS = {"csrf_token": gap("csrf"), "address": gap("address"), "has_gaps": True}


def here(path: str, places: str) -> SafeString:
    """The attribute that says that a link leads to where we are, or to what is above it.

    `places`: the link's address and, after a space, that of a part below it with a link of its own.
    """
    href, _space, apart = places.partition(" ")
    if path == href:
        return mark_safe(' aria-current="page"')
    is_above = path.startswith(href) and not (apart and path.startswith(apart))
    return mark_safe(' aria-current="true"' if is_above else "")


def draw_frame(template: str, context) -> SafeString:
    """The part of the frame in this template, as whoever asks should see it."""
    values = _values(context)
    crisis = context.get("crisis")
    # The site's addresses and files are in it too; the crisis lines are frozen, so other numbers are another object.
    key = f"frame:{template}:{get_language()}:{settings.ROOT_URLCONF}:{settings.STATIC_URL}:{values}"
    pieces = drawn_once(
        key, lambda: render_to_string(template, {**values, **GAPS, "crisis": crisis}), about=crisis
    )
    return fill(pieces, lambda kind, about: _filling(context, kind, about))


def _values(context) -> dict:
    user = context.get("user")
    is_signed_in = bool(user and user.is_authenticated)
    return {
        "site_name": context.get("site_name", ""),
        "is_demo": context.get("is_demo", False),
        "languages": context.get("languages", ()),
        "is_signed_in": is_signed_in,
        "is_tutor": is_signed_in and bool(context.get("is_tutor")),
        "is_coordinator": is_signed_in and bool(context.get("is_coordinator")),
    }


def _filling(context, kind: str, about: str) -> str:
    request = context.get("request")
    if kind == "csrf":
        return str(context.get("csrf_token", ""))
    if kind == "here":
        return here(getattr(request, "path", ""), about)
    return escape(request.get_full_path()) if request else ""
