"""What I agreed to: each purpose apart, with its history; and what I live with, for who leads or reviews."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.people import services
from lms.people.carer_forms import LivedWithForm
from lms.people.models import LivedWith
from lms.people.queries import asked_again, consent_history, purposes_of
from lms.people.sharing import purposes_for, shareable
from lms.ui.forms import form_for


@policy(SIGNED_IN)
def consents(request: HttpRequest) -> HttpResponse:
    """Every purpose that concerns me, with a button of its own; below it all I ever agreed to, newest first."""
    if request.method == "POST":
        return _change(request)
    person = request.user
    held, again = purposes_of(person), asked_again(person)
    page = Paginator(consent_history(person), 30).get_page(request.GET.get("page"))
    return render(
        request,
        "people/consents.html",
        {
            "things": [
                {"thing": thing, "is_given": thing.key in held, "is_asked_again": thing.key in again}
                for thing in purposes_for(person, held=held | again)
            ],
            "page": page,
            "history": [
                {"consent": consent, "thing": shareable(consent.what)} for consent in page.object_list
            ],
        },
    )


def _change(request: HttpRequest) -> HttpResponse:
    def change() -> str:
        what = request.POST.get("what", "")
        match request.POST.get("do"):
            case "give":
                services.give_consent(person=request.user, what=what)
                messages.success(request, _("Kept. You can stop at any time, on this page."))
            case "stop":
                services.withdraw_consent(person=request.user, what=what)
                messages.success(request, _("Stopped, from now on."))
        return reverse("privacy:consents")

    try:
        return once(request, change)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect("privacy:consents")


@policy(SIGNED_IN)
def lived_with(request: HttpRequest) -> HttpResponse:
    """In my own words. Nobody is shown them before I agree to it on the page of what I agreed to."""
    known = LivedWith.objects.filter(person=request.user).first()
    form = form_for(request, LivedWithForm, initial={"words": known.words if known else ""})
    if request.method == "POST" and form.is_valid():

        def write() -> str:
            services.write_lived_with(person=request.user, words=form.cleaned_data["words"])
            messages.success(request, _("Saved."))
            return reverse("privacy:consents")

        return once(request, write)
    return render(request, "people/lived_with.html", {"form": form})
