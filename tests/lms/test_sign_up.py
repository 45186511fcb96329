"""Signing up: one door, a mail that is readable, and an address that somebody confirmed by pressing a button."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from lms.notifications.models import Message
from lms.people.models import Role, User
from lms.people.queries import role_kinds_of

SAID = {
    "audience": "patient",
    "first_name": "Amina",
    "last_name": "Hart",
    "email": "Amina@Example.org",
    "password1": "seven green bottles",
}


@pytest.mark.django_db
def test_patient_signs_up_and_confirms():
    browser = Client()

    answer = browser.post("/accounts/signup/", SAID)
    assert answer.status_code == 302
    person = User.objects.get()
    assert (person.first_name, person.audience, person.email) == ("Amina", "patient", "amina@example.org")
    message = Message.objects.get()
    assert message.subject == "Confirm your email address" and message.is_secret
    link = re.search(rf"{settings.SITE_URL}(/accounts/confirm-email/\S+)", message.text)[1]

    browser.get(link)
    assert not EmailAddress.objects.get().verified, "a mail scanner that opens links must not confirm"
    confirmed = browser.post(link, follow=True)

    assert EmailAddress.objects.get().verified
    assert confirmed.redirect_chain[-1][0] == "/my/"


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/accounts/signup/", "/accounts/password/reset/"])
def test_a_request_that_lies_about_its_host_sends_nobody_elsewhere(door):
    Client(headers={"host": "evil.example"}).post(door, SAID)

    message = Message.objects.get()
    assert settings.SITE_URL in message.text
    assert "evil.example" not in message.text + message.html


@pytest.mark.django_db
def test_saying_professional_opens_learning_only():
    Client().post("/accounts/signup/", SAID | {"audience": "professional"})

    person = User.objects.get()
    assert person.audience == "professional"
    assert role_kinds_of(person) == set()
    assert Role.objects.count() == 0


@pytest.mark.django_db
def test_role_and_staff_cannot_be_posted():
    Client().post("/accounts/signup/", SAID | {"is_staff": "1", "is_superuser": "1", "roles": "coordinator"})

    person = User.objects.get()
    assert (person.is_staff, person.is_superuser) == (False, False)


@pytest.mark.django_db
def test_known_and_unknown_address_look_alike():
    first = Client().post("/accounts/signup/", SAID)
    again = Client().post("/accounts/signup/", SAID)

    assert (first.status_code, first.url) == (again.status_code, again.url)
    assert User.objects.count() == 1
    assert {m.subject for m in Message.objects.all()} == {
        "Confirm your email address",
        "You already have an account",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("first_name", "", "Enter your first name"),
        ("first_name", "x" * 61, "must be 60 characters or fewer"),
        ("first_name", "Ami\x00na", "hidden characters"),
        ("email", "not an address", "email"),
        ("password1", "short", "12"),
        ("password1", "abc123456789", "common"),
        ("audience", "coordinator", ""),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(field, value, sentence):
    page = Client().post("/accounts/signup/", SAID | {field: value})

    assert page.status_code == 200
    assert User.objects.count() == 0
    text = page.content.decode()
    assert sentence in text
    if field != "last_name":
        assert 'value="Hart"' in text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "أمينة", "🙂 Sam"])
def test_any_name_is_a_name(name):
    Client().post("/accounts/signup/", SAID | {"first_name": name})

    assert User.objects.get().first_name == name
    message = Message.objects.get()
    assert "<script>" not in message.html


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/cms/login/", "/django-admin/login/"])
def test_there_is_one_door_for_signing_in(door):
    answer = Client().get(door + "?next=/cms/")

    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/cms/")
    assert Client().post(door, {"username": "a", "password": "b"}).status_code == 302


@pytest.mark.django_db
def test_the_cms_sends_visitors_to_the_one_door():
    assert Client().get("/cms/").url.startswith("/accounts/login/")
    assert Client().get("/django-admin/").status_code == 302


@pytest.mark.django_db
def test_the_cms_resets_no_passwords_of_its_own():
    answer = Client().get("/cms/password_reset/")

    assert (answer.status_code, answer.url) == (302, "/accounts/password/reset/")
    assert Client().get("/cms/password_reset/confirm/MQ/set-password/").status_code == 404


@pytest.mark.django_db
def test_a_known_address_takes_the_work_of_a_new_one(monkeypatch):
    """Making a password's hash is what takes long: time alone must not tell who has an account here."""
    made = []
    for place in ("lms.people.forms.make_password", "django.contrib.auth.base_user.make_password"):
        monkeypatch.setattr(
            place, lambda password, _kind=place: made.append(password) or make_password(password)
        )

    for _each in range(2):
        Client().post("/accounts/signup/", SAID)

    assert made == [SAID["password1"]] * 2
    assert User.objects.count() == 1
