"""Scheduling a series, saying that one is wanted, and calling one off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from courses.models import CurriculumPage
from courses.services.versions import current_version
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import Organisation, Role, User
from workshops.formats import FORMATS, Format
from workshops.models import Booking, Series, SeriesTutor, Session
from workshops.models.series import LARGEST_CAPACITY, SMALLEST_CAPACITY
from workshops.services.eligibility import (
    Times,
    days_of,
    kinds_on_all,
    lock_people,
    require_free,
    require_kind,
)
from workshops.services.messages import tell_cancelled, tell_invited
from workshops.times import session_times, times_from

FURTHEST_AHEAD = timedelta(days=2 * 365)


@dataclass(frozen=True)
class Venue:
    """Where it is, and what somebody needs to know to get in: steps, lift, toilet, parking, hearing loop."""

    name: str
    address: str
    access_notes: str = ""


@dataclass(frozen=True)
class Dates:
    """`starts` are local times without a zone: the first one (the others follow the format's rhythm), or all of them."""

    starts: Sequence[datetime]
    zone: str = ""

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone or settings.TIME_ZONE)


@transaction.atomic
def schedule_series(
    *,
    scheduled_by: User,
    curriculum: CurriculumPage,
    format: str,
    organisation: Organisation,
    dates: Dates,
    venue: Venue,
    capacity: int,
    co_tutor: User | None,
) -> Series:
    """Schedule a codelivered series and invite the other tutor. It opens only when both have accepted.

    Whoever schedules counts as accepted; the other gets a mail. Nothing is written unless all of it holds.
    Refuses a team without both a lay and a clinical tutor on each date, a person in two places at once,
    dates that have passed, times the clocks skip or repeat, a capacity outside 1 to 40, and a format that is
    for the other curriculum's people.
    """
    plan, times = _check_frame(curriculum, format, dates, capacity)
    days = days_of(times, dates.tzinfo)
    lock_people([person for person in (scheduled_by, co_tutor) if person])
    kinds = _kinds_of_team(scheduled_by, co_tutor, days)
    _require_tutor_of(scheduled_by, organisation)
    for person, kind in kinds:
        require_kind(person, kind, days)
        require_free(person, times)
    series = _make_series(
        plan,
        times,
        state=Series.State.INVITING,
        scheduled_by=scheduled_by,
        curriculum=curriculum,
        organisation=organisation,
        zone=dates.tzinfo.key,
        venue=venue,
        capacity=capacity,
    )
    (_scheduler, own_kind), (invited, their_kind) = kinds
    mine = SeriesTutor.objects.create(
        series=series,
        person=scheduled_by,
        kind=own_kind,
        state=SeriesTutor.State.ACCEPTED,
        invited_by=scheduled_by,
        answered_at=clock.now(),
    )
    theirs = SeriesTutor.objects.create(
        series=series,
        person=invited,
        kind=their_kind,
        state=SeriesTutor.State.INVITED,
        invited_by=scheduled_by,
    )
    record_act(actor=scheduled_by, act="scheduled series", obj=series)
    record_act(actor=scheduled_by, act="invited tutor", subject=invited, obj=series)
    tell_invited(theirs, [mine])
    return series


@transaction.atomic
def want_series(
    *,
    wanted_by: User,
    curriculum: CurriculumPage,
    format: str,
    organisation: Organisation,
    dates: Dates,
    venue: Venue,
    capacity: int,
) -> Series:
    """Say that a series is wanted on these dates. A tutor who says so leads it; a coordinator leaves both places free.

    Tutors who fit see the dates and can take a place. Refuses what `schedule_series` refuses about dates and capacity,
    and anybody who is neither a tutor nor a coordinator of the organisation.
    """
    plan, times = _check_frame(curriculum, format, dates, capacity)
    days = days_of(times, dates.tzinfo)
    lock_people([wanted_by])
    kinds = kinds_on_all(wanted_by, days)
    _require_tutor_of(wanted_by, organisation, or_coordinator=True)
    series = _make_series(
        plan,
        times,
        state=Series.State.WANTED,
        scheduled_by=wanted_by,
        curriculum=curriculum,
        organisation=organisation,
        zone=dates.tzinfo.key,
        venue=venue,
        capacity=capacity,
    )
    if kinds and not _coordinates(wanted_by, organisation):
        require_free(wanted_by, times)
        SeriesTutor.objects.create(
            series=series,
            person=wanted_by,
            kind=sorted(kinds, reverse=True)[0],
            state=SeriesTutor.State.ACCEPTED,
            invited_by=wanted_by,
            answered_at=clock.now(),
        )
    record_act(actor=wanted_by, act="wanted series", obj=series)
    return series


@transaction.atomic
def cancel_series(*, series: Series, by: User) -> Series:
    """Call a series off. Everybody with a place or a turn gets a mail; calendars take the sessions out.

    Calling off twice changes nothing. Refuses once it is closed, and anybody but a tutor of the series or a coordinator
    of its organisation.
    """
    series = Series.objects.select_for_update(no_key=True).get(pk=series.pk)
    if series.state == Series.State.CANCELLED:
        return series
    if series.state == Series.State.CLOSED:
        raise RuleBroken(_("This series is closed, so it cannot be called off."))
    is_tutor = series.team.filter(person=by, state=SeriesTutor.State.ACCEPTED).exists()
    if not is_tutor and not _coordinates(by, series.organisation):
        raise RuleBroken(_("Only its tutors or a coordinator can call a series off."))
    series.state = Series.State.CANCELLED
    series.save(update_fields=["state"])
    for booking in series.bookings.filter(state__in=Booking.ACTIVE).select_related("person"):
        had_place = booking.state == Booking.State.BOOKED
        booking.state = Booking.State.CANCELLED
        booking.save(update_fields=["state"])
        booking.series = series
        tell_cancelled(booking, had_place=had_place, series_cancelled=True)
    record_act(actor=by, act="cancelled series", obj=series)
    return series


def _check_frame(
    curriculum: CurriculumPage, format: str, dates: Dates, capacity: int
) -> tuple[Format, Times]:
    """The format and the sessions' times, or the first rule that does not hold."""
    plan = FORMATS.get(format)
    if plan is None:
        raise RuleBroken(_("Choose one of the formats."), field="format")
    if plan.audience != curriculum.audience:
        raise RuleBroken(
            _("This format belongs to the other programme. Choose another format."), field="format"
        )
    if not SMALLEST_CAPACITY <= capacity <= LARGEST_CAPACITY:
        raise RuleBroken(
            _("The number of places must be from %(least)s to %(most)s.")
            % {"least": SMALLEST_CAPACITY, "most": LARGEST_CAPACITY},
            field="capacity",
        )
    today = clock.now().astimezone(dates.tzinfo).replace(tzinfo=None)
    if (
        max(dates.starts) > today + FURTHEST_AHEAD
    ):  # before anything is added to a day near the end of the calendar
        raise RuleBroken(_too_far(), field="first_day")
    times = _times(plan, dates)
    if times[0][0] <= clock.now():
        raise RuleBroken(_("The first session must be in the future. Choose a later day."), field="first_day")
    if times[-1][0] > clock.now() + FURTHEST_AHEAD:
        raise RuleBroken(_too_far(), field="first_day")
    for (_start, end), (following, _end) in zip(times, times[1:], strict=False):
        if following < end:
            raise RuleBroken(
                _("A session cannot start before the one before it has ended."), field="first_day"
            )
    return plan, times


def _too_far() -> str:
    return _("All sessions must be within two years from today. Choose an earlier day.")


def _times(plan: Format, dates: Dates) -> Times:
    if len(dates.starts) == 1:
        return session_times(
            first=dates.starts[0],
            count=plan.sessions,
            rhythm_days=plan.rhythm_days,
            minutes=plan.minutes,
            zone=dates.tzinfo,
        )
    if len(dates.starts) != plan.sessions:
        raise RuleBroken(
            _("This format has %(count)s sessions. Give a date for each of them.") % {"count": plan.sessions},
            field="first_day",
        )
    return times_from(list(dates.starts), minutes=plan.minutes, zone=dates.tzinfo)


def _kinds_of_team(scheduler: User, co_tutor: User | None, days: list[date]) -> list[tuple[User, str]]:
    """Who is which kind of tutor, the scheduler first; refuses a team that is not one lay and one clinical tutor."""
    own = kinds_on_all(scheduler, days[:1])
    lay, clinical = SeriesTutor.Kind.LAY, SeriesTutor.Kind.CLINICAL
    if not own:
        raise RuleBroken(
            _("You are not confirmed as a tutor on these dates. Ask a coordinator."), field="first_day"
        )
    if co_tutor is None:
        raise RuleBroken(_team_sentence(own), field="co_tutor")
    if co_tutor.pk == scheduler.pk:
        raise RuleBroken(
            _("One person cannot fill both places. Choose somebody else to lead with you."), field="co_tutor"
        )
    theirs = kinds_on_all(co_tutor, days[:1])
    for mine, other in ((lay, clinical), (clinical, lay)):
        if mine in own and other in theirs:
            return [(scheduler, mine), (co_tutor, other)]
    raise RuleBroken(_team_sentence(own), field="co_tutor")


def _team_sentence(own: set[str]) -> str:
    if own == {SeriesTutor.Kind.CLINICAL}:
        return _("A codelivered series needs a lay tutor and a clinical tutor. Choose a lay tutor to invite.")
    if own == {SeriesTutor.Kind.LAY}:
        return _(
            "A codelivered series needs a lay tutor and a clinical tutor. Choose a clinical tutor to invite."
        )
    return _("A codelivered series needs a lay tutor and a clinical tutor. Choose the other tutor to invite.")


def _coordinates(person: User, organisation: Organisation) -> bool:
    roles = Role.objects.in_force().filter(person=person, organisation=organisation)
    return roles.filter(kind=Role.Kind.COORDINATOR).exists()


def _require_tutor_of(person: User, organisation: Organisation, *, or_coordinator: bool = False) -> None:
    kinds = Q(kind__in=list(SeriesTutor.ROLE_OF.values()))
    if or_coordinator:
        kinds |= Q(kind=Role.Kind.COORDINATOR)
    if not Role.objects.in_force().filter(kinds, person=person, organisation=organisation).exists():
        raise RuleBroken(_("Choose an organisation that you are a tutor of."), field="organisation")


def _make_series(
    plan: Format, times: Times, *, curriculum: CurriculumPage, venue: Venue, **facts: Any
) -> Series:
    version = current_version(curriculum.translation_key)
    series = Series.objects.create(
        curriculum=curriculum,
        version_id=version.pk if version else None,
        format=plan.code,
        sessions_planned=plan.sessions,
        min_attended=plan.min_attended,
        session_minutes=plan.minutes,
        title=(_("Workshop series at %(venue)s") % {"venue": venue.name})[:120],
        venue_name=venue.name,
        venue_address=venue.address,
        access_notes=venue.access_notes,
        **facts,
    )
    Session.objects.bulk_create(
        Session(series=series, number=number, starts_at=start, ends_at=end)
        for number, (start, end) in enumerate(times, start=1)
    )
    return series
