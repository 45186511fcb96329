"""A coordinator helps somebody in: find them, give and end roles, record what was checked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record_look
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy
from lms.people import services
from lms.people.forms import FindPersonForm, GiveRoleForm
from lms.people.models import Organisation, Role, User
from lms.people.policies import COORDINATOR
from lms.people.queries import (
    organisations_coordinated_by,
    people_of,
    person_by_email,
    roles_coordinated_by,
)
from lms.ui.forms import form_for


@policy(COORDINATOR)
def find(request: HttpRequest) -> HttpResponse:
    """Find a person by address, and see who holds a role in my organisations."""
    form = FindPersonForm(request.GET if "email" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        found = person_by_email(form.cleaned_data["email"])
        if found is None:
            form.add_error(
                "email", _("Nobody has signed up with this address. Ask them to make an account first.")
            )
    if found is not None:
        record_look(viewer=request.user, subject=found, obj=found, purpose="coordinating roles")
    organisations = organisations_coordinated_by(request.user)
    return render(
        request, "people/find.html", {"form": form, "found": found, "people": people_of(organisations)}
    )


@policy(COORDINATOR)
def person(request: HttpRequest, public_id) -> HttpResponse:
    """One person's roles; give one, with the registration check where the role needs it."""
    who = get_object_or_404(User, public_id=public_id, is_active=True)
    organisation = organisations_coordinated_by(request.user).first()
    form = form_for(request, GiveRoleForm, initial=GiveRoleForm.usual())
    if request.method == "POST" and "end" in request.POST:
        return _end_role(request, who)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _give_role(request, who, organisation, form.cleaned_data))
        except RuleBroken as error:
            form.add_rule_broken(error)
    record_look(viewer=request.user, subject=who, obj=who, purpose="coordinating roles")
    roles = roles_coordinated_by(request.user, who)
    return render(
        request,
        "people/person.html",
        {
            "who": who,
            "organisation": organisation,
            "form": form,
            "roles": roles.in_force().select_related("organisation", "check_seen__checked_by"),
        },
    )


def _give_role(request: HttpRequest, who: User, organisation: Organisation, said: dict) -> str:
    check = None
    if said["kind"] in Role.NEEDS_CHECK:
        check = services.record_registration_check(
            person=who,
            organisation=organisation,
            register=said["register"],
            number=said["number"],
            seen_on=said["seen_on"],
            renew_on=said["renew_on"],
            checked_by=request.user,
        )
    role = services.give_role(
        person=who,
        kind=said["kind"],
        organisation=organisation,
        given_by=request.user,
        starts_on=said["starts_on"],
        ends_on=said["ends_on"],
        check=check,
    )
    messages.success(
        request,
        _("%(person)s is now %(role)s.") % {"person": who.display_name, "role": role.get_kind_display()},
    )
    return reverse("people:person", args=[who.public_id])


def _end_role(request: HttpRequest, who: User) -> HttpResponse:
    number = request.POST["end"]
    role = get_object_or_404(
        roles_coordinated_by(request.user, who), pk=number if number.isdecimal() and len(number) < 19 else 0
    )
    try:
        return once(
            request,
            lambda: (
                services.end_role(role=role, ended_by=request.user)
                and reverse("people:person", args=[who.public_id])
            ),
        )
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect("people:person", who.public_id)
