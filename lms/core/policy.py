"""Who may open what. Every view says so; one that does not is answered with 404."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from lms.core import kept


@dataclass(frozen=True)
class Policy:
    """A named answer to "may this person open this page at all?". Rows are guarded by visible-to queries."""

    name: str
    allows: Callable[[HttpRequest], bool]
    needs_sign_in: bool = True


PUBLIC = Policy("public", lambda request: True, needs_sign_in=False)
SIGNED_IN = Policy("signed in", lambda request: request.user.is_authenticated)

# Views that come with a package and guard themselves, by the first part of the route's dotted name.
OF_PACKAGES = {
    "allauth.": "allauth guards its own pages",
    "wagtail.": "Wagtail serves published pages to all and asks for CMS permissions below /cms/",
    "modelsearch.": "Wagtail's search",
    "wagtail_localize.": "translations are pages of the CMS, which asks who may edit them",
    "django.views.i18n": "the language switch and the translations of scripts are public",
    "wagtailnhsukfrontend.": "no page of its own",
}


# Pages of packages that sign somebody in, or set a password, past the one door, its limits and its second step.
# None of them is declared, so none is shown. A group's and a page's shared password opens nothing here either.
CLOSED = (
    "django.contrib.auth.views.",
    "wagtail.admin.views.account.Login",
    "wagtail.admin.views.account.Password",
    "wagtail.views.authenticate_with_password",
    "wagtail.documents.views.serve.authenticate_with_password",
    "django.contrib.admin.sites.AdminSite.login",
    "django.contrib.admin.sites.AdminSite.password_change",
    "allauth.socialaccount.providers.openid_connect.views.",
)

# Who gets into the two admins; the packages ask again at each of their pages.
FOR_WHO_EDITS: dict[str, Callable[[Any], bool]] = {
    "cms/": lambda person: person.has_perm("wagtailadmin.access_admin"),
    "django-admin/": lambda person: person.is_staff,
}

# The same by namespace, where a package mixes in views of other modules.
OF_NAMESPACES = {"admin": "the Django admin asks for staff"}


def policy(rule: Policy):
    """Declare, and enforce, who may open a view.

    Signed out on a page that needs a person: to the sign-in page and back; what was typed is kept.
    Signed in but not allowed: looks like a page that is not there.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if rule.needs_sign_in and not request.user.is_authenticated:
                if request.method == "POST":
                    kept.keep(request)
                return redirect_to_login(request.get_full_path())
            if not rule.allows(request):
                raise Http404
            response = view(request, *args, **kwargs)
            if rule.needs_sign_in or _is_personal(request):
                response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        guarded.policy = rule
        return guarded

    return decorate


def _is_personal(request: HttpRequest) -> bool:
    """Whether a page that all may open was drawn for one: their ticks, places and doors stand on it."""
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return has_session and getattr(request, "user", None) is not None and request.user.is_authenticated


def declared_policy(view, namespaces: Iterable[str] = ()) -> str | None:
    """The policy's name of a view, or why a package's view needs none; None when nothing is declared."""
    own = getattr(view, "policy", None)
    if own is not None:
        return own.name
    view_class = getattr(view, "view_class", None) or getattr(view, "func", view)
    where = f"{view_class.__module__}.{getattr(view_class, '__qualname__', '')}"
    if where.startswith(CLOSED):
        return None
    for namespace in namespaces:
        if namespace in OF_NAMESPACES:
            return OF_NAMESPACES[namespace]
    for prefix, reason in OF_PACKAGES.items():
        if where.startswith(prefix):
            return reason
    return None


class PolicyMiddleware:
    """Answers 404 for any view without a declared policy, so that forgetting one never opens a door."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        if declared_policy(view, request.resolver_match.namespaces) is None:
            raise Http404("This view declares no policy.")


class WhoEditsMiddleware:
    """Whoever is signed in and may not edit sees no page of the two admins. Comes last: others may lead them on first."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        own = getattr(view, "policy", None)
        if (own is None or own.needs_sign_in) and _is_shut_out(request, request.resolver_match.route):
            raise Http404("Not for this person.")


def _is_shut_out(request: HttpRequest, route: str) -> bool:
    """Whether somebody is signed in who may not edit: the packages would send them to sign in, again and again."""
    if not route.startswith(tuple(FOR_WHO_EDITS)) or not request.user.is_authenticated:
        return False
    return not any(may(request.user) for begins, may in FOR_WHO_EDITS.items() if route.startswith(begins))
