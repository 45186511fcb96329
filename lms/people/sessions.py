"""How long a sign-in lasts: it ends when it was not used for a while, and after thirty days in any case."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.people.second_step import needs_second_step

BEGAN, SEEN = "sign_in_began", "sign_in_seen"
NOTE_EVERY = 10 * 60


@receiver(user_logged_in, dispatch_uid="people.sessions.begin")
def begin(sender, request, **kwargs) -> None:
    if hasattr(request, "session"):
        request.session[BEGAN] = request.session[SEEN] = int(time.time())


class SessionLimitsMiddleware:
    """Signs out whoever was away too long, by real time. Notes that somebody is there once in ten minutes, not oftener.

    Two weeks without a visit end a patient's sign-in, half a day that of somebody with a role (settings.SESSION_*).
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            _check(request)
        return self.get_response(request)


def _check(request: HttpRequest) -> None:
    now = int(time.time())
    began = request.session.get(BEGAN, now)
    seen = request.session.get(SEEN, 0)
    away = now - seen if seen else 0
    if _is_over(request, now - began, away):
        logout(request)
        messages.info(request, _("You were away for a while, so we signed you out. Sign in to go on."))
        return
    if now - seen >= NOTE_EVERY:
        request.session[BEGAN], request.session[SEEN] = began, now
        UserSession.objects.filter(session_key=request.session.session_key).update(
            last_seen_at=timezone.now()
        )


def _is_over(request: HttpRequest, lasted: int, away: int) -> bool:
    if lasted >= settings.SESSION_LONGEST or away >= settings.SESSION_COOKIE_AGE:
        return True
    return (
        away >= settings.SESSION_IDLE_WITH_ROLE
        and request.user.is_authenticated
        and needs_second_step(request.user)
    )
