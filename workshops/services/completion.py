"""The end of a series: both tutors confirm, the frozen rule decides, certificates are issued."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.audit.services import record_act
from lms.certificates.services import issue_certificate
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import Audience, User
from lms.people.shown import with_shown
from workshops.models import Attendance, Booking, DeliveryConfirmation, Series, SeriesCompletion, SeriesTutor
from workshops.queries.roster import first_gap
from workshops.services.messages import tell_certificate, tell_over
from workshops.words import in_equal_order, kind_words, rule_words, shown_tutor

Mark = Attendance.Mark


@transaction.atomic
def confirm_delivery(*, series: Series, tutor: User) -> Series:
    """Say that the series was delivered as its register shows. The second of the two closes it. Twice is once.

    Refuses anybody but its two tutors, before the last session has ended, and while a register has gaps.
    """
    series = Series.objects.select_for_update(no_key=True).get(pk=series.pk)
    place = series.team.filter(person=tutor, state=SeriesTutor.State.ACCEPTED).first()
    if place is None:
        raise RuleBroken(_("Only the two tutors of this series can confirm it."))
    if series.state == Series.State.CLOSED:
        return series
    _require_delivered(series)
    _confirmation, is_new = DeliveryConfirmation.objects.get_or_create(series=series, tutor=place)
    if is_new:
        record_act(actor=tutor, act="confirmed delivery", obj=series)
    if not _who_has_not_confirmed(series):
        close_series(series=series)
        series.refresh_from_db()
    return series


def _require_delivered(series: Series) -> None:
    if series.state != Series.State.OPEN:
        raise RuleBroken(_("This series does not have both its tutors, so it cannot be confirmed."))
    if series.sessions.filter(ends_at__gt=clock.now()).exists():
        raise RuleBroken(_("You can confirm the series after its last session has ended."))
    if not series.bookings.filter(state=Booking.State.BOOKED).exists():
        raise RuleBroken(_("Nobody had a place on this series. Call it off instead."))
    gap = first_gap(series)
    if gap is not None:
        session, people = gap
        raise RuleBroken(
            ngettext(
                "The register of session %(number)s has %(people)s person without a mark. Mark them first.",
                "The register of session %(number)s has %(people)s people without a mark. Mark them first.",
                people,
            )
            % {"number": session.number, "people": people}
        )


def _who_has_not_confirmed(series: Series) -> set[str]:
    confirmed = series.confirmations.filter(tutor__state=SeriesTutor.State.ACCEPTED)
    told = set(confirmed.values_list("tutor__kind", flat=True))
    return {str(kind) for kind in SeriesTutor.ROLE_OF if kind not in told}


@transaction.atomic
def close_series(*, series: Series) -> Series:
    """Close a series that both tutors have confirmed: completions, certificates and mails.

    Whoever met the frozen rule gets a completion, a certificate and a mail; the others get a kind word. Both tutors get
    a record of delivery. Sessions count as attended in full or in part (where the frozen rule says so); hours count
    sessions attended in full only. Closing twice changes nothing, and every certificate is issued once.
    """
    series = (
        Series.objects.select_for_update(of=("self",), no_key=True)
        .select_related("curriculum", "organisation")
        .get(pk=series.pk)
    )
    if series.state == Series.State.CLOSED:
        return series
    waiting_for = _who_has_not_confirmed(series)
    if waiting_for:
        raise RuleBroken(
            _("The %(kind)s has not confirmed this series yet.")
            % {"kind": kind_words(sorted(waiting_for)[0])}
        )
    _require_delivered(series)
    series.state = Series.State.CLOSED
    series.save(update_fields=["state"])
    series.bookings.filter(state=Booking.State.WAITING).update(state=Booking.State.CANCELLED)
    team = in_equal_order(
        with_shown(series.team.filter(state=SeriesTutor.State.ACCEPTED).select_related("person"))
    )
    common = _common_facts(series, team)
    marks = _marks_of(series)
    for booking in series.bookings.filter(state=Booking.State.BOOKED).select_related("person").order_by("pk"):
        booking.series = series
        _finish(booking, marks.get(booking.pk, Counter()), common)
    for place in team:
        _issue(series, place.person, "delivered", common, series.sessions_planned, series.sessions_planned)
    record_act(actor=None, act="series closed", obj=series)
    return series


def _finish(booking: Booking, marks: Counter, common: Mapping[str, Any]) -> None:
    series = booking.series
    in_full = marks[Mark.PRESENT]
    attended = in_full + (marks[Mark.PARTLY] if series.part_counts else 0)
    if attended < series.min_attended:
        tell_over(booking)
        return
    SeriesCompletion.objects.get_or_create(
        booking=booking,
        defaults={"attended": attended, "planned": series.sessions_planned, "rule": rule_words(series)},
    )
    _issue(series, booking.person, "completed", common, attended, in_full)


def _issue(
    series: Series, person: User, kind: str, common: Mapping[str, Any], attended: int, in_full: int
) -> None:
    hours = _hours(in_full * series.session_minutes)
    facts = {**common, "sessions_attended": attended, "hours_workshop": hours, "hours_participatory": hours}
    if kind == "delivered":
        facts.pop("rule")
    certificate = issue_certificate(
        source_key=f"workshops.series:{series.pk}:{kind}:{person.pk}",
        kind=kind,
        recipient=person,
        organisation=series.organisation,
        facts=facts,
    )
    if certificate.newly_issued:
        tell_certificate(person, series)


def _hours(minutes: int) -> str:
    """Hours as a decimal in text, as JSON keeps it exactly."""
    return str((Decimal(minutes) / 60).quantize(Decimal("0.01")))


def _common_facts(series: Series, team: list[SeriesTutor]) -> dict[str, Any]:
    sessions = list(series.sessions.order_by("number").select_related("series"))
    return {
        "course": series.curriculum.title,
        "course_version": str(series.version.number) if series.version else "",
        "mode": _("Workshop led by a lay tutor and a clinical tutor"),
        "sessions_planned": series.sessions_planned,
        "starts_on": sessions[0].local_start.date(),
        "ends_on": sessions[-1].local_start.date(),
        "place": series.venue_name,
        "rule": rule_words(series),
        "tutors": [{"name": shown_tutor(place).name, "side": place.kind} for place in team],
        "cpd": series.curriculum.audience == Audience.PROFESSIONAL,
    }


def _marks_of(series: Series) -> dict[int, Counter]:
    found: dict[int, Counter] = {}
    for booking_id, mark in Attendance.objects.filter(session__series=series).values_list(
        "booking_id", "mark"
    ):
        found.setdefault(booking_id, Counter())[mark] += 1
    return found
