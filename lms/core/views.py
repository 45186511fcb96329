"""Pages that belong to the house itself: is it up, what to do when it is not, and when a form is too old."""

import sys
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from lms.core import kept
from lms.core.outage import RETRY_SECONDS, is_outage
from lms.core.policy import PUBLIC, policy
from lms.people.crisis import crisis_lines


@policy(PUBLIC)
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return HttpResponse("ok\n", content_type="text/plain")


@policy(PUBLIC)
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, cache, queue and migrations are as they should be; 503 with what is not."""
    parts = {"database": _database, "migrations": _migrations, "cache": _cache, "queue": _queue}
    answers = {}
    for name, check in parts.items():
        try:
            answers[name] = "ok" if check() else "not ready"
        except (DatabaseError, InterfaceError, OSError) as error:
            answers[name] = type(error).__name__
    ready = all(answer == "ok" for answer in answers.values())
    return JsonResponse(answers, status=200 if ready else 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A stale form of our own page goes back to that page with what was typed; anything else is refused."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    if urlsplit(origin).netloc == request.get_host():
        if kept.keep(request):
            sentence = _("This page had been open for a long time. Check what you typed and send it again.")
        else:
            sentence = _("This page had been open for a long time. Here it is as it is now.")
        messages.info(request, sentence)
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", status=403)


csrf_failure.policy = PUBLIC


def server_error(request: HttpRequest) -> HttpResponse:
    """What is shown for an error that nothing caught: 503 while the house is out of order, else 500.

    Django calls it from where it caught the error. It asks no database, nor who is there.
    """
    context = {"crisis": crisis_lines()}
    if is_outage(sys.exception()):
        response = HttpResponse(render_to_string("503.html", context), status=503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    else:
        response = HttpResponse(render_to_string("500.html", context), status=500)
    response.headers["Cache-Control"] = "no-store"
    return response


server_error.policy = PUBLIC


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _cache() -> bool:
    cache.set("readyz", "ok", 10)
    return cache.get("readyz") == "ok"


def _queue() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM django_q_ormq")
        return cursor.fetchone() is not None
