"""Passkeys in a browser with an authenticator of its own: made by a patient, used to sign in, and as a second step."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site, link_in, running_site

pytestmark = pytest.mark.browser

PASSWORD = "seven green bottles on a wall"
AMINA, RUTH = "amina@people.example", "ruth@clinic.example"
LED_TO = "/people/account/second-step/"


@pytest.fixture(scope="module")
def site(tmp_path_factory, new_database):
    folder = tmp_path_factory.mktemp("passkeys")
    organisation = ["start_organisation", "Riverside Clinic", RUTH, "Ruth", "Bell"]
    with running_site(folder, database_url=new_database(), set_up=[organisation]) as running:
        yield running


class Browser:
    """A browser at http://localhost, where browsers allow passkeys without https, with an authenticator in it."""

    def __init__(self, chromium, site: Site, **options) -> None:
        self.site = site
        base = site.base.replace("127.0.0.1", "localhost")
        self.context = chromium.new_context(base_url=base, viewport={"width": 320, "height": 640}, **options)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.authenticator = self.context.new_cdp_session(self.page)
        self.authenticator.send("WebAuthn.enable")
        self.number = self.authenticator.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )["authenticatorId"]

    def holder_is(self, verified: bool) -> None:
        """Whether the device knows the finger that is on it."""
        self.authenticator.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.number, "isUserVerified": verified}
        )

    def keys(self) -> int:
        known = self.authenticator.send("WebAuthn.getCredentials", {"authenticatorId": self.number})
        return len(known["credentials"])

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def at(self, path: str) -> None:
        self.page.wait_for_url(lambda url: urlsplit(url).path == path, timeout=60_000)

    def sign_in(self, email: str) -> None:
        self.page.goto("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.press("Sign in")

    def sign_out(self) -> None:
        self.page.goto("/accounts/logout/")
        self.page.locator("main").get_by_role("button", name="Sign out", exact=True).click()
        self.page.wait_for_load_state()

    def make_passkey(self, name: str) -> None:
        if self.page.locator("main input[name=password]").count():
            self.page.fill("input[name=password]", PASSWORD)
            self.press("Go on")
        self.page.fill("input[name=name]", name)
        self.press("Make the passkey")
        self.at("/accounts/2fa/recovery-codes/")
        assert self.page.locator("main ol code").count() == 10


@pytest.fixture
def browser(chromium, site):
    made = []

    def make(**options) -> Browser:
        made.append(Browser(chromium, site, **options))
        return made[-1]

    yield make
    complaints = [line for one in made for line in one.complaints]
    for one in made:
        one.context.close()
    assert [line for line in complaints if "404" not in line] == [], (
        "nothing broke, and no policy was violated"
    )


def sign_up(one: Browser) -> None:
    one.page.goto("/accounts/signup/")
    one.page.check("input[name=audience][value=patient]")
    for name, words in {
        "first_name": "Amina", "last_name": "Hart", "email": AMINA, "password1": PASSWORD,
    }.items():  # fmt: skip
        one.page.fill(f"input[name={name}]", words)
    one.press("Create my account")
    one.page.wait_for_load_state()
    one.page.goto(link_in(one.site.mail_to(AMINA, "Confirm your email address")))
    one.press("Yes, this is my address")
    one.at("/my/")


def choose_password(one: Browser) -> None:
    one.page.goto("/accounts/password/reset/")
    one.page.fill("input[name=email]", RUTH)
    one.press("Send me the link")
    one.page.wait_for_load_state()
    one.page.goto(link_in(one.site.mail_to(RUTH, "new password")))
    for field in one.page.locator("main input[type=password]").all():
        field.fill(PASSWORD)
    one.press("Save my new password")
    one.page.wait_for_load_state()


def test_a_patient_makes_a_passkey_and_signs_in_with_it(browser):
    amina = browser()
    sign_up(amina)

    amina.page.goto("/people/account/")
    amina.page.get_by_role("link", name="Your second step").click()
    amina.page.get_by_role("link", name="Set up a passkey").or_(
        amina.page.get_by_role("button", name="Set up a passkey")
    ).first.click()
    amina.page.wait_for_load_state()
    amina.make_passkey("My old phone")
    assert amina.keys() == 1
    amina.sign_out()

    amina.page.goto("/accounts/login/?next=/privacy/")
    amina.press("Sign in with a passkey")
    amina.at("/privacy/")
    amina.page.goto("/accounts/2fa/webauthn/")
    expect(amina.page.get_by_role("heading", name="My old phone")).to_be_visible()
    amina.sign_out()

    # Somebody else's finger on her phone.
    amina.holder_is(verified=False)
    amina.page.goto("/accounts/login/")
    amina.press("Sign in with a passkey")
    expect(amina.page.get_by_role("alert")).to_have_text(
        "That did not work. Try again, or sign in with your password.", timeout=30_000
    )
    amina.page.goto("/my/")
    assert "/accounts/login/" in amina.page.url


def test_a_passkey_of_another_device_opens_nothing(browser):
    stranger = browser()

    stranger.page.goto("/accounts/login/")
    expect(stranger.page.get_by_role("alert")).to_be_hidden()
    stranger.press("Sign in with a passkey")
    expect(stranger.page.get_by_role("alert")).to_be_visible(timeout=60_000)
    stranger.page.goto("/my/")
    assert "/accounts/login/" in stranger.page.url


def test_a_coordinator_is_led_to_a_passkey_and_asked_for_it(browser):
    ruth = browser()
    choose_password(ruth)
    ruth.sign_in(RUTH)
    ruth.at(LED_TO)

    ruth.page.get_by_role("link", name="A passkey").click()
    ruth.page.wait_for_load_state()
    ruth.make_passkey("Desk")
    ruth.page.get_by_text("I have them. Go on").click()
    ruth.at("/my/")
    ruth.sign_out()

    ruth.sign_in(RUTH)
    ruth.at("/accounts/2fa/authenticate/")
    ruth.press("Use my passkey")
    ruth.at("/my/")
    ruth.page.goto("/people/")
    assert ruth.page.locator("h1").count() == 1 and "/people/" in ruth.page.url


def test_without_scripts_the_pages_say_what_else_there_is(browser):
    plain = browser(java_script_enabled=False)

    plain.page.goto("/accounts/login/")
    expect(plain.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(plain.page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    plain.sign_in(AMINA)
    plain.page.wait_for_load_state()
    assert "/accounts/2fa/authenticate/" in plain.page.url
    expect(plain.page.get_by_label("Code")).to_be_visible()
    expect(plain.page.get_by_role("button", name="Use my passkey")).to_be_hidden()
