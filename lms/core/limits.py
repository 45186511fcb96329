"""How often a door may be tried. The counts lie in the shared cache, so they hold across processes.

Who somebody is comes from the address the connection comes from, or, behind proxies of ours, from what the outermost of
them says (settings.ALLAUTH_TRUSTED_PROXY_COUNT): what a browser itself writes into the header counts for nothing.
"""

from collections.abc import Callable
from functools import wraps

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse


def limited(request: HttpRequest, name: str, key: str | None = None) -> bool:
    """Whether this try is one too many; counts it where it is not.

    `name` is a line of settings.DOOR_LIMITS, such as "10/m/ip,5/5m/key". `key` is what the limit is of besides the
    address, such as a sign-in name; only a digest of it is kept. A name without a line is a mistake: KeyError.
    """
    if settings.DOOR_LIMITS is False:
        return False
    config = {name: settings.DOOR_LIMITS[name]}
    return not ratelimit.consume(
        request, app="lms", action=name, config=config, key=(key or "").strip().lower(), limit_get=True
    )


def free(request: HttpRequest, name: str, key: str | None = None) -> None:
    """Forget the tries at this door, as after a right answer."""
    if settings.DOOR_LIMITS is not False:
        config = {name: settings.DOOR_LIMITS[name]}
        ratelimit.clear(request, app="lms", action=name, config=config, key=(key or "").strip().lower())


def limited_door(name: str) -> Callable:
    """For a whole view: one try too many is answered with 429 and the page that says to wait."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if limited(request, name):
                return ratelimit.respond_429(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
