"""Carers: asked, agreed, bounded by consent at each request, and seen by the person. Each refusal has its control."""

import re
import uuid
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from coaching.models import ActionPlan
from lms.audit.models import Entry
from lms.audit.queries import looks_at
from lms.core.errors import RuleBroken
from lms.core.models import TakenForm
from lms.notifications.models import Message
from lms.people import acting, services, sharing
from lms.people.models import CarerTie, Consent, Role, User
from tests.factories import RoleFactory, UserFactory
from tests.factories.carers import carer_for
from tests.factories.coaching import agenda_for, plan_for, tie_between
from tests.factories.workshops import open_series
from tests.lms.test_doors import own_routes

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
CANARY = "Canarywort"
BOTH = ("carer_workshops", "carer_visits")


@pytest.fixture
def grace(db) -> User:
    return UserFactory(first_name="Grace", last_name="Carer")


@pytest.fixture
def act(signed_in):
    """`act(tie)`: a browser in which the carer has begun to act."""

    def begin(tie: CarerTie) -> Client:
        browser = signed_in(tie.carer)
        answer = browser.post(f"/privacy/carers/{tie.public_id}/act/")
        assert answer.status_code == 302
        return browser

    return begin


@pytest.fixture
def series(cast):
    return open_series(
        lay=cast.lay_tutor,
        clinical=cast.clinical_tutor,
        organisation=cast.organisation,
        start="2027-02-02T10:00",
    )


@pytest.fixture(autouse=True)
def january(at):
    at(datetime(2027, 1, 4, 9, tzinfo=UTC))


# ---------------------------------------------------------------- asking and agreeing


def test_a_carer_is_asked_says_yes_and_may_do_nothing_yet(cast, grace, signed_in):
    patient, carer = signed_in(cast.patient), signed_in(grace)

    patient.post("/privacy/carers/invite/", {"invited_as": grace.email.upper()})
    tie = CarerTie.objects.get()
    assert grace.email in patient.get("/privacy/carers/").content.decode()
    assert "Amina Field" in carer.get("/privacy/carers/").content.decode()
    carer.post(f"/privacy/carers/{tie.public_id}/answer/", {"accept": "1"})

    tie.refresh_from_db()
    assert tie.carer == grace and tie.accepted_at is not None
    assert not Consent.objects.exists()
    assert carer.post(f"/privacy/carers/{tie.public_id}/act/").status_code == 404
    services.give_consent(person=cast.patient, what="carer_visits", carer_tie=tie)
    assert carer.post(f"/privacy/carers/{tie.public_id}/act/").status_code == 302


def test_known_and_unknown_names_look_alike(cast, grace, signed_in):
    patient = signed_in(cast.patient)
    said = []
    for name in (grace.email, "nobody@example.org", "nobody-at-all-77"):
        answer = patient.post("/privacy/carers/invite/", {"invited_as": name})
        page = patient.get(answer.headers["Location"]).content.decode()
        assert name in page
        said.append((answer.status_code, answer.headers["Location"], "We have sent the invitation" in page))

    assert len(set(said)) == 1
    assert set(Message.objects.values_list("address", flat=True)) == {grace.email, "nobody@example.org"}


def test_somebody_without_email_is_asked_by_their_sign_in_name(cast):
    nan = UserFactory(first_name="Nan", email="", username="nan-hart-27", confirmed=False)

    tie = services.invite_carer(person=cast.patient, invited_as=" Nan-Hart-27 ")

    assert Message.objects.filter(to=nan, template="carer_invitation").count() == 1
    assert services.accept_carer_tie(tie=tie, carer=nan).carer == nan


def test_only_whom_the_invitation_names_can_accept_it(cast, grace):
    tie = services.invite_carer(person=cast.patient, invited_as=grace.email)
    unconfirmed = UserFactory(confirmed=False)
    other = services.invite_carer(person=cast.patient, invited_as=unconfirmed.email)

    for somebody, asked in ((cast.outsider, tie), (cast.patient, tie), (unconfirmed, other)):
        with pytest.raises(RuleBroken, match="no longer open"):
            services.accept_carer_tie(tie=asked, carer=somebody)
    assert services.accept_carer_tie(tie=tie, carer=grace).carer == grace


def test_nobody_is_their_own_carer_and_twenty_a_day_are_enough(cast, at):
    with pytest.raises(RuleBroken, match="your own"):
        services.invite_carer(person=cast.patient, invited_as=cast.patient.email.upper())
    for number in range(services.MOST_CARER_INVITATIONS_A_DAY):
        services.invite_carer(person=cast.patient, invited_as=f"p{number}@example.org")
    with pytest.raises(RuleBroken, match="tomorrow"):
        services.invite_carer(person=cast.patient, invited_as="one-more@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        CarerTie.objects.create(person=cast.patient, carer=cast.patient, invited_as="x")


# ---------------------------------------------------------------- acting


def test_a_carer_books_a_place_for_the_person(cast, grace, act, series):
    browser = act(carer_for(cast.patient, grace, scopes=("carer_workshops",)))
    here = f"/workshops/{series.public_id}/"

    page = browser.get(here)
    assert "You are acting for Amina Field" in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    browser.post(here, {"do": "book", "needs": ""})

    assert [booking.person for booking in series.bookings.all()] == [cast.patient]
    acts = Entry.objects.filter(verb=Entry.Verb.DID, thing__startswith="workshops.", subject=cast.patient)
    assert {entry.actor for entry in acts} == {grace}
    assert TakenForm.objects.filter(person=cast.patient).count() == 0
    assert Message.objects.filter(template="booking_confirmed").get().to == cast.patient


def test_a_carer_writes_agendas_and_plans_in_the_persons_name(cast, grace, act):
    tie = tie_between(cast.patient, cast.professional)
    agenda = agenda_for(tie, topics=(CANARY,))
    plan = plan_for(cast.patient, what=CANARY)
    browser = act(carer_for(cast.patient, grace, scopes=("carer_visits",)))

    for page in (
        "/coaching/",
        f"/coaching/agendas/{agenda.public_id}/",
        f"/coaching/plans/{plan.public_id}/",
    ):
        assert CANARY in browser.get(page).content.decode(), page
    browser.post(
        f"/coaching/agendas/{agenda.public_id}/topics/new/", {"words": "From Grace", "priority": "2"}
    )

    assert agenda.items.get(words="From Grace").raised_by == cast.patient
    browser.post(f"/coaching/plans/{plan.public_id}/stop/", {})
    done = Entry.objects.filter(verb=Entry.Verb.DID, subject=cast.patient, thing="coaching.actionplan")
    assert [(entry.act, entry.actor) for entry in done] == [
        ("stopped action plan", grace),
        ("made action plan", cast.patient),
    ]


def test_each_page_is_one_look_that_the_person_sees(cast, grace, act, signed_in):
    plan = plan_for(cast.patient)
    browser = act(carer_for(cast.patient, grace, scopes=BOTH))
    pages = ["/coaching/", f"/coaching/plans/{plan.public_id}/", "/workshops/mine/", "/workshops/"]

    for page in pages * 2:
        assert browser.get(page).status_code == 200
    browser.get("/coaching/agendas/new/")
    browser.get("/help-now/")
    browser.get(f"/coaching/plans/{uuid.uuid4()}/")
    browser.get("/my/")

    looks = looks_at(cast.patient)
    assert {(look.actor, look.purpose) for look in looks} == {(grace, "acting as carer")}
    # Eight pages, and the choice of whom to make an agenda with.
    assert sorted(look.thing for look in looks) == ["carer_visits"] * 5 + ["carer_workshops"] * 4
    listed = signed_in(cast.patient).get("/privacy/looked/").content.decode()
    assert "They opened it for you, as your carer" in listed
    assert "Grace Carer" in listed and "Your visits and plans" in listed


def test_when_the_look_cannot_be_written_the_page_is_not_shown(cast, grace, act, monkeypatch):
    plan = plan_for(cast.patient, what=CANARY)
    browser = act(carer_for(cast.patient, grace, scopes=BOTH))
    browser.raise_request_exception = False
    page = f"/coaching/plans/{plan.public_id}/"

    def refuse(**kwargs):
        raise DatabaseError("no room")

    monkeypatch.setattr(acting, "record_page", refuse)
    answer = browser.get(page)
    assert answer.status_code in (500, 503)
    assert CANARY not in answer.content.decode()
    monkeypatch.undo()
    assert CANARY in browser.get(page).content.decode()


def test_acting_costs_three_queries_and_not_acting_none(cast, grace, act, signed_in):
    tie = carer_for(cast.patient, grace, scopes=BOTH)

    def spent(browser: Client) -> list[str]:
        browser.get("/workshops/mine/")
        with CaptureQueriesContext(connection) as counted:
            assert browser.get("/workshops/mine/").status_code == 200
        return [query["sql"] for query in counted.captured_queries]

    as_oneself, as_carer = spent(signed_in(cast.patient)), spent(act(tie))

    assert not [sql for sql in as_oneself if "carertie" in sql or "people_consent" in sql]
    assert len(as_carer) <= len(as_oneself) + 3


# ---------------------------------------------------------------- the attacks

OWN_PAGES = [
    "/my/", "/privacy/", "/privacy/people/", "/privacy/consents/", "/privacy/carers/", "/privacy/looked/",
    "/privacy/lived-with/", "/people/", "/people/account/", "/accounts/email/", "/accounts/password/change/",
    "/cms/", "/django-admin/", "/learn/", "/workshops/calendar/", "/workshops/tutor/", "/certificates/",
]  # fmt: skip


@pytest.mark.parametrize("address", OWN_PAGES)
def test_no_page_of_either_is_open_while_acting(cast, grace, act, address):
    browser = act(carer_for(cast.patient, grace, scopes=BOTH))

    for answer in (browser.get(address), browser.post(address, {"do": "give", "what": "carer_visits"})):
        said = answer.content.decode()
        assert answer.status_code == 404
        assert "You are acting for Amina Field" in said and "stop acting first" in said
    assert browser.post("/privacy/carers/stop/").headers["Location"] == "/privacy/carers/"
    control = browser.get(address)
    assert "You are acting for" not in control.content.decode()
    needs_a_role = ("/people/", "/workshops/tutor/", "/cms/", "/django-admin/")
    assert (control.status_code == 404) == (address in needs_a_role), "the carer has no role"


def test_every_address_is_shut_but_for_the_scopes_and_what_is_neutral(cast, grace, act, monkeypatch):
    """Walks the whole URLconf: what the carer is not let into answers the very same page, whatever it is."""
    browser = act(carer_for(cast.patient, grace, scopes=BOTH))
    opened = set()
    for route in sorted(set(own_routes())):
        path = "/" + re.sub(
            r"<(\w+):[^>]+>", lambda m: {"uuid": str(uuid.uuid4()), "int": "1"}.get(m[1], "x"), route
        )
        answer = browser.get(path)
        is_shut = (
            answer.status_code == 404
            and "This page is not part of what you may do" in answer.content.decode()
        )
        if not is_shut:
            opened.add(route)

    assert opened == {
        "healthz", "readyz", "help-now/", "about/accessibility/", "about/privacy/", "about/contact/", "about/who-reads/",
        "media/<path:name>",
        "privacy/carers/stop/", "certificates/verify/<str:token>/", "calendar/<str:token>.ics",
        "workshops/", "workshops/mine/", "workshops/<uuid:public_id>/",
        "coaching/", "coaching/agendas/new/", "coaching/agendas/new/<uuid:tie_id>/", "coaching/agendas/<uuid:public_id>/",
        "coaching/agendas/<uuid:public_id>/topics/new/",
        "coaching/agendas/<uuid:public_id>/topics/<int:item_id>/later/",
        "coaching/agendas/<uuid:public_id>/topics/<int:item_id>/leave-out/",
        "coaching/plans/new/", "coaching/plans/<uuid:public_id>/", "coaching/plans/<uuid:public_id>/sure/",
        "coaching/plans/<uuid:public_id>/easier/", "coaching/plans/<uuid:public_id>/confidence/",
        "coaching/plans/<uuid:public_id>/how-did-it-go/", "coaching/plans/<uuid:public_id>/stop/",
        "coaching/paper/agenda/", "coaching/paper/plan/",
    }  # fmt: skip


def test_workshops_alone_open_no_plan(cast, grace, act):
    plan = plan_for(cast.patient, what=CANARY)
    tie = carer_for(cast.patient, grace, scopes=("carer_workshops",))
    browser = act(tie)
    page = f"/coaching/plans/{plan.public_id}/"

    for answer in (browser.get(page), browser.post(page), browser.get("/coaching/")):
        assert answer.status_code == 404
        assert CANARY not in answer.content.decode()
    services.give_consent(person=cast.patient, what="carer_visits", carer_tie=tie)
    assert CANARY in browser.get(page).content.decode()


def test_consent_withdrawn_is_a_404_at_the_next_request(cast, grace, act):
    plan = plan_for(cast.patient, what=CANARY)
    tie = carer_for(cast.patient, grace, scopes=BOTH)
    browser = act(tie)
    page = f"/coaching/plans/{plan.public_id}/"
    assert browser.get(page).status_code == 200

    services.withdraw_consent(person=cast.patient, what="carer_visits", carer_tie=tie)

    assert browser.get(page).status_code == browser.get("/coaching/plans/new/").status_code == 404
    assert browser.post(f"{page}stop/").status_code == 404
    assert ActionPlan.objects.get().stopped_at is None
    assert browser.get("/workshops/mine/").status_code == 200, "the other consent goes on"


@pytest.mark.parametrize("by", ["patient", "grace"])
def test_a_tie_that_ended_is_a_404_and_then_the_carer_is_themselves(cast, grace, act, series, by):
    tie = carer_for(cast.patient, grace, scopes=BOTH)
    browser = act(tie)
    assert browser.get("/workshops/mine/").status_code == 200

    services.end_carer_tie(tie=tie, by=cast.patient if by == "patient" else grace)

    first = browser.post(f"/workshops/{series.public_id}/", {"do": "book", "needs": ""})
    assert first.status_code == 404
    assert "You act for nobody now" in first.content.decode()
    assert not series.bookings.exists()
    assert browser.get("/privacy/").status_code == 200
    assert not Consent.objects.in_force().filter(carer_tie=tie).exists()
    assert browser.post(f"/privacy/carers/{tie.public_id}/act/").status_code == 404


def test_a_form_drawn_while_acting_cannot_be_sent_afterwards(cast, grace, series):
    """The replay: the page of the other tab is stale once acting has stopped, or begun."""
    tie = carer_for(cast.patient, grace, scopes=BOTH)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(grace, backend=BACKEND)
    here = f"/workshops/{series.public_id}/"

    def form_of(page: str) -> dict:
        found = re.findall(r'name="(csrfmiddlewaretoken|whose|once)" value="([^"]*)"', page)
        return dict(found) | {"needs": "", "do": "book"}

    def send(form: dict) -> int:
        return browser.post(here, form, headers={"Origin": "http://testserver"}).status_code

    as_oneself = form_of(browser.get(here).content.decode())
    begin = {"csrfmiddlewaretoken": as_oneself["csrfmiddlewaretoken"]}
    browser.post(f"/privacy/carers/{tie.public_id}/act/", begin, headers={"Origin": "http://testserver"})
    send(as_oneself)
    assert not series.bookings.exists(), "one's own form books nothing for another"

    page = browser.get(here).content.decode()
    while_acting = form_of(page)
    bar = page[page.index('class="acting-bar"') :]
    stop = {"csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', bar)[1]}
    browser.post("/privacy/carers/stop/", stop, headers={"Origin": "http://testserver"})
    send(while_acting)
    assert not series.bookings.exists(), "another's form books nothing for oneself"

    control = form_of(browser.get(here).content.decode())
    assert send(control) == 302
    assert series.bookings.get().person == grace


def test_a_form_of_ones_own_is_refused_while_acting_even_with_a_good_token(
    cast, grace, act, signed_in, series
):
    here = f"/workshops/{series.public_id}/"
    page = signed_in(grace).get(here).content.decode()
    own_mark = re.search(r'name="whose" value="([^"]+)"', page)[1]
    browser = act(carer_for(cast.patient, grace, scopes=BOTH))
    mark = re.search(r'name="whose" value="([^"]+)"', browser.get(here).content.decode())[1]

    assert mark != own_mark
    assert browser.post(here, {"do": "book", "needs": "", "whose": own_mark}).status_code == 404
    assert not series.bookings.exists()
    assert browser.post(here, {"do": "book", "needs": "", "whose": mark}).status_code == 302
    assert series.bookings.get().person == cast.patient


@pytest.mark.parametrize(
    "what", ["another's tie", "an open invitation", "nobody's", "no key", "the person's own key"]
)
def test_a_forged_session_opens_nothing(cast, grace, signed_in, what):
    plan = plan_for(cast.patient, what=CANARY)
    theirs = carer_for(cast.patient, UserFactory(), scopes=BOTH)
    value = {
        "another's tie": str(theirs.public_id),
        "an open invitation": str(
            services.invite_carer(person=cast.patient, invited_as=grace.email).public_id
        ),
        "nobody's": str(uuid.uuid4()),
        "no key": ["x"],
        "the person's own key": str(cast.patient.public_id),
    }[what]
    browser = signed_in(grace)

    def forge(value) -> None:
        session = browser.session
        session[acting.SESSION_KEY] = value
        session.save()

    forge(value)
    answer = browser.get(f"/coaching/plans/{plan.public_id}/")
    assert answer.status_code == 404
    assert CANARY not in answer.content.decode()
    assert acting.SESSION_KEY not in Session.objects.get(pk=browser.session.session_key).get_decoded()

    services.end_carer_tie(tie=theirs, by=cast.patient)
    CarerTie.objects.filter(invited_as=grace.email).delete()
    forge(str(carer_for(cast.patient, grace, scopes=BOTH).public_id))
    assert CANARY in browser.get(f"/coaching/plans/{plan.public_id}/").content.decode()


def test_acting_is_not_handed_on(cast, grace, act):
    """Who acts for somebody cannot go on to whom that person acts for, nor ask for more in their name."""
    other = UserFactory(first_name="Zed")
    plan = plan_for(other, what=CANARY)
    further = carer_for(other, cast.patient, scopes=BOTH)
    tie = carer_for(cast.patient, grace, scopes=BOTH)
    browser = act(tie)

    assert browser.post(f"/privacy/carers/{further.public_id}/act/").status_code == 404
    assert CANARY not in browser.get(f"/coaching/plans/{plan.public_id}/").content.decode()
    assert browser.post("/privacy/carers/invite/", {"invited_as": "a@example.org"}).status_code == 404
    assert CarerTie.objects.count() == 2
    assert CANARY in act(further).get(f"/coaching/plans/{plan.public_id}/").content.decode()


def test_the_persons_roles_are_not_the_carers(cast, grace, act):
    """A professional's carer may see the professional's own visits, and nobody else's."""
    patient_tie = tie_between(cast.patient, cast.professional)
    agenda = agenda_for(patient_tie, topics=(CANARY,))
    RoleFactory(person=cast.professional, kind=Role.Kind.COORDINATOR, organisation=cast.organisation)
    browser = act(carer_for(cast.professional, grace, scopes=BOTH))

    for page in ("/coaching/", f"/coaching/agendas/{agenda.public_id}/", "/people/", "/workshops/tutor/"):
        assert CANARY not in browser.get(page).content.decode()
    assert browser.get(f"/coaching/agendas/{agenda.public_id}/").status_code == 404
    assert "Coordinate</a>" not in browser.get("/coaching/").content.decode()
    assert not looks_at(cast.patient).exists()


def test_a_carer_can_agree_to_nothing_in_the_persons_name(cast, grace, act):
    tie = tie_between(cast.patient, cast.professional, sharing=())
    browser = act(carer_for(cast.patient, grace, scopes=BOTH))
    new = f"/coaching/agendas/new/{tie.public_id}/"
    day = {"visit_on_day": "5", "visit_on_month": "2", "visit_on_year": "2027"}
    said = {**day, "share": "on", "topic_1": "Sleep"}

    answer = browser.post(new, said)

    assert answer.status_code == 200
    assert "Only they themselves can say" in answer.content.decode()
    assert not Consent.objects.filter(tie=tie).exists()
    own = Client()
    own.force_login(cast.patient, backend=BACKEND)
    assert own.post(new, said).status_code == 302, "the control: the person's own yes is taken"
    assert Consent.objects.filter(tie=tie, what="agenda").count() == 1


def test_the_persons_own_session_and_things_are_untouched(cast, grace, act, signed_in):
    own = signed_in(cast.patient)
    own.get("/workshops/mine/")
    browser = act(carer_for(cast.patient, grace, scopes=BOTH))
    browser.get("/workshops/mine/")

    page = own.get("/workshops/mine/").content.decode()
    assert "You are acting for" not in page
    assert Session.objects.count() == 2
    browser.post("/accounts/logout/")
    assert own.get("/privacy/").status_code == 200
    assert browser.get("/privacy/").status_code == 302


@pytest.mark.parametrize("who", ["person", "carer"])
def test_a_closed_account_ends_it(cast, grace, act, who):
    browser = act(carer_for(cast.patient, grace, scopes=BOTH))
    assert browser.get("/workshops/mine/").status_code == 200

    User.objects.filter(pk=(cast.patient if who == "person" else grace).pk).update(is_active=False)

    assert browser.get("/workshops/mine/").status_code == (404 if who == "person" else 302)


def test_without_the_lookup_a_withdrawn_consent_would_still_open(cast, grace, act, monkeypatch):
    """The control: the 404 hangs on the consents in force, read at this request."""
    plan = plan_for(cast.patient, what=CANARY)
    tie = carer_for(cast.patient, grace, scopes=BOTH)
    browser = act(tie)
    services.withdraw_consent(person=cast.patient, what="carer_visits", carer_tie=tie)
    page = f"/coaching/plans/{plan.public_id}/"
    assert browser.get(page).status_code == 404

    monkeypatch.setattr("lms.people.models.consents.ConsentQuerySet.in_force", lambda self: self)

    assert CANARY in browser.get(page).content.decode()


def test_without_roles_taken_away_a_carer_would_see_a_professionals_patients(cast, grace, act, monkeypatch):
    """The control for roles."""
    agenda = agenda_for(tie_between(cast.patient, cast.professional), topics=(CANARY,))
    browser = act(carer_for(cast.professional, grace, scopes=BOTH))
    page = f"/coaching/agendas/{agenda.public_id}/"
    assert browser.get(page).status_code == 404

    monkeypatch.setattr("lms.people.queries.roles.acted_by", lambda person: None)

    assert CANARY in browser.get(page).content.decode()


def test_a_scope_opens_only_addresses_that_there_are():
    """A name in a scope that no address has would be a hole nobody sees."""

    def names(patterns, namespace=""):
        for entry in patterns:
            if hasattr(entry, "url_patterns"):
                inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from names(entry.url_patterns, inner)
            elif entry.name:
                yield f"{namespace}{entry.name}"

    known = set(names(get_resolver().url_patterns))
    for scope in sharing.carer_scopes():
        assert scope.opens <= known
        assert scope.start in scope.opens
        assert not {one for one in scope.opens if one.split(":")[0] in ("privacy", "people", "rights")}
