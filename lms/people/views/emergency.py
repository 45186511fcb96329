"""An administrator reads one person's record in an emergency; other administrators see that it happened."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record_look
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy
from lms.people import services
from lms.people.carer_forms import EmergencyForm, EmergencyPersonForm
from lms.people.models import User
from lms.people.policies import ADMINISTRATOR
from lms.people.queries import person_by_address_or_name
from lms.people.queries.emergency import emergency_access, emergency_openings
from lms.ui.forms import form_for


@policy(ADMINISTRATOR)
def emergencies(request: HttpRequest) -> HttpResponse:
    """Who opened whose record, and why; and the way to open one. Whom one looks for is never in an address."""
    form = form_for(request, EmergencyPersonForm)
    if request.method == "POST" and form.is_valid():
        found = person_by_address_or_name(form.cleaned_data["who"])
        if found is not None:
            return redirect("people:emergency", found.public_id)
        form.add_error("who", _("Nobody here has this address or sign-in name. Check the spelling."))
    page = Paginator(emergency_openings(), 30).get_page(request.GET.get("page"))
    return render(request, "people/emergencies.html", {"page": page, "form": form})


@policy(ADMINISTRATOR)
def emergency(request: HttpRequest, public_id) -> HttpResponse:
    """First the reason; then, for an hour, the record."""
    who = get_object_or_404(User, public_id=public_id, is_active=True)
    form = form_for(request, EmergencyForm)
    if request.method == "POST" and form.is_valid():

        def break_glass() -> str:
            services.break_glass(administrator=request.user, person=who, reason=form.cleaned_data["reason"])
            return reverse("people:emergency", args=[who.public_id])

        try:
            return once(request, break_glass)
        except RuleBroken as error:
            form.add_rule_broken(error)
    access = emergency_access(request.user, who)
    if access is not None:
        parts = services.open_record(access=access)
        return render(request, "people/emergency_record.html", {"who": who, "access": access, "parts": parts})
    record_look(viewer=request.user, subject=who, obj=who, purpose="before an emergency")
    return render(request, "people/emergency.html", {"who": who, "form": form})
