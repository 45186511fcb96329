"""Answers about agendas and plans. Nothing here changes anything."""

from .agendas import agendas_of, agendas_visible_to, is_shared, upcoming_shared_with, with_board
from .plans import confidence_of, plans_due, plans_of, plans_shared_with, plans_visible_to

__all__ = [
    "agendas_of",
    "agendas_visible_to",
    "confidence_of",
    "is_shared",
    "plans_due",
    "plans_of",
    "plans_shared_with",
    "plans_visible_to",
    "upcoming_shared_with",
    "with_board",
]
