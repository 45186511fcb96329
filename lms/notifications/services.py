"""Queueing and sending messages. Queue inside the transaction of the act; sending is safe to repeat."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django_q.tasks import async_task

from lms.core import clock
from lms.notifications.models import Attachment, Message
from lms.people.crisis import crisis_lines
from lms.people.models import Channel, User
from lms.people.queries.contact import contact_of

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8
POST_TAKES = timedelta(days=3)


@dataclass(frozen=True)
class File:
    """A text file to attach; `content_type` may carry parameters, as in `text/calendar; method=REQUEST`."""

    filename: str
    content_type: str
    content: str


@transaction.atomic
def queue_message(
    *,
    template: str,
    context: Mapping[str, Any],
    to: User | None = None,
    address: str = "",
    files: Sequence[File] = (),
    is_secret: bool = False,
    not_after: datetime | None = None,
) -> Message | None:
    """Write a message into the outbox, in the caller's transaction: a mail, or a letter or a call for people to work.

    Goes the way that the person chose. To an `address`, and where `is_secret`, it goes by mail only: somebody without
    mail is then offered a coordinator's help instead. `not_after` is when it is of no use any more: sooner than the
    post, a letter becomes a call where we know a number. Returns None when there is nobody to send to.

    Renders templates/notifications/<template>/{subject.txt,body.txt,body.html}; body.txt is told `by_mail`. `files` go
    with mails only, so the words for the other two hold what is in them.
    """
    by_mail_only = bool(address) or is_secret
    address = address or (to.email if to else "")
    if to is None and not address:
        return None
    if is_secret and not address:
        return queue_message(template="help_with_signing_in", context={}, to=to, not_after=not_after)
    channel = Channel.MAIL if to is None or by_mail_only else channel_for(to, not_after=not_after)
    is_mail = channel == Channel.MAIL
    full = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "crisis": crisis_lines(),
        "to": to,
        **context,
    }
    folder = f"notifications/{template}"
    domain = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip(">")
    message = Message.objects.create(
        to=to,
        channel=channel,
        address=address if is_mail else "",
        template=template,
        subject=" ".join(render_to_string(f"{folder}/subject.txt", full).split())[:200],
        text=_plain(folder, full, by_mail=True) if is_mail else "",
        html=render_to_string(f"{folder}/body.html", full) if is_mail else "",
        # A mail that cannot be sent can go another way, unless it is secret or we know only an address.
        words="" if is_secret or to is None else _plain(folder, full, by_mail=False),
        language=get_language() or "",
        not_after=not_after,
        message_id=f"<{uuid.uuid4()}@{domain}>",
        is_secret=is_secret,
    )
    if is_mail:
        Attachment.objects.bulk_create(
            Attachment(message=message, filename=f.filename, content_type=f.content_type, content=f.content)
            for f in files
        )
        async_task("lms.notifications.tasks.send", message.pk)
    return message


def channel_for(person: User, *, not_after: datetime | None = None) -> Channel:
    """The way a message takes to this person today; never a way that cannot reach them while another can."""
    contact = contact_of(person)
    way = Channel(contact.way) if contact else Channel.MAIL
    phone = contact.phone if contact else ""
    if way == Channel.MAIL and not person.email:
        way = Channel.CALL if phone else Channel.LETTER
    if way == Channel.LETTER and phone and not_after is not None and not_after - clock.now() < POST_TAKES:
        way = Channel.CALL
    return way


def _plain(folder: str, context: dict[str, Any], *, by_mail: bool) -> str:
    return render_to_string(f"{folder}/body.txt", {**context, "by_mail": by_mail}).strip() + "\n"


def send_message(*, message_id: int) -> bool:
    """Send one mail of the outbox; True when this call sent it. Letters and calls are left to people.

    A conditional update leases the row, so two workers never send at once; a worker that dies leaves a lease that
    runs out, and the sweep tries again with the same Message-ID. Gives up, visibly, after eight attempts.
    """
    now = timezone.now()
    leased = (
        Message.objects.unsent()
        .filter(Q(leased_until=None) | Q(leased_until__lt=now), pk=message_id)
        .update(leased_until=now + LEASE, attempts=F("attempts") + 1)
    )
    if not leased:
        return False
    message = Message.objects.prefetch_related("attachments").get(pk=message_id)
    try:
        _as_mail(message).send()
    except (OSError, SMTPException) as error:
        _note_failure(message, error)
        return False
    message.sent_at = timezone.now()
    message.leased_until = None
    message.last_error = ""
    message.words = ""
    if message.is_secret:
        message.text = message.html = ""
    message.save(update_fields=["sent_at", "leased_until", "last_error", "words", "text", "html"])
    return True


def _note_failure(message: Message, error: Exception) -> None:
    """Keep the kind of error (never its text, which may hold an address); retry a little later each time."""
    now = timezone.now()
    message.last_error = type(error).__name__
    message.leased_until = now + timedelta(minutes=2 ** min(message.attempts - 1, 6))
    if message.attempts >= MOST_ATTEMPTS:
        message.given_up_at = now
        if message.is_secret:
            message.text = message.html = ""
    message.save(update_fields=["last_error", "leased_until", "given_up_at", "text", "html"])


def _as_mail(message: Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.address],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(message.html, "text/html")
    for attachment in message.attachments.all():
        mail.attach(_as_mime(attachment))
    return mail


def _as_mime(attachment: Attachment) -> MIMEBase:
    """A text part that keeps the parameters of its type, such as a calendar's method."""
    kind, *parameters = [part.strip() for part in attachment.content_type.split(";")]
    part = MIMEText(attachment.content, kind.split("/")[1], "utf-8")
    for parameter in parameters:
        name, value = parameter.split("=", 1)
        part.set_param(name, value)
    part.add_header("Content-Disposition", "attachment", filename=attachment.filename)
    return part
