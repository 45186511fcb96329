"""How I am called here, and which programme is mine."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.people import services
from lms.people.forms import AccountForm
from lms.people.queries import has_second_step
from lms.people.second_step import NEXT, needs_second_step
from lms.ui.forms import form_for


@policy(SIGNED_IN)
def account(request: HttpRequest) -> HttpResponse:
    person = request.user
    form = form_for(
        request,
        AccountForm,
        initial={"first_name": person.first_name, "last_name": person.last_name, "audience": person.audience},
    )
    if request.method == "POST" and form.is_valid():

        def change() -> str:
            services.change_account(
                person=person,
                first_name=form.cleaned_data["first_name"],
                last_name=form.cleaned_data["last_name"],
                audience=form.cleaned_data["audience"],
            )
            messages.success(request, _("Saved."))
            return reverse("people:account")

        return once(request, change)
    return render(request, "people/account.html", {"form": form})


@policy(SIGNED_IN)
def second_step(request: HttpRequest) -> HttpResponse:
    """Where the gate leads: why a second step is needed, and how to set it up. With one, on to where one was going."""
    if has_second_step(request.user) or not needs_second_step(request.user):
        return redirect(request.session.pop(NEXT, None) or "dashboard")
    return render(request, "people/second_step.html")
