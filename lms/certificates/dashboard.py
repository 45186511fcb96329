"""What the dashboard says about certificates."""

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.certificates.queries import certificates_visible_to
from lms.home.cards import Card, register_cards
from lms.people.models import User


def cards(user: User) -> list[Card]:
    """The newest certificate in force. One query."""
    newest = certificates_visible_to(user).filter(revoked_at=None).only("facts", "issued_at").first()
    if newest is None:
        return []
    return [
        Card(
            urgency=90,
            section=_("Certificates"),
            title=_("Your certificate is ready"),
            text=newest.read.course,
            action=_("See your certificates"),
            url=reverse("certificates:mine"),
        )
    ]


register_cards("certificates", cards)
