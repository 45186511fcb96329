"""Noting who looked at whose progress."""

from collections.abc import Iterable

from courses.models import Enrolment
from courses.queries.reports import Line
from lms.audit.services import record_looks_by_number
from lms.people.models import User


def note_looks(*, viewer: User, lines: Iterable[Line], purpose: str) -> None:
    """One look at each learner of these lines, in one insert. If it cannot be written, nothing may be shown."""
    seen = ((line.learner_id, line.enrolment_id) for line in lines)
    record_looks_by_number(viewer=viewer, thing=Enrolment, seen=seen, purpose=purpose)
