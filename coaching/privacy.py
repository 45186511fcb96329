"""What of coaching a patient can share over a care tie, and how looks at it read on their page."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.audit.models import register_words
from lms.people.sharing import Over, Shareable, register_shareable
from lms.rights.registry import CLEAR, DELETE, KEEP, classify

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
# Not `plan_share`, which is a choice of the person's own, nor what begins from an answer in a lesson.
CARER = Shareable(
    key="carer_visits",
    label=_("Visits and plans"),
    words=_(
        "This person may see and write the agendas of my visits and my action plans. What they do here is done in my "
        "name."
    ),
    over=Over.CARER,
    opens=frozenset(
        f"coaching:{page}"
        for page in [
            "visits",
            "agenda_choose",
            "agenda_new",
            "agenda",
            "topic_new",
            "topic_later",
            "topic_leave_out",
            "plan_new",
            "plan",
            "plan_sure",
            "plan_easier",
            "plan_confidence",
            "plan_follow_up",
            "plan_stop",
            "paper_agenda",
            "paper_plan",
        ]
    ),
    start="coaching:visits",
)

register_shareable(AGENDA)
register_shareable(PLAN)
register_shareable(CARER)
register_words(
    things={
        "coaching.agenda": _("Your agenda for a visit"),
        "coaching.actionplan": _("Your action plan"),
        CARER.key: _("Your visits and plans"),
    },
    purposes={
        "agenda of a visit": _("They opened the agenda"),
        "agendas of the next visits": _("They opened their list of coming visits"),
        "action plan": _("They opened the plan"),
        "list of action plans": _("They opened their list of shared plans"),
    },
    acts={
        "made action plan": _("wrote an action plan for you"),
        "shared action plan": _("showed an action plan of yours to somebody you work with"),
        "recorded follow-up": _("wrote how an action plan of yours went"),
        "stopped action plan": _("ended an action plan of yours"),
        "started agenda": _("started an agenda for a visit of yours"),
        "agreed agenda": _("agreed the list for a visit of yours"),
    },
)

# An agenda is the patient's record. What they said goes with them; what the other said stays, and points to a number.
AGENDA_STAYS = _("The other person's topics stay. What you wrote goes.")
GONE = "-"

classify(
    "coaching.Agenda",
    whose="tie__patient",
    label=_("Agendas of visits"),
    erase=CLEAR,
    why=AGENDA_STAYS,
    retention="health",
    health="what_matters",
    record="created_at visit_on visit_at minutes",
    link="tie created_by",
    plain="id public_id",
    labels={
        "visit_on": _("Day"),
        "visit_at": _("Time"),
        "minutes": _("Minutes"),
        "what_matters": _("What matters most"),
        "created_at": _("Begun"),
    },
)
classify(
    "coaching.AgendaItem",
    whose="agenda__tie__patient raised_by",
    label=_("Topics on agendas"),
    erase=CLEAR,
    only=Q(raised_by=F("agenda__tie__patient")),
    cleared={"words": GONE},
    why=AGENDA_STAYS,
    retention="health",
    health="words",
    record="created_at raised_by_side priority minutes_asked",
    link="agenda raised_by",
    plain="id",
    labels={
        "words": _("Topic"),
        "raised_by_side": _("Raised by"),
        "priority": _("Rank"),
        "minutes_asked": _("Minutes asked for"),
        "created_at": _("Added"),
    },
)
classify(
    "coaching.AgendaMove",
    whose="agenda__tie__patient by",
    label=_("What was done with topics"),
    erase=CLEAR,
    only=Q(by=F("agenda__tie__patient")),
    cleared={"reason": GONE},
    why=AGENDA_STAYS,
    retention="health",
    health="reason",
    record="created_at kind until",
    link="agenda item by",
    plain="id seq",
    labels={
        "kind": _("What"),
        "until": _("Later, on"),
        "reason": _("Why"),
        "created_at": _("When"),
    },
)
classify(
    "coaching.AgendaVoice",
    whose="person",
    label=_("Lists you agreed"),
    erase=KEEP,
    why=AGENDA_STAYS,
    retention="health",
    record="created_at",
    link="agenda person",
    plain="id on_seq",
    labels={"created_at": _("Agreed")},
)
classify(
    "coaching.AgendaTold",
    whose="by",
    label=_("When you told the other person"),
    erase=KEEP,
    why=AGENDA_STAYS,
    retention="health",
    record="created_at",
    link="agenda by",
    plain="id on_seq",
    labels={"created_at": _("Told")},
)
classify(
    "coaching.ActionPlan",
    whose="owner",
    label=_("Your action plans"),
    erase=DELETE,
    retention="health",
    health="goal why importance what how_much when how_often where_with barrier if_then support",
    record="created_at starts_on follow_up_on stopped_at",
    link="owner tie",
    plain="id public_id",
    labels={
        "goal": _("What matters to you"),
        "why": _("Why"),
        "importance": _("How important, 0 to 10"),
        "what": _("What you will do"),
        "how_much": _("How much"),
        "when": _("When"),
        "how_often": _("How often"),
        "where_with": _("Where, and with whom"),
        "barrier": _("What could get in the way"),
        "if_then": _("What you will do then"),
        "support": _("What helps"),
        "created_at": _("Made"),
        "starts_on": _("Starts"),
        "follow_up_on": _("Next look back"),
        "stopped_at": _("Stopped"),
    },
)
classify(
    "coaching.ConfidenceRating",
    whose="plan__owner",
    label=_("How sure you were"),
    erase=DELETE,
    retention="health",
    health="value words",
    record="created_at",
    link="plan",
    plain="id",
    labels={"value": _("0 to 10"), "words": _("In words"), "created_at": _("When")},
)
classify(
    "coaching.PlanRevision",
    whose="plan__owner",
    label=_("How your plans read before"),
    erase=DELETE,
    retention="health",
    health="wording",
    record="created_at",
    link="plan",
    plain="id",
    labels={"wording": _("Words"), "created_at": _("Until")},
)
classify(
    "coaching.FollowUp",
    whose="plan__owner",
    label=_("How your plans went"),
    erase=DELETE,
    retention="health",
    health="done helped got_in_way learned confidence_now decision",
    record="created_at on next_on",
    link="plan by",
    plain="id",
    labels={
        "on": _("Day"),
        "done": _("How it went"),
        "helped": _("What helped"),
        "got_in_way": _("What got in the way"),
        "learned": _("What you learned"),
        "confidence_now": _("How sure now, 0 to 10"),
        "decision": _("What next"),
        "next_on": _("Next look back"),
    },
)
classify(
    "coaching.PlanReminder",
    whose="plan__owner",
    label=_("Reminders of your plans"),
    erase=DELETE,
    retention="health",
    record="created_at due_on",
    link="plan",
    plain="id",
    labels={"created_at": _("Sent"), "due_on": _("For")},
)
