"""Preparing a visit, and agreeing with the other one what to talk about."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coaching.board import Topic, board_of, called
from coaching.forms import AgendaForm, LaterForm, LeaveOutForm, MoveForm, TopicForm
from coaching.models import Agenda, AgendaItem, Side
from coaching.privacy import AGENDA
from coaching.queries import agendas_visible_to, is_shared
from coaching.services import (
    add_topic,
    agree_agenda,
    agree_topic,
    bring_back_topic,
    leave_out_topic,
    open_agenda,
    park_topic,
    start_agenda,
    tell_other,
    withdraw_topic,
)
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.people.models import CareTie
from lms.people.queries import ties_of, ties_sharing
from lms.ui.forms import form_for


@policy(SIGNED_IN)
def agenda_choose(request: HttpRequest) -> HttpResponse:
    """With whom is the visit? Goes straight on where there is only one answer."""
    ties = _ties_to_start_on(request.user)
    if len(ties) == 1:
        return redirect("coaching:agenda_new", tie_id=ties[0].public_id)
    people = [
        {"tie": tie, "name": called(tie.other(request.user)), "is_patient": tie.patient_id == request.user.pk}
        for tie in ties
    ]
    return render(request, "coaching/agenda_choose.html", {"people": people})


@policy(SIGNED_IN)
def agenda_new(request: HttpRequest, tie_id: UUID) -> HttpResponse:
    person = request.user
    tie = next((tie for tie in _ties_to_start_on(person) if tie.public_id == tie_id), None)
    if tie is None:
        raise Http404
    is_patient = tie.patient_id == person.pk
    needs_share = is_patient and not is_shared(tie)
    form = form_for(request, AgendaForm, is_patient=is_patient, needs_share=needs_share)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _start(form, tie, person))
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(
        request,
        "coaching/agenda_new.html",
        {
            "form": form,
            "tie": tie,
            "name": called(tie.other(person)),
            "is_patient": is_patient,
            "needs_share": needs_share,
            "words": AGENDA.words,
        },
    )


def _ties_to_start_on(person) -> list[CareTie]:
    """A patient may start one over any tie in force; a professional only where agendas are shared."""
    shared = set(ties_sharing(person, AGENDA.key).values_list("pk", flat=True))
    return [tie for tie in ties_of(person) if tie.patient_id == person.pk or tie.pk in shared]


def _start(form: AgendaForm, tie: CareTie, person) -> str:
    data = form.cleaned_data
    started = start_agenda(
        tie=tie,
        by=person,
        visit_on=data["visit_on"],
        visit_at=data["visit_at"],
        minutes=data["minutes"],
        what_matters=data.get("what_matters", ""),
        topics=form.topics(),
        share=data.get("share", False),
    )
    return _page(started)


@policy(SIGNED_IN)
def agenda(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Two columns that become one list. A press on the page is a move; it comes back to the page."""
    error = None
    if request.method == "POST":
        found = get_object_or_404(agendas_visible_to(request.user), public_id=public_id)
        try:
            return once(request, lambda: _press(request, found))
        except RuleBroken as refused:
            error = refused.message
    shown = open_agenda(viewer=request.user, public_id=public_id)
    if shown is None:
        raise Http404
    viewer, tie = request.user, shown.tie
    board = board_of(shown)
    is_patient = tie.patient_id == viewer.pk
    mine, theirs = (Side.PERSON, Side.PROFESSIONAL) if is_patient else (Side.PROFESSIONAL, Side.PERSON)
    return render(
        request,
        "coaching/agenda.html",
        {
            "agenda": shown,
            "board": board,
            "error": error,
            "is_patient": is_patient,
            "other": called(tie.other(viewer)),
            "patient_name": tie.patient.first_name or called(tie.patient),
            "status": board.status_for(viewer),
            "mine": _rows(board.waiting_of(mine), viewer),
            "theirs": _rows(board.waiting_of(theirs), viewer),
            "history": _history(board, viewer),
            "can_change": tie.ended_at is None,
            "is_shared": is_shared(tie),
            "can_speak": tie.ended_at is None and board.is_complete and not board.spoken(viewer),
        },
    )


def _rows(topics: list[Topic], viewer) -> list[dict]:
    return [
        {"topic": topic, "owes": topic.waits_for(viewer.pk), "is_mine": topic.item.raised_by_id == viewer.pk}
        for topic in topics
    ]


def _press(request: HttpRequest, found: Agenda) -> str:
    """Do the one move that was pressed; give the address to go back to."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise RuleBroken(_("That did not reach us whole. Press the button again."))
    move, by = form.cleaned_data["move"], request.user
    if move == MoveForm.VOICE:
        both = agree_agenda(agenda=found, by=by, on_seq=form.cleaned_data["on_seq"] or 0)
        messages.success(
            request, _("You have both agreed this list.") if both else _("You have agreed this list.")
        )
    elif move == MoveForm.TELL:
        name = called(found.tie.other(by))
        if tell_other(agenda=found, by=by):
            messages.success(request, _("We have told %(name)s that the list has news.") % {"name": name})
        else:
            messages.info(request, _("%(name)s knows already.") % {"name": name})
    else:
        item = get_object_or_404(found.items.all(), pk=form.cleaned_data["item"])
        {
            MoveForm.AGREE: agree_topic,
            MoveForm.WITHDRAW: withdraw_topic,
            MoveForm.BRING_BACK: bring_back_topic,
        }[move](item=item, by=by)
    return _page(found)


def _history(board, viewer) -> list[dict]:
    """Who moved what, the newest first, in words."""
    names = {
        person.pk: called(person) for person in (board.agenda.tie.patient, board.agenda.tie.professional)
    }
    names[viewer.pk] = _("You")
    moves = sorted((move for topic in board.topics for move in topic.moves), key=lambda move: -move.seq)
    words = {topic.item.pk: topic.item.words for topic in board.topics}
    return [
        {"who": names.get(m.by_id, ""), "did": m.get_kind_display(), "words": words[m.item_id], "move": m}
        for m in moves
    ]


@policy(SIGNED_IN)
def topic_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(agendas_visible_to(request.user), public_id=public_id)
    form = form_for(request, TopicForm, initial={"priority": _free_place(found, request.user)})
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _add(form, found, request))
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(
        request,
        "coaching/topic_new.html",
        {
            "form": form,
            "agenda": found,
            "other": called(found.tie.other(request.user)),
            "is_shared": is_shared(found.tie),
        },
    )


def _free_place(found: Agenda, person) -> int:
    """The first place among the three that no open topic of this side holds; 0 when there is none."""
    side = Side.PERSON if found.tie.patient_id == person.pk else Side.PROFESSIONAL
    taken = {t.item.priority for t in board_of(found).topics if t.is_open and t.item.raised_by_side == side}
    return next((place for place in (1, 2, 3) if place not in taken), 0)


def _add(form: TopicForm, found: Agenda, request: HttpRequest) -> str:
    data = form.cleaned_data
    add_topic(
        agenda=found,
        by=request.user,
        words=data["words"],
        minutes_asked=data["minutes_asked"],
        priority=int(data["priority"]) or None,
    )
    messages.success(request, _("Your topic is on the table."))
    return _page(found)


@policy(SIGNED_IN)
def topic_later(request: HttpRequest, public_id: UUID, item_id: int) -> HttpResponse:
    return _answer_topic(request, public_id, item_id, LaterForm, "coaching/topic_later.html", park_topic)


@policy(SIGNED_IN)
def topic_leave_out(request: HttpRequest, public_id: UUID, item_id: int) -> HttpResponse:
    return _answer_topic(
        request, public_id, item_id, LeaveOutForm, "coaching/topic_leave_out.html", leave_out_topic
    )


def _answer_topic(
    request: HttpRequest, public_id: UUID, item_id: int, form_class, template: str, service
) -> HttpResponse:
    """A small form about one topic of an agenda that the person may see. Showing the topic is a look at the agenda."""
    form = form_for(request, form_class)
    if request.method == "POST" and form.is_valid():
        found = get_object_or_404(agendas_visible_to(request.user), public_id=public_id)
        item: AgendaItem = get_object_or_404(found.items.all(), pk=item_id)
        answer = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        try:
            return once(request, lambda: _page(service(item=item, by=request.user, **answer).agenda))
        except RuleBroken as error:
            form.add_rule_broken(error)
    shown = open_agenda(viewer=request.user, public_id=public_id)
    item = next((item for item in shown.items.all() if item.pk == item_id), None) if shown else None
    if item is None:
        raise Http404
    return render(
        request,
        template,
        {
            "form": form,
            "agenda": shown,
            "item": item,
            "other": called(shown.tie.other(request.user)),
        },
    )


def _page(shown: Agenda) -> str:
    return reverse("coaching:agenda", args=[shown.public_id])
