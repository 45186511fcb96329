"""The demonstration: whole, harmless when loaded again, and never on a production site."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from lms.people.models import Role, User


def said(*words) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


# Rows that a second load may rightly add or touch: what the queue and sign-in keep for themselves.
NOT_COUNTED = {"django_q.ormq", "django_q.schedule", "sessions.session"}


def counts() -> dict[str, int]:
    return {
        model._meta.label_lower: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed and model._meta.label_lower not in NOT_COUNTED
    }


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    said("demo")
    first = counts()
    said("demo")

    assert counts() == first


@pytest.mark.django_db
def test_every_role_is_in_the_cast_and_can_sign_in(client):
    said("demo")
    accounts = json.loads(said("demo", "--credentials"))

    assert set(Role.objects.in_force().values_list("kind", flat=True)) == set(Role.Kind.values)
    for account in accounts:
        assert set(account) == {"role", "email", "sign_in_name", "password", "totp_secret", "try"}
        login = account["email"] or account["sign_in_name"]
        answer = client.post("/accounts/login/", {"login": login, "password": account["password"]})
        if account["totp_secret"]:
            assert answer.url == "/accounts/2fa/authenticate/", account["email"]
            answer = client.post(answer.url, {"code": said("demo", "--code", account["email"]).strip()})
        assert (answer.status_code, answer.url) == (302, "/my/"), login
        client.post("/accounts/logout/")


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"PRODUCTION": True}, {"DEMO": False}])
def test_a_real_site_refuses(settings, change):
    for name, value in change.items():
        setattr(settings, name, value)

    for words in (["demo"], ["demo", "--credentials"], ["demo", "--welcome"]):
        with pytest.raises(CommandError, match="not a demonstration site"):
            said(*words)
    assert User.objects.count() == 0
