"""Organisations with many learners, each as far as somebody might be, for the reports."""

from datetime import timedelta

from allauth.mfa.totp.internal.auth import generate_totp_secret

from courses.models import Enrolment, LessonCompletion, ModuleCompletion, Place
from courses.queries.outlines import Outline
from lms.core import clock
from lms.people.models import Audience, Organisation, Role, User
from lms.people.second_step import keep_secret

A_PART = 2000


def coordinator_of(number: int, outline: Outline) -> User:
    """Who coordinates an organisation of so many learners on the course."""
    organisation = Organisation.objects.create(name=f"An organisation of {number}")
    coordinator = User.objects.create(
        first_name="Coordinator",
        last_name="Bench",
        email=f"coordinator-{number}@bench.example",
        audience=Audience.PROFESSIONAL,
    )
    keep_secret(coordinator, generate_totp_secret())
    people = User.objects.bulk_create(
        (
            User(first_name=f"Learner{n % 997}", last_name=f"Bench{n}", email=f"l{number}-{n}@bench.example")
            for n in range(number)
        ),
        batch_size=A_PART,
    )
    day = clock.today() - timedelta(days=30)
    facts = {"organisation": organisation, "starts_on": day}
    Role.objects.create(person=coordinator, kind=Role.Kind.COORDINATOR, **facts)
    Role.objects.bulk_create(
        (Role(person=person, kind=Role.Kind.PATIENT, **facts) for person in people), batch_size=A_PART
    )
    _study(people, outline)
    return coordinator


def _study(people: list[User], outline: Outline) -> None:
    """The first has done nothing, the next one lesson, and so on to all of them, and again from nothing."""
    lessons = outline.lessons
    enrolments = Enrolment.objects.bulk_create(
        (Enrolment(learner=person, curriculum_key=outline.key) for person in people), batch_size=A_PART
    )
    far = {one.pk: number % (len(lessons) + 1) for number, one in enumerate(enrolments)}
    LessonCompletion.objects.bulk_create(
        (
            LessonCompletion(
                enrolment=one, lesson_key=lesson.key, rule=lesson.rule, revision_number=lesson.revision
            )
            for one in enrolments
            for lesson in lessons[: far[one.pk]]
        ),
        batch_size=A_PART,
    )
    ends = [(module, lessons.index(module.lessons[-1])) for module in outline.modules if module.is_ready]
    ModuleCompletion.objects.bulk_create(
        (
            ModuleCompletion(enrolment=one, module_key=module.key, needed=module.needed)
            for one in enrolments
            for module, last in ends
            if far[one.pk] > last
        ),
        batch_size=A_PART,
    )
    Place.objects.bulk_create(
        (Place(enrolment=one, lesson_key=lessons[0].key) for one in enrolments), batch_size=A_PART
    )
