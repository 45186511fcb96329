"""One's own data: a copy to take, and the way to have it gone."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.rights import services
from lms.rights.forms import EraseForm
from lms.rights.models import Erasure
from lms.rights.queries import copies_of, erasure_waiting_for, what_goes_and_stays
from lms.ui.forms import form_for


@policy(SIGNED_IN)
def your_data(request: HttpRequest) -> HttpResponse:
    """Ask for a copy of all that is held, see how far it is, and take it."""
    if request.method == "POST":
        try:
            return once(
                request,
                lambda: services.ask_for_export(person=request.user) and reverse("rights:your_data"),
            )
        except RuleBroken as error:
            messages.error(request, str(error.message))
            return redirect("rights:your_data")
    copies = list(copies_of(request.user))
    return render(
        request,
        "rights/your_data.html",
        {
            "copies": copies,
            "is_made": any(copy.ready_at is None for copy in copies),
            "erasure": erasure_waiting_for(request.user),
        },
    )


@policy(SIGNED_IN)
@reauthentication_required(allow_get=True)
def copy(request: HttpRequest, public_id) -> HttpResponse:
    """The finished copy, after the person has shown once more that it is them. Only a button leads here."""
    if request.method != "POST":
        return redirect("rights:your_data")
    export = get_object_or_404(copies_of(request.user), public_id=public_id)
    try:
        content = services.take_export(export=export, person=request.user)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect("rights:your_data")
    response = HttpResponse(content, content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="your-data.zip"'
    return response


@policy(SIGNED_IN)
def erase(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and why; and then, with a word typed, the erasure."""
    form = form_for(request, EraseForm)
    if request.method == "POST" and form.is_valid():
        try:
            return _ask(request)
        except RuleBroken as error:
            form.add_rule_broken(error)
    waiting = erasure_waiting_for(request.user)
    goes, stays = ([], []) if waiting else what_goes_and_stays(request.user)
    return render(
        request,
        "rights/erase.html",
        {"form": form, "waiting": waiting, "goes": goes, "stays": stays, "days": settings.ERASURE_DAYS},
    )


@reauthentication_required
def _ask(request: HttpRequest) -> HttpResponse:
    """After the person has shown once more that it is them: the form goes on from there by itself."""

    def do_ask() -> str:
        services.ask_for_erasure(person=request.user, asked_by=request.user, how=Erasure.Asked.SELF)
        return reverse("rights:erase")

    return once(request, do_ask)


@policy(SIGNED_IN)
def call_back(request: HttpRequest) -> HttpResponse:
    """Stay after all. Opened and not pressed, as after signing in again: to the page that says how it stands."""
    if request.method != "POST":
        return redirect("rights:erase")

    def do_call_back() -> str:
        services.call_back_erasure(person=request.user, by=request.user)
        messages.success(request, _("Nothing will be erased. All is as it was."))
        return reverse("rights:your_data")

    return once(request, do_call_back)
