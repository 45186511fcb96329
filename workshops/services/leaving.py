"""Somebody leaves for good: their places come free, and their series look for another tutor."""

from django.db import transaction

from lms.core import clock
from lms.people.models import User
from workshops.models import Booking, Series, SeriesTutor
from workshops.services.booking import cancel_booking
from workshops.services.team import decline_invitation, withdraw_tutor


@transaction.atomic
def leave_workshops(person: User) -> None:
    """Give back every place and turn on series that have not begun, and step back from those they lead. Twice is once.

    Those who wait get the places, and partners and participants are told, as ever. A series that has begun keeps its register.
    """
    booked = Series.objects.filter(bookings__person=person, bookings__state__in=Booking.ACTIVE).distinct()
    for series in booked.order_by("pk"):
        begun = series.sessions.filter(starts_at__lte=clock.now()).exists()
        if begun:
            # A turn on the waiting list ends; a place stays on the register.
            series.bookings.filter(person=person, state=Booking.State.WAITING).update(
                state=Booking.State.CANCELLED
            )
        else:
            cancel_booking(series=series, person=person)
    places = SeriesTutor.objects.filter(person=person, state__in=SeriesTutor.ACTIVE)
    for place in places.select_related("series").order_by("series"):
        if place.series.state not in Series.BEFORE_CLOSING:
            continue
        if place.state == SeriesTutor.State.ACCEPTED:
            withdraw_tutor(series=place.series, person=person)
        else:
            decline_invitation(series=place.series, person=person)
