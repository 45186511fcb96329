"""Files that somebody uploaded never act in the site's name: headers that still them, and a host of their own."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

PICTURES = "/media/"
RECORDINGS = "/media/recordings/"
FILES = re.compile(r"^/(media/|documents/\d+/)")
# Opened by itself, a file may load nothing, run nothing, and has no origin.
STILL = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"


class FilesApart:
    """Gives out uploaded files so that nothing in them can act, whatever got past the checks.

    With MEDIA_HOST set, that host gives out files and nothing else, reads no cookie and sets none; the site's own host sends whoever
    asks it for a picture there. A document of a closed collection needs a person, so it stays on the site's own host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.MEDIA_HOST and request.get_host().lower() == settings.MEDIA_HOST:
            return self.on_files_host(request)
        if settings.MEDIA_HOST and request.path.startswith(PICTURES):
            return HttpResponsePermanentRedirect(settings.MEDIA_ORIGIN + request.path)
        response = self.get_response(request)
        if FILES.match(request.path):
            still(response)
        return response

    def on_files_host(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not FILES.match(request.path):
            return nothing_here()
        for secret in ("HTTP_COOKIE", "HTTP_AUTHORIZATION"):
            request.META.pop(secret, None)
        response = self.get_response(request)
        if response.status_code not in (200, 206, 304, 416):
            return nothing_here()
        response.cookies.clear()
        still(response)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.path.startswith(RECORDINGS):
            # A player asks for a film and its captions by script's rules.
            response.headers["Access-Control-Allow-Origin"] = settings.SITE_URL
        return response


def nothing_here() -> HttpResponse:
    response = HttpResponse("Not found\n", status=404, content_type="text/plain; charset=utf-8")
    still(response)
    return response


def still(response: HttpResponse) -> None:
    response.headers["Content-Security-Policy"] = STILL
    response.headers["X-Content-Type-Options"] = "nosniff"
