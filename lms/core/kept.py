"""What somebody typed when their session had ended: kept until they have signed in again, for that page only."""

from django.http import HttpRequest, QueryDict

SESSION_KEY = "kept_forms"
MOST_CHARACTERS = 60_000
NEVER_KEPT = {"csrfmiddlewaretoken", "once", "password", "password1", "password2"}


def keep(request: HttpRequest) -> None:
    """Keep this POST's fields in the session, for this address. Passwords are never kept."""
    content = request.POST.copy()
    for name in NEVER_KEPT & set(content):
        del content[name]
    encoded = content.urlencode()
    if len(encoded) <= MOST_CHARACTERS:
        request.session[SESSION_KEY] = {request.path: encoded}


def take(request: HttpRequest) -> QueryDict | None:
    """What was kept for this address, once; None where there is nothing."""
    session = getattr(request, "session", None)
    kept = session.get(SESSION_KEY) if session is not None else None
    if not kept or request.path not in kept:
        return None
    encoded = kept[request.path]
    del session[SESSION_KEY]
    return QueryDict(encoded)
