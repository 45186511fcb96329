"""How we can reach somebody and help them join in: their own page, and a coordinator's for them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record_look
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.people.models import Channel, Contact, Needs, User
from lms.people.needs_sharing import NEEDS_WITH_COORDINATORS, NEEDS_WITH_TUTORS
from lms.people.policies import COORDINATOR
from lms.people.queries import purposes_of
from lms.people.queries.contact import contact_of, people_helped_by
from lms.people.queries.needs import needs_of, needs_seen_by_coordinator, times_needs_met
from lms.people.reach_forms import ContactForm, NeedsForm, NeedsForThemForm
from lms.people.services import give_consent, withdraw_consent
from lms.people.services.contact import change_contact
from lms.people.services.needs import forget_needs, record_needs, review_needs
from lms.ui.forms import form_for

AUDIENCES = (NEEDS_WITH_TUTORS, NEEDS_WITH_COORDINATORS)
CONTACT_FIELDS = ("way", "phone", "best_time", "may_leave_message", "address", "large_print")
NEEDS_FIELDS = ("kinds", "language", "words")
MOST_TIMES = 20


@policy(SIGNED_IN)
def overview(request: HttpRequest) -> HttpResponse:
    """What I said about being reached and joining in, who sees it, and whether it was there."""
    person = request.user
    if request.method == "POST":
        return _change(request)
    needs, agreed = needs_of(person), purposes_of(person)
    return render(
        request,
        "people/needs.html",
        {
            "contact": contact_of(person) or Contact(person=person),
            "needs": needs,
            "is_due": bool(needs and person.ask_needs_on and person.ask_needs_on <= clock.today()),
            "audiences": [(thing, thing.key in agreed) for thing in AUDIENCES],
            "times": times_needs_met(person)[:MOST_TIMES],
        },
    )


def _change(request: HttpRequest) -> HttpResponse:
    person, here = request.user, reverse("privacy:needs")
    keys = {thing.key for thing in AUDIENCES}

    def change() -> str:
        what = request.POST.get("what", "")
        match request.POST.get("do"):
            case "share" if what in keys:
                give_consent(person=person, what=what)
                messages.success(request, _("They can see it now. You can stop at any time, on this page."))
            case "stop" if what in keys:
                withdraw_consent(person=person, what=what)
                messages.success(request, _("Stopped. They can no longer see it."))
            case "review":
                review_needs(person=person)
                messages.success(request, _("Thank you. We ask again in a year."))
            case "forget":
                forget_needs(person=person)
                messages.success(request, _("Taken away."))
        return here

    try:
        return once(request, change)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect(here)


@policy(SIGNED_IN)
def edit(request: HttpRequest) -> HttpResponse:
    """Say what helps me take part."""
    form = form_for(request, NeedsForm, initial=_facts(needs_of(request.user), NEEDS_FIELDS))
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _record(request, request.user, form, reverse("privacy:needs")))
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "people/needs_edit.html", {"form": form})


@policy(SIGNED_IN)
def contact(request: HttpRequest) -> HttpResponse:
    """Say how we reach me."""
    return _contact_page(request, request.user, reverse("privacy:needs"))


@policy(COORDINATOR)
def needs_for_them(request: HttpRequest, public_id) -> HttpResponse:
    """What helps somebody I coordinate: read it where they agreed, write it down where they say so."""
    who = get_object_or_404(people_helped_by(request.user), public_id=public_id)
    seen = needs_seen_by_coordinator(request.user).filter(person=who).first()
    form = form_for(request, NeedsForThemForm, initial=_facts(seen, NEEDS_FIELDS))
    if request.method == "POST" and form.is_valid():
        here = reverse("people:needs", args=[who.public_id])
        try:
            return once(request, lambda: _record(request, who, form, here))
        except RuleBroken as error:
            form.add_rule_broken(error)
    if seen is not None:
        record_look(viewer=request.user, subject=who, obj=seen, purpose="arranging what helps")
    return render(
        request,
        "people/needs_for_them.html",
        {
            "who": who,
            "form": form,
            "needs": seen,
            "is_due": bool(seen and who.ask_needs_on and who.ask_needs_on <= clock.today()),
            "times": times_needs_met(who)[:MOST_TIMES] if seen else [],
        },
    )


@policy(COORDINATOR)
def contact_for_them(request: HttpRequest, public_id) -> HttpResponse:
    """Change how we reach somebody I coordinate, with them."""
    who = get_object_or_404(people_helped_by(request.user), public_id=public_id)
    return _contact_page(request, who, reverse("people:contact", args=[who.public_id]))


def _contact_page(request: HttpRequest, who: User, done_url: str) -> HttpResponse:
    known = contact_of(who)
    usual = {} if known else {"way": Channel.MAIL} if who.email else {}
    form = form_for(request, ContactForm, initial=_facts(known, CONTACT_FIELDS) | usual)
    if request.method == "POST" and form.is_valid():

        def change() -> str:
            said = {name: form.cleaned_data[name] for name in CONTACT_FIELDS}
            change_contact(person=who, by=request.user, **said)
            messages.success(request, _("Saved."))
            return done_url

        try:
            return once(request, change)
        except RuleBroken as error:
            form.add_rule_broken(error)
    if known is not None:
        record_look(viewer=request.user, subject=who, obj=known, purpose="helping to reach them")
    return render(
        request,
        "people/contact.html",
        {"form": form, "who": who, "is_mine": who.pk == request.user.pk},
    )


def _record(request: HttpRequest, who: User, form: NeedsForm, done_url: str) -> str:
    said = {name: form.cleaned_data[name] for name in NEEDS_FIELDS}
    record_needs(person=who, by=request.user, said_so=form.cleaned_data.get("said_so", False), **said)
    messages.success(request, _("Saved."))
    return done_url


def _facts(row: Contact | Needs | None, names: tuple[str, ...]) -> dict:
    return {name: getattr(row, name) for name in names} if row is not None else {}
