"""What people do with messages: post a letter, make a call, mend a mail that could not be sent. Each act is audited."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.tasks import async_task

from lms.audit.services import record_act
from lms.core.errors import RuleBroken
from lms.notifications.models import Handling, Message
from lms.notifications.queries import messages_worked_by
from lms.people.models import Channel, NeedKind, NeedsMet, User
from lms.people.queries.contact import contact_of
from lms.people.queries.needs import needs_seen_by_coordinator
from lms.people.services.needs import record_needs_met

Outcome = Handling.Outcome
CALL_OUTCOMES = [Outcome.REACHED, Outcome.NOT_REACHED, Outcome.NOT_WANTED]


@transaction.atomic
def mark_posted(*, letters: Iterable[UUID], by: User) -> int:
    """Note that these letters are in the post; returns how many were not noted before. Twice is once.

    Somebody who needs large print, and lets coordinators know it, had it: letters to them are printed so. A letter
    that is not this person's to work is left alone.
    """
    open_ones = messages_worked_by(by).to_work().filter(channel=Channel.LETTER, public_id__in=list(letters))
    found = list(_locked(open_ones).order_by("pk"))
    for letter in found:
        letter.sent_at = timezone.now()
        letter.attempts += 1
        letter.save(update_fields=["sent_at", "attempts"])
        _note(letter, by, Outcome.POSTED, "posted letter")
    _note_large_print(found, by)
    return len(found)


@transaction.atomic
def record_call(*, call: Message, by: User, outcome: str) -> Message:
    """Note how a call went. Reached, or not wanted: it is done. Not reached: it stays, and the try is counted.

    Refuses a call that somebody has finished meanwhile, unless they noted the same.
    """
    if outcome not in CALL_OUTCOMES:
        raise RuleBroken(_("Choose how the call went."), field="outcome")
    call = _held(call, by)
    if call.sent_at or call.given_up_at:
        last = call.handlings.first()
        if last is not None and last.outcome == outcome:
            return call
        raise RuleBroken(_("Somebody has made this call already."))
    if call.channel != Channel.CALL:
        raise RuleBroken(_("This is not a call any more. Go back to the list."))
    call.attempts += 1
    if outcome == Outcome.REACHED:
        call.sent_at = timezone.now()
    elif outcome == Outcome.NOT_WANTED:
        call.given_up_at = call.settled_at = timezone.now()
    call.save(update_fields=["attempts", "sent_at", "given_up_at", "settled_at"])
    _note(call, by, outcome, "made call")
    return call


@transaction.atomic
def turn_message(*, message: Message, channel: str, by: User) -> Message:
    """Send a message another way: a letter as a call, a call as a letter, a mail that could not be sent as either.

    Refuses where we do not know where to, and a mail with a link that only its owner may see.
    """
    if channel not in (Channel.LETTER, Channel.CALL):
        raise RuleBroken(_("Choose a letter or a call."))
    message = _held(message, by)
    if message.channel == channel and message.sent_at is None and message.given_up_at is None:
        return message
    _require_workable(message)
    contact = contact_of(message.to) if message.to else None
    if message.is_secret or not message.words or message.to is None:
        raise RuleBroken(_("This one can only go by email. Help the person in another way."))
    if channel == Channel.LETTER and not (contact and contact.address):
        raise RuleBroken(_("We have no postal address for them. Add it first."))
    if channel == Channel.CALL and not (contact and contact.phone):
        raise RuleBroken(_("We have no phone number for them. Add it first."))
    message.channel = channel
    message.address = message.text = message.html = message.last_error = ""
    message.attempts = 0
    message.given_up_at = message.leased_until = None
    message.save()
    message.attachments.all().delete()
    _note(message, by, Outcome.TURNED, "sent another way", purpose=channel)
    return message


@transaction.atomic
def send_again(*, mail: Message, by: User) -> Message:
    """Try a mail again that could not be sent, with the same Message-ID, to the address its person has now.

    Refuses one whose words are forgotten. One that is waiting already stays as it is.
    """
    mail = _held(mail, by)
    if mail.channel == Channel.MAIL and mail.sent_at is None and mail.given_up_at is None:
        return mail
    _require_workable(mail)
    if mail.channel != Channel.MAIL or not mail.text:
        raise RuleBroken(_("This one cannot be sent again. Help the person in another way."))
    mail.address = (mail.to.email if mail.to else "") or mail.address
    mail.attempts = 0
    mail.given_up_at = mail.leased_until = None
    mail.last_error = ""
    mail.save()
    async_task("lms.notifications.tasks.send", mail.pk)
    _note(mail, by, Outcome.SENT_AGAIN, "sent again")
    return mail


@transaction.atomic
def settle(*, message: Message, by: User) -> Message:
    """Note that the person was helped in another way: the message leaves the desk. Twice is once.

    Refuses a mail that is still on its way.
    """
    message = _held(message, by)
    if message.settled_at is None:
        _require_workable(message)
        if message.channel == Channel.MAIL and message.given_up_at is None:
            raise RuleBroken(_("This one is still on its way."))
        message.settled_at = timezone.now()
        message.given_up_at = message.given_up_at or message.settled_at
        message.save(update_fields=["settled_at", "given_up_at"])
        _note(message, by, Outcome.HELPED, "helped in another way")
    return message


def occasion_of(message: Message) -> str:
    """The name under which it is noted whether needs were met by a message."""
    return f"notifications.message:{message.pk}"


def _note_large_print(letters: list[Message], by: User) -> None:
    needs = needs_seen_by_coordinator(by).filter(person__in=[letter.to_id for letter in letters])
    readers = {row.person_id for row in needs if NeedKind.LARGE_PRINT in row.kinds}
    for letter in letters:
        if letter.to_id in readers:
            record_needs_met(
                person=letter.to,
                by=by,
                occasion=occasion_of(letter),
                occasion_words=letter.get_channel_display(),
                outcome=NeedsMet.Outcome.MET,
                words=_("In large print"),
            )


def _held(message: Message, by: User) -> Message:
    """The row as it is now, held; only for those whose work it is."""
    found = _locked(messages_worked_by(by).filter(pk=message.pk)).first()
    if found is None:
        raise RuleBroken(_("Only a coordinator of this person can do this."))
    return found


def _locked(messages):
    return messages.select_for_update(of=("self",)).select_related("to")


def _require_workable(message: Message) -> None:
    if message.sent_at or message.settled_at:
        raise RuleBroken(_("Somebody has dealt with this already."))


def _note(message: Message, by: User, outcome: str, act: str, purpose: str = "") -> None:
    Handling.objects.create(message=message, by=by, outcome=outcome)
    record_act(actor=by, act=act, subject=message.to, obj=message, purpose=purpose or outcome)
