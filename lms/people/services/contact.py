"""Changing how somebody is reached."""

import re

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import Channel, Contact, User
from lms.people.queries.contact import people_helped_by

MOST_LINES = 6
PHONE = re.compile(r"\+?[0-9 ()\-.]{5,40}")


@transaction.atomic
def change_contact(
    *,
    person: User,
    by: User,
    way: str,
    phone: str = "",
    address: str = "",
    best_time: str = "",
    may_leave_message: bool = False,
    large_print: bool = False,
) -> Contact:
    """Keep the way in which somebody wants to be reached. The same again changes nothing.

    `by` is the person, or a coordinator of theirs. Refuses a way that cannot reach them: a letter without an address,
    a call without a number, mail without an email address; and an address that no window of an envelope shows.
    """
    require_helper(person, by)
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    _require_reachable(person, way, phone, lines)
    facts = {
        "way": way,
        "phone": phone,
        "address": "\n".join(lines),
        "best_time": best_time,
        "may_leave_message": may_leave_message,
        "large_print": large_print,
    }
    contact = Contact.objects.select_for_update().filter(person=person).first()
    if contact is not None and all(getattr(contact, name) == value for name, value in facts.items()):
        return contact
    contact, _is_new = Contact.objects.update_or_create(
        person=person, defaults={**facts, "changed_at": clock.now(), "changed_by": by}
    )
    record_act(actor=by, act="changed way of contact", subject=person, obj=contact, purpose=way)
    return contact


def require_helper(person: User, by: User) -> None:
    """Refuses anybody but the person, and the coordinators of an organisation in which they hold a role."""
    if by.pk != person.pk and not people_helped_by(by).filter(pk=person.pk).exists():
        raise RuleBroken(_("Only the person or one of their coordinators can change this."))


def _require_reachable(person: User, way: str, phone: str, lines: list[str]) -> None:
    if way not in Channel.values:
        raise RuleBroken(_("Choose how we reach you."), field="way")
    if phone and not (PHONE.fullmatch(phone) and sum(sign.isdigit() for sign in phone) >= 5):
        raise RuleBroken(_("Enter a phone number, like 01632 960 001."), field="phone")
    if len(lines) > MOST_LINES:
        raise RuleBroken(_("Use six lines or fewer, so that the address fits an envelope."), field="address")
    if way == Channel.MAIL and not person.email:
        raise RuleBroken(_("There is no email address here. Choose a letter or a call."), field="way")
    if way == Channel.CALL and not phone:
        raise RuleBroken(_("Enter a phone number that we can call."), field="phone")
    if way == Channel.LETTER and not lines:
        raise RuleBroken(_("Enter the address that we can write to."), field="address")
