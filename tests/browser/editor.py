"""Hands at the CMS's editor."""

import time

from playwright.sync_api import Page

HELD = "() => [...document.querySelectorAll('input[type=hidden]')].map(field => field.value).join('')"


def type_words(page: Page, words: str) -> None:
    """At the cursor, and then as long as it takes until the form holds them: the editor hands them over a moment later."""
    page.keyboard.type(words)
    until = time.monotonic() + 10
    while words not in page.evaluate(HELD):
        assert time.monotonic() < until, f"The form does not hold {words!r}."
        page.wait_for_timeout(50)


def let_it_save(page: Page) -> None:
    """The editor saves by itself half a second after each change; who presses a button meanwhile may be told of a newer draft."""
    until = time.monotonic() + 60
    quiet_since = time.monotonic()
    while time.monotonic() < quiet_since + 1.5:
        if page.locator(".w-autosave-indicator__state--saving:visible").count():
            quiet_since = time.monotonic()
        assert time.monotonic() < until, "The editor goes on saving."
        page.wait_for_timeout(50)
