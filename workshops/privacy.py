"""What of workshops is whose."""

from django.utils.translation import gettext_lazy as _

from lms.audit.models import register_words
from lms.people.sharing import Over, Shareable, register_shareable
from lms.rights.registry import CLEAR, DELETE, KEEP, classify, nobodys
from lms.rights.steps import before_erasure
from workshops.services.leaving import leave_workshops

# Not the address of one's calendar, which opens without signing in.
CARER = Shareable(
    key="carer_workshops",
    label=_("Workshops"),
    words=_("This person may see which workshops I go to, and book a place for me or give it back."),
    over=Over.CARER,
    opens=frozenset({"workshops:find", "workshops:mine", "workshops:series"}),
    start="workshops:mine",
)
register_shareable(CARER)
register_words(
    things={CARER.key: _("Your workshops")},
    acts={
        "booked place": _("booked a place for you"),
        "joined waiting list": _("put you on a waiting list"),
        "cancelled booking": _("gave back a place of yours"),
    },
)

COUNTS = _("How many came is counted without names. Your number stays in the count.")

classify(
    "workshops.Series",
    whose="scheduled_by",
    label=_("Workshops you scheduled"),
    erase=KEEP,
    why=_("A workshop belongs to its organisation."),
    retention="training",
    record="created_at title state",
    link="curriculum version organisation scheduled_by",
    plain="id public_id format sessions_planned min_attended session_minutes part_counts venue_name venue_address "
    "access_notes capacity zone opened_at",
    labels={"created_at": _("Scheduled"), "title": _("Workshop"), "state": _("How it stands")},
)
nobodys(
    "workshops.Session",
    why="When a workshop meets.",
    plain="id number starts_at ends_at uid sequence",
    link="series",
)
classify(
    "workshops.Booking",
    whose="person",
    label=_("Your places on workshops"),
    erase=CLEAR,
    why=COUNTS,
    retention="training",
    health="needs",
    record="state booked_at shares_needs",
    link="series person",
    plain="id",
    names="series",
    labels={
        "needs": _("What would help you take part"),
        "shares_needs": _("Your tutors may see what helps you"),
        "state": _("How it stands"),
        "booked_at": _("Booked"),
        "series": _("Workshop"),
    },
)
classify(
    "workshops.Attendance",
    whose="booking__person marked_by",
    label=_("When you came"),
    erase=KEEP,
    why=COUNTS,
    retention="training",
    record="mark marked_at",
    link="session booking marked_by",
    plain="id",
    labels={"mark": _("Came"), "marked_at": _("Marked")},
)
classify(
    "workshops.SeriesTutor",
    whose="person",
    label=_("Workshops you lead"),
    erase=KEEP,
    why=_("That two tutors led a workshop. You stand there as a number."),
    retention="training",
    record="created_at kind state answered_at",
    link="series person invited_by",
    plain="id",
    names="series",
    labels={"kind": _("As"), "state": _("How it stands"), "series": _("Workshop")},
)
classify(
    "workshops.DeliveryConfirmation",
    whose="tutor__person",
    label=_("Workshops you confirmed"),
    erase=KEEP,
    why=_("Certificates of others rest on it. You stand there as a number."),
    retention="training",
    record="created_at",
    link="series tutor",
    plain="id",
    names="series",
    labels={"created_at": _("Confirmed"), "series": _("Workshop")},
)
classify(
    "workshops.SeriesCompletion",
    whose="booking__person",
    label=_("Workshops you completed"),
    erase=KEEP,
    why=COUNTS,
    retention="training",
    record="created_at attended planned rule",
    link="booking",
    plain="id",
    labels={
        "created_at": _("Completed"),
        "attended": _("Times you came"),
        "planned": _("Times it met"),
        "rule": _("By which rule"),
    },
)
classify(
    "workshops.CalendarFeed",
    whose="person",
    label=_("Your private calendar address"),
    erase=DELETE,
    retention="account",
    record="created_at revoked_at",
    sealed="token_hash",
    link="person",
    plain="id",
    labels={"created_at": _("Made"), "revoked_at": _("Ended")},
)

before_erasure(20, "workshops", leave_workshops)
