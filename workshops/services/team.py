"""The two tutors of a series: invite, accept, decline, offer, step back. It is open only while both have accepted."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import Role, User
from lms.people.queries import holds_role
from workshops.models import Booking, Series, SeriesTutor
from workshops.queries.team import missing_kinds
from workshops.services.booking import fill_free_places
from workshops.services.eligibility import Times, days_of, lock_people, require_free, require_kind
from workshops.services.messages import tell_answer, tell_invited, tell_open, tell_paused, tell_withdrawn
from workshops.words import kind_words


@transaction.atomic
def invite_tutor(*, series: Series, person: User, kind: str, by: User) -> SeriesTutor:
    """Ask somebody to fill a free place on the team. Mails them. Asking the same person twice changes nothing.

    Only a tutor who has joined, or a coordinator of the organisation, may ask. Refuses a place that is taken,
    somebody without the role on each date, and a series that has started.
    """
    series = _locked(series, [person])
    team = _active(series)
    may_ask = any(place.person_id == by.pk and place.state == SeriesTutor.State.ACCEPTED for place in team)
    if not may_ask and not holds_role(by, Role.Kind.COORDINATOR, organisation=series.organisation):
        raise RuleBroken(_("Only a tutor of this series or a coordinator can invite."))
    held = next((place for place in team if place.person_id == person.pk), None)
    if held is not None and held.kind == kind:
        return held
    _require_fit(series, team, person, kind)
    place = SeriesTutor.objects.create(
        series=series, person=person, kind=kind, state=SeriesTutor.State.INVITED, invited_by=by
    )
    _settle(series)
    record_act(actor=by, act="invited tutor", subject=person, obj=series)
    tell_invited(place, team)
    return place


@transaction.atomic
def offer_to_lead(*, series: Series, person: User, kind: str) -> SeriesTutor:
    """Take a free place on a series that wants a tutor; counts as accepted at once. Offering twice changes nothing.

    Refuses as `invite_tutor` does.
    """
    series = _locked(series, [person])
    team = _active(series)
    held = next((place for place in team if place.person_id == person.pk), None)
    if held is not None and held.kind == kind and held.state == SeriesTutor.State.ACCEPTED:
        return held
    _require_fit(series, team, person, kind)
    place = SeriesTutor.objects.create(
        series=series,
        person=person,
        kind=kind,
        state=SeriesTutor.State.ACCEPTED,
        invited_by=person,
        answered_at=clock.now(),
    )
    record_act(actor=person, act="offered to lead", obj=series)
    _settle(series)
    return place


@transaction.atomic
def accept_invitation(*, series: Series, person: User) -> SeriesTutor:
    """Say yes. When both kinds have said yes the series opens, and both tutors get a mail. Twice is once.

    Refuses somebody who was not invited, whose role has ended for one of the dates, or who leads another session then.
    """
    series = _locked(series, [person])
    place = _own_place(series, person)
    if place.state == SeriesTutor.State.ACCEPTED:
        return place
    _require_not_started(series)
    times = _times(series)
    require_kind(person, place.kind, days_of(times, series.tzinfo))
    require_free(person, times, but_for=series)
    place.state = SeriesTutor.State.ACCEPTED
    place.answered_at = clock.now()
    place.save(update_fields=["state", "answered_at"])
    record_act(actor=person, act="accepted invitation", obj=series)
    _settle(series)
    return place


@transaction.atomic
def decline_invitation(*, series: Series, person: User) -> None:
    """Say no, without a reason. Whoever has joined already gets a mail. Twice is once."""
    series = _locked(series, [person])
    place = series.team.filter(person=person).order_by("-pk").first()
    if place is None or place.state in (SeriesTutor.State.DECLINED, SeriesTutor.State.WITHDRAWN):
        return
    if place.state == SeriesTutor.State.ACCEPTED:
        raise RuleBroken(_("You have accepted already. You can still step back from the series."))
    _leave(series, place, SeriesTutor.State.DECLINED)
    record_act(actor=person, act="declined invitation", obj=series)


@transaction.atomic
def withdraw_tutor(*, series: Series, person: User) -> None:
    """Step back from a series. Booking pauses at once; the partner and those with a place get a mail. Twice is once.

    Refuses once the series is closed or called off.
    """
    series = _locked(series, [person])
    if series.state not in Series.BEFORE_CLOSING:
        raise RuleBroken(_("This series is over. There is nothing to step back from."))
    place = series.team.filter(person=person, state=SeriesTutor.State.ACCEPTED).first()
    if place is None:
        return
    was_open = series.state == Series.State.OPEN
    _leave(series, place, SeriesTutor.State.WITHDRAWN)
    record_act(actor=person, act="withdrew from series", obj=series)
    if was_open:
        place.series = series
        tell_withdrawn(place)
        for booking in series.bookings.filter(state=Booking.State.BOOKED).select_related("person"):
            booking.series = series
            tell_paused(booking)


def _locked(series: Series, people: list[User]) -> Series:
    """People before the series, always in this order, so that two requests never wait for each other."""
    lock_people(people)
    return (
        Series.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
        .get(pk=series.pk)
    )


def _active(series: Series) -> list[SeriesTutor]:
    return list(series.team.filter(state__in=SeriesTutor.ACTIVE).select_related("person", "series"))


def _times(series: Series) -> Times:
    return list(series.sessions.order_by("number").values_list("starts_at", "ends_at"))


def _own_place(series: Series, person: User) -> SeriesTutor:
    place = series.team.filter(person=person, state__in=SeriesTutor.ACTIVE).first()
    if place is None:
        raise RuleBroken(_("This invitation is no longer open."))
    return place


def _require_not_started(series: Series) -> None:
    if series.state not in Series.BEFORE_CLOSING:
        raise RuleBroken(_("This series is over, so its team cannot change."))
    if _times(series)[0][0] <= clock.now():
        raise RuleBroken(_("This series has started. Talk to a coordinator about a change of tutor."))


def _require_fit(series: Series, team: list[SeriesTutor], person: User, kind: str) -> None:
    _require_not_started(series)
    if kind not in missing_kinds(team):
        raise RuleBroken(
            _("Somebody already fills the place of the %(kind)s.") % {"kind": kind_words(kind)},
            field="co_tutor",
        )
    if any(place.person_id == person.pk for place in team):
        raise RuleBroken(_("One person cannot fill both places. Choose somebody else."), field="co_tutor")
    if series.bookings.filter(person=person, state__in=Booking.ACTIVE).exists():
        raise RuleBroken(
            _("%(name)s has a place on this series as a participant.") % {"name": person.display_name},
            field="co_tutor",
        )
    times = _times(series)
    require_kind(person, kind, days_of(times, series.tzinfo))
    require_free(person, times, but_for=series)


def _leave(series: Series, place: SeriesTutor, state: str) -> None:
    place.state = state
    place.answered_at = clock.now()
    place.save(update_fields=["state", "answered_at"])
    _settle(series)
    for other in _active(series):
        if other.state == SeriesTutor.State.ACCEPTED:
            tell_answer(place, other.person)


def _settle(series: Series) -> None:
    """Set the stored state from the team: open only while both kinds have accepted."""
    team = _active(series)
    accepted = {place.kind for place in team if place.state == SeriesTutor.State.ACCEPTED}
    was = series.state
    if accepted == set(SeriesTutor.ROLE_OF):
        series.state = Series.State.OPEN
        series.opened_at = series.opened_at or clock.now()
    elif series.opened_at or any(place.state == SeriesTutor.State.INVITED for place in team):
        series.state = Series.State.INVITING
    else:
        series.state = Series.State.WANTED
    series.save(update_fields=["state", "opened_at"])
    if series.state == Series.State.OPEN and was != Series.State.OPEN:
        record_act(actor=None, act="series opened", obj=series)
        fill_free_places(series)
        tell_open(series, team)
