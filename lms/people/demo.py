"""The demonstration's organisation and cast. Everybody in it is made up."""

import base64
import hashlib
from datetime import date, datetime, time, timedelta

from allauth.account.models import EmailAddress

from lms.core import clock
from lms.demo.registry import PASSWORD, Stage, register_part
from lms.people.demo_carers import load_carers
from lms.people.models import Audience, Locality, Organisation, Role, User, VettingCheck
from lms.people.second_step import ROLES_WITHOUT, keep_secret
from lms.people.services import (
    give_role,
    invite_on_paper,
    record_registration_check,
    record_vetting,
    start_with_code,
)

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
        [Role.Kind.PATIENT],
        "Open My page: go on with the lesson, see the next visit's agenda, say how the plan went.",
    ),
    "patient2": (
        "Joe",
        "Lund",
        PATIENT,
        [Role.Kind.PATIENT],
        "Open Workshops: cancel a place, and see the next in line get it.",
    ),
    "patient3": (
        "Mei",
        "Tan",
        PATIENT,
        [Role.Kind.PATIENT],
        "Open Workshops: a full series with a waiting list.",
    ),
    "patient4": (
        "Rosa",
        "Pike",
        PATIENT,
        [Role.Kind.PATIENT],
        "Open Certificates: download one and check it by its code.",
    ),
    "patient5": ("Sam", "Okoro", PATIENT, [], "A fresh start: nothing done yet."),
    "patient6": (
        "Ada",
        "Quill",
        PATIENT,
        [Role.Kind.PATIENT],
        "Has no email: sign in with the sign-in name. A coordinator printed the invitation.",
    ),
    "carer": (
        "Lily",
        "Pike",
        PATIENT,
        [],
        "Open Your data, People who act for you: act for your mother, Rosa.",
    ),
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
        "Open My page: lessons wait for your review.",
    ),
    "clinical_reviewer": (
        "Ines",
        "Moss",
        PROFESSIONAL,
        [Role.Kind.CLINICAL_REVIEWER],
        "Open My page: lessons wait for your review.",
    ),
    "administrator": (
        "Noor",
        "Khan",
        PROFESSIONAL,
        [Role.Kind.ADMINISTRATOR],
        "Open the CMS at /cms/: pages, images, people who edit.",
    ),
}

# Who has no email signs in with this; the number is always the same here.
SIGN_IN_NAMES = {"patient6": "ada-quill-27"}


def secret_of(name: str) -> str | None:
    """The secret of this person's authenticator app, always the same. Who holds no role needs none."""
    kinds = CAST[name][3]
    if not set(kinds) - ROLES_WITHOUT:
        return None
    return base64.b32encode(hashlib.sha256(f"demonstration: {name}".encode()).digest()[:20]).decode()


def email_of(name: str) -> str | None:
    return None if name in SIGN_IN_NAMES else f"{name.replace('_', '-')}@demo.example"


def load_people(stage: Stage) -> None:
    """The organisation's people, each with a confirmed address or a sign-in name, and the roles of the cast."""
    for name, (first, last, audience, _kinds, _try) in CAST.items():
        if name not in SIGN_IN_NAMES:
            stage.cast[name] = _person(name, first, last, audience)
    since = date(2026, 1, 5)
    # Who sets a site up names the first coordinator and the first administrator. Later ones need two people.
    for first_one in ("coordinator", "administrator"):
        give_role(
            person=stage.cast[first_one],
            kind=CAST[first_one][3][0],
            organisation=stage.organisation,
            given_by=None,
            starts_on=since,
        )
    for name in SIGN_IN_NAMES:
        stage.cast[name] = _person_on_paper(stage, name)
    for name, (_first, _last, _audience, kinds, _try) in CAST.items():
        for kind in kinds:
            _give(stage, stage.cast[name], kind, since)
        secret = secret_of(name)
        if secret:
            keep_secret(stage.cast[name], secret)
    # Known for long, as in life: somebody whose role is new is not helped back in on paper.
    given = datetime.combine(since, time(9), tzinfo=clock.now().tzinfo)
    Role.objects.filter(organisation=stage.organisation).update(created_at=given)


def _person_on_paper(stage: Stage, name: str) -> User:
    """Somebody without email, who used the code on their paper."""
    person = User.objects.filter(username=SIGN_IN_NAMES[name]).first()
    if person is not None:
        return person
    first, last, audience, _kinds, _try = CAST[name]
    invitation, code = invite_on_paper(
        first_name=first,
        last_name=last,
        audience=audience,
        organisation=stage.organisation,
        made_by=stage.cast["coordinator"],
    )
    User.objects.filter(pk=invitation.person.pk).update(username=SIGN_IN_NAMES[name])
    return start_with_code(sign_in_name=SIGN_IN_NAMES[name], code=code, password=PASSWORD)


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
    if kind in Role.NEEDS_VETTING:
        # One comes up soon, so that the coordinator's page has something to show.
        days = 40 if person == stage.cast["lay_tutor2"] else 3 * 365
        record_vetting(
            person=person,
            organisation=stage.organisation,
            kind=VettingCheck.Kind.DBS_ENHANCED,
            decision=VettingCheck.Decision.MAY,
            seen_on=since,
            renew_on=clock.today() + timedelta(days=days),
            checked_by=stage.cast["coordinator"],
        )
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
            "locality": Locality.objects.get_or_create(name="Riverside")[0],
            "contact_email": "hello@demo.example",
            "contact_phone": "01632 960000",
        },
    )[0]


register_part(10, "people", load_people)
register_part(11, "carers", load_carers)
