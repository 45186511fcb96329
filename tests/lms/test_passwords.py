"""Passwords made of what everybody can read on the site."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lms.people.passwords import NotOurWords

OURS = "This password is made of words from this site, so it is easy to guess. Add words of your own."


@pytest.mark.parametrize(
    "password",
    [
        "movingontogether",
        "Moving On Together!",
        "M0ving-0n-T0gether-2026",
        "workinginpartnership1",
        "two-doors-workshop",
        "w0rkshop-c0aching",
        "patient.doctor.nurse",
        "WelcomePassword99",
    ],
)
def test_words_that_everybody_sees_are_no_password(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)

    assert OURS in refused.value.messages


@pytest.mark.parametrize(
    "password",
    [
        "seven green bottles",
        "my nurse walks by the river",
        "a-quiet-walk-by-the-river",
        "healthy otters swim at dawn",
    ],
)
def test_a_sentence_of_ones_own_may_hold_one_of_them(password):
    validate_password(password)


def test_without_the_list_they_would_be_taken():
    NotOurWords(words=(), least=8).validate("movingontogether")


def test_the_sites_own_name_is_on_the_list(settings):
    settings.SITE_NAME = "Lantern Lane"

    with pytest.raises(ValidationError):
        NotOurWords().validate("lantern-lane-1")
