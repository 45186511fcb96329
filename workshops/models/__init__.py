from workshops.models.booking import Attendance, Booking
from workshops.models.delivery import DeliveryConfirmation, SeriesCompletion
from workshops.models.feed import CalendarFeed
from workshops.models.series import Series, Session
from workshops.models.team import SeriesTutor

__all__ = [
    "Attendance",
    "Booking",
    "CalendarFeed",
    "DeliveryConfirmation",
    "Series",
    "SeriesCompletion",
    "SeriesTutor",
    "Session",
]
