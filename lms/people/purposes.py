"""What people can agree to about themselves, over no tie: each is read by lms.people.shown, and offered to whom it concerns."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lms.audit.models import register_words
from lms.people.models import Role
from lms.people.queries import role_kinds_of
from lms.people.sharing import Over, Shareable, register_shareable


def _leads_or_reviews(person: Any) -> bool:
    return bool({Role.Kind.LAY_TUTOR, Role.Kind.LAY_REVIEWER} & role_kinds_of(person))


NAME_SHOWN = Shareable(
    key="name_shown_as_tutor",
    label=_("My full name, with lived experience"),
    words=_(
        "Everybody who opens a page about my workshops or lessons may see my full name, and that I bring lived "
        "experience. Without this they see my first name only."
    ),
    over=Over.ALL,
    offered_to=_leads_or_reviews,
)
LIVED_WITH_SHOWN = Shareable(
    key="lived_with_shown",
    label=_("What I live with"),
    words=_(
        "Everybody who opens a page about my workshops or lessons may see what I live with, in the words I wrote in my "
        "account."
    ),
    over=Over.ALL,
    offered_to=_leads_or_reviews,
)

register_shareable(NAME_SHOWN)
register_shareable(LIVED_WITH_SHOWN)
register_words(
    things={
        "people.consent": _("What you agreed to"),
        "people.carertie": _("Who may act for you"),
        "people.caretie": _("Who you work with"),
    },
    acts={
        "accepted to be carer": _("said yes to act for you"),
        "began to act as carer": _("began to act for you"),
        "stopped acting as carer": _("stopped acting for you"),
        "ended carer tie": _("ended a tie to act for each other"),
        "opened record in an emergency": _("opened your record in an emergency"),
    },
    purposes={
        "emergency": _("In an emergency"),
        "before an emergency": _("They were about to open your record in an emergency"),
        "acting as carer": _("They opened it for you, as your carer"),
    },
)
