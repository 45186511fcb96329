"""The workshops of the demonstration: a series in every state, made through the services at fitting moments."""

from datetime import datetime, timedelta

from django.utils import timezone

from courses.models import CurriculumPage
from lms.core import clock
from lms.demo.registry import Stage, register_part
from lms.people.models import Audience, User
from workshops.models import Attendance, Series
from workshops.queries.calendar import programmes
from workshops.queries.roster import roster
from workshops.services.attendance import record_attendance
from workshops.services.booking import book_place, join_waiting_list
from workshops.services.completion import confirm_delivery
from workshops.services.scheduling import Dates, Venue, schedule_series, want_series
from workshops.services.team import accept_invitation

HARBOUR = Venue(
    "Harbour Street Community Hall",
    "12 Harbour Street, Westport",
    "Step-free from the street. Accessible toilet. Hearing loop. Two parking bays for disabled people by the door.",
)
LIBRARY = Venue(
    "Westport Library", "Market Square, Westport", "Lift to the first floor. The number 7 bus stops outside."
)
CLINIC = Venue(
    "Riverside Clinic, garden room",
    "3 Mill Lane, Westport",
    "One low step, with a ramp. Quiet room next door.",
)
CHAPEL = Venue("Old Chapel Rooms", "41 Chapel Road, Easthaven", "Ground floor. Street parking only.")
FULL_WITH = 3


def load(stage: Stage) -> None:
    """Every state once. Loads nothing where the organisation has series already."""
    if Series.objects.filter(organisation=stage.organisation).exists():
        return
    curricula = {curriculum.audience: curriculum for curriculum in programmes()}
    if set(curricula) != set(Audience.values):
        stage.say("Workshops wait for both curricula.")
        return
    now = clock.now()
    try:
        for part in (
            closed,
            to_confirm,
            running,
            open_for_patients,
            open_for_professionals,
            full,
            inviting,
            wanted,
        ):
            clock.set_now(now)
            part(stage, curricula, now)
    finally:
        clock.set_now(None)
    stage.say("Workshops: a series in every state.")


def closed(stage: Stage, curricula: dict[str, CurriculumPage], now: datetime) -> None:
    """Over, confirmed by both, with certificates; one person came too seldom for one."""
    series = _scheduled(
        stage, curricula, now, weeks=-10, hour=10, format="seven-weeks", venue=HARBOUR, capacity=10
    )
    came_to = {"patient4": 7, "patient2": 6, "patient": 5, "patient3": 3}
    for name in came_to:
        book_place(series=series, person=stage.cast[name])
    by_person = {booking.person_id: booking.pk for booking in roster(series)}
    lay, clinical = stage.cast["lay_tutor"], stage.cast["clinical_tutor"]
    for session in series.sessions.order_by("number").select_related("series"):
        clock.set_now(session.starts_at + timedelta(minutes=20))
        marks = {
            by_person[stage.cast[name].pk]: _mark(session.number <= sessions)
            for name, sessions in came_to.items()
        }
        record_attendance(session=session, marks=marks, by=lay)
    clock.set_now(clock.now() + timedelta(days=1))
    confirm_delivery(series=series, tutor=lay)
    confirm_delivery(series=series, tutor=clinical)


def to_confirm(stage: Stage, curricula: dict[str, CurriculumPage], now: datetime) -> None:
    """Over, with a whole register; the lay tutor has confirmed, the clinical tutor has not."""
    series = _scheduled(
        stage,
        curricula,
        now,
        weeks=-8,
        hour=9,
        format="three-half-days",
        venue=CLINIC,
        capacity=12,
        audience=Audience.PROFESSIONAL,
        lay="lay_tutor2",
        clinical="clinical_tutor2",
    )
    for name in ("professional", "professional2"):
        book_place(series=series, person=stage.cast[name])
    for session in series.sessions.order_by("number").select_related("series"):
        clock.set_now(session.starts_at + timedelta(minutes=20))
        marks = {booking.pk: _mark(True) for booking in roster(series)}
        record_attendance(session=session, marks=marks, by=stage.cast["clinical_tutor2"])
    clock.set_now(clock.now() + timedelta(days=1))
    confirm_delivery(series=series, tutor=stage.cast["lay_tutor2"])


def running(stage: Stage, curricula: dict[str, CurriculumPage], now: datetime) -> None:
    """Two sessions have been; the register of the second has a gap."""
    series = _scheduled(
        stage,
        curricula,
        now,
        weeks=-1,
        hour=14,
        format="six-weeks",
        venue=LIBRARY,
        capacity=12,
        lay="lay_tutor2",
        clinical="clinical_tutor2",
    )
    for name, needs in (
        ("patient", "Large print, thank you."),
        ("patient2", ""),
        ("patient4", "A chair with arms."),
    ):
        book_place(series=series, person=stage.cast[name], needs=needs)
    sessions = [
        one for one in series.sessions.order_by("number").select_related("series") if one.starts_at < now
    ]
    for session in sessions:
        clock.set_now(session.starts_at + timedelta(minutes=10))
        bookings = list(roster(series))
        known = bookings[:-1] if session == sessions[-1] else bookings
        record_attendance(
            session=session, marks={one.pk: _mark(True) for one in known}, by=stage.cast["lay_tutor2"]
        )


def open_for_patients(stage: Stage, curricula: dict[str, CurriculumPage], now: datetime) -> None:
    series = _scheduled(
        stage,
        curricula,
        now,
        weeks=3,
        hour=10,
        format="six-weeks",
        venue=CLINIC,
        capacity=8,
        lay="lay_tutor2",
        clinical="clinical_tutor2",
    )
    for name in ("patient3", "patient4"):
        book_place(series=series, person=stage.cast[name], shares_needs=name == "patient4")


def open_for_professionals(stage: Stage, curricula: dict[str, CurriculumPage], now: datetime) -> None:
    series = _scheduled(
        stage,
        curricula,
        now,
        weeks=4,
        hour=9,
        format="three-half-days",
        venue=CLINIC,
        capacity=14,
        audience=Audience.PROFESSIONAL,
    )
    book_place(series=series, person=stage.cast["professional2"])


def full(stage: Stage, curricula: dict[str, CurriculumPage], now: datetime) -> None:
    """All places taken; somebody waits."""
    series = _scheduled(
        stage,
        curricula,
        now,
        weeks=5,
        hour=13,
        format="seven-weeks",
        venue=HARBOUR,
        capacity=FULL_WITH,
    )
    for name in ("patient2", "patient4", "patient"):
        book_place(series=series, person=stage.cast[name])
    join_waiting_list(series=series, person=stage.cast["patient3"])


def inviting(stage: Stage, curricula: dict[str, CurriculumPage], now: datetime) -> None:
    """A lay tutor has invited a clinical tutor, who has not answered."""
    _schedule(
        stage,
        curricula,
        now,
        weeks=6,
        hour=17,
        format="six-weeks",
        venue=CHAPEL,
        capacity=12,
        scheduler=stage.cast["lay_tutor"],
        partner=stage.cast["clinical_tutor"],
    )


def wanted(stage: Stage, curricula: dict[str, CurriculumPage], now: datetime) -> None:
    """The coordinator would like a series; nobody leads it yet."""
    want_series(
        wanted_by=stage.cast["coordinator"],
        curriculum=curricula[Audience.PATIENT],
        format="seven-weeks",
        organisation=stage.organisation,
        dates=_dates(now, weeks=8, hour=18),
        venue=LIBRARY,
        capacity=12,
    )


def _scheduled(
    stage: Stage,
    curricula: dict[str, CurriculumPage],
    now: datetime,
    *,
    weeks: int,
    lay: str = "lay_tutor",
    clinical: str = "clinical_tutor",
    **plan,
) -> Series:
    """A series that both tutors have agreed to, four weeks before it starts."""
    clock.set_now(now + timedelta(weeks=min(weeks - 4, 0)))
    scheduler, partner = stage.cast[lay], stage.cast[clinical]
    series = _schedule(stage, curricula, now, weeks=weeks, scheduler=scheduler, partner=partner, **plan)
    accept_invitation(series=series, person=partner)
    return series


def _schedule(
    stage: Stage,
    curricula: dict[str, CurriculumPage],
    now: datetime,
    *,
    weeks: int,
    hour: int,
    format: str,
    venue: Venue,
    capacity: int,
    scheduler: User,
    partner: User,
    audience: str = Audience.PATIENT,
) -> Series:
    return schedule_series(
        scheduled_by=scheduler,
        curriculum=curricula[audience],
        format=format,
        organisation=stage.organisation,
        dates=_dates(now, weeks=weeks, hour=hour),
        venue=venue,
        capacity=capacity,
        co_tutor=partner,
    )


def _dates(now: datetime, *, weeks: int, hour: int) -> Dates:
    """The Tuesday of the week so many weeks from now (professionals and patients alike), at the full hour."""
    day = timezone.localdate(now, timezone.get_default_timezone()) + timedelta(weeks=weeks)
    tuesday = day - timedelta(days=day.weekday()) + timedelta(days=1)
    return Dates([datetime(tuesday.year, tuesday.month, tuesday.day, hour)])


def _mark(came: bool) -> str:
    return Attendance.Mark.PRESENT if came else Attendance.Mark.ABSENT


register_part(30, "workshops", load)
