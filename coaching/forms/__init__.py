from .agendas import AgendaForm, LaterForm, LeaveOutForm, MoveForm, TopicForm
from .plans import ConfidenceForm, EasierForm, FollowUpForm, PlanForm, PlanWordsForm, ShareForm

__all__ = [
    "AgendaForm",
    "ConfidenceForm",
    "EasierForm",
    "FollowUpForm",
    "LaterForm",
    "LeaveOutForm",
    "MoveForm",
    "PlanForm",
    "PlanWordsForm",
    "ShareForm",
    "TopicForm",
]
