"""Organisations and localities, for administrators; contact details, for an organisation's own coordinators."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record_look
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy
from lms.people import services
from lms.people.coordinate_forms import ContactDetailsForm, FindPersonForm, LocalityForm, OrganisationForm
from lms.people.models import Role
from lms.people.policies import ADMINISTRATOR, DESK
from lms.people.queries import (
    coordinators_of,
    organisations_visible_to,
    person_by_address_or_name,
    role_kinds_of,
)
from lms.ui.forms import form_for


def _is_administrator(request: HttpRequest) -> bool:
    return Role.Kind.ADMINISTRATOR in role_kinds_of(request.user)


@policy(DESK)
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation for an administrator, one's own for a coordinator."""
    return render(
        request,
        "people/organisations.html",
        {
            "organisations": organisations_visible_to(request.user),
            "is_administrator": _is_administrator(request),
        },
    )


@policy(ADMINISTRATOR)
def new(request: HttpRequest) -> HttpResponse:
    """Add an organisation."""
    form = form_for(request, OrganisationForm)
    if request.method == "POST" and form.is_valid():

        def add() -> str:
            organisation = services.add_organisation(added_by=request.user, **form.facts)
            messages.success(request, _("Added. Now give it a coordinator."))
            return reverse("people:organisation", args=[organisation.public_id])

        try:
            return once(request, add)
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "people/organisation_new.html", {"form": form})


@policy(DESK)
def organisation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One organisation: what it is called and where, how it is reached, who coordinates it."""
    found = get_object_or_404(organisations_visible_to(request.user), public_id=public_id)
    is_administrator = _is_administrator(request)
    initial = {"contact_email": found.contact_email, "contact_phone": found.contact_phone}
    if is_administrator:
        initial |= {"name": found.name, "locality": str(found.locality.public_id) if found.locality else ""}
    form = form_for(request, OrganisationForm if is_administrator else ContactDetailsForm, initial=initial)
    if request.method == "POST" and form.is_valid():

        def change() -> str:
            if is_administrator:
                services.change_organisation(organisation=found, changed_by=request.user, **form.facts)
            else:
                services.change_contact_details(
                    organisation=found,
                    changed_by=request.user,
                    contact_email=form.cleaned_data["contact_email"],
                    contact_phone=form.cleaned_data["contact_phone"],
                )
            messages.success(request, _("Saved."))
            return reverse("people:organisation", args=[found.public_id])

        try:
            return once(request, change)
        except RuleBroken as error:
            form.add_rule_broken(error)
            found.refresh_from_db()
    return render(
        request,
        "people/organisation.html",
        {
            "organisation": found,
            "form": form,
            "coordinators": coordinators_of(found),
            "is_administrator": is_administrator,
        },
    )


@policy(ADMINISTRATOR)
def coordinator(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give an organisation a coordinator, found by what they sign in with."""
    found = get_object_or_404(organisations_visible_to(request.user), public_id=public_id)
    form = form_for(request, FindPersonForm)
    if request.method == "POST" and form.is_valid():
        who = person_by_address_or_name(form.cleaned_data["who"])
        if who is None:
            form.add_error("who", _("Nobody has an account with this. Ask them to make one first."))
        else:

            def give() -> str:
                record_look(viewer=request.user, subject=who, obj=who, purpose="coordinating roles")
                services.give_role(
                    person=who,
                    kind=Role.Kind.COORDINATOR,
                    organisation=found,
                    given_by=request.user,
                    starts_on=clock.today(),
                )
                messages.success(
                    request,
                    _("%(person)s now coordinates %(organisation)s.")
                    % {"person": who.display_name, "organisation": found.name},
                )
                return reverse("people:organisation", args=[found.public_id])

            try:
                return once(request, give)
            except RuleBroken as error:
                form.add_rule_broken(error)
    return render(request, "people/organisation_coordinator.html", {"organisation": found, "form": form})


@policy(ADMINISTRATOR)
def locality(request: HttpRequest) -> HttpResponse:
    """Add a town or area to the list that organisations choose from."""
    form = form_for(request, LocalityForm)
    if request.method == "POST" and form.is_valid():

        def add() -> str:
            services.add_locality(name=form.cleaned_data["name"], added_by=request.user)
            messages.success(request, _("Added."))
            return reverse("people:organisations")

        try:
            return once(request, add)
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "people/locality_new.html", {"form": form})
