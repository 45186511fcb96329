"""What the dashboard says about certificates."""

from django.db.models import BigIntegerField
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.certificates.facts import read_facts
from lms.certificates.queries import certificates_visible_to
from lms.core.ready import ReadyQuery
from lms.home.cards import Card, register_cards
from lms.people.models import User

_newest = ReadyQuery(
    lambda person: certificates_visible_to(person).filter(revoked_at=None).values_list("facts")[:1],
    person=BigIntegerField(),
)


def cards(user: User) -> list[Card]:
    """The newest certificate in force. One query."""
    found = _newest(person=user.pk)
    if not found:
        return []
    [(facts,)] = found
    return [
        Card(
            urgency=90,
            section=_("Certificates"),
            title=_("Your certificate is ready"),
            text=read_facts(facts).course,
            action=_("See your certificates"),
            url=reverse("certificates:mine"),
        )
    ]


register_cards("certificates", cards)
