"""Who to call when it cannot wait. One place, so that a number is changed once.

Source and review: each nation's lines name an owner who checks them by the review date.
England: NHS England's public advice on urgent mental health help, 999 for danger to life, Samaritans 116 123,
and the text service SHOUT on 85258.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class CrisisLine:
    """`when` is the situation, `what` the action, `number` what to dial (digits), `by` call or text."""

    when: str
    what: str
    number: str
    by: str = "call"


@dataclass(frozen=True)
class CrisisLines:
    emergency: CrisisLine
    urgent: tuple[CrisisLine, ...]
    review_on: date
    owner: str


NATIONS = {
    "england": CrisisLines(
        emergency=CrisisLine(_("Somebody's life is in danger"), _("Call 999 now"), "999"),
        urgent=(
            CrisisLine(
                _("You need urgent help with your mental health"), _("Call 111 and choose option 2"), "111"
            ),
            CrisisLine(
                _("You want to talk to somebody, day or night"), _("Call Samaritans on 116 123"), "116123"
            ),
            CrisisLine(_("You would rather text"), _("Text SHOUT to 85258"), "85258", by="text"),
        ),
        review_on=date(2027, 5, 1),
        owner="Clinical safety officer of the site",
    ),
}


def crisis_lines() -> CrisisLines:
    """The lines of this site's nation; refuses a nation nobody has checked."""
    try:
        return NATIONS[settings.CRISIS_NATION]
    except KeyError:
        raise ImproperlyConfigured(
            f"CRISIS_NATION is {settings.CRISIS_NATION!r}; known are: {', '.join(sorted(NATIONS))}."
        ) from None
