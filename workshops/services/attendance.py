"""The register: who came, session by session."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import User
from lms.people.queries import holds_role
from workshops.models import Attendance, Booking, Series, SeriesTutor, Session


@transaction.atomic
def record_attendance(
    *, session: Session, marks: Mapping[int, str], by: User, marked_at: datetime | None = None
) -> int:
    """Keep marks ("present", "partly", "absent") by booking; answer how many of the session are marked now.

    `marked_at` is when the marks were made (now by default): a newer mark is never overwritten by an older one, and
    the same marks again change nothing. All marks are kept or none.
    Refuses anybody but the series' two tutors while they are tutors, a session that has not started, a series that is closed, a mark of
    another kind, and somebody who has no place on the series.
    """
    series = Series.objects.select_for_update(no_key=True).get(pk=session.series_id)
    require_markable(series, session, by)
    when = min(marked_at or clock.now(), clock.now())
    places = set(series.bookings.filter(state=Booking.State.BOOKED).values_list("pk", flat=True))
    if not set(marks) <= places:
        raise RuleBroken(
            _(
                "Somebody on this page has no place on the series any more. Open the register again, then mark."
            )
        )
    if not set(marks.values()) <= set(Attendance.Mark.values):
        raise RuleBroken(_("Choose one of the marks for each person."))
    known = {row.booking_id: row for row in Attendance.objects.filter(session=session)}
    changed = _keep(session, marks, known, by, when)
    if changed:
        record_act(actor=by, act="marked register", obj=session, purpose=f"{changed} marks")
    return Attendance.objects.filter(session=session, booking__in=places).count()


def require_markable(series: Series, session: Session, by: User) -> None:
    """Refuses anybody but the series' tutors, a closed series, and a session that has not started."""
    place = series.team.filter(person=by, state=SeriesTutor.State.ACCEPTED).first()
    if place is None or not holds_role(by, SeriesTutor.ROLE_OF[SeriesTutor.Kind(place.kind)]):
        raise RuleBroken(_("Only the two tutors of this series can mark its register."))
    if series.state in (Series.State.CLOSED, Series.State.CANCELLED):
        raise RuleBroken(_("This series is closed, so its register stays as it is."))
    if session.starts_at > clock.now():
        raise RuleBroken(
            _("You can mark the register from %(time)s on %(day)s, when the session starts.")
            % {
                "day": date_format(session.local_start, "l j F Y"),
                "time": time_format(session.local_start.time()),
            }
        )


def _keep(
    session: Session, marks: Mapping[int, str], known: Mapping[int, Attendance], by: User, when: datetime
) -> int:
    new, newer = [], []
    for booking_id, mark in marks.items():
        row = known.get(booking_id)
        if row is None:
            new.append(
                Attendance(session=session, booking_id=booking_id, mark=mark, marked_by=by, marked_at=when)
            )
        elif row.mark != mark and row.marked_at <= when:
            row.mark, row.marked_by, row.marked_at = mark, by, when
            newer.append(row)
    Attendance.objects.bulk_create(new)
    Attendance.objects.bulk_update(newer, ["mark", "marked_by", "marked_at"])
    return len(new) + len(newer)
