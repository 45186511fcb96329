"""A carer acts for somebody: looked up at each request, on the addresses the person agreed to and nowhere else.

The carer is signed in as themselves, and their session holds no more than which tie they act over. On an address that a
scope opens, `request.user` is the person for that one view, without any role of theirs. On a public page that is the
same for all, the carer is themselves. Every other address is not there while they act: so nobody writes in their own
page what was meant for another's, and what is the person's alone is out of reach.
"""

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render

from lms.audit.services import record_page
from lms.core import kept
from lms.core.acting import Acting, acting_now, current
from lms.people.models import CarerTie, Consent, User
from lms.people.sharing import Shareable, carer_scopes

SESSION_KEY = "acting_for"
PURPOSE = "acting as carer"
BEGIN = "privacy:act"
# Pages that say the same to everybody, and the ways out.
NEUTRAL = {
    "healthz", "readyz", "help_now", "set_language", "account_logout", "privacy:stop_acting", "certificates:verify",
    "calendar:feed", "wagtaildocs_serve", "media", "javascript-catalog",
}  # fmt: skip
NEUTRAL_NAMESPACES = {"pages"}


def acting_of(carer: User, public_id: str) -> Acting | None:
    """The acting over this tie, if it is the carer's own and in force, with what the person agrees to now. Two queries."""
    try:
        wanted = UUID(public_id)
    except (TypeError, ValueError, AttributeError):
        return None
    tie = (
        CarerTie.objects.in_force()
        .filter(public_id=wanted, carer=carer, person__is_active=True)
        .select_related("person")
        .first()
    )
    if tie is None:
        return None
    agreed = Consent.objects.in_force().filter(carer_tie=tie).values_list("what", flat=True)
    return Acting(person=tie.person, carer=carer, tie=tie, scopes=frozenset(agreed))


def scopes_of(acting: Acting) -> list[Shareable]:
    """What the carer may do for the person now."""
    return [scope for scope in carer_scopes() if scope.key in acting.scopes]


def begin_acting(request: HttpRequest, tie: CarerTie) -> None:
    """From the next request on. Pages that were drawn before can no longer be sent."""
    request.session[SESSION_KEY] = str(tie.public_id)
    rotate_token(request)


def stop_acting(request: HttpRequest) -> None:
    """The same the other way round."""
    request.session.pop(SESSION_KEY, None)
    rotate_token(request)


class ActingMiddleware:
    """Comes after everything that asks who is signed in. Costs no query for those who act for nobody."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = current.set(None)
        try:
            response = self.get_response(request)
            acting = acting_now()
            if acting is not None and response.status_code == 200:
                # The person sees each page that was opened; if that cannot be written, the page is not shown.
                record_page(viewer=acting.carer, subject=acting.person, what=acting.scope, purpose=PURPOSE)
        finally:
            acting = acting_now()
            if acting is not None:
                request.user = acting.carer
            current.reset(token)
        if getattr(request, "acting", None) is not None:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
            return None
        if not request.user.is_authenticated:
            stop_acting(request)
            return None
        acting = acting_of(request.user, request.session[SESSION_KEY])
        if acting is None:
            stop_acting(request)
            return None if _is_neutral(request) else _not_here(request)
        request.acting = acting
        name = request.resolver_match.view_name
        scope = next((one for one in scopes_of(acting) if name in one.opens), None)
        if scope is None:
            is_pressed_again = name == BEGIN and kwargs.get("public_id") == acting.tie.public_id
            return None if is_pressed_again or _is_neutral(request) else _not_here(request)
        acting.person.acted_by = acting.carer
        request.user = acting.person
        current.set(replace(acting, scope=scope.key))
        if request.method == "POST" and kept.is_of_somebody_else(request):
            return _not_here(request)
        return None


def _is_neutral(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match.view_name == "wagtail_serve":
        return request.path == "/" or not any(match.args)
    return match.view_name in NEUTRAL or bool(NEUTRAL_NAMESPACES & set(match.namespaces))


def _not_here(request: HttpRequest) -> HttpResponse:
    acting = getattr(request, "acting", None)
    scopes = scopes_of(acting) if acting is not None else []
    return render(request, "people/acting_elsewhere.html", {"acting": acting, "scopes": scopes}, status=404)
