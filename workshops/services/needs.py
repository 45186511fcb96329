"""What helps people take part: shown to their tutors when they say so, and noted when it was there."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record_act
from lms.core.errors import RuleBroken
from lms.people.models import User
from lms.people.needs_sharing import NEEDS_WITH_TUTORS
from lms.people.queries import has_agreed
from lms.people.services import give_consent
from lms.people.services.needs import record_needs_met
from workshops.models import Booking, Series, Session
from workshops.queries.needs import occasion_of
from workshops.services.attendance import require_markable
from workshops.words import session_words


@dataclass(frozen=True)
class Answer:
    """Whether one person's needs were met at a session ("met", "partly", "not"), and what was done."""

    outcome: str
    words: str = ""


@transaction.atomic
def show_needs(*, series: Series, person: User, shows: bool) -> None:
    """Let this series' tutors see what helps the person, or stop it at once. Twice is once.

    Refuses somebody without a place or a turn, and a carer's yes.
    """
    booking = series.bookings.select_for_update().filter(person=person, state__in=Booking.ACTIVE).first()
    if booking is None:
        raise RuleBroken(_("Book a place first. Then choose what your tutors see."))
    if shows:
        agree_that_tutors_see(person)
    if booking.shares_needs != shows:
        booking.shares_needs = shows
        booking.save(update_fields=["shares_needs"])
        record_act(
            actor=person,
            act="showed needs to tutors" if shows else "stopped showing needs to tutors",
            subject=person,
            obj=booking,
        )


def agree_that_tutors_see(person: User) -> None:
    """The consent behind it, in the person's own name, where it is not given yet."""
    if not has_agreed(person, NEEDS_WITH_TUTORS.key):
        give_consent(person=person, what=NEEDS_WITH_TUTORS.key)


@transaction.atomic
def record_needs_met_at(*, session: Session, answers: Mapping[int, Answer], by: User) -> int:
    """Note by booking whether people had what helps them; returns how many answers there were.

    Refuses as the register does: anybody but the series' two tutors, a session that has not started, a closed series,
    and somebody who has no place.
    """
    if not answers:
        return 0
    series = Series.objects.select_for_update(no_key=True).get(pk=session.series_id)
    require_markable(series, session, by)
    booked = series.bookings.filter(pk__in=answers, state=Booking.State.BOOKED).select_related("person")
    places = {booking.pk: booking for booking in booked}
    if set(answers) != set(places):
        raise RuleBroken(
            _(
                "Somebody on this page has no place on the series any more. Open the register again, then mark."
            )
        )
    for key, answer in answers.items():
        record_needs_met(
            person=places[key].person,
            by=by,
            occasion=occasion_of(session),
            occasion_words=session_words(session),
            outcome=answer.outcome,
            words=answer.words,
        )
    return len(answers)
