"""What the rows are measured on: one busy reader with something of everything, and many fresh people."""

from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from bench.courses import make_course
from bench.learners import coordinator_of
from bench.models import BarePage
from coaching.privacy import AGENDA
from coaching.services.agendas import start_agenda
from courses.bodies import practice_blocks, prepared_body
from courses.models import CurriculumPage, LessonPage
from courses.queries.outlines import Outline, OutlineLesson, outline_of
from courses.services import complete_lesson, enrol
from courses.services.loading import load_curricula
from lms.certificates.models import Certificate
from lms.certificates.services import issue_certificate
from lms.core import clock
from lms.people.models import Audience, CareTie, Organisation, RegistrationCheck, Role, User, VettingCheck
from lms.people.second_step import keep_secret
from lms.people.services import give_consent
from workshops.models import Series
from workshops.services.booking import book_place
from workshops.services.scheduling import Dates, Venue, schedule_series
from workshops.services.team import accept_invitation

ON_A_SERIES = 12
LARGEST = 40
SIZES = {"1k": 1_000, "10k": 10_000}
BODY = ("<h2>A part</h2><p>" + "Words about one small step, as long as a paragraph is. " * 6 + "</p>") * 6


@dataclass
class Stage:
    """Addresses and people, ready to be asked for."""

    unit: str
    reader: User
    tutor: User
    outline: Outline
    lesson: OutlineLesson
    practice_lesson: OutlineLesson
    reflection: str
    easy_lesson: OutlineLesson
    short: Outline  # 12 lessons
    long: Outline  # 120 lessons
    register: str
    marks: list[str]
    bookable: list[str]
    agenda: str
    certificate: Certificate
    learners: list[User]
    bookers: list[User]
    coordinators: dict[str, User]  # by how many learners their organisation has


def signed_in(person: User) -> Client:
    """A browser that takes compressed pages, as all do."""
    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def anonymous() -> Client:
    return Client(headers={"accept-encoding": "gzip"})


def set_stage(acts: int) -> Stage:
    """Make everything for `acts` acts of each kind. The demonstration's pages and people are there already."""
    organisation = Organisation.objects.create(name="The bench's clinic")
    curriculum = _curriculum()
    outline = outline_of(curriculum)
    reader = _person("reader", Audience.PATIENT)
    tutor, co_tutor = _pair(organisation, 0)
    led = _series(curriculum, organisation, tutor, co_tutor, ON_A_SERIES)
    people = _people("guest", ON_A_SERIES - 1)
    bookings = [book_place(series=led, person=person) for person in [reader, *people]]
    _read_some(reader, curriculum, outline)
    return Stage(
        unit=_bare_page(),
        reader=reader,
        tutor=tutor,
        outline=outline,
        lesson=outline.start or outline.lessons[0],
        **_lessons_to_do(outline),
        short=_course_of(12, reader),
        long=_course_of(120, reader),
        register=reverse("workshops:register", args=[led.public_id, 1]),
        marks=[f"mark_{booking.pk}" for booking in bookings],
        bookable=[
            reverse("workshops:series", args=[each.public_id])
            for each in _open_series(curriculum, organisation, acts)
        ],
        agenda=_agenda(reader, organisation),
        certificate=_certificate(reader, organisation, led),
        learners=_people("learner", acts),
        bookers=_people("booker", acts),
        coordinators={size: coordinator_of(number, outline) for size, number in SIZES.items()},
    )


def place_of(stage: Stage, number: int) -> str:
    """The series that the `number`th booker books: each takes as many as it holds."""
    return stage.bookable[number // LARGEST]


def _curriculum() -> CurriculumPage:
    if not CurriculumPage.objects.exists():
        load_curricula()
    return CurriculumPage.objects.get(audience=Audience.PATIENT)


def _bare_page() -> str:
    """As deep in the tree as a lesson is, and found by Wagtail's own way through it."""
    page = Site.objects.get(is_default_site=True).root_page
    for slug in ("bench-programme", "bench-module", "bench-page"):
        page = page.add_child(instance=BarePage(title="A bare page", slug=slug, body=BODY))
        page.save_revision().publish()
    return "/unit/bench-programme/bench-module/bench-page/"


def _person(name: str, audience: str) -> User:
    return User.objects.create(
        first_name=name.title(), last_name="Bench", email=f"{name}@bench.example", audience=audience
    )


def _people(name: str, number: int) -> list[User]:
    return User.objects.bulk_create(
        User(first_name=f"{name.title()}{n}", last_name="Bench", email=f"{name}{n}@bench.example")
        for n in range(number)
    )


def _pair(organisation: Organisation, number: int) -> tuple[User, User]:
    """A lay and a clinical tutor whose roles are in force."""
    lay = _person(f"lay{number}", Audience.PATIENT)
    clinical = _person(f"clinical{number}", Audience.PROFESSIONAL)
    long_ago = clock.today() - timedelta(days=30)
    Role.objects.create(
        person=lay,
        kind=Role.Kind.LAY_TUTOR,
        organisation=organisation,
        starts_on=long_ago,
        vetting=_vetted(lay, organisation, clinical),
    )
    _checked_role(clinical, Role.Kind.CLINICAL_TUTOR, organisation, lay)
    keep_secret(lay, generate_totp_secret())
    return lay, clinical


def _checked_role(person: User, kind: str, organisation: Organisation, by: User) -> None:
    keep_secret(person, generate_totp_secret())
    day = clock.today()
    check = RegistrationCheck.objects.create(
        person=person,
        organisation=organisation,
        register="Register",
        number=f"B{person.pk}",
        seen_on=day - timedelta(days=30),
        renew_on=day + timedelta(days=900),
        checked_by=by,
    )
    Role.objects.create(
        person=person,
        kind=kind,
        organisation=organisation,
        starts_on=day - timedelta(days=30),
        check_seen=check,
        vetting=_vetted(person, organisation, by) if kind in Role.NEEDS_VETTING else None,
    )


def _vetted(person: User, organisation: Organisation, by: User) -> VettingCheck:
    day = clock.today()
    return VettingCheck.objects.create(
        person=person,
        organisation=organisation,
        kind=VettingCheck.Kind.DBS_ENHANCED,
        decision=VettingCheck.Decision.MAY,
        seen_on=day - timedelta(days=30),
        renew_on=day + timedelta(days=900),
        checked_by=by,
    )


def _series(curriculum, organisation, lay: User, clinical: User, capacity: int) -> Series:
    first = timezone.localtime(clock.now()).replace(hour=10, minute=0, second=0, microsecond=0, tzinfo=None)
    series = schedule_series(
        scheduled_by=lay,
        curriculum=curriculum,
        format="seven-weeks",
        organisation=organisation,
        dates=Dates([first + timedelta(days=14)]),
        venue=Venue("The hall", "1 Mill Lane"),
        capacity=capacity,
        co_tutor=clinical,
    )
    accept_invitation(series=series, person=clinical)
    return Series.objects.get(pk=series.pk)


def _open_series(curriculum, organisation, places: int) -> list[Series]:
    return [
        _series(curriculum, organisation, *_pair(organisation, number + 1), LARGEST)
        for number in range((places + LARGEST - 1) // LARGEST)
    ]


def _read_some(reader: User, curriculum: CurriculumPage, outline: Outline) -> None:
    enrol(learner=reader, curriculum=curriculum)
    done = 0
    for entry in outline.lessons:
        if entry.rule == LessonPage.Rule.DONE and done < 2:
            complete_lesson(learner=reader, lesson=LessonPage.objects.get(pk=entry.pk))
            done += 1


def _course_of(lessons: int, reader: User) -> Outline:
    """A course that the reader has begun."""
    course = make_course(lessons=lessons)
    enrol(learner=reader, curriculum=course)
    outline = outline_of(CurriculumPage.objects.select_related("outline_stamp").get(pk=course.pk))
    for entry in outline.lessons[:2]:
        complete_lesson(learner=reader, lesson=LessonPage.objects.get(pk=entry.pk))
    return outline


def _lessons_to_do(outline: Outline) -> dict:
    """A lesson with a reflection to answer, and one that is done by saying so."""
    for entry in outline.lessons:
        body = practice_blocks(prepared_body(LessonPage.objects.get(pk=entry.pk), stamp=outline.stamp))
        reflections = [block["id"] for block in body if block["type"] == "reflection"]
        if reflections:
            break
    else:
        raise SystemExit("No lesson has a reflection, so answering one cannot be measured.")
    easy = next(lesson for lesson in outline.lessons if lesson.rule == LessonPage.Rule.DONE)
    return {"practice_lesson": entry, "reflection": reflections[0], "easy_lesson": easy}


def _agenda(reader: User, organisation: Organisation) -> str:
    professional = _person("professional", Audience.PROFESSIONAL)
    _checked_role(professional, Role.Kind.PROFESSIONAL, organisation, reader)
    tie = CareTie.objects.create(
        patient=reader,
        professional=professional,
        invited_by=reader,
        invited_email=professional.email,
        accepted_at=clock.now(),
    )
    give_consent(tie=tie, person=reader, what=AGENDA.key)
    agenda = start_agenda(
        tie=tie,
        by=reader,
        visit_on=clock.today() + timedelta(days=3),
        minutes=15,
        what_matters="Walking to the shop",
        topics=[("Breathing at night", 5), ("The new tablets", 5), ("Getting out more", None)],
        share=True,
    )
    return reverse("coaching:agenda", args=[agenda.public_id])


def _certificate(reader: User, organisation: Organisation, series: Series) -> Certificate:
    return issue_certificate(
        source_key=f"bench:{series.pk}",
        kind=Certificate.Kind.COMPLETED,
        recipient=reader,
        organisation=organisation,
        facts={
            "course": "Working in Partnership",
            "mode": "Workshop and e-learning",
            "sessions_attended": 3,
            "sessions_planned": 3,
            "hours_workshop": "10.5",
            "hours_elearning": "4.5",
            "hours_participatory": "10.5",
            "starts_on": "2026-09-08",
            "ends_on": "2026-10-06",
            "place": "The hall, 1 Mill Lane",
            "rule": "Came to all three sessions.",
            "tutors": [{"name": "Lena Fox", "side": "clinical"}, {"name": "Ben Archer", "side": "lay"}],
            "cpd": True,
        },
    )
