"""The demonstration's organisation and cast. Everybody in it is made up."""

from datetime import date, timedelta

from allauth.account.models import EmailAddress

from lms.core import clock
from lms.demo.registry import PASSWORD, Stage, register_part
from lms.people.models import Audience, Organisation, Role, User
from lms.people.services import give_role, record_registration_check

PATIENT, PROFESSIONAL = Audience.PATIENT, Audience.PROFESSIONAL

# name in the cast: (first name, last name, audience, roles, what to try first)
CAST: dict[str, tuple[str, str, str, list[str], str]] = {
    "coordinator": (
        "Ruth",
        "Bell",
        PROFESSIONAL,
        [Role.Kind.COORDINATOR],
        "Open Coordinate: find a person, give a role, see every series and its seats.",
    ),
    "patient": (
        "Amina",
        "Hart",
        PATIENT,
        [],
        "Open My page: go on with the lesson, see the next visit's agenda, say how the plan went.",
    ),
    "patient2": (
        "Joe",
        "Lund",
        PATIENT,
        [],
        "Open Workshops: cancel a place, and see the next in line get it.",
    ),
    "patient3": ("Mei", "Tan", PATIENT, [], "Open Workshops: a full series with a waiting list."),
    "patient4": ("Rosa", "Pike", PATIENT, [], "Open Certificates: download one and check it by its code."),
    "patient5": ("Sam", "Okoro", PATIENT, [], "A fresh start: nothing done yet."),
    "professional": (
        "Priya",
        "Nair",
        PROFESSIONAL,
        [Role.Kind.PROFESSIONAL],
        "Open My visits: the agendas and plans that people share with you.",
    ),
    "professional2": (
        "Tom",
        "Reid",
        PROFESSIONAL,
        [],
        "Signed up as a professional; nobody has confirmed a role, so only learning is open.",
    ),
    "lay_tutor": (
        "Ben",
        "Archer",
        PATIENT,
        [Role.Kind.LAY_TUTOR],
        "Open Tutoring: schedule a series and invite a clinical tutor.",
    ),
    "lay_tutor2": (
        "Grace",
        "Obi",
        PATIENT,
        [Role.Kind.LAY_TUTOR],
        "Open Tutoring: take the register on a phone.",
    ),
    "clinical_tutor": (
        "Lena",
        "Fox",
        PROFESSIONAL,
        [Role.Kind.CLINICAL_TUTOR, Role.Kind.PROFESSIONAL],
        "Open Tutoring: answer an invitation to lead a series.",
    ),
    "clinical_tutor2": (
        "Omar",
        "Aziz",
        PROFESSIONAL,
        [Role.Kind.CLINICAL_TUTOR],
        "Open Tutoring: confirm that a series was delivered.",
    ),
    "author": ("Kit", "Shaw", PROFESSIONAL, [Role.Kind.AUTHOR], "Open the CMS at /cms/ and edit a lesson."),
    "lay_reviewer": (
        "Dev",
        "Mistry",
        PATIENT,
        [Role.Kind.LAY_REVIEWER],
        "Read the lessons as a learner does.",
    ),
    "clinical_reviewer": (
        "Ines",
        "Moss",
        PROFESSIONAL,
        [Role.Kind.CLINICAL_REVIEWER],
        "Read the lessons as a learner does.",
    ),
    "administrator": (
        "Noor",
        "Khan",
        PROFESSIONAL,
        [Role.Kind.ADMINISTRATOR],
        "Open the CMS at /cms/: pages, images, people who edit.",
    ),
}


def email_of(name: str) -> str:
    return f"{name.replace('_', '-')}@demo.example"


def load_people(stage: Stage) -> None:
    """The organisation's people, each with a confirmed address and the roles of the cast."""
    for name, (first, last, audience, _kinds, _try) in CAST.items():
        stage.cast[name] = _person(name, first, last, audience)
    coordinator = stage.cast["coordinator"]
    since = date(2026, 1, 5)
    give_role(
        person=coordinator,
        kind=Role.Kind.COORDINATOR,
        organisation=stage.organisation,
        given_by=None,
        starts_on=since,
    )
    for name, (_first, _last, _audience, kinds, _try) in CAST.items():
        for kind in kinds:
            _give(stage, stage.cast[name], kind, since)


def _person(name: str, first: str, last: str, audience: str) -> User:
    email = email_of(name)
    person, is_new = User.objects.get_or_create(
        email=email, defaults={"first_name": first, "last_name": last, "audience": audience}
    )
    if is_new:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _give(stage: Stage, person: User, kind: str, since: date) -> None:
    if Role.objects.in_force().filter(person=person, kind=kind, organisation=stage.organisation).exists():
        return
    check = None
    if kind in Role.NEEDS_CHECK:
        check = record_registration_check(
            person=person,
            organisation=stage.organisation,
            register="Made-up register for the demonstration",
            number=f"DEMO{person.pk:05}",
            seen_on=since,
            renew_on=clock.today() + timedelta(days=365),
            checked_by=stage.cast["coordinator"],
        )
    give_role(
        person=person,
        kind=kind,
        organisation=stage.organisation,
        given_by=stage.cast["coordinator"],
        starts_on=since,
        check=check,
    )


def make_organisation() -> Organisation:
    return Organisation.objects.get_or_create(
        name="Riverside Health Centre (made up)",
        defaults={
            "locality": "Riverside",
            "contact_email": "hello@demo.example",
            "contact_phone": "01632 960000",
        },
    )[0]


register_part(10, "people", load_people)
