"""Tells courses when a person's next visit is, so that what they want to use in it is asked about after it."""

from datetime import date

from coaching.models import Agenda
from courses.visits import register_visits
from lms.core import clock
from lms.people.models import User


def next_visit(person: User) -> date | None:
    """The day of the person's own next agenda, as a patient. No word of it."""
    days = Agenda.objects.filter(tie__patient=person, tie__ended_at=None, visit_on__gte=clock.today())
    return days.order_by("visit_on").values_list("visit_on", flat=True).first()


register_visits("coaching", next_visit)
