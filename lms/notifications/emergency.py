"""How to reach somebody and what helps them, for an administrator in an emergency (lms.people.emergency)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from lms.audit.models import register_words
from lms.people.emergency import Entry, Part, register_emergency
from lms.people.models import User
from lms.people.queries.contact import contact_of
from lms.people.queries.needs import needs_of


def reach(person: User) -> Iterator[Entry]:
    needs, contact = needs_of(person), contact_of(person)
    if contact is not None and (contact.phone or contact.address):
        lines = [contact.phone, contact.best_time, *contact.address.splitlines()]
        yield Entry(str(contact.get_way_display()), [line for line in lines if line])
    if needs is not None and needs.flag:
        yield Entry(str(_("What helps")), [needs.flag])


register_emergency(Part("emergency_reach", _("How to reach them, and what helps them"), reach))
register_words(things={"emergency_reach": _("How we can reach you, and what helps you")})
