"""How long each class of things is kept. The values are the controller's: these are where a site begins."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lms.rights.models import RetentionPeriod

YEAR = 365


@dataclass(frozen=True)
class RetentionClass:
    """`days` from the moment that `counted` names; None keeps for ever. `reviewed`: somebody looks, nothing goes by itself."""

    key: str
    label: Any
    counted: Any
    days: int | None
    reviewed: bool = False


CLASSES = {
    one.key: one
    for one in (
        RetentionClass("texts", _("The words of messages"), _("after they were sent"), 30),
        RetentionClass("messages", _("That a message was sent"), _("after it was written"), YEAR),
        RetentionClass("sessions", _("Sessions"), _("after they were last used"), 30),
        RetentionClass("forms", _("Numbers of forms already taken"), _("after they were sent"), 30),
        RetentionClass("jobs", _("Records of background jobs"), _("after they ended"), 14),
        RetentionClass("searches", _("Words that were searched for"), _("after the search"), 7),
        RetentionClass("exports", _("Copies of people's data"), _("after they were made"), 7),
        RetentionClass("invitations", _("Invitations nobody answered"), _("after they were sent"), 90),
        RetentionClass("audit", _("Who looked and what was done"), _("after it happened"), 8 * YEAR + 2),
        # The National Health Service's schedule keeps an adult's health record eight years after they were last seen,
        # training records six, and has somebody look before anything goes.
        RetentionClass(
            "account", _("Accounts"), _("after the person last signed in"), 8 * YEAR + 2, reviewed=True
        ),
        RetentionClass(
            "health",
            _("Plans, agendas and answers"),
            _("after the person last signed in"),
            8 * YEAR + 2,
            reviewed=True,
        ),
        RetentionClass(
            "training",
            _("Courses, attendance and certificates"),
            _("after the person last signed in"),
            6 * YEAR + 2,
            reviewed=True,
        ),
        RetentionClass(
            "checks",
            _("Checks of registrations and vetting"),
            _("after they came up for renewal"),
            6 * YEAR + 2,
            reviewed=True,
        ),
    )
}


def days_kept(key: str) -> int | None:
    """The days of this site: what an administrator set, or the installation's settings, or what the software comes with."""
    return periods()[key]


def periods() -> dict[str, int | None]:
    """All of them, in one query."""
    usual = {key: one.days for key, one in CLASSES.items()}
    usual |= {key: days for key, days in settings.RETENTION_DAYS.items() if key in CLASSES}
    set_here = RetentionPeriod.objects.filter(key__in=CLASSES).values_list("key", "days")
    return usual | dict(set_here)
