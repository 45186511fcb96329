"""People without email: invited on paper, signing in by a name of their own, helped back in; and no lesser service."""

import re
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import get_hasher
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coaching.models import ActionPlan
from lms.audit.models import Entry
from lms.certificates.services import certificate_pdf
from lms.core.errors import RuleBroken
from lms.notifications.models import Message
from lms.people.models import CareTie, PrintedInvitation, Role, User
from lms.people.printed_codes import (
    ALPHABET,
    LENGTH,
    SIGN_IN_NAME,
    hash_of,
    new_code,
    new_sign_in_name,
    tidied_code,
)
from lms.people.queries import invitations_to, person_by_sign_in_name
from lms.people.services import (
    accept_tie,
    help_back_in,
    invite_on_paper,
    invite_to_tie,
    revoke_invitation,
    start_with_code,
)
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.certificates import certificate_for
from tests.factories.workshops import open_series
from workshops.models import Booking

PASSWORD = "a quiet walk by the sea"
MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)


@pytest.fixture
def ada(cast):
    """Ada has no email. Ruth made her an invitation on paper."""
    invitation, code = invite_on_paper(
        first_name="Ada",
        last_name="Quill",
        audience="patient",
        organisation=cast.organisation,
        made_by=cast.coordinator,
    )
    return invitation, code


def started(ada) -> User:
    invitation, code = ada
    return start_with_code(sign_in_name=invitation.person.username, code=code, password=PASSWORD)


def start_form(name: str, code: str, password: str = PASSWORD) -> dict:
    return {"sign_in_name": name, "secret_code": code, "password": password}


def said(answer) -> str:
    """The page without what differs at each rendering, and without what was typed."""
    text = re.sub(r'(name="(?:csrfmiddlewaretoken|once)"\s+value=)"[^"]*"', r"\1", answer.text)
    return re.sub(r'value="[^"]*"', "", text)


# ---------------------------------------------------------------- name and code


def test_a_code_is_133_bits_in_seven_groups_and_forgives_how_it_is_typed():
    code = new_code()

    assert len(ALPHABET) == 27 and 27**LENGTH > 2**133
    assert re.fullmatch(rf"([{ALPHABET}]{{4}} ){{6}}[{ALPHABET}]{{4}}", code)
    typed = (
        code.lower().replace(" ", "-").replace("2", "z").replace("5", "S").replace("8", "b").replace("V", "u")
    )
    assert hash_of(typed) == hash_of(code)
    assert tidied_code(code) not in hash_of(code)
    assert len({new_code() for _try in range(500)}) == 500


@pytest.mark.parametrize(
    ("first", "last", "begins"),
    [
        ("Amina", "Hart", "amina-hart-"),
        ("Zoë-Anne", "O’Brien", "zoeanne-obrien-"),
        ("Bo", "", "bo-"),
        ("x" * 90, "Y1z", f"{'x' * 20}-yz-"),
    ],
)
def test_a_sign_in_name_can_be_read_and_said(first, last, begins):
    name = new_sign_in_name(first, last)

    assert SIGN_IN_NAME.fullmatch(name) and name.startswith(begins)


def test_a_name_in_other_letters_gets_plain_words():
    assert re.fullmatch(r"[a-z]+-[a-z]+-[2-9]{2}", new_sign_in_name("فاطمة", "٣"))


def test_names_that_are_taken_are_not_given_twice(cast, monkeypatch):
    names = iter(["ada-quill-22", "ada-quill-22", "ada-quill-23"])
    monkeypatch.setattr(
        "lms.people.services.invitations.new_sign_in_name", lambda *names_of, digits: next(names)
    )
    made = [
        invite_on_paper(
            first_name="Ada",
            last_name="Quill",
            audience="patient",
            organisation=cast.organisation,
            made_by=cast.coordinator,
        )[0].person.username
        for _one in range(2)
    ]

    assert made == ["ada-quill-22", "ada-quill-23"]


# ---------------------------------------------------------------- by paper, to the first page


def test_coordinator_prints_an_invitation_and_the_person_starts_with_it(cast, signed_in, client):
    browser = signed_in(cast.coordinator)
    form = {"first_name": "Ada", "last_name": "Quill", "audience": "patient", "once": uuid.uuid4()}
    answer = browser.post("/people/invite-on-paper/", form)
    paper = browser.get(answer.url)
    code = " ".join(re.findall(rf"<span>([{ALPHABET}]{{4}})</span>", paper.text))
    invitation = PrintedInvitation.objects.get()

    assert browser.post("/people/invite-on-paper/", form).url == answer.url, "pressed twice, made once"
    assert User.objects.filter(first_name="Ada").count() == 1
    assert invitation.code_hash == hash_of(code)
    assert invitation.person.email == "" and SIGN_IN_NAME.fullmatch(invitation.person.username)
    assert Role.objects.get(person=invitation.person).kind == Role.Kind.PATIENT
    for words in (invitation.person.username, "/people/start/", "Riverside Clinic", "116 123"):
        assert words in paper.text

    first = client.post("/people/start/", start_form(invitation.person.username.upper(), code.lower()))

    assert (first.status_code, first.url) == (302, "/my/")
    assert client.get("/my/").status_code == 200
    client.post("/accounts/logout/")
    again = client.post("/accounts/login/", {"login": invitation.person.username, "password": PASSWORD})
    assert (again.status_code, again.url) == (302, "/my/")


def test_the_paper_prints_in_large_type_with_all_it_takes(cast, signed_in):
    cast.organisation.contact_phone = "01632 960111"
    cast.organisation.save()
    browser = signed_in(cast.coordinator)
    where = browser.post(
        "/people/invite-on-paper/", {"first_name": "Ada", "last_name": "Quill", "audience": "patient"}
    ).url
    paper = browser.get(f"{where}invitation.pdf")

    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF-1.7")
    assert paper["Cache-Control"] == "private, no-store"
    assert "01632 960111" in browser.get(where).text


def test_the_code_is_shown_for_an_hour_and_only_to_who_made_it(cast, signed_in, monkeypatch):
    browser = signed_in(cast.coordinator)
    where = browser.post(
        "/people/invite-on-paper/", {"first_name": "Ada", "last_name": "Quill", "audience": "patient"}
    ).url
    other = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=cast.organisation).person
    elsewhere = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory()).person

    assert browser.get(where).status_code == 200
    assert signed_in(other).get(where).status_code == 302, "a colleague is led to the person"
    assert signed_in(elsewhere).get(where).status_code == 404
    assert signed_in(elsewhere).get(f"{where}invitation.pdf").status_code == 404

    later = time.time() + 3601
    monkeypatch.setattr("lms.people.paper.time.time", lambda: later)
    assert browser.get(where).status_code == 302


def test_the_code_stands_nowhere_in_the_database(cast, signed_in):
    """Nor in any message or audit row: a look into every table, after everything was done with it."""
    browser, client = signed_in(cast.coordinator), Client()
    where = browser.post(
        "/people/invite-on-paper/", {"first_name": "Ada", "last_name": "Quill", "audience": "patient"}
    ).url
    code = " ".join(re.findall(rf"<span>([{ALPHABET}]{{4}})</span>", browser.get(where).text))
    client.post("/people/start/", start_form(User.objects.get(first_name="Ada").username, "A" * 28))

    everything = whole_database()
    assert "Quill" in everything, "the control: what is there is found"
    assert hash_of(code) in everything
    assert code not in everything and tidied_code(code) not in everything


def whole_database() -> str:
    words = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            words.append(repr(cursor.fetchall()))
    sessions = [repr(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(words + sessions)


# ---------------------------------------------------------------- a door that tells nothing


def test_wrong_name_wrong_code_and_used_code_look_alike(cast, ada, client):
    invitation, code = ada
    name = invitation.person.username
    other, other_code = invite_on_paper(
        first_name="Bo",
        last_name="Lund",
        audience="patient",
        organisation=cast.organisation,
        made_by=cast.coordinator,
    )
    used = start_with_code(sign_in_name=other.person.username, code=other_code, password=PASSWORD)
    tries = {
        "no such name": start_form("nobody-here-22", code),
        "another's name": start_form(used.username, code),
        "wrong code": start_form(name, new_code()),
        "used code": start_form(used.username, other_code),
        "somebody with email": start_form(cast.patient.username, code),
    }
    answers = {how: client.post("/people/start/", form) for how, form in tries.items()}

    first = said(answers["no such name"])
    assert "do not go together" in first
    assert {how for how, answer in answers.items() if said(answer) != first} == set()
    assert {answer.status_code for answer in answers.values()} == {200}
    assert not PrintedInvitation.objects.get(pk=invitation.pk).used_at
    # The control: the right ones open, and a page that differs is seen to differ.
    assert said(client.post("/people/start/", start_form(name, "A" * 27))) != first
    assert client.post("/people/start/", start_form(name, code)).status_code == 302


def test_a_code_works_once_and_for_28_days(cast, ada, at):
    invitation, code = ada
    name = invitation.person.username

    at(invitation.expires_at)
    with pytest.raises(RuleBroken, match="do not go together"):
        start_with_code(sign_in_name=name, code=code, password=PASSWORD)
    at(invitation.expires_at - timedelta(seconds=1))
    assert invitation.expires_at - invitation.created_at >= timedelta(days=28) - timedelta(seconds=1)
    start_with_code(sign_in_name=name, code=code, password=PASSWORD)
    with pytest.raises(RuleBroken, match="do not go together"):
        start_with_code(sign_in_name=name, code=code, password="another quiet walk")
    assert User.objects.get(username=name).check_password(PASSWORD)


def test_a_code_that_was_called_back_is_dead(cast, ada, signed_in):
    invitation, code = ada
    browser = signed_in(cast.coordinator)
    here = f"/people/{invitation.person.public_id}/"

    assert "A printed code is out" in browser.get(here).text
    browser.post(here, {"call_back": "1"})

    with pytest.raises(RuleBroken, match="do not go together"):
        started(ada)
    stranger = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory()).person
    with pytest.raises(RuleBroken, match="Only a coordinator"):
        revoke_invitation(invitation=invitation, revoked_by=stranger)


def test_a_weak_password_leaves_the_code_good(ada, client):
    invitation, code = ada
    name = invitation.person.username

    weak = client.post("/people/start/", start_form(name, code, "short"))
    own = client.post("/people/start/", start_form(name, code, name))

    assert "Use at least 12 characters." in weak.text
    assert own.status_code == 200 and not PrintedInvitation.objects.get().used_at
    assert client.post("/people/start/", start_form(name, code)).status_code == 302


def test_the_door_is_limited(settings, ada, client):
    settings.DOOR_LIMITS = {"printed_code": "100/m/ip,3/5m/key"}
    call_command("createcachetable")
    invitation, code = ada
    name = invitation.person.username

    for _try in range(3):
        assert "do not go together" in client.post("/people/start/", start_form(name, new_code())).text
    refused = client.post("/people/start/", start_form(name, code))

    assert "That was many tries." in refused.text and not PrintedInvitation.objects.get().used_at
    settings.DOOR_LIMITS = False  # the control
    assert client.post("/people/start/", start_form(name, code)).status_code == 302


def test_database_refuses_a_second_open_code_and_one_for_oneself(cast, ada):
    facts = {"organisation": cast.organisation, "expires_at": MONDAY}
    for person, made_by in ((ada[0].person, cast.coordinator), (cast.coordinator, cast.coordinator)):
        with pytest.raises(IntegrityError), transaction.atomic():
            PrintedInvitation.objects.create(
                person=person, made_by=made_by, code_hash=uuid.uuid4().hex, **facts
            )


# ---------------------------------------------------------------- signing in by name


def count_hashes(monkeypatch) -> list:
    """Each time a password is hashed: that is what takes the time of a sign-in."""
    hasher, hashed = type(get_hasher("default")), []
    real = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *args: hashed.append(1) or real(self, *args))
    return hashed


def test_known_and_unknown_sign_in_names_look_alike_and_cost_alike(ada, client, monkeypatch):
    person, hashed = started(ada), count_hashes(monkeypatch)
    answers, costs = {}, {}
    for login in (person.username, "nobody-here-22", "nobody@example.org", "unknown@example.org"):
        hashed.clear()
        answers[login] = said(client.post("/accounts/login/", {"login": login, "password": "not this one"}))
        costs[login] = len(hashed)

    assert answers[person.username] == answers["nobody-here-22"]
    assert costs[person.username] == costs["nobody-here-22"] > 0
    assert costs["nobody@example.org"] == costs["unknown@example.org"] > 0


def test_known_and_unknown_addresses_cost_alike(cast, client, monkeypatch):
    hashed, costs = count_hashes(monkeypatch), []
    for login in (cast.patient.email, "nobody@example.org"):
        hashed.clear()
        client.post("/accounts/login/", {"login": login, "password": "not this one"})
        costs.append(len(hashed))

    assert costs[0] == costs[1] > 0


def test_an_unconfirmed_address_still_keeps_others_out(db, client):
    """The control of the exception for sign-in names."""
    person = UserFactory(confirmed=False)
    answer = client.post("/accounts/login/", {"login": person.email, "password": "a-long-walk-in-the-rain"})

    assert answer.url == "/accounts/confirm-email/"
    assert "_auth_user_id" not in client.session


# ---------------------------------------------------------------- help with getting back in


def test_coordinator_helps_back_in_and_the_person_can_see_it(cast, ada, signed_in, client):
    person = started(ada)
    client.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
    browser = signed_in(cast.coordinator)
    paper = browser.post(
        f"/people/{person.public_id}/help-in/", {"identity_note": "Came to the desk, and we know her."}
    )
    code = " ".join(re.findall(rf"<span>([{ALPHABET}]{{4}})</span>", browser.get(paper.url).text))

    assert client.get("/my/").status_code == 302, "signed out everywhere"
    wrong = client.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
    assert wrong.status_code == 200, "the old password is no good"
    back = client.post("/people/start/", start_form(person.username, code, "another walk by the sea"))
    assert (back.status_code, back.url) == (302, "/my/")
    looked = client.get("/privacy/looked/").text
    assert "To print a new code for you" in looked and "Ruth" in looked
    assert Entry.objects.filter(subject=person, act="helped to sign in", actor=cast.coordinator).count() == 1
    assert PrintedInvitation.objects.get(used_at__isnull=False, identity_note__contains="desk")


def test_a_new_code_ends_the_old_one(cast, ada):
    invitation, old = ada
    _new, code = help_back_in(
        person=invitation.person,
        organisation=cast.organisation,
        made_by=cast.coordinator,
        identity_note="We know her.",
    )

    with pytest.raises(RuleBroken, match="do not go together"):
        start_with_code(sign_in_name=invitation.person.username, code=old, password=PASSWORD)
    assert start_with_code(sign_in_name=invitation.person.username, code=code, password=PASSWORD)


def help_for(cast, person, **changes):
    facts = {
        "person": person,
        "organisation": cast.organisation,
        "made_by": cast.coordinator,
        "identity_note": "We know them.",
    }
    return help_back_in(**(facts | changes))


def test_help_is_refused_where_it_would_open_somebody_elses_door(cast, ada, at):
    stranger = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory()).person
    second = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=cast.organisation).person
    administrator = RoleFactory(kind=Role.Kind.ADMINISTRATOR, organisation=cast.organisation).person
    ada_herself = ada[0].person

    refused = [
        (cast.coordinator, {}, "for yourself"),
        (ada_herself, {"made_by": stranger}, "Only a coordinator"),
        (ada_herself, {"made_by": cast.lay_tutor}, "Only a coordinator"),
        (cast.outsider, {}, "Give them a role"),
        (second, {}, "by email"),
        (administrator, {}, "by email"),
        (ada_herself, {"identity_note": "  "}, "how you made sure"),
        (cast.professional, {}, "from tomorrow"),
    ]
    for person, changes, sentence in refused:
        with pytest.raises(RuleBroken, match=sentence):
            help_for(cast, person, **changes)
    # The control: the same service, the same day, for whom it is meant; and a day later for the professional.
    assert help_for(cast, ada_herself)
    at(datetime.now(UTC) + timedelta(days=1, minutes=1))
    assert help_for(cast, cast.professional)


def test_somebody_with_an_address_is_told_and_keeps_their_second_step(cast, client, at):
    at(datetime.now(UTC) + timedelta(days=1, minutes=1))
    _invitation, code = help_for(cast, cast.professional)
    person = User.objects.get(pk=cast.professional.pk)

    mail = Message.objects.get(template="new_way_in")
    assert (mail.to_id, mail.address) == (person.pk, person.email)
    assert "Riverside" not in mail.subject and code not in mail.text
    answer = client.post("/people/start/", start_form(person.sign_in_name, code))
    assert answer.url == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert Authenticator.objects.filter(user=person).exists()


def test_coordinator_takes_a_lost_second_step_away(cast, signed_in):
    browser = signed_in(cast.coordinator)
    here = f"/people/{cast.professional.public_id}/second-step/"

    browser.post(here, {"reason": "Showed me their badge."})

    assert not Authenticator.objects.filter(user=cast.professional).exists()
    assert Entry.objects.filter(subject=cast.professional, act="reset second step").count() == 1


# ---------------------------------------------------------------- working together, without an address


def test_a_professional_invites_by_sign_in_name_and_the_answer_tells_nothing(cast, ada, signed_in):
    person = started(ada)
    browser = signed_in(cast.professional)

    known = browser.post("/privacy/people/invite/", {"email": person.username.upper()}, follow=True)
    unknown = browser.post("/privacy/people/invite/", {"email": "nobody-here-22"}, follow=True)

    sentence = "We have sent the invitation."
    assert sentence in known.text and sentence in unknown.text
    tie = CareTie.objects.get(invited_name=person.username)
    assert list(invitations_to(person)) == [tie]
    theirs = signed_in(person)
    page = theirs.get("/privacy/people/").text
    assert "confirmed for Riverside Clinic by" in page, "who confirmed the role, and for which organisation"
    theirs.post(f"/privacy/people/{tie.public_id}/answer/", {"accept": "1"})
    assert CareTie.objects.in_force().get().patient == person


def test_a_name_is_not_for_others_to_answer(cast, ada):
    person = started(ada)
    tie = invite_to_tie(inviter=cast.professional, email=person.username, as_professional=True)

    with pytest.raises(RuleBroken, match="no longer open"):
        accept_tie(tie=tie, person=cast.outsider)
    with pytest.raises(RuleBroken, match="your own address"):
        invite_to_tie(inviter=person, email=person.username, as_professional=False)
    assert accept_tie(tie=tie, person=person).patient == person


def test_random_usernames_find_nobody(cast, signed_in):
    assert person_by_sign_in_name(cast.patient.username) is None
    page = signed_in(cast.coordinator).post("/people/", {"who": cast.patient.username})
    assert page.status_code == 200 and "sign-in name like" in page.text


def test_an_invitation_is_taken_back(cast, signed_in):
    browser = signed_in(cast.patient)
    browser.post("/privacy/people/invite/", {"email": cast.professional.email})
    tie = CareTie.objects.get()

    assert "Take it back" in browser.get("/privacy/people/").text
    browser.post(f"/privacy/people/{tie.public_id}/answer/", {"decline": "1"})

    assert list(invitations_to(cast.professional)) == []
    assert "Take it back" not in browser.get("/privacy/people/").text


def test_an_invitations_mail_says_no_organisation_in_its_subject(cast):
    invite_to_tie(inviter=cast.professional, email="amina@example.org", as_professional=True)

    assert "Riverside" not in Message.objects.get(template="tie_invitation").subject


# ---------------------------------------------------------------- no lesser service


def test_no_lesser_service(cast, ada, signed_in, at):
    """Ada books a place, makes a plan, and gets her certificate, as everybody does."""
    at(MONDAY)
    invitation, _old = ada
    _new, code = help_for(cast, invitation.person)
    client = Client()
    client.post("/people/start/", start_form(invitation.person.username, code))
    series = open_series(
        lay=cast.lay_tutor,
        clinical=cast.clinical_tutor,
        organisation=cast.organisation,
        start="2027-02-02T10:00",
    )

    here = f"/workshops/{series.public_id}/"
    booked = client.post(here, {"do": "book", "needs": "", "once": uuid.uuid4()})
    plan = client.post(
        "/coaching/plans/new/",
        {
            "what": "walk to the shop",
            "how_much": "for 10 minutes",
            "when": "after breakfast",
            "how_often": "every other day",
            "confidence": "8",
            "starts_on_day": "4",
            "starts_on_month": "1",
            "starts_on_year": "2027",
            "share_with": "only-me",
            "follow_up_on_day": "11",
            "follow_up_on_month": "1",
            "follow_up_on_year": "2027",
        },
    )
    certificate = certificate_for(invitation.person, cast.organisation)

    assert booked.status_code == 302
    assert Booking.objects.get(person=invitation.person).state == Booking.State.BOOKED
    assert plan.status_code == 302 and ActionPlan.objects.get().owner == invitation.person
    assert f"/certificates/{certificate.public_id}/certificate.pdf" in client.get("/certificates/").text
    assert certificate_pdf(certificate).startswith(b"%PDF")
    for page in ("/my/", "/people/account/", "/accounts/email/", "/privacy/", "/workshops/mine/"):
        assert client.get(page).status_code == 200, page
    tutor = signed_in(cast.lay_tutor)
    assert "Ada" in tutor.get(f"/workshops/tutor/{series.public_id}/").text


def test_a_person_without_email_adds_one_and_can_still_sign_in_by_name(ada, client):
    person = started(ada)
    client.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "ada@example.org"})
    client.post("/accounts/logout/")

    answer = client.post("/accounts/login/", {"login": person.username, "password": PASSWORD})

    assert answer.url == "/my/", "an address that is not confirmed locks nobody out"


def test_the_people_page_costs_the_same_for_one_and_for_three(cast, signed_in):
    browser = signed_in(cast.coordinator)

    def cost() -> int:
        browser.get("/people/")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/people/").status_code == 200
        return len(captured)

    before = cost()
    for _one in range(3):
        RoleFactory(organisation=cast.organisation, kind=Role.Kind.LAY_TUTOR)
        RoleFactory(organisation=cast.organisation, kind=Role.Kind.PATIENT)

    assert cost() == before
