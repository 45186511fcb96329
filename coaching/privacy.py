"""What of coaching a patient can share over a care tie, and how looks at it read on their page."""

from django.utils.translation import gettext_lazy as _

from lms.audit.models import register_words
from lms.people.sharing import Shareable, register_shareable

AGENDA = Shareable(
    key="agenda",
    label=_("Agendas for our visits"),
    words=_(
        "We both put topics on one list before a visit. This person sees my topics and what matters most to me, "
        "and I see theirs."
    ),
)
PLAN = Shareable(
    key="plan",
    label=_("Action plans I share with them"),
    words=_("This person may see the action plans that I share with them, how sure I am, and how they went."),
)

register_shareable(AGENDA)
register_shareable(PLAN)
register_words(
    things={"coaching.agenda": _("Your agenda for a visit"), "coaching.actionplan": _("Your action plan")},
    purposes={
        "agenda of a visit": _("They opened the agenda"),
        "agendas of the next visits": _("They opened their list of coming visits"),
        "action plan": _("They opened the plan"),
        "list of action plans": _("They opened their list of shared plans"),
    },
)
