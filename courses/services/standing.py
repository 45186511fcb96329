"""On a course, having a break from it, or gone from it. None of these takes away what somebody did or wrote."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import CurriculumPage, Enrolment
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import User


@transaction.atomic
def pause(*, learner: User, curriculum: CurriculumPage) -> Enrolment:
    """Leave the learner in peace: no reminders, a quiet card, their place kept. Pausing twice changes nothing.

    Refuses who is not on the course.
    """
    enrolment = _held(learner, curriculum)
    if enrolment is None or enrolment.left_at is not None:
        raise RuleBroken(_("You are not on this course. You can start it whenever you like."))
    if enrolment.paused_at is None:
        enrolment.paused_at = clock.now()
        enrolment.save(update_fields=["paused_at"])
        record_act(actor=learner, act="paused course", subject=learner, obj=enrolment)
    return enrolment


@transaction.atomic
def leave(*, learner: User, curriculum: CurriculumPage) -> Enrolment | None:
    """Take the course off the learner's page. All they did and wrote is kept, and there when they come back.

    Leaving twice, or what one was never on, changes nothing. What they wrote goes only when they ask for that
    (lms.rights).
    """
    enrolment = _held(learner, curriculum)
    if enrolment is not None and enrolment.left_at is None:
        enrolment.left_at, enrolment.paused_at = clock.now(), None
        enrolment.save(update_fields=["left_at", "paused_at"])
        record_act(actor=learner, act="left course", subject=learner, obj=enrolment)
    return enrolment


def be_back(*, learner: User, enrolment: Enrolment) -> None:
    """The break, or the time away, is over. In the caller's transaction; where there was none, nothing changes."""
    if enrolment.paused_at is None and enrolment.left_at is None:
        return
    enrolment.paused_at = enrolment.left_at = None
    enrolment.save(update_fields=["paused_at", "left_at"])
    record_act(actor=learner, act="took course up again", subject=learner, obj=enrolment)


def _held(learner: User, curriculum: CurriculumPage) -> Enrolment | None:
    return (
        Enrolment.objects.select_for_update(of=("self",))
        .filter(learner=learner, curriculum_key=curriculum.translation_key)
        .first()
    )
