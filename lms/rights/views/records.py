"""How long things stay, and for whom they must: the administrators' side; and a coordinator's help for who has no email."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record_look
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy
from lms.people.models import User
from lms.people.policies import ADMINISTRATOR, COORDINATOR
from lms.people.queries import person_by_email, person_by_sign_in_name
from lms.rights import services
from lms.rights.forms import EraseForThemForm, HoldForm, PeriodForm
from lms.rights.periods import CLASSES, periods
from lms.rights.queries import deletions, erasable_by, erasure_waiting_for, holds_in_force
from lms.rights.services.retention import to_review
from lms.ui.forms import form_for


@policy(ADMINISTRATOR)
def retention(request: HttpRequest) -> HttpResponse:
    """How long each class is kept on this site, what is due for a look, and the log of what is gone."""
    form = form_for(request, PeriodForm)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _set_period(request, form.cleaned_data))
        except RuleBroken as error:
            form.add_rule_broken(error)
    days, due = periods(), to_review()
    return render(
        request,
        "rights/retention.html",
        {
            "form": form,
            "classes": [(one, days[one.key], due.get(one.key)) for one in CLASSES.values()],
            "page": Paginator(deletions(), 30).get_page(request.GET.get("page")),
        },
    )


def _set_period(request: HttpRequest, said: dict) -> str:
    services.set_period(key=said["key"], days=said["days"], by=request.user)
    messages.success(request, _("Saved. It counts from tonight."))
    return reverse("records:retention")


@policy(ADMINISTRATOR)
def holds(request: HttpRequest) -> HttpResponse:
    """For whom nothing is deleted for now; place such a hold, and lift it."""
    form = form_for(request, HoldForm)
    if request.method == "POST" and "lift" in request.POST:
        number = request.POST["lift"]
        hold = get_object_or_404(
            holds_in_force(), pk=number if number.isdecimal() and len(number) < 19 else 0
        )
        return once(
            request,
            lambda: services.lift_hold(hold=hold, by=request.user) and reverse("records:holds"),
        )
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _place(request, form.cleaned_data))
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "rights/holds.html", {"form": form, "holds": holds_in_force()})


def _place(request: HttpRequest, said: dict) -> str:
    known = said["email"]
    person = person_by_email(known) if "@" in known else person_by_sign_in_name(known)
    if person is None:
        raise RuleBroken(_("Nobody here uses this address or name."), field="email")
    services.place_hold(person=person, reason=said["reason"], by=request.user)
    return reverse("records:holds")


@policy(COORDINATOR)
def erase_for_them(request: HttpRequest, public_id) -> HttpResponse:
    """Somebody without email asked a coordinator to be erased, or to stay after all."""
    who = get_object_or_404(erasable_by(request.user), public_id=public_id)
    here = reverse("records:erase", args=[who.public_id])
    form = form_for(request, EraseForThemForm)
    if request.method == "POST" and "call_back" in request.POST:
        return once(request, lambda: _call_back(request, who) or here)
    if request.method == "POST" and form.is_valid():
        try:
            return once(
                request,
                lambda: (
                    services.ask_for_erasure(person=who, asked_by=request.user, how=form.cleaned_data["how"])
                    and here
                ),
            )
        except RuleBroken as error:
            form.add_rule_broken(error)
    record_look(viewer=request.user, subject=who, obj=who, purpose="coordinating roles")
    return render(
        request,
        "rights/erase_for_them.html",
        {"form": form, "who": who, "waiting": erasure_waiting_for(who), "days": settings.ERASURE_DAYS},
    )


def _call_back(request: HttpRequest, who: User) -> None:
    services.call_back_erasure(person=who, by=request.user)
    messages.success(request, _("Nothing will be erased. All is as it was."))
