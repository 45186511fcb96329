"""Forms say in a sentence what is amiss, and take what people really type."""

import uuid
from datetime import date, time

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory
from django.utils.translation import gettext_lazy as _

from lms.core import kept
from lms.core.errors import RuleBroken
from lms.ui.fields import (
    ChoiceList,
    ChoiceRadios,
    LineField,
    LongTextField,
    PlainDateField,
    PlainEmailField,
    PlainTimeField,
    ScaleField,
    WholeNumberField,
    YesField,
)
from lms.ui.forms import OnceField, PlainForm, form_for, once_from


class TopicForm(PlainForm):
    words = LineField(label="Topic", name=_("the topic"), max_length=12)
    more = LongTextField(label="Anything else?", max_length=20, required=False)
    day = PlainDateField(label="Which day?", name=_("the day"), required=False)


def complaint(field, value) -> str:
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(value)
    assert len(caught.value.messages) == 1
    return caught.value.messages[0]


# ---------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the topic."),
        ("  \t ", "Enter the topic."),
        (None, "Enter the topic."),
        ("x" * 13, "The topic must be 12 characters or fewer. You have used 13."),
        (
            "pain\x00",
            "Take out the hidden characters in the topic. They often come along when text is copied.",
        ),
        (
            "\x1b[31mred",
            "Take out the hidden characters in the topic. They often come along when text is copied.",
        ),
        (
            "a\u202eb",
            "Take out the hidden characters in the topic. They often come along when text is copied.",
        ),
        (
            "a\u2067b",
            "Take out the hidden characters in the topic. They often come along when text is copied.",
        ),
        ("\ud800", "Take out the hidden characters in the topic. They often come along when text is copied."),
    ],
)
def test_a_line_says_what_to_do(typed, said):
    assert complaint(LineField(label="Topic", name=_("the topic"), max_length=12), typed) == said


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("  pain   at\nnight ", "pain at night"),
        ("ألم في الليل", "ألم في الليل"),
        ("\u200fשלום", "\u200fשלום"),
        ("\u2067כאב\u2069 now", "\u2067כאב\u2069 now"),
        ("👩🏽‍⚕️ and 🙂", "👩🏽‍⚕️ and 🙂"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("100 % sure", "100 % sure"),
    ],
)
def test_a_line_takes_what_people_write(typed, taken):
    assert LineField(max_length=60).clean(typed) == taken


def test_without_a_noun_the_label_is_quoted():
    field = LineField(label="What matters most?", max_length=3)

    assert complaint(field, "") == "Fill in “What matters most?”."
    assert complaint(field, "four") == "“What matters most?” must be 3 characters or fewer. You have used 4."


def test_long_text_keeps_its_lines_and_counts_a_line_break_once():
    field = LongTextField(label="More", max_length=5)

    assert field.clean(" ab\r\ncd ") == "ab\ncd"
    assert complaint(field, "ab\r\ncde") == "“More” must be 5 characters or fewer. You have used 6."


def test_an_email_address_is_checked():
    field = PlainEmailField(label="Email")

    assert field.clean(" amina@example.org ") == "amina@example.org"
    assert complaint(field, "amina") == "Enter an email address in the right form, like name@example.com."
    assert complaint(field, "") == "Enter your email address."


# ---------------------------------------------------------------- numbers, days, times


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the number of places."),
        ("three", "The number of places must be a whole number from 4 to 20."),
        ("3", "The number of places must be a whole number from 4 to 20."),
        ("9" * 5000, "The number of places must be a whole number from 4 to 20."),
        ("4.5", "The number of places must be a whole number from 4 to 20."),
    ],
)
def test_a_number_says_its_bounds(typed, said):
    field = WholeNumberField(name=_("the number of places"), min_value=4, max_value=20)

    assert complaint(field, typed) == said
    assert field.clean(" 12 ") == 12


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["", "", ""], "Enter the day."),
        (["1", "", ""], "The day must include a month and a year."),
        (["31", "2", "2026"], "Enter a real date. For example, 27 3 2026 is 27 March 2026."),
        (["a", "b", "2026"], "Enter a real date. For example, 27 3 2026 is 27 March 2026."),
        (["1", "3", "26"], "The year must have 4 numbers, such as 2026."),
        (["1", "3", "0000"], "Enter a real date. For example, 27 3 2026 is 27 March 2026."),
        (["9" * 9999, "3", "2026"], "Enter a real date. For example, 27 3 2026 is 27 March 2026."),
        (["-1", "3", "2026"], "Enter a real date. For example, 27 3 2026 is 27 March 2026."),
    ],
)
def test_a_day_says_what_is_missing_or_not_real(typed, said):
    assert complaint(PlainDateField(name=_("the day")), typed) == said


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", "MAR."])
def test_a_day_takes_a_month_in_any_usual_way(month):
    assert PlainDateField().clean([" 7 ", month, "2026"]) == date(2026, 3, 7)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("9:30", time(9, 30)),
        ("14.05", time(14, 5)),
        ("1405", time(14, 5)),
        ("18", time(18, 0)),
        ("2pm", time(14, 0)),
        ("12 am", time(0, 0)),
        ("9:30 p.m.", time(21, 30)),
    ],
)
def test_a_time_is_taken_in_any_usual_way(typed, taken):
    assert PlainTimeField().clean(typed) == taken


@pytest.mark.parametrize("typed", ["25:00", "9:60", "13pm", "soon", "1" * 5000, "9:30 x"])
def test_a_time_that_is_none_is_refused(typed):
    assert complaint(PlainTimeField(), typed) == "Enter a real time, such as 9:30 or 14:05."


# ---------------------------------------------------------------- choices


def test_a_scale_gives_a_number_or_none():
    with_none, without = ScaleField(optional=True), ScaleField()

    assert with_none.clean("0") == 0
    assert with_none.clean("10") == 10
    assert with_none.clean("none") is None
    assert complaint(with_none, "") == "Choose a number from 0 to 10."
    assert complaint(with_none, "11") == "Choose a number from 0 to 10."
    assert complaint(without, "none") == "Choose a number from 0 to 10."


def test_choices_refuse_what_was_not_offered():
    radios = ChoiceRadios(label="Kind", choices=[("a", "A")])
    boxes = ChoiceList(label="Needs", choices=[("a", "A"), ("b", "B")], required=False)

    assert radios.clean("a") == "a"
    assert complaint(radios, "") == "Choose an answer to “Kind”."
    assert complaint(radios, "z") == "Choose one of the answers listed for “Kind”."
    assert boxes.clean(["a", "a", "b"]) == ["a", "b"]
    assert complaint(boxes, ["z"]) == "Choose one of the answers listed for “Needs”."
    assert complaint(YesField(label="I have read it"), "") == "Tick the box beside “I have read it”."


def test_stock_fields_of_a_plain_form_speak_plainly_too():
    class Stock(PlainForm):
        title = forms.CharField(label="100 % title", max_length=3)
        number = forms.IntegerField(label="Number", max_value=5)
        kind = forms.ChoiceField(label="Kind", choices=[("a", "A")])
        own = forms.CharField(label="Own", error_messages={"required": "Say it your way."}, max_length=3)

    form = Stock(data={"title": "four", "number": "9", "kind": "z"})

    assert form.errors == {
        "title": ["“100 % title” must be 3 characters or fewer. You have used 4."],
        "number": ["“Number” must be a whole number, such as 12."],
        "kind": ["Choose one of the answers listed for “Kind”."],
        "own": ["Say it your way."],
    }


# ---------------------------------------------------------------- the form


def a_request(method="get", data=None):
    request = getattr(RequestFactory(), method)("/coaching/", data or {})
    request.session = SessionStore()
    request.user = AnonymousUser()
    return request


def test_each_rendering_has_a_key_of_its_own_and_a_form_that_comes_back_keeps_it():
    first, second = (str(TopicForm()["once"].value()) for _ in range(2))
    key = str(uuid.uuid4())

    again = TopicForm(data={"words": "", "once": key})

    assert first != second
    assert not again.is_valid()
    assert f'value="{key}"' in str(again["once"])
    assert OnceField().clean(key) == uuid.UUID(key)
    assert isinstance(OnceField().clean("not a key"), uuid.UUID)
    assert once_from(a_request("post", {"once": key})) == uuid.UUID(key)


def test_a_broken_rule_stands_beside_its_field_or_above_the_form():
    form = TopicForm(data={"words": "pain"})
    assert form.is_valid()

    form.add_rule_broken(RuleBroken("There are three topics already.", field="words"))
    form.add_rule_broken(RuleBroken("This visit is over.", field="nowhere"))

    assert form.errors["words"] == ["There are three topics already."]
    assert form.non_field_errors() == ["This visit is over."]


def test_what_was_typed_before_the_session_ended_comes_back_once(settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    typed = {
        "words": "pain",
        "more": "at night",
        "day_day": "7",
        "day_month": "",
        "day_year": "2026",
        "once": "x",
        "whose": kept.OF_A_VISITOR,
    }
    request = a_request("post", typed)
    kept.keep(request)
    request.method = "GET"

    form = form_for(request, TopicForm, initial={"words": "sleep"})
    later = form_for(request, TopicForm, initial={"words": "sleep"})

    assert not form.is_bound
    assert form["words"].value() == "pain"
    assert form["more"].value() == "at night"
    assert form["day"].value() == ["7", "", "2026"]
    assert form["once"].value() != "x"
    assert later["words"].value() == "sleep"


def test_a_sent_form_is_bound_to_what_was_sent():
    form = form_for(a_request("post", {"words": "pain"}), TopicForm, initial={"words": "sleep"})

    assert form.is_valid()
    assert form.cleaned_data["words"] == "pain"


# ---------------------------------------------------------------- signing in and up


@pytest.mark.django_db
def test_the_sign_in_pages_say_what_to_do(client):
    signing_in = client.post("/accounts/login/", {"login": "nobody", "password": ""}).context["form"].errors
    signing_up = client.post("/accounts/signup/", {"email": "", "password1": ""}).context["form"].errors
    resetting = (
        client.post("/accounts/password/reset/", {"email": "a\x00b@example.org"}).context["form"].errors
    )

    assert signing_in == {
        "password": ["Enter your password."],
    }
    assert signing_up == {
        "audience": ["Choose which of these is you."],
        "first_name": ["Enter your first name."],
        "last_name": ["Enter your last name."],
        "email": ["Enter your email address."],
        "password1": ["Enter your password."],
    }
    assert len(resetting["email"]) >= 1


@pytest.mark.django_db
def test_a_wrong_password_is_said_without_blame(client):
    form = client.post("/accounts/login/", {"login": "a@example.org", "password": "no such thing"}).context[
        "form"
    ]

    assert form.non_field_errors() == [
        "This address and password do not go together. Check both and try again."
    ]
    assert client.post("/accounts/login/", {"login": "a@example.org", "password": "x" * 1001}).context[
        "form"
    ].errors["password"] == ["Your password must be 1000 characters or fewer. You have used 1001."]
