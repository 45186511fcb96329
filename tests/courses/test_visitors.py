"""Trying a lesson without an account, and finding it counted afterwards."""

import pytest
from django.utils.http import urlencode

from courses.models import Answer, Enrolment, LessonCompletion, Place
from lms.core.kept import whose_mark
from lms.people.models import User
from tests.courses.test_learning import address
from tests.factories import UserFactory
from tests.factories.courses import choice_block, make_curriculum, make_lesson, make_module, reflection_block
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return reflection_block()


@pytest.fixture
def lesson(question):
    module = make_module(make_curriculum())
    lesson = make_lesson(module, question, choice_block(), open_to_visitors=True)
    make_lesson(module, title="The next one")
    return lesson


def try_it(client, lesson, question):
    client.post(address(lesson), {f"{question['id']}-answer": "My sister", "save": question["id"]})
    return client.post(address(lesson), {f"{question['id']}-answer": "My sister", "done": "1"}, follow=True)


def sign_up(client, **more):
    form = {"first_name": "Amina", "last_name": "Hart", "email": "amina@example.org", "audience": "patient"}
    return client.post("/accounts/signup/", form | {"password1": PASSWORD} | more)


def test_a_visitors_work_becomes_theirs_at_sign_up(client, lesson, question):
    page = try_it(client, lesson, question)
    assert "Create an account" in page.text and "The next one" in page.text
    assert not Answer.objects.exists() and not Enrolment.objects.exists()

    sign_up(client)

    learner = User.objects.get(email="amina@example.org")
    assert Answer.objects.get().value == {"text": "My sister"}
    assert Answer.objects.get().enrolment.learner == learner
    assert LessonCompletion.objects.get().lesson_key == lesson.translation_key
    assert Place.objects.get().block_id == question["id"]
    assert "tried" not in client.session


def test_a_visitors_work_becomes_theirs_at_sign_in_and_what_was_there_stays(client, lesson, question):
    learner = UserFactory()
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    client.post(address(lesson), {f"{question['id']}-answer": "Written before", "save": question["id"]})
    client.logout()
    try_it(client, lesson, question)

    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})

    assert Answer.objects.get().value == {"text": "Written before"}
    assert LessonCompletion.objects.get().enrolment.learner == learner


def test_what_was_tried_can_be_forgotten(client, lesson, question):
    try_it(client, lesson, question)
    assert "My sister" in client.get(address(lesson)).text
    assert "Forget what I tried here" in client.get("/learn/").text

    for _ in range(2):
        client.post("/learn/forget/")

    assert "My sister" not in client.get(address(lesson)).text
    sign_up(client)
    assert User.objects.filter(email="amina@example.org").exists()
    assert not Answer.objects.exists() and not LessonCompletion.objects.exists()


def test_one_visitor_does_not_see_anothers_work(client, lesson, question):
    from django.test import Client

    try_it(client, lesson, question)

    assert "My sister" not in Client().get(address(lesson)).text


def test_other_lessons_say_kindly_that_they_need_an_account(client, lesson):
    closed = make_lesson(lesson.get_parent().specific, reflection_block(), title="Only with an account")

    page = client.get(address(closed))

    assert page.status_code == 200
    assert "Only with an account" in page.text and "What matters most?" not in page.text
    back = urlencode({"next": address(closed)})
    assert f"/accounts/signup/?{back}" in page.text and f"/accounts/login/?{back}" in page.text


def test_a_session_that_ended_in_the_middle_loses_nothing(client, lesson):
    learner = UserFactory()
    question = reflection_block()
    closed = make_lesson(lesson.get_parent().specific, question)

    typed = {f"{question['id']}-answer": "A long thought", "save": question["id"]}
    sent = client.post(address(closed), typed | {"whose": whose_mark(learner)})
    assert sent.url == f"/accounts/login/?next={address(closed)}"
    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})

    assert "A long thought" in client.get(address(closed)).text
    assert not Answer.objects.exists()
