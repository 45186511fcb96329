"""Lists of thousands: kept line by line, worked line by line in the background, and safe to send again."""

import time
from collections.abc import Callable, Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django_q.tasks import async_task

from courses.interfaces.address_lists import Line
from courses.models import CurriculumPage, Enrolment, EnrolmentList, ListRow, Offer
from courses.queries.enrolling import curriculum_of_key
from courses.queries.outlines import curricula
from courses.services.learning import enrol
from lms.audit.services import record_act
from lms.core import clock
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import Organisation, Role, User
from lms.people.queries import person_by_email
from lms.people.services.roles import needs_coordinator

SECONDS_AT_ONCE = 12
AT_ONCE = 500
LONGEST_ADDRESS = 254
Outcome, Reason = ListRow.Outcome, ListRow.Reason


@transaction.atomic
def take_list(
    *, lines: Iterable[Line], organisation: Organisation, curriculum: CurriculumPage, uploaded_by: User
) -> EnrolmentList:
    """Keep the lines of a file and begin to work them. A line that cannot be worked says why; the others go on.

    `curriculum` is for lines that name no course. Only a coordinator of the organisation sends a list.
    """
    needs_coordinator(uploaded_by, organisation)
    sent = EnrolmentList.objects.create(
        organisation=organisation, curriculum_key=curriculum.translation_key, uploaded_by=uploaded_by
    )
    courses = {
        name.casefold(): page.translation_key for page in curricula() for name in (page.title, page.slug)
    }
    seen: set[tuple[str, UUID]] = set()
    ListRow.objects.bulk_create((_row(sent, line, courses, seen) for line in lines), batch_size=AT_ONCE)
    record_act(actor=uploaded_by, act="sent list", obj=sent)
    async_task("courses.list_jobs.work", sent.pk)
    return sent


def _row(sent: EnrolmentList, line: Line, courses: dict[str, UUID], seen: set[tuple[str, UUID]]) -> ListRow:
    key = courses.get(line.course.casefold()) if line.course else sent.curriculum_key
    row = ListRow(list=sent, number=line.number, email=line.email[:LONGEST_ADDRESS], curriculum_key=key)
    reason = ""
    if not _is_address(line.email):
        reason = Reason.NO_ADDRESS
    elif key is None:
        reason = Reason.NO_COURSE
    elif (line.email, key) in seen:
        reason = Reason.TWICE
    else:
        seen.add((line.email, key))
    if reason:
        row.outcome, row.reason = Outcome.REFUSED, reason
    return row


def _is_address(words: str) -> bool:
    try:
        validate_email(words)
    except ValidationError:
        return False
    return len(words) <= LONGEST_ADDRESS


def work_list(*, sent: EnrolmentList, enough: Callable[[], bool] | None = None) -> bool:
    """Work the lines that still wait, each in a transaction of its own; True once none waits.

    A job that dies loses nothing: the line it was at waits on, and the next job takes it. Stops between two lines when
    `enough()` says so: by default after some seconds, so that no job is killed for taking long.
    """
    began = time.monotonic()
    enough = enough or (lambda: time.monotonic() - began > SECONDS_AT_ONCE)
    pages: dict[UUID | None, CurriculumPage | None] = {}
    while waiting := list(
        sent.rows.filter(outcome=Outcome.WAITING).order_by("number").values_list("pk", flat=True)[:AT_ONCE]
    ):
        for pk in waiting:
            if enough():
                return False
            _work_line(pk, sent, pages)
    EnrolmentList.objects.filter(pk=sent.pk, finished_at=None).update(finished_at=clock.now())
    return True


@transaction.atomic
def _work_line(pk: int, sent: EnrolmentList, pages: dict[UUID | None, CurriculumPage | None]) -> None:
    row = ListRow.objects.select_for_update().filter(pk=pk, outcome=Outcome.WAITING).first()
    if row is None:
        return  # another job was quicker
    key = row.curriculum_key
    if key not in pages:
        pages[key] = curriculum_of_key(key) if key is not None else None
    page = pages[key]
    if page is None:
        row.outcome, row.reason = Outcome.REFUSED, Reason.COURSE_GONE
    else:
        person = person_by_email(row.email)
        is_ours = person is not None and _is_of(person, sent.organisation)
        row.outcome = _put_on(person, page, sent) if person and is_ours else _invite(row, person, page, sent)
    row.save(update_fields=["outcome", "reason"])


def _is_of(person: User, organisation: Organisation) -> bool:
    return Role.objects.in_force().filter(person=person, organisation=organisation).exists()


def _is_on(person: User, page: CurriculumPage) -> bool:
    return Enrolment.objects.filter(learner=person, curriculum_key=page.translation_key).exists()


def _put_on(person: User, page: CurriculumPage, sent: EnrolmentList) -> str:
    """Somebody of the organisation is put on the course, and told. Who left it is not brought back."""
    if _is_on(person, page):
        return Outcome.ALREADY
    enrol(learner=person, curriculum=page, how=Enrolment.How.LIST, by=sent.uploaded_by)
    facts = _facts(page, sent, reverse("courses:curriculum", args=[page.slug]))
    queue_message(to=person, template="course_given", context=facts)
    return Outcome.ENROLLED


def _invite(row: ListRow, person: User | None, page: CurriculumPage, sent: EnrolmentList) -> str:
    """Anybody else is asked by mail, once. Whether they have an account, or are on the course, stays their own matter."""
    which = {
        "email": row.email,
        "organisation": sent.organisation,
        "curriculum_key": page.translation_key,
        "team": None,
    }
    if Offer.objects.filter(**which).exists():
        return Outcome.INVITED_BEFORE
    has_it = person is not None and _is_on(person, page)
    Offer.objects.create(**which, offered_by=sent.uploaded_by, ended_at=clock.now() if has_it else None)
    if not has_it:
        facts = _facts(page, sent, reverse("courses:offers"))
        queue_message(address=row.email, template="course_offer", context=facts)
    return Outcome.INVITED


def _facts(page: CurriculumPage, sent: EnrolmentList, path: str) -> dict[str, str]:
    return {"course": page.title, "organisation": sent.organisation.name, "url": absolute(path)}
