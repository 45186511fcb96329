"""A site with faults: settings, addresses and a task that go wrong with what somebody typed in their error. For tests/lms/test_logs.py."""

import logging
import os

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lms.settings.dev import *  # noqa: F403

ROOT_URLCONF = "tests.faulty"
if os.environ.get("LOGS_AS_THEY_COME"):  # the negative control
    LOGGING = {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"], "level": "INFO"},
    }


def fault(request: HttpRequest, token: str) -> HttpResponse:
    """A mistake of ours, with the typed word in its text, its cause and a local variable."""
    typed = request.POST.get("word") or request.GET.get("word", "")
    logging.getLogger("lms.faulty").warning("Somebody typed %s in %d ms", typed, 5)
    logging.getLogger("somebody.else").error(f"Could not read '{typed}' - {typed}\n{typed}")
    try:
        int(typed)
    except ValueError as error:
        raise KeyError(typed) from error
    return HttpResponse()


def fail(word: str) -> None:
    """A task that fails with what it was given."""
    raise ValueError(word)


def __getattr__(name: str):
    """The addresses, once Django is up: the site's own, and the fault."""
    if name not in ("urlpatterns", "handler500"):
        raise AttributeError(name)
    from django.views.decorators.csrf import csrf_exempt

    from lms import urls
    from lms.core.policy import PUBLIC, policy

    if name == "handler500":
        return urls.handler500
    return [path("fault/<str:token>/", csrf_exempt(policy(PUBLIC)(fault))), *urls.urlpatterns]
