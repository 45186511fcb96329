"""The desk: letters to post, calls to make, mails that could not be sent. The same care for each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lms.audit.services import record_look, record_looks
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy
from lms.notifications import work
from lms.notifications.models import Message
from lms.notifications.paper import letters_pdf, spoken, written
from lms.notifications.queries import (
    calls_to_make,
    given_up_mails,
    letters_to_post,
    message_worked_by,
    messages_worked_by,
    senders_of,
)
from lms.people.models import Channel
from lms.people.policies import DESK
from lms.people.queries.contact import contact_of
from lms.people.queries.needs import needs_seen_by_coordinator, people_to_ask_again
from lms.people.reach_forms import CallForm, PostedForm, recipient
from lms.people.services.needs import record_needs_met
from lms.ui.forms import form_for

MOST = 50
PURPOSE = "letters and calls"


@policy(DESK)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for me, the most pressing first; mark letters as posted."""
    worker = request.user
    letters = list(letters_to_post(worker)[:MOST])
    ready = [one for one in letters if _has_address(one)]
    form = form_for(request, PostedForm, letters=ready, worked=message_worked_by(worker))
    if request.method == "POST" and form.is_valid():
        return once(request, lambda: _mark_posted(request, form.cleaned_data["letters"]))
    calls, mails = list(calls_to_make(worker)[:MOST]), list(given_up_mails(worker)[:MOST])
    _look(request, [*letters, *calls, *mails])
    return render(
        request,
        "people/desk.html",
        {
            "form": form,
            "letters": [_row(one) for one in letters],
            "ready": len(ready),
            "calls": [_row(one) for one in calls],
            "mails": [_row(one) for one in mails],
            "ask_again": people_to_ask_again(worker)[:MOST],
        },
    )


def _mark_posted(request: HttpRequest, letters: list[str]) -> str:
    count = work.mark_posted(letters=letters, by=request.user)
    messages.success(
        request,
        ngettext("%(count)d letter noted as posted.", "%(count)d letters noted as posted.", count)
        % {"count": count},
    )
    return reverse("people:desk")


@policy(DESK)
@require_safe
def all_letters(request: HttpRequest) -> HttpResponse:
    """One PDF of every letter that waits and has an address."""
    letters = [one for one in letters_to_post(request.user)[:MOST] if _has_address(one)]
    return _pdf(request, letters) if letters else redirect("people:desk")


@policy(DESK)
@require_safe
def letter(request: HttpRequest, public_id) -> HttpResponse:
    """One letter, to print."""
    letters = message_worked_by(request.user).filter(channel=Channel.LETTER)
    return _pdf(request, [get_object_or_404(letters, public_id=public_id)])


def _pdf(request: HttpRequest, letters: list[Message]) -> HttpResponse:
    _look(request, letters)
    content = letters_pdf(letters, senders=senders_of(request.user, {one.to_id for one in letters}))
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="letters.pdf"'},
    )


@policy(DESK)
def message(request: HttpRequest, public_id) -> HttpResponse:
    """One letter, call or mail: what it says, and what I did with it."""
    found = get_object_or_404(message_worked_by(request.user), public_id=public_id)
    needs = needs_seen_by_coordinator(request.user).filter(person=found.to_id).first()
    if request.method == "POST" and "do" in request.POST:
        return _pressed(request, found)
    form = None
    if found.channel == Channel.CALL:
        form = form_for(request, CallForm, asks_needs=bool(needs and needs.flag))
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            return once(request, lambda: _note_call(request, found, form.cleaned_data))
        except RuleBroken as error:
            form.add_rule_broken(error)
    _look(request, [found])
    if needs and needs.flag:
        record_look(viewer=request.user, subject=found.to, obj=needs, purpose="arranging what helps")
    is_open = found.sent_at is None and found.settled_at is None
    return render(
        request,
        "people/message.html",
        {
            "form": form,
            "message": found,
            "name": recipient(found),
            "contact": contact_of(found.to) if found.to else None,
            "needs": needs.flag if needs else "",
            "sender": senders_of(request.user, {found.to_id}).get(found.to_id),
            "paragraphs": spoken(found.words) if found.channel == Channel.CALL else written(found.words),
            "others": _also_waiting(request, found) if is_open else [],
            "can_go_again": found.channel == Channel.MAIL and bool(found.text),
            "can_turn": bool(found.words) and found.to is not None,
            "handlings": found.handlings.select_related("by"),
            "is_open": is_open,
        },
    )


def _pressed(request: HttpRequest, found: Message) -> HttpResponse:
    """A button without anything to fill in."""
    by = request.user

    def act() -> str:
        match request.POST["do"]:
            case "posted":
                work.mark_posted(letters=[found.public_id], by=by)
            case "letter":
                work.turn_message(message=found, channel=Channel.LETTER, by=by)
            case "call":
                work.turn_message(message=found, channel=Channel.CALL, by=by)
            case "again":
                work.send_again(mail=found, by=by)
            case "settle":
                work.settle(message=found, by=by)
            case _:
                return reverse("people:message", args=[found.public_id])
        messages.success(request, _("Thank you. It is noted."))
        return reverse("people:desk")

    try:
        return once(request, act)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect("people:message", found.public_id)


def _note_call(request: HttpRequest, found: Message, said: dict) -> str:
    work.record_call(call=found, by=request.user, outcome=said["outcome"])
    if said.get("met"):
        record_needs_met(
            person=found.to,
            by=request.user,
            occasion=work.occasion_of(found),
            occasion_words=found.get_channel_display(),
            outcome=said["met"],
            words=said["met_words"],
        )
    messages.success(request, _("Thank you. It is noted."))
    return reverse("people:desk")


def _also_waiting(request: HttpRequest, found: Message) -> list[Message]:
    """What else waits for the same person the same way: one call, or one envelope, is enough."""
    if found.to_id is None or found.channel == Channel.MAIL:
        return []
    same = messages_worked_by(request.user).to_work().filter(to=found.to_id, channel=found.channel)
    return list(same.exclude(pk=found.pk).order_by("created_at", "pk")[:MOST])


def _has_address(found: Message) -> bool:
    contact = getattr(found.to, "contact", None)
    return bool(contact and contact.address)


def _row(found: Message) -> dict:
    """A line on the desk. No word of the message stands on it."""
    last = next(iter(found.handlings.all()), None)
    return {
        "message": found,
        "name": recipient(found),
        "contact": getattr(found.to, "contact", None),
        "has_address": _has_address(found),
        "is_late": found.not_after is not None and found.not_after < clock.now(),
        "last": last,
    }


def _look(request: HttpRequest, seen: list[Message]) -> None:
    record_looks(
        viewer=request.user, seen=[(one.to, one) for one in seen if one.to is not None], purpose=PURPOSE
    )
