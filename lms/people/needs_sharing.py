"""Who may see what helps somebody take part: only by their own clear yes, for each audience apart."""

from django.utils.translation import gettext_lazy as _

from lms.audit.models import register_words
from lms.people.sharing import Over, Shareable, register_shareable

NEEDS_WITH_TUTORS = Shareable(
    key="needs_with_tutors",
    label=_("What helps me take part, with my tutors"),
    words=_(
        "The two tutors of a workshop may see what helps me take part, if I say so when I book. They see it until the "
        "workshop is over."
    ),
    over=Over.ALL,
)
NEEDS_WITH_COORDINATORS = Shareable(
    key="needs_with_coordinators",
    label=_("What helps me take part, with my coordinators"),
    words=_(
        "The coordinators of the organisations I belong to may see what helps me take part, so that they can arrange it."
    ),
    over=Over.ALL,
)

register_shareable(NEEDS_WITH_TUTORS)
register_shareable(NEEDS_WITH_COORDINATORS)
register_words(
    things={
        "people.needs": _("What helps you take part"),
        "people.contact": _("How we can reach you"),
        "notifications.message": _("A message to you"),
    },
    purposes={
        "helping to reach them": _("To change how we reach you, with you"),
        "arranging what helps": _("To arrange what helps you take part"),
        "letters and calls": _("To send you a letter or to call you"),
    },
)
