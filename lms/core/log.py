"""What the logs say: what went wrong and where in the code, and nothing about anybody.

A log is read by more people than the site is, and kept longer. So no line has an address, a name, a word that
somebody typed, a token, a query string, or the text of an exception, which may quote any of these. A request is named by
its route ("certificates/verify/<str:token>/"), an exception by its class and the lines of code it came through.
"""

import logging
import re
from types import TracebackType

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

HIDDEN = "…"
ROUTE = "lms.route"  # in the WSGI environment, where the web server's log finds it
TRIED_TOO_OFTEN = 429
security = logging.getLogger("lms.security")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
PLAIN = (bool, int, float, type, type(None))
# These send their lines ready-made, with what went wrong at the end: "Failed 'x' (name) - text of the exception".
READY_MADE = re.compile(r" - |\n", re.DOTALL)
# In what is left: what stands in quotes and is no dotted name of code; addresses; paths and links; long random words.
PERSONAL = [
    re.compile(r"\S+@\S+"),
    re.compile(r"\b[a-z]+://\S+", re.IGNORECASE),
    re.compile(r"(?<![\w.])/[^\s'\"]*"),
    re.compile(r"(?<=')(?![\w]+(?:\.[\w]+)+')[^']*(?=')"),
    re.compile(r'(?<=")[^"]*(?=")'),
    re.compile(r"(?=[\w-]*\d)[\w-]{16,}"),
]
# Exceptions of ours whose text is about the set-up and never about a person.
SPOKEN = (ImproperlyConfigured,)


class PlainFormatter(logging.Formatter):
    """One line for what happened, and one for each step through the code where there was an exception."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        # A copy: other handlers get the record as it was.
        record = logging.makeLogRecord(record.__dict__)
        record.message = ""
        record.msg, record.args = said(record), None
        record.exc_text = None  # what another formatter kept, with the exception's text
        record.stack_info = None
        return super().format(record)

    def formatException(self, exc_info) -> str:  # noqa: N802 (the name is logging's)
        return steps(exc_info[1])


def said(record: logging.LogRecord) -> str:
    """The record's message without what may be personal."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        status = getattr(record, "status_code", "")
        return f"{_method(request)} {route_of(request)} {status} {_class_name(record.exc_info)}".rstrip()
    if not isinstance(record.msg, str):  # some log an exception itself
        return _name(type(record.msg))
    template = record.msg
    if record.args:
        return without_the_personal(_filled(template, record.args))
    if _is_ours(record.name):
        return without_the_personal(template)
    return without_the_personal(READY_MADE.split(template, maxsplit=1)[0])


def without_the_personal(text: str) -> str:
    for pattern in PERSONAL:
        text = pattern.sub(HIDDEN, text)
    return text


def route_of(request: HttpRequest) -> str:
    """The pattern of the request's address, such as "coaching/plans/<uuid:plan>/"; never the address itself."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "(no route)"


def _method(request: HttpRequest) -> str:
    """GET and the like; a client may send any word."""
    return request.method if request.method in METHODS else "(unknown)"


def steps(error: BaseException | None) -> str:
    """Where an exception came through and of what class it is, with those that led to it; no text, no values."""
    told = []
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told.append(_steps_of(error, error.__traceback__))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n  led to\n".join(reversed(told))


def _steps_of(error: BaseException, traceback: TracebackType | None) -> str:
    lines = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        module = traceback.tb_frame.f_globals.get("__name__", "?")
        lines.append(f"  {module}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    # A database's own number for the kind of error says much and quotes nothing.
    kind = getattr(getattr(error.__cause__, "sqlite_errorname", None) or error, "sqlite_errorname", None)
    state = kind or getattr(error.__cause__, "sqlstate", None)
    text = f": {error}" if isinstance(error, SPOKEN) else ""
    lines.append(f"  {_name(type(error))}{text}" + (f" [{state}]" if isinstance(state, str) else ""))
    return "\n".join(lines)


def _filled(template: str, args) -> str:
    """The template with its numbers; every other value is hidden."""
    if isinstance(args, dict):
        shown: object = {name: _shown(value) for name, value in args.items()}
    else:
        shown = tuple(_shown(value) for value in (args if isinstance(args, tuple) else (args,)))
    try:
        return template % shown
    except (TypeError, ValueError, KeyError):
        return template


def _shown(value: object) -> object:
    if isinstance(value, type):
        return _name(value)
    if isinstance(value, BaseException):
        return _name(type(value))
    return value if isinstance(value, PLAIN) else HIDDEN


def _class_name(exc_info) -> str:
    return _name(exc_info[0]) if exc_info and exc_info[0] else ""


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _is_ours(logger: str) -> bool:
    return logger.split(".")[0] in {"lms", "courses", "workshops", "coaching"}


class RouteMiddleware:
    """Tells the web server which route a request took, so that its log need not write the address.

    A door that closed because it was tried too often is a line of its own.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        request.META[ROUTE] = f"{_method(request)} {route_of(request)}"
        if response.status_code == TRIED_TOO_OFTEN:
            security.warning("tried too often", extra={"request": request, "status_code": TRIED_TOO_OFTEN})
        return response


SETTINGS = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "lms.core.log.PlainFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "lms.security": {"level": "INFO"},
        # Django's own set-up mails errors, with the request in them, to whoever ADMINS names. Not here.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
