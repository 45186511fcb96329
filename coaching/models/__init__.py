"""Facts of the visit: the agenda two people share, and the action plan that follows from it."""

from .agendas import Agenda, AgendaItem, AgendaMove, AgendaTold, AgendaVoice, Side
from .plans import ActionPlan, ConfidenceRating, FollowUp, PlanReminder, PlanRevision

__all__ = [
    "ActionPlan",
    "Agenda",
    "AgendaItem",
    "AgendaMove",
    "AgendaTold",
    "AgendaVoice",
    "ConfidenceRating",
    "FollowUp",
    "PlanReminder",
    "PlanRevision",
    "Side",
]
