"""The same form twice acts once; what was typed outlives a session."""

import uuid

import pytest
from django.http import HttpRequest, QueryDict
from django.test import Client

from lms.core.errors import RuleBroken
from lms.core.kept import whose_mark
from lms.core.once import once
from lms.people.models import CareTie, User
from tests.factories import UserFactory


def sent(person, **fields) -> HttpRequest:
    request = HttpRequest()
    request.method = "POST"
    request.user = person
    request.path = "/somewhere/"
    request.POST = QueryDict(mutable=True)
    request.POST.update(fields)
    return request


@pytest.fixture
def person(db):
    return UserFactory()


def test_the_same_form_twice_acts_once(person):
    done = []
    request = sent(person, once=str(uuid.uuid4()), words="hello")

    answers = [once(request, lambda: done.append(1) or "/done/").url for _ in range(3)]

    assert answers == ["/done/"] * 3
    assert done == [1]


def test_other_words_with_the_same_key_are_a_new_form(person):
    done = []
    key = str(uuid.uuid4())

    once(sent(person, once=key, words="hello"), lambda: done.append("hello") or "/")
    once(sent(person, once=key, words="hello again"), lambda: done.append("hello again") or "/")

    assert done == ["hello", "hello again"]


def test_a_form_that_was_refused_may_be_sent_again(person):
    request = sent(person, once=str(uuid.uuid4()), words="hello")

    def refuse():
        raise RuleBroken("Not yet.")

    with pytest.raises(RuleBroken):
        once(request, refuse)

    assert once(request, lambda: "/done/").url == "/done/"


@pytest.mark.parametrize("key", ["", "no-key", "\x00", "🙂", "1" * 5000])
def test_a_broken_key_is_only_a_form_without_a_key(person, key):
    assert once(sent(person, once=key), lambda: "/done/").url == "/done/"


def test_what_was_typed_waits_for_the_next_sign_in(cast, signed_in):
    browser = Client()

    answer = browser.post(
        "/privacy/people/invite/", {"email": "nurse@example.org", "whose": whose_mark(cast.patient)}
    )
    assert answer.status_code == 302 and answer.url.startswith(
        "/accounts/login/?next=/privacy/people/invite/"
    )
    browser.force_login(cast.patient, backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get("/privacy/people/invite/").content.decode()

    assert 'value="nurse@example.org"' in page
    assert CareTie.objects.count() == 0
    assert 'value="nurse@example.org"' not in browser.get("/privacy/people/invite/").content.decode()


def test_a_stale_form_keeps_its_words_but_another_site_gets_nothing(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.patient, backend="django.contrib.auth.backends.ModelBackend")

    typed = {"email": "nurse@example.org", "whose": whose_mark(cast.patient)}

    stale = browser.post("/privacy/people/invite/", typed, headers={"origin": "http://testserver"})
    assert stale.status_code == 302
    assert 'value="nurse@example.org"' in browser.get("/privacy/people/invite/").content.decode()

    foreign = browser.post("/privacy/people/invite/", typed, headers={"origin": "http://elsewhere.example"})
    assert foreign.status_code == 403
    assert 'value="nurse@example.org"' not in browser.get("/privacy/people/invite/").content.decode()
    assert CareTie.objects.count() == 0


@pytest.mark.django_db
def test_a_sign_up_that_could_not_be_noted_is_no_sign_up(monkeypatch):
    """Django's cache says "it was there" when its database refuses to write, and the form would be taken as sent twice."""
    typed = {
        "audience": "patient",
        "first_name": "Amina",
        "last_name": "Hart",
        "email": "amina@example.org",
        "password1": "seven green bottles",
    }
    page = Client(raise_request_exception=False)
    page.get("/accounts/signup/")
    typed["csrfmiddlewaretoken"] = page.cookies["csrftoken"].value

    with monkeypatch.context() as locked:
        locked.setattr("lms.core.once.cache.add", lambda *args, **kwargs: False, raising=False)
        refused = page.post("/accounts/signup/", typed)
    taken = page.post("/accounts/signup/", typed)
    again = page.post("/accounts/signup/", typed)

    assert refused.status_code == 503 and "We will be back soon" in refused.content.decode()
    assert (taken.status_code, again.status_code) == (302, 302)
    assert User.objects.filter(emailaddress__email="amina@example.org").count() == 1
