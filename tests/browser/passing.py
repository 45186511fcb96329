"""Getting past the second step in a browser, as somebody with an app for codes does."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page

STEP = 30  # seconds that a code of an app is shown (RFC 6238)
USED: dict[str, int] = {}  # of each app's secret, the step whose code was typed last


def code_of(secret: str) -> str:
    """What the app shows now, by real time. A code works once: after one was typed, wait for the next as a person would."""
    step = int(time.time()) // STEP
    if USED.get(secret) == step:
        time.sleep((step + 1) * STEP - time.time())
        step += 1
    USED[secret] = step
    return format_hotp_value(hotp_value(secret, step))


def pass_second_step(page: Page, secret: str) -> None:
    """Where the site asks for a code after the password: type the one of now, and be past the gate."""
    page.fill("input[name=code]", code_of(secret))
    page.get_by_role("button", name="Go on", exact=True).click()
    page.wait_for_load_state()
    assert page.locator("input[name=code]").count() == 0, "the code was refused"


def set_up_app(person, password: str) -> str:
    """From the page where the gate leads to: set up an app, write the codes down, go on. The app's secret."""
    person.follow("An app with codes")
    if person.page.locator("input[name=password]").count():
        person.page.fill("input[name=password]", password)
        person.press("Go on", exact=True)
    secret = person.page.locator("main code").first.inner_text()
    person.page.fill("input[name=code]", code_of(secret))
    person.press("Switch it on")
    assert person.page.locator("main ol code").count() == 10
    person.follow("I have them. Go on")
    return secret
