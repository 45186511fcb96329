"""One browser, two people: what one of them typed or tried is never shown to the other, and never lost to oneself."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from courses.models import Answer
from lms.core import kept
from tests.courses.test_learning import address
from tests.factories.courses import make_curriculum, make_lesson, make_module, reflection_block
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
INVITE = "/privacy/people/invite/"
TYPED = "canary-nurse@example.org"


def sign_in(browser: Client, person, hidden: dict | None = None) -> None:
    """Through the door that everybody uses."""
    said = {"login": person.email, "password": PASSWORD}
    answer = browser.post("/accounts/login/", said | (hidden or {}))
    assert answer.status_code == 302 and "login" not in answer.url


def end_session(browser: Client) -> None:
    """The session is gone from the server, and the browser does not know it."""
    browser.session.flush()


def drawn(browser: Client, path: str) -> dict[str, str]:
    """The hidden values of the page's own form, as the browser would send them back."""
    page = BeautifulSoup(browser.get(path).content, "html.parser")
    form = page.select_one("main form:has(input[name=whose])")
    return {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}


def types_after_the_session_ended(browser: Client, person) -> None:
    sign_in(browser, person)
    form = drawn(browser, INVITE)
    end_session(browser)
    answer = browser.post(INVITE, form | {"email": TYPED})
    assert answer.url.startswith("/accounts/login/")


def test_the_same_person_finds_what_they_typed(cast):
    browser = Client()
    types_after_the_session_ended(browser, cast.patient)

    sign_in(browser, cast.patient)

    assert TYPED in browser.get(INVITE).text
    assert TYPED not in browser.get(INVITE).text, "once"


def test_the_next_person_finds_nothing(cast):
    browser = Client()
    types_after_the_session_ended(browser, cast.patient)

    sign_in(browser, cast.outsider)

    assert kept.SESSION_KEY not in browser.session, "let go at once, not only when the page is opened"
    assert TYPED not in browser.get(INVITE).text


def test_without_the_rule_the_next_person_would_read_it(cast, monkeypatch):
    """The control: only the mark stands between the two."""
    monkeypatch.setattr(kept, "whose_mark", lambda person: "the same for all")
    browser = Client()
    types_after_the_session_ended(browser, cast.patient)
    sign_in(browser, cast.outsider)

    assert TYPED in browser.get(INVITE).text


def test_a_page_left_open_and_sent_by_the_next_person_leaves_no_words(cast):
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, cast.patient, drawn(browser, "/accounts/login/"))
    left_open = drawn(browser, INVITE)
    end_session(browser)
    sign_in(browser, cast.outsider, drawn(browser, "/accounts/login/"))

    answer = browser.post(INVITE, left_open | {"email": TYPED}, headers={"origin": "http://testserver"})

    assert (answer.status_code, answer.url) == (302, INVITE)
    page = browser.get(INVITE).text
    assert TYPED not in page and "Here it is as it is now." in page


def test_words_wait_for_an_hour(cast, monkeypatch):
    browser = Client()
    types_after_the_session_ended(browser, cast.patient)
    sign_in(browser, cast.patient)
    later = time.time() + kept.SECONDS + 1
    monkeypatch.setattr(kept.time, "time", lambda: later)

    assert TYPED not in browser.get(INVITE).text


def test_words_that_nobody_signed_are_not_kept(cast):
    browser = Client()

    browser.post(INVITE, {"email": TYPED})

    assert kept.SESSION_KEY not in browser.session


@pytest.mark.parametrize("name", ["oldpassword", "password1", "new_password2", "Password"])
def test_no_password_is_ever_kept(cast, name):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.patient, backend="django.contrib.auth.backends.ModelBackend")
    typed = {"whose": kept.whose_mark(cast.patient), name: "seven green bottles", "other": "kept"}

    browser.post("/accounts/password/change/", typed, headers={"origin": "http://testserver"})

    assert browser.session[kept.SESSION_KEY]["typed"] == "other=kept"


# ---------------------------------------------------------------- lessons that anybody may try


@pytest.fixture
def question():
    return reflection_block()


@pytest.fixture
def lesson(question):
    return make_lesson(make_module(make_curriculum()), question, open_to_visitors=True)


def reflect(browser: Client, lesson, question, **more):
    return browser.post(
        address(lesson), {f"{question['id']}-answer": "Canarywort", "save": question["id"]} | more
    )


def test_a_learner_whose_session_ended_is_no_visitor(cast, lesson, question):
    """The lesson is open to all, so their words would become what the next person "tried"."""
    browser = Client()
    sign_in(browser, cast.patient)
    form = drawn(browser, address(lesson))
    end_session(browser)

    answer = reflect(browser, lesson, question, **form)

    assert answer.url == f"/accounts/login/?next={address(lesson)}"
    assert "tried" not in browser.session
    assert "Canarywort" not in browser.get(address(lesson)).text
    sign_in(browser, cast.outsider)
    assert "Canarywort" not in browser.get(address(lesson)).text
    assert not Answer.objects.exists()


def test_the_learner_finds_the_words_of_an_open_lesson_again(cast, lesson, question):
    browser = Client()
    sign_in(browser, cast.patient)
    form = drawn(browser, address(lesson))
    end_session(browser)
    reflect(browser, lesson, question, **form)

    sign_in(browser, cast.patient)

    assert "Canarywort" in browser.get(address(lesson)).text


@pytest.mark.parametrize(("hours", "adopted"), [(1, True), (3, False)])
def test_an_account_that_was_there_takes_only_what_was_tried_lately(
    cast, lesson, question, at, hours, adopted
):
    morning = datetime(2026, 3, 2, 9, tzinfo=UTC)
    at(morning)
    browser = Client()
    reflect(browser, lesson, question, whose=kept.OF_A_VISITOR)

    at(morning + timedelta(hours=hours))
    sign_in(browser, cast.outsider)

    assert Answer.objects.filter(enrolment__learner=cast.outsider).exists() is adopted
    assert ("Canarywort" in browser.get(address(lesson)).text) is adopted
    assert "tried" not in browser.session


def test_signing_out_leaves_nothing_in_the_browser(cast, lesson, question):
    browser = Client()
    sign_in(browser, cast.patient)
    reflect(browser, lesson, question, whose=kept.whose_mark(cast.patient))
    assert "Canarywort" in browser.get(address(lesson)).text

    browser.post("/accounts/logout/")

    assert "Canarywort" not in browser.get(address(lesson)).text
