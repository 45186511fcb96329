"""A word of its own stands in every personal field of one person. It is read by those it is for, and by nobody else.

The fields come from the privacy registry, the addresses and the people from the table of doors (test_doors.py). Each word is
sought in all that is answered to anybody, in the mails to others, on paper, in everybody's copy of their own data, and in the log.
Who may read what, where, and why stands in ALLOWED: a word read elsewhere fails, and so does a line that is no longer true.
"""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from django.db import transaction
from django.http import HttpResponseNotFound
from django.template.base import Template
from django.test import override_settings

from coaching.models import Agenda
from coaching.services import add_topic, tell_other
from lms.core import clock
from lms.core.log import PlainFormatter
from lms.notifications.models import Message
from lms.people.models import User
from lms.people.services import invite_carer, invite_to_tie
from lms.people.services.emergency import break_glass
from lms.rights import registry
from lms.rights.models import Export
from lms.rights.registry import Kind
from lms.rights.services import ask_for_export, make_export, take_export
from tests.lms import canaries, doors_world
from tests.lms.canaries import (
    ANYWHERE,
    TOLD,
    UNSHARED,
    Canaries,
    Cell,
    fields_sought,
    planted,
    text_of,
    words_in,
)
from tests.lms.doors_world import ACTING, World
from tests.lms.planted import MADE, WORD
from tests.lms.test_doors import COLUMNS, EVERYTHING, browsers
from workshops.models import Series
from workshops.services.booking import cancel_booking

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed"),
]

THE_SITES = "What is published is the site's, the same for everybody."
A_KEY = "A key of the code's own, out of a short list."
CHOSEN = "Chosen from a short list, or a number: no word fits in it. It stands beside words that are planted."

# Fields that tell of somebody, or are text, and hold no planted word.
NOT_PLANTED = {
    "audit.Entry.act": A_KEY,
    "audit.Entry.purpose": A_KEY,
    "audit.Entry.thing": A_KEY,
    "certificates.Certificate.name_proof": "A seal that cannot be read back.",
    "certificates.CertificateFile.content": "The paper itself: it is drawn, and read, in the walk.",
    "coaching.ActionPlan.importance": CHOSEN,
    "coaching.ConfidenceRating.value": CHOSEN,
    "coaching.FollowUp.confidence_now": CHOSEN,
    "coaching.FollowUp.decision": CHOSEN,
    "coaching.FollowUp.done": CHOSEN,
    "courses.LessonCompletion.reason": "Only a lesson that a coordinator marked as done has one; these were done.",
    "people.CareTie.invited_name": "An invitation has an address or a name: the address is planted.",
    "people.Consent.what": A_KEY,
    "people.NeedsMet.outcome": CHOSEN,
    "socialaccount.SocialAccount.provider": A_KEY,
    "usersessions.UserSession.ip": "An internet address; the browser's name beside it is planted.",
    "wagtailcore.ModelLogEntry.action": A_KEY,
    "wagtailcore.Page.title": THE_SITES,
    "wagtailcore.PageLogEntry.action": A_KEY,
    "wagtailcore.PageLogEntry.label": THE_SITES,
    "wagtailcore.Revision.object_str": THE_SITES,
    "wagtaildocs.Document.title": THE_SITES,
    "wagtailimages.Image.description": THE_SITES,
    "wagtailimages.Image.title": THE_SITES,
    "wagtailusers.UserProfile.avatar": "A picture, not words.",
    "workshops.Series.title": "What a workshop is called: public.",
}


@dataclass(frozen=True)
class Allowed:
    """These people read each of these fields at each of these addresses, or in mails of these names; and why."""

    who: str
    fields: str
    where: str
    why: str

    def cells(self) -> set[Cell]:
        return {
            (name, where, who)
            for name in self.fields.split("; ")
            for where in self.where.split()
            for who in self.who.split()
        }


def of(model: str, names: str, suffix: str = "") -> str:
    """The fields of one model, as a line of the table names them."""
    return "; ".join(f"{model}.{name}{suffix}" for name in names.split())


FIRST_NAME, LAST_NAME = "people.User.first_name", "people.User.last_name"
NAME = f"{FIRST_NAME}; {LAST_NAME}"
AGENDA, PLAN = "coaching/agendas/<uuid:public_id>/", "coaching/plans/<uuid:public_id>/"
TOPIC = f"{AGENDA}topics/<int:item_id>/"
PERSON, LETTERS = "people/<uuid:public_id>/", "people/letters-and-calls/"
LETTER, PAPER = f"{LETTERS}<uuid:public_id>/", f"{LETTERS}letters.pdf {LETTERS}<uuid:public_id>/letter.pdf"
COURSE = "<slug:curriculum>"
LEARNER = f"learn/reports/{COURSE}/<uuid:learner>/"
DEED = "what how_much when how_often where_with"
DEED_OF, EASIER_OF, REST_OF = (
    ("coaching.ActionPlan", DEED),
    ("coaching.ActionPlan", "barrier support"),
    ("coaching.ActionPlan", "goal why barrier if_then support"),
)
LOOKED_BACK = of("coaching.FollowUp", "helped got_in_way learned") + "; coaching.PlanRevision.wording"
SURE = ("coaching.ConfidenceRating", "words")
TOPICS = ("coaching.AgendaItem", "words")
LIST = ("coaching.Agenda", "what_matters"), ("coaching.AgendaMove", "reason")
SHARED = "Shared with them, over a tie with the patient's consent."
THEIR_OWN = "They act for the patient, who agreed to this: shared with others or not."
KNOWN = "They know each other: each stands in the other's list."
HELPS = "A coordinator of the patient's organisation, who helps them."

ALLOWED = [
    Allowed("professional", of(*DEED_OF), f"coaching/ {PLAN}", SHARED),
    Allowed("professional", f"{of(*REST_OF)}; {of(*SURE)}; {LOOKED_BACK}", PLAN, SHARED),
    Allowed("professional", of(*TOPICS), f"coaching/ {AGENDA} {TOPIC}later/ {TOPIC}leave-out/", SHARED),
    Allowed("professional", "; ".join(of(*one) for one in LIST), AGENDA, SHARED),
    Allowed("professional", FIRST_NAME, f"my/ coaching/ {PLAN}", SHARED),
    Allowed(
        "professional", NAME, f"{AGENDA} {AGENDA}topics/new/ coaching/agendas/new/<uuid:tie_id>/", SHARED
    ),
    Allowed(
        "professional no_longer_trusted", NAME, "privacy/people/ privacy/people/<uuid:public_id>/", KNOWN
    ),
    Allowed("carer", NAME, "privacy/carers/ privacy/carers/<uuid:public_id>/", KNOWN),
    Allowed("outsider", "people.User.email", "privacy/carers/", "The address that they typed themselves."),
    Allowed(" ".join(ACTING), NAME, ANYWHERE, "Every page says for whom they act, or can no longer act."),
    *(
        Allowed("acts_on_visits", of(*fields, suffix), where, THEIR_OWN)
        for suffix in ("", UNSHARED)
        for fields, where in (
            (DEED_OF, f"coaching/ {PLAN}"),
            (
                DEED_OF,
                " ".join(
                    f"{PLAN}{page}/" for page in ["confidence", "easier", "how-did-it-go", "stop", "sure"]
                ),
            ),
            (EASIER_OF, f"{PLAN}easier/"),
            (REST_OF, PLAN),
            (SURE, PLAN),
            (TOPICS, f"{AGENDA} {TOPIC}later/ {TOPIC}leave-out/"),
            *((one, AGENDA) for one in LIST),
        )
    ),
    Allowed("acts_on_visits", LOOKED_BACK, PLAN, THEIR_OWN),
    Allowed(
        "lay_tutor",
        f"{FIRST_NAME}; workshops.Booking.needs",
        "workshops/tutor/<uuid:public_id>/ workshops/tutor/<uuid:public_id>/sessions/<int:number>/",
        "They lead the workshop, and the needs were written for those who do.",
    ),
    Allowed(
        "administrator", NAME, f"{PERSON}emergency/", "Whose record it would be, before a reason is given."
    ),
    Allowed(
        "administrator",
        f"{NAME}; people.EmergencyAccess.reason",
        "people/emergencies/",
        "Who opened whose record, and why: administrators watch each other.",
    ),
    Allowed("administrator", f"{NAME}; rights.Hold.reason", "records/holds/", "They order that data stay."),
    Allowed("coordinator", NAME, f"people/ {PERSON} {PERSON}help-in/ {PERSON}second-step/", HELPS),
    Allowed("coordinator", "people.User.email", PERSON, HELPS),
    Allowed("coordinator", f"{NAME}; people.VettingCheck.reason", f"{PERSON}vetting/", HELPS),
    Allowed(
        "coordinator",
        f"{NAME}; {of('people.Contact', 'address best_time phone')}",
        f"{PERSON}contact/",
        "They write down how somebody is reached who cannot do it here.",
    ),
    Allowed(
        "coordinator",
        f"{NAME}; {of('people.Needs', 'language words')}; {of('people.NeedsMet', 'occasion_words words')}",
        f"{PERSON}needs/",
        "The patient agreed that coordinators see what helps them.",
    ),
    Allowed(
        "coordinator",
        f"{NAME}; people.Contact.best_time; {of('notifications.Message', 'subject', ' by call')}; "
        f"{of('notifications.Message', 'subject', ' by letter')}",
        LETTERS,
        "They make the calls and post the letters.",
    ),
    Allowed(
        "coordinator",
        f"people.Contact.address; {NAME}; {of('notifications.Message', 'words', ' by letter')}",
        f"{LETTER} {PAPER}",
        "They print the letters and post them.",
    ),
    Allowed(
        "coordinator",
        f"people.Needs.words; {of('notifications.Message', 'subject', ' by letter')}",
        LETTER,
        "What helps stands beside a letter: large print, for example.",
    ),
    Allowed(
        "coordinator",
        NAME,
        f"learn/reports/{COURSE}/ {LEARNER} {LEARNER}done/<int:lesson>/ learn/reports/{COURSE}/report.csv",
        "They help the people of their organisation to learn.",
    ),
    Allowed("coordinator", f"{NAME}; courses.Team.name", "learn/teams/", "The teams of their organisation."),
    Allowed(
        "other_coordinator",
        "people.User.email",
        "learn/lists/<uuid:public_id>/ learn/lists/<uuid:public_id>/report.csv",
        "The address stood on the list that they sent.",
    ),
]

OTHERS = "others"
ALLOWED_IN_MAILS = [
    Allowed(OTHERS, NAME, "carer_invitation tie_invitation", "Who asks somebody gives their name."),
]
A_COPY = "copy"
WHO_KNOW_THEM = (
    "professional",
    "no_longer_trusted",
    "lay_tutor",
    "coordinator",
    "outsider",
    "carer",
    *ACTING,
)
ALLOWED_IN_COPIES = [
    Allowed("professional no_longer_trusted", f"{NAME}; people.CareTie.invited_email", A_COPY, KNOWN),
    Allowed(f"carer {' '.join(ACTING)}", f"{NAME}; people.CarerTie.invited_as", A_COPY, KNOWN),
    Allowed(
        "professional", "coaching.AgendaMove.reason", A_COPY, "Their own reason for leaving a topic out."
    ),
    Allowed("outsider", "people.User.email", A_COPY, "The address that they typed themselves."),
]
PAPER_IN = "people/invite-on-paper/<uuid:public_id>/invitation.pdf"
ALLOWED_ON_PAPER = [
    Allowed(
        "coordinator", f"{FIRST_NAME}; people.User.username", PAPER_IN, "They print it and hand it over."
    ),
]


@dataclass
class Walked:
    """What one walk found."""

    planter: Canaries
    cells: set[Cell] = field(default_factory=set)
    mails: set[Cell] = field(default_factory=set)
    copies: set[Cell] = field(default_factory=set)
    paper: set[Cell] = field(default_factory=set)
    log: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def walked(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Walked]:
    """One walk for all that is asked of it; what it wrote is taken back."""
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=media),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        without_what_is_not_tested(patch)
        world, planter = planted(NOT_PLANTED)
        made = Walked(planter)
        with canaries.listening(PlainFormatter()) as log:
            made.cells = canaries.walk(world, planter, COLUMNS)
            made.copies = copied(world, planter)
            made.paper = printed(world, planter)
            made.mails = sent(world, planter)
        made.log = log.lines
        transaction.set_rollback(True)
    clock.set_now(None)
    yield made


def without_what_is_not_tested(patch: pytest.MonkeyPatch) -> None:
    """Pages that are not there are not drawn or looked for elsewhere, and nobody asks what a page was drawn from."""
    patch.setattr("lms.urls.handler404", lambda request, exception: HttpResponseNotFound(), raising=False)
    patch.setattr("wagtail.contrib.redirects.middleware.get_redirect", lambda request, path: None)
    patch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))


def sent(world: World, planter: Canaries) -> set[Cell]:
    """What is read in messages to others when the patient does what others are told of, and when others do it for them."""
    patient, people = world.people["patient"], world.people
    last = Message.objects.order_by("-pk").values_list("pk", flat=True).first()
    agenda = Agenda.objects.get(public_id=world.things["agenda"])
    add_topic(agenda=agenda, by=patient, words="One more thing")
    tell_other(agenda=agenda, by=patient)
    invite_to_tie(inviter=patient, email=people["other_professional"].email, as_professional=False)
    invite_carer(person=patient, invited_as=people["outsider"].email)
    break_glass(administrator=people["administrator"], person=patient, reason="They may have come to harm.")
    cancel_booking(series=Series.objects.get(public_id=world.things["series"]), person=patient)
    found = set()
    for name, text in canaries.mails_to_others(patient, last):
        found |= {(planter.where[word], name, OTHERS) for word in words_in(text, planter)}
    return found


def printed(world: World, planter: Canaries) -> set[Cell]:
    """What stands on the paper that a coordinator prints for the patient, to get in again."""
    browser = browsers(world, {"coordinator"})["coordinator"]
    asked = browser.post(
        f"/people/{world.things['about_patient']}/help-in/", {"identity_note": "We know each other."}
    )
    paper = browser.get(f"{asked.headers['Location']}invitation.pdf")
    assert paper.headers["Content-Type"] == "application/pdf"
    return {(planter.where[word], PAPER_IN, "coordinator") for word in words_in(text_of(paper), planter)}


def copied(world: World, planter: Canaries) -> set[Cell]:
    """What of the patient stands in the copies of their own data that people ask for who have to do with them."""
    found = set()
    for role in ("patient", *WHO_KNOW_THEM):
        person = world.people[role]
        export = ask_for_export(person=person)
        make_export(export=export)
        content = take_export(export=Export.objects.get(pk=export.pk), person=person)
        text = canaries.text_of_zip(content).decode()
        found |= {(planter.where[word], A_COPY, role) for word in words_in(text, planter)}
    return found


def faults(found: set[Cell], allowed: list[Allowed]) -> list[str]:
    """What was read by somebody it is not for."""
    known = set().union(*(line.cells() for line in allowed))
    return sorted(" · ".join(cell) for cell in found - known if cell[2] != "patient")


def stale(found: set[Cell], allowed: list[Allowed]) -> list[str]:
    """What the table says and nobody read."""
    return sorted(" · ".join(cell) for line in allowed for cell in line.cells() - found)


def live(walked: Walked) -> set[str]:
    """The fields whose words the patient reads: on a page, or in the copy of their own data."""
    return {name for name, _where, who in walked.cells | walked.copies if who == "patient"}


def test_every_field_is_planted_or_named_with_the_reason_why_not(walked, figure):
    fields = {f"{one.model}.{known.name}" for one, known in fields_sought()}

    assert unplanned(walked.planter) == []
    assert sorted(set(NOT_PLANTED) - fields) == [], "a reason for a field that is not there"
    figure("canaries: fields planted", len(fields) - len(NOT_PLANTED), "fields", database="", bar="≥ 80")


def test_a_field_that_nobody_thought_of_is_seen(walked, monkeypatch):
    one = registry.classified_as("people.Organisation")
    monkeypatch.setitem(
        registry._registry,
        one.model,
        replace(one, whose=("roles__person",), kinds={**one.kinds, "contact_phone": Kind.CONTACT}),
    )

    assert unplanned(walked.planter) == ["people.Organisation.contact_phone"]


def unplanned(planter: Canaries) -> list[str]:
    """Fields that hold no word and are not named as such."""
    there = {name.split(" ")[0] for name in planter.where.values()} | planter.addressed
    return sorted(
        name
        for one, known in fields_sought()
        if (name := f"{one.model}.{known.name}") not in there | set(NOT_PLANTED) and one.model not in MADE
    )


def test_every_word_that_is_sought_can_be_found(walked):
    """Otherwise it would say nothing that nobody else finds it: the patient reads all but what opens something."""
    words = {
        name
        for name in walked.planter.where.values()
        if name not in MADE and kind_of(name) not in (Kind.SEALED, Kind.PLAIN)
    }

    assert sorted(words - live(walked)) == []


def kind_of(name: str) -> Kind:
    model, _dot, known = name.split(" ")[0].rpartition(".")
    return registry.classified_as(model).kinds[known]


@pytest.mark.parametrize(
    ("what", "allowed"),
    [
        ("cells", ALLOWED),
        ("mails", ALLOWED_IN_MAILS),
        ("copies", ALLOWED_IN_COPIES),
        ("paper", ALLOWED_ON_PAPER),
    ],
)
def test_each_word_is_read_by_those_it_is_for_and_by_nobody_else(walked, what, allowed, figure):
    found = getattr(walked, what)

    assert faults(found, allowed) == []
    assert stale(found, allowed) == [], "a line that is no longer true"
    figure(
        f"canaries: read by somebody they are not for, in {what}",
        len(faults(found, allowed)),
        "words",
        bar="= 0",
        note=f"{len(walked.planter.where)} words; {len(found)} times read by those they are for",
    )


@pytest.mark.parametrize(
    "line", range(len(ALLOWED)), ids=lambda line: f"{line}-{ALLOWED[line].who.split()[0]}"
)
def test_a_line_of_the_table_less_is_seen(walked, line):
    without = ALLOWED[:line] + ALLOWED[line + 1 :]
    seen = {tuple(fault.split(" · ")) for fault in faults(walked.cells, without)}

    assert seen and seen <= ALLOWED[line].cells()


def test_the_log_says_none_of_the_words(walked, figure):
    said = [line for line in walked.log if WORD.search(line)]

    assert len(walked.log) > 1000
    assert said == []
    figure(
        "canaries: lines of the log that say one",
        len(said),
        "lines",
        bar="= 0",
        note=f"{len(walked.log)} lines",
    )


def test_a_log_that_says_a_word_would_be_seen():
    for formatter, says_it in ((logging.Formatter(), True), (PlainFormatter(), False)):
        with canaries.listening(formatter) as log:
            logging.getLogger("lms.people").warning("No letter for %s", "cnry0001")
        assert bool(WORD.search(log.lines[0])) is says_it


@pytest.fixture
def world_and_planter(db, at, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    at(doors_world.MONDAY)
    without_what_is_not_tested(monkeypatch)
    return planted(NOT_PLANTED)


# Each guard, the address before which it stands, and a word that is then read by somebody of another organisation.
GUARDS = {
    "coaching.services.plans.plans_visible_to": (PLAN, "coaching.ActionPlan.goal", Kind.HEALTH),
    "coaching.services.agendas.agendas_visible_to": (AGENDA, "coaching.AgendaItem.words", Kind.HEALTH),
    "lms.people.views.needs.people_helped_by": (f"{PERSON}contact/", "people.Contact.phone", Kind.CONTACT),
    "lms.people.views.desk.message_worked_by": (LETTER, "people.Contact.address", Kind.CONTACT),
    "lms.people.views.coordinate.people_known_to": (PERSON, "people.User.email", Kind.CONTACT),
    "lms.people.views.invitation.known_person": (f"{PERSON}help-in/", LAST_NAME, Kind.IDENTITY),
}


def test_without_its_guard_a_door_lets_words_out(world_and_planter, monkeypatch):
    """The control: each guard alone, for what says who somebody is, how to reach them, and how they are."""
    everything = {
        **EVERYTHING,
        "lms.people.views.invitation.known_person": lambda request, public_id: User.objects.get(
            public_id=public_id
        ),
    }
    strangers = {"other_coordinator", "other_tutor"}
    for guard, (route, name, kind) in GUARDS.items():
        with monkeypatch.context() as without:
            without.setattr(guard, everything[guard])
            seen = faults(canaries.walk(*world_and_planter, strangers, {route}), ALLOWED)
        assert f"{name} · {route} · other_coordinator" in seen, guard
        assert kind_of(name) is kind

    routes = {route for route, _name, _kind in GUARDS.values()}
    assert faults(canaries.walk(*world_and_planter, strangers, routes), ALLOWED) == []
    assert {kind for _route, _name, kind in GUARDS.values()} == set(TOLD)
