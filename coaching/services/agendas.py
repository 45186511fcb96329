"""Reading an agenda, starting it, and agreeing it. Each is one transaction."""

from collections.abc import Sequence
from datetime import date, time
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coaching.board import WAITING, called
from coaching.models import Agenda, AgendaTold, AgendaVoice, Side
from coaching.privacy import AGENDA
from coaching.queries import agendas_visible_to, is_shared, upcoming_shared_with, with_board
from coaching.services.topics import FURTHEST_DAY, add_topic, lock_board, side_on, too_long
from coaching.services.words import tidy
from lms.audit.services import record_act, record_look, record_looks
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import CareTie, User
from lms.people.queries import ties_of, ties_sharing
from lms.people.services import give_consent


@transaction.atomic
def open_agenda(*, viewer: User, public_id: UUID) -> Agenda | None:
    """The one way to read an agenda: fetches what the viewer may see now, with its topics, and audits the look.

    None when it is not there for them. If the look cannot be written, reading fails.
    """
    agenda = with_board(agendas_visible_to(viewer)).filter(public_id=public_id).first()
    if agenda is not None:
        record_look(viewer=viewer, subject=agenda.patient, obj=agenda, purpose="agenda of a visit")
    return agenda


@transaction.atomic
def open_upcoming(*, viewer: User, at_most: int) -> list[Agenda]:
    """Agendas of visits from today on that patients share with the viewer now; one look each, in one insert."""
    agendas = list(with_board(upcoming_shared_with(viewer))[:at_most])
    record_looks(viewer=viewer, seen=[(a.patient, a) for a in agendas], purpose="agendas of the next visits")
    return agendas


@transaction.atomic
def start_agenda(
    *,
    tie: CareTie,
    by: User,
    visit_on: date,
    visit_at: time | None = None,
    minutes: int | None = None,
    what_matters: str = "",
    topics: Sequence[tuple[str, int | None]] = (),
    share: bool = False,
) -> Agenda:
    """Start the agenda of one visit, with up to three topics in order of importance.

    `minutes` is the time there is (5 to 240). `share` is the patient's clear yes to sharing agendas over this tie;
    it gives consent. Refuses a tie that is not in force, a day that is over, a patient who has not said yes,
    and a professional with whom agendas are not shared.
    """
    side = side_on(tie, by)
    locked = ties_of(by).select_for_update(of=("self",)).filter(pk=tie.pk).first()
    if locked is None:
        raise RuleBroken(_("You two do not work together here at the moment."))
    tie = locked
    if not is_shared(tie):
        if side != Side.PERSON:
            raise RuleBroken(
                _("The patient has not agreed to share agendas with you. Ask them to start one.")
            )
        if not share:
            raise RuleBroken(
                _(
                    "Tick the box to say that you both may see this list. Without that there is nothing to share."
                ),
                field="share",
            )
        give_consent(tie=tie, person=by, what=AGENDA.key)
    elif side != Side.PERSON and not _may_see(by, tie):
        raise RuleBroken(_("The patient has not agreed to share agendas with you. Ask them to start one."))
    if visit_on < clock.today():
        raise RuleBroken(_("The day of the visit is over. Choose today or a later day."), field="visit_on")
    if visit_on > clock.today() + FURTHEST_DAY:
        raise RuleBroken(_("Choose a day within the next two years."), field="visit_on")
    if minutes is not None and not Agenda.FEWEST_MINUTES <= minutes <= Agenda.MOST_MINUTES:
        raise RuleBroken(_("A visit takes between 5 and 240 minutes."), field="minutes")
    agenda = Agenda.objects.create(
        tie=tie,
        visit_on=visit_on,
        visit_at=visit_at,
        minutes=minutes,
        created_by=by,
        what_matters=tidy(what_matters, most=500, field="what_matters", too_long=too_long())
        if side == Side.PERSON
        else "",
    )
    record_act(actor=by, act="started agenda", subject=tie.patient, obj=agenda)
    for words, minutes_asked in topics:
        if words.strip():
            add_topic(agenda=agenda, by=by, words=words, minutes_asked=minutes_asked)
    return agenda


def _may_see(professional: User, tie: CareTie) -> bool:
    """Role, tie and consent are all in force."""
    return ties_sharing(professional, AGENDA.key).filter(pk=tie.pk).exists()


@transaction.atomic
def agree_agenda(*, agenda: Agenda, by: User, on_seq: int) -> bool:
    """One voice for the list as it stood after move `on_seq`, the one the person saw. True when both now agree.

    Twice changes nothing. Tells the other by mail that this one agreed, without a word of what is on the list.
    Refuses a list that moved meanwhile, one with unanswered topics, and an empty one.
    """
    board = lock_board(agenda, by)
    if on_seq != board.last_seq:
        raise RuleBroken(_("The list changed while you were reading. Look at it again before you agree."))
    if board.in_state(WAITING):
        raise RuleBroken(_("Some topics still need an answer: yes, later, or leave out."))
    if not board.agreed:
        raise RuleBroken(_("Nothing is on your list yet. Say yes to at least one topic first."))
    _voice, is_new = AgendaVoice.objects.get_or_create(agenda=board.agenda, person=by, on_seq=on_seq)
    board.voices_now.add(by.pk)
    if is_new:
        record_act(actor=by, act="agreed agenda", subject=board.agenda.tie.patient, obj=board.agenda)
        _mail_other(board.agenda, by, "agenda_agreed" if board.is_agreed else "agenda_topic_waiting")
    return board.is_agreed


@transaction.atomic
def tell_other(*, agenda: Agenda, by: User) -> bool:
    """Mail the other one that the list has news, without its content; once for each state of the list.

    True when this call told them. Refuses when agendas are not shared now, so nobody is called to an empty page.
    """
    board = lock_board(agenda, by)
    if not is_shared(board.agenda.tie):
        raise RuleBroken(_("You do not share this list at the moment, so there is nobody to tell."))
    if not board.topics:
        raise RuleBroken(_("Add a topic first. Then there is something to tell."))
    _told, is_new = AgendaTold.objects.get_or_create(agenda=board.agenda, by=by, on_seq=board.last_seq)
    if is_new:
        _mail_other(board.agenda, by, "agenda_topic_waiting")
    return is_new


def _mail_other(agenda: Agenda, by: User, template: str) -> None:
    """Nothing about the visit is in the mail, and nothing goes to somebody who may not see the list."""
    other = agenda.tie.other(by)
    if not is_shared(agenda.tie):
        return
    queue_message(
        to=other,
        template=template,
        context={"name": called(by), "url": absolute(reverse("coaching:agenda", args=[agenda.public_id]))},
        not_after=clock.end_of(agenda.visit_on),
    )
