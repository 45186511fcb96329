"""What somebody typed when their session had ended: kept until that same person signs in again, for that page only.

Computers are shared. A page marks its forms with whose they are (`whose_mark`), so that words left by one person are
never shown to the next: not after a sign-in, and not when a page that one left open is sent by the other.
"""

import re
import time

from django.http import HttpRequest, QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac

from lms.core.acting import acted_by

SESSION_KEY = "kept_forms"
FIELD = "whose"
MOST_CHARACTERS = 60_000
SECONDS = 60 * 60
NEVER_KEPT = {"csrfmiddlewaretoken", "once", FIELD}
SECRET = re.compile("password|secret|token", re.IGNORECASE)
OF_A_VISITOR = "visitor"


def whose_mark(person) -> str:
    """What a form carries to say for whom it was drawn. It names nobody, and cannot be made without our key."""
    if person is None or not person.is_authenticated:
        return OF_A_VISITOR
    carer = acted_by(person)
    whose = str(person.pk) if carer is None else f"{person.pk} by {carer.pk}"
    return salted_hmac("lms.core.kept", whose).hexdigest()[:32]


def is_of_somebody_else(request: HttpRequest) -> bool:
    """Whether this POST comes from a page that was drawn for another person, or for one who is signed out by now."""
    mark = request.POST.get(FIELD, "")
    return mark not in ("", OF_A_VISITOR) and not _is_mine(mark, request)


def keep(request: HttpRequest) -> bool:
    """Keep this POST's fields in the session, for this address; whether whoever is here now will see them.

    Passwords are never kept, nor words of which nobody knows whose they are.
    """
    mark = request.POST.get(FIELD, "")
    if not mark or (request.user.is_authenticated and not _is_mine(mark, request)):
        return False
    content = request.POST.copy()
    for name in set(content):
        if name in NEVER_KEPT or SECRET.search(name):
            del content[name]
    encoded = content.urlencode()
    if len(encoded) > MOST_CHARACTERS:
        return False
    request.session[SESSION_KEY] = {
        "path": request.path,
        "typed": encoded,
        "whose": mark,
        "until": int(time.time()) + SECONDS,
    }
    return _is_mine(mark, request)


def take(request: HttpRequest) -> QueryDict | None:
    """What this same person typed for this address, once and for an hour; None where there is nothing."""
    session = getattr(request, "session", None)
    kept = session.get(SESSION_KEY) if session is not None else None
    if not kept or kept.get("path") != request.path:
        return None
    del session[SESSION_KEY]
    if kept["until"] < time.time() or not _is_mine(kept["whose"], request):
        return None
    return QueryDict(kept["typed"])


def forget_others(request: HttpRequest, person) -> None:
    """Let go of what somebody else typed, as soon as a person signs in."""
    kept = request.session.get(SESSION_KEY)
    if kept and not constant_time_compare(kept.get("whose", ""), whose_mark(person)):
        del request.session[SESSION_KEY]


def _is_mine(mark: str, request: HttpRequest) -> bool:
    return constant_time_compare(mark, whose_mark(getattr(request, "user", None)))
