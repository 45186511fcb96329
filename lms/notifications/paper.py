"""A message's words as they stand in a letter, and as they are said on the phone."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lms.core import clock
from lms.documents import render_pdf
from lms.notifications.models import Message
from lms.people.crisis import crisis_lines
from lms.people.models import Contact, NeedKind, Needs, Organisation

# "See your booking:" on one line and an address on the next: nobody types such an address, and nobody says one aloud.
LINK = re.compile(r"^(?P<words>[^\n]+):\n(?P<address>https?://\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """One letter, in its person's language."""

    language: str
    direction: str
    is_large: bool
    name: str
    address: list[str]
    date: str
    greeting: str
    paragraphs: list[list[str]]
    sender: str
    help: str
    crisis_title: str
    crisis: list[str]


def spoken(words: str) -> list[list[str]]:
    """What to say on the phone: the paragraphs, each its lines, without addresses of pages."""
    return _paragraphs(LINK.sub("", words))


def written(words: str) -> list[list[str]]:
    """The paragraphs of a letter, each its lines; instead of a page's long address, where to sign in."""
    site = urlsplit(settings.SITE_URL).netloc
    return _paragraphs(
        LINK.sub(
            lambda link: _("%(what)s: sign in at %(site)s") % {"what": link["words"], "site": site}, words
        )
    )


def letters_pdf(letters: Iterable[Message], *, senders: Mapping[int, Organisation]) -> bytes:
    """One PDF of several letters, each beginning on its own page, with its address where a window envelope shows it.

    `senders`: by the person's primary key, the organisation whose name and number stand on the letter.
    """
    found = list(letters)
    needs = {row.person_id: row for row in Needs.objects.filter(person__in=[one.to_id for one in found])}
    contacts = {row.person_id: row for row in Contact.objects.filter(person__in=[one.to_id for one in found])}
    return render_pdf(
        template="notifications/letters.html",
        stylesheet="notifications/letters.css",
        context={
            "letters": [
                _letter(one, contacts.get(one.to_id), needs.get(one.to_id), senders.get(one.to_id))
                for one in found
            ],
            "site_name": settings.SITE_NAME,
        },
        title=_("Letters"),
        language=found[0].language or "en" if found else "en",
        created=None,
    )


def _letter(
    message: Message, contact: Contact | None, needs: Needs | None, sender: Organisation | None
) -> Letter:
    language = message.language or settings.LANGUAGE_CODE
    with translation.override(language):
        crisis = crisis_lines()
        first_name = message.to.first_name if message.to else ""
        phone = sender.contact_phone if sender else ""
        return Letter(
            language=language,
            direction="rtl" if translation.get_language_bidi() else "ltr",
            is_large=bool(contact and contact.large_print or needs and NeedKind.LARGE_PRINT in needs.kinds),
            name=message.to.display_name if message.to else "",
            address=contact.address.splitlines() if contact else [],
            date=date_format(clock.today(), "j F Y"),
            greeting=_("Hello %(first_name)s,") % {"first_name": first_name} if first_name else _("Hello,"),
            paragraphs=written(message.words),
            sender=sender.name if sender else settings.SITE_NAME,
            help=_("Would you like to hear this letter, or have help with it? Call %(phone)s.")
            % {"phone": phone}
            if phone
            else "",
            crisis_title=_("If it cannot wait"),
            crisis=[f"{line.when}: {line.what}." for line in (crisis.emergency, *crisis.urgent)],
        )


def _paragraphs(words: str) -> list[list[str]]:
    blocks = re.split(r"\n\s*\n", words.strip())
    return [[line for line in block.splitlines() if line.strip()] for block in blocks if block.strip()]
