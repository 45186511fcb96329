"""Where I am signed in, and signing out there."""

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.people.device_words import device_in_words


@policy(SIGNED_IN)
def devices(request: HttpRequest) -> HttpResponse:
    """Each sign-in that is open: which device, when last seen. Ends one, all others, or all."""
    if request.method == "POST":
        return _end(request)
    here = request.session.session_key
    open_ones = sorted(
        UserSession.objects.purge_and_list(request.user), key=lambda one: one.last_seen_at, reverse=True
    )
    return render(
        request,
        "people/devices.html",
        {
            "sign_ins": [
                {
                    "pk": one.pk,
                    "device": device_in_words(one.user_agent),
                    "since": one.created_at,
                    "seen": one.last_seen_at,
                    "is_here": one.session_key == here,
                }
                for one in open_ones
            ]
        },
    )


def _end(request: HttpRequest) -> HttpResponse:
    mine = UserSession.objects.filter(user=request.user)
    if request.POST.get("end") == "all":
        end_sessions(request, list(mine))
        return redirect("account_login")

    def end() -> str:
        others = mine.exclude(session_key=request.session.session_key)
        number = request.POST.get("end", "")
        if number != "others":
            others = others.filter(pk=number if number.isdecimal() and len(number) < 19 else 0)
        ended = list(others)
        end_sessions(request, ended)
        messages.success(
            request,
            ngettext("Signed out on %d device.", "Signed out on %d devices.", len(ended)) % len(ended)
            if ended
            else _("That device was signed out already."),
        )
        return reverse("people:devices")

    return once(request, end)
