"""Who gets through which door: every address of ours, each role, one's own things, shared ones, and other people's.

The table says for each address which things it is tried with, and for whom it opens. For everybody else it is a 404, and
for who is not signed in the way to the sign-in page. An address without a line here, or a line without an address, fails.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.http import HttpResponse, HttpResponseNotFound
from django.template.base import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from coaching.models import ActionPlan, Agenda
from courses.models import EnrolmentList, JoiningCode, Offer, Seat
from courses.queries.enrolling import _teams
from courses.queries.journal import journal_of
from lms.certificates.models import Certificate
from lms.notifications.models import Message
from lms.people import acting
from lms.people.models import CarerTie, CareTie, Organisation, PrintedInvitation, Role, User
from tests.lms import doors_world
from tests.lms.doors_world import (
    ACTING,
    AGENDA,
    LAST_NAME,
    NEEDS,
    PLAN,
    REACHED,
    UNSHARED,
    WORDS,
    World,
)
from workshops.models import Series

VISITOR = "visitor"
PEOPLE = {
    "patient", "outsider", "professional", "no_longer_trusted", "lay_tutor", "coordinator", "other_tutor",
    "other_coordinator", "administrator", "author", "lay_reviewer", "clinical_reviewer", "carer",
}  # fmt: skip
ALL = PEOPLE | {VISITOR}
COLUMNS = ALL | set(ACTING)
SOME = {VISITOR, "patient", "coordinator", *ACTING}
NOBODY: set[str] = set()
TUTORS = {"lay_tutor", "other_tutor"}
COORDINATORS = {"coordinator", "other_coordinator"}
MINE, OURS = {"patient"}, {"patient", "professional"}


@dataclass
class Try:
    """One address tried with these things. It answers `get` and `post` for whom it opens, but for `others`."""

    things: str
    opens_for: set[str]
    get: int = 200
    post: int = 200
    others: dict[str, int] = field(default_factory=dict)
    query: str = ""
    data: dict[str, str] = field(default_factory=dict)
    # Whoever is signed out is sent to sign in, unless the page is public.
    visitor_get: int = 302
    visitor_post: int = 302

    @property
    def is_plain(self) -> bool:
        """A page that is the same for all: a few of them tell as much as everybody. (Who acts for somebody is led off it.)"""
        return self.opens_for == ALL and not self.things

    def expected(self, role: str, method: str) -> int:
        if f"{role} {method}" in self.others:
            return self.others[f"{role} {method}"]
        if role in self.opens_for:
            return self.get if method == "get" else self.post
        if role == VISITOR:
            return self.visitor_get if method == "get" else self.visitor_post
        return 404


def public(things: str = "", **more) -> Try:
    return Try(things, ALL, **more)


def shut(things: str, **more) -> Try:
    """There for nobody, and it does not say so to who is signed out."""
    return Try(things, NOBODY, **more)


# What the patient's carers open in the patient's place, and what anybody may who acts. All else is not there meanwhile.
FOR_THE_PATIENT = {
    "acts_on_visits": {
        "coaching/",
        "coaching/agendas/new/",
        "coaching/agendas/new/<uuid:tie_id>/",
        "coaching/agendas/<uuid:public_id>/",
        "coaching/agendas/<uuid:public_id>/topics/new/",
        "coaching/agendas/<uuid:public_id>/topics/<int:item_id>/later/",
        "coaching/agendas/<uuid:public_id>/topics/<int:item_id>/leave-out/",
        "coaching/plans/new/",
        "coaching/plans/<uuid:public_id>/",
        "coaching/plans/<uuid:public_id>/sure/",
        "coaching/plans/<uuid:public_id>/easier/",
        "coaching/plans/<uuid:public_id>/confidence/",
        "coaching/plans/<uuid:public_id>/how-did-it-go/",
        "coaching/plans/<uuid:public_id>/stop/",
        "coaching/paper/agenda/",
        "coaching/paper/plan/",
    },
    "acts_on_workshops": {"workshops/", "workshops/mine/", "workshops/<uuid:public_id>/"},
    "acted_until_withdrawn": set(),
}
WHILE_ACTING = {
    "healthz",
    "readyz",
    "media/<path:name>",
    "help-now/",
    "about/accessibility/",
    "about/privacy/",
    "about/contact/",
    "about/who-reads/",
    "privacy/carers/stop/",
    "certificates/verify/<str:token>/",
    "calendar/<str:token>.ics",
}


def expected(route: str, tried: Try, role: str, method: str) -> int:
    """What the table says for this cell. Who acts has what the patient has, where the patient agreed."""
    if role not in ACTING or f"{role} {method}" in tried.others:
        return tried.expected(role, method)
    if route in FOR_THE_PATIENT[role]:
        return tried.expected("patient", method)
    return tried.expected("carer", method) if route in WHILE_ACTING else 404


LED_AWAY = dict.fromkeys((f"{role} get" for role in PEOPLE), 302)
DESKS_ONLY_READ = dict.fromkeys((f"{role} post" for role in COORDINATORS | {"administrator"}), 405)
ONLY_READ = dict.fromkeys((f"{role} post" for role in PEOPLE), 405)
MOVED = public(get=302, post=302)
NO_DOOR = Try("", NOBODY, visitor_get=404, visitor_post=404)
A_TOPIC = [
    Try("agenda topic", OURS),
    Try("withdrawn_agenda withdrawn_topic", MINE),
    shut("others_agenda others_topic"),
    shut("agenda withdrawn_topic"),
    shut("agenda others_topic"),
    shut("others_agenda topic"),
]
READ_MANUALS = TUTORS | COORDINATORS | {"administrator", "author", "lay_reviewer", "clinical_reviewer"}
READ_NO_MANUALS = dict.fromkeys((f"{role} post" for role in PEOPLE - READ_MANUALS), 405)
OWN_PLAN = [Try("plan", MINE), Try("private_plan", MINE), Try("withdrawn_plan", MINE), shut("others_plan")]

DOORS: dict[str, list[Try]] = {
    "healthz": [public()],
    "readyz": [public()],
    "cms/login/": [MOVED],
    "_util/login/": [MOVED],
    "cms/logout/": [MOVED],
    "cms/password_reset/": [MOVED],
    "cms/users/": [NO_DOOR],
    "cms/users/<path:rest>": [Try("no_token", NOBODY, visitor_get=404, visitor_post=404)],
    "cms/groups/": [NO_DOOR],
    "cms/groups/<path:rest>": [Try("no_token", NOBODY, visitor_get=404, visitor_post=404)],
    "django-admin/login/": [MOVED],
    "django-admin/logout/": [MOVED],
    "cms/failwhale/": [NO_DOOR],
    "cms/test404/": [NO_DOOR],
    "cms/redirects/import/": [shut("", visitor_get=404, visitor_post=404)],
    "cms/redirects/import/process/": [shut("", visitor_get=404, visitor_post=404)],
    # Pictures: the same for everybody, and only those that are there.
    "media/<path:name>": [public("no_token", get=404, post=405)],
    "django-admin/password_change/": [MOVED],
    "accounts/signup/": [Try("", PEOPLE, get=302, post=302, visitor_get=200, visitor_post=200)],
    "accounts/password/reset/": [public()],
    "accounts/email/": [Try("", PEOPLE, post=302)],
    "accounts/3rdparty/signup/": [MOVED],
    "accounts/oidc/<str:provider_id>/login/": [public("no_provider", get=404, post=404)],
    "accounts/oidc/<str:provider_id>/login/callback/": [public("no_provider", get=404, post=404)],
    "accounts/sessions/": [MOVED],
    "accounts/confirm-email/<str:key>/": [public("no_token", post=404)],
    "my/": [Try("", PEOPLE)],
    "my/journal/": [Try("", PEOPLE, post=405)],
    "my/journal/my-journal.html": [Try("", PEOPLE, post=405)],
    "help-now/": [public()],
    "about/accessibility/": [public()],
    "about/privacy/": [public()],
    "about/contact/": [public()],
    "about/who-reads/": [public()],
    "privacy/": [Try("", PEOPLE)],
    "privacy/people/": [Try("", PEOPLE)],
    "privacy/people/invite/": [Try("", PEOPLE)],
    "privacy/people/<uuid:public_id>/": [
        Try("tie", OURS, post=302),
        Try("withdrawn_tie", MINE | {"no_longer_trusted"}, post=302),
        shut("others_tie"),
        shut("invitation"),
    ],
    # Only a button leads here: opened, it leads everybody to their own list. Who sent an invitation may take it back.
    "privacy/people/<uuid:public_id>/answer/": [
        Try("invitation", {"professional", "outsider"}, post=302, others=LED_AWAY),
        Try("tie", OURS, post=302, others=LED_AWAY),
        shut("others_tie", others=LED_AWAY),
    ],
    "privacy/your-data/": [Try("", PEOPLE, post=302)],
    # Who it is is asked once more before anything is looked for: so all are sent there, and who comes back with another's
    # copy finds nothing (tests/lms/test_rights_export.py).
    "privacy/your-data/<uuid:public_id>/your-data.zip": [Try("copy", PEOPLE, get=302, post=302)],
    "privacy/your-data/erase/": [Try("", PEOPLE)],
    "privacy/your-data/erase/call-back/": [Try("", PEOPLE, get=302, post=302)],
    "records/": [Try("", {"administrator"})],
    "records/holds/": [Try("", {"administrator"})],
    "records/people/<uuid:public_id>/erase/": [
        Try("without_email", {"coordinator"}),
        Try("without_email_elsewhere", {"other_coordinator"}),
        shut("about_patient"),
    ],
    "privacy/looked/": [Try("", PEOPLE)],
    "privacy/consents/": [Try("", PEOPLE, post=302)],
    "privacy/lived-with/": [Try("", PEOPLE, post=302)],
    "privacy/carers/": [Try("", PEOPLE)],
    "privacy/carers/invite/": [Try("", PEOPLE)],
    # Whoever acts is asked which page they meant, and presses to stop.
    "privacy/carers/stop/": [
        Try("", PEOPLE, get=302, post=302, others=dict.fromkeys((f"{role} get" for role in ACTING), 200))
    ],
    # The lay tutor is a carer here, of the outsider, who has asked the patient too.
    "privacy/carers/<uuid:public_id>/": [
        Try("carer_tie", {"lay_tutor", "outsider"}, post=302),
        Try("patients_carer_tie", {"carer", "patient"}, post=302),
        shut("carer_invitation"),
        shut("others_carer_tie"),
    ],
    "privacy/carers/<uuid:public_id>/answer/": [
        Try("carer_tie", {"lay_tutor", "outsider"}, post=302, others=LED_AWAY),
        Try("carer_invitation", {"patient", "outsider"}, post=302, others=LED_AWAY),
        shut("others_carer_tie", others=LED_AWAY),
    ],
    "privacy/carers/<uuid:public_id>/act/": [
        Try("carer_tie", {"lay_tutor"}, post=302, others=LED_AWAY),
        Try("patients_carer_tie", {"carer"}, post=302, others=LED_AWAY),
        shut("carer_invitation", others=LED_AWAY),
        shut("others_carer_tie", others=LED_AWAY),
    ],
    "privacy/needs/": [Try("", PEOPLE, post=302)],
    "privacy/needs/edit/": [Try("", PEOPLE, post=302)],
    "privacy/needs/contact/": [Try("", PEOPLE)],
    # An administrator works the letters and calls of whoever is in no organisation; there is none, so no paper.
    "people/letters-and-calls/": [Try("", COORDINATORS | {"administrator"})],
    "people/letters-and-calls/letters.pdf": [
        Try("", COORDINATORS, post=405, others={"administrator get": 302, "administrator post": 405})
    ],
    "people/letters-and-calls/<uuid:public_id>/": [
        Try("letter_to_reached", {"coordinator"}),
        Try("letter_to_reached", {"coordinator"}, post=302, data={"do": "posted"}),
        Try("letter_to_other_reached", {"other_coordinator"}),
        shut("mail"),
    ],
    "people/letters-and-calls/<uuid:public_id>/letter.pdf": [
        Try("letter_to_reached", {"coordinator"}, post=405, others=DESKS_ONLY_READ),
        Try("letter_to_other_reached", {"other_coordinator"}, post=405, others=DESKS_ONLY_READ),
    ],
    "people/<uuid:public_id>/contact/": [
        Try("about_reached", {"coordinator"}),
        Try("about_other_reached", {"other_coordinator"}),
        shut("about_patient"),
    ],
    "people/<uuid:public_id>/needs/": [
        Try("about_reached", {"coordinator"}),
        Try("about_other_reached", {"other_coordinator"}),
        shut("about_patient"),
    ],
    "people/": [Try("", COORDINATORS)],
    "people/account/": [Try("", PEOPLE)],
    # Whoever needs none, or has one, is led on.
    "people/account/second-step/": [Try("", PEOPLE, get=302, post=302)],
    "people/account/devices/": [Try("", PEOPLE, post=302)],
    "people/emergencies/": [Try("", {"administrator"})],
    # It asks for a reason first, and shows the name alone.
    "people/<uuid:public_id>/emergency/": [
        Try("about_patient", {"administrator"}),
        Try("about_other_tutor", {"administrator"}),
    ],
    # Who has a role in the coordinator's organisation; anybody else only when found by exact address.
    "people/<uuid:public_id>/": [
        shut("about_patient"),
        Try("about_other_tutor", {"other_coordinator"}),
        Try("about_other_tutor", {"other_coordinator"}, post=302, data={"end": "role_elsewhere"}),
    ],
    "people/<uuid:public_id>/vetting/": [
        shut("about_patient"),
        Try("about_other_tutor", {"other_coordinator"}),
    ],
    "people/<uuid:public_id>/help-in/": [
        shut("about_patient"),
        Try("about_other_tutor", {"other_coordinator"}),
    ],
    "people/<uuid:public_id>/second-step/": [
        shut("about_patient"),
        Try("about_other_tutor", {"other_coordinator"}),
    ],
    "people/start/": [Try("", PEOPLE, get=302, post=302, visitor_get=200, visitor_post=200)],
    "people/invite-on-paper/": [Try("", COORDINATORS)],
    # The code is shown only in the sign-in in which it was made; a colleague is led to the person.
    "people/invite-on-paper/<uuid:public_id>/": [Try("printed", {"coordinator"}, get=302, post=302)],
    "people/invite-on-paper/<uuid:public_id>/invitation.pdf": [
        Try("printed", {"coordinator"}, get=302, post=302)
    ],
    "people/confirm/": [Try("", COORDINATORS | {"administrator"}, post=404)],
    "people/organisations/": [Try("", COORDINATORS | {"administrator"})],
    "people/organisations/new/": [Try("", {"administrator"})],
    "people/organisations/new-locality/": [Try("", {"administrator"})],
    "people/organisations/<uuid:public_id>/": [
        Try("organisation", {"coordinator", "administrator"}, data={"contact_email": "no address"}),
        Try(
            "other_organisation", {"other_coordinator", "administrator"}, data={"contact_email": "no address"}
        ),
    ],
    "people/organisations/<uuid:public_id>/coordinator/": [Try("organisation", {"administrator"})],
    "certificates/": [Try("", PEOPLE, post=405)],
    "certificates/<uuid:public_id>/certificate.pdf": [
        Try("certificate", MINE, others=ONLY_READ),
        shut("others_certificate", others=ONLY_READ),
    ],
    "certificates/verify/<str:token>/": [
        public("token"),
        public("no_token", get=404, post=404),
    ],
    "workshops/": [public()],
    "workshops/mine/": [Try("", PEOPLE)],
    "workshops/calendar/": [Try("", PEOPLE, post=302)],
    "calendar/<str:token>.ics": [public("no_token", get=404, post=404)],
    "workshops/tutor/": [Try("", TUTORS)],
    "workshops/tutor/schedule/": [Try("", TUTORS)],
    "workshops/tutor/<uuid:public_id>/": [
        Try("series", {"lay_tutor"}, post=302),
        Try("waiting_series", {"lay_tutor"}, post=302),
        Try("closed_series", {"lay_tutor"}, post=302),
        Try("others_series", {"other_tutor"}, post=302),
    ],
    "workshops/tutor/<uuid:public_id>/sessions/<int:number>/": [
        Try("series 1", {"lay_tutor"}),
        Try("others_series 1", {"other_tutor"}),
        shut("series 99"),
    ],
    "workshops/coordinate/": [Try("", COORDINATORS)],
    "workshops/coordinate/want/": [Try("", COORDINATORS)],
    "workshops/coordinate/<uuid:public_id>/": [
        Try("series", {"coordinator"}, post=302),
        Try("waiting_series", {"coordinator"}, post=302),
        Try("others_series", {"other_coordinator"}, post=302),
    ],
    "workshops/<uuid:public_id>/": [
        public("series", post=302),
        Try("closed_series", {"patient", "lay_tutor", "coordinator"}, post=302, visitor_get=404),
        Try("waiting_series", {"lay_tutor", "coordinator"}, post=302, visitor_get=404),
    ],
    "coaching/": [Try("", PEOPLE)],
    "coaching/agendas/new/": [
        Try("", PEOPLE, others={"professional get": 302, "professional post": 302}),
    ],
    "coaching/agendas/new/<uuid:tie_id>/": [
        Try("tie", OURS),
        Try("withdrawn_tie", MINE),
        shut("others_tie"),
        shut("invitation"),
    ],
    "coaching/agendas/<uuid:public_id>/": [
        Try("agenda", OURS),
        Try("withdrawn_agenda", MINE),
        shut("others_agenda"),
        Try("agenda", OURS, post=302, data={"move": "bring_back", "item": "topic"}),
        shut(
            "agenda",
            others={"patient get": 200, "professional get": 200},
            data={"move": "bring_back", "item": "others_topic"},
        ),
    ],
    "coaching/agendas/<uuid:public_id>/topics/new/": [
        Try("agenda", OURS),
        Try("withdrawn_agenda", MINE),
        shut("others_agenda"),
    ],
    "coaching/agendas/<uuid:public_id>/topics/<int:item_id>/later/": A_TOPIC,
    "coaching/agendas/<uuid:public_id>/topics/<int:item_id>/leave-out/": A_TOPIC,
    "coaching/plans/new/": [Try("", PEOPLE)],
    "coaching/plans/new/from-practice/": [shut(""), Try("", MINE, query="?from={answer}")],
    "coaching/plans/<uuid:public_id>/": [
        Try("plan", OURS),
        Try("private_plan", MINE),
        Try("withdrawn_plan", MINE),
        shut("others_plan"),
    ],
    "coaching/plans/<uuid:public_id>/sure/": OWN_PLAN,
    "coaching/plans/<uuid:public_id>/easier/": OWN_PLAN,
    "coaching/plans/<uuid:public_id>/confidence/": OWN_PLAN,
    "coaching/plans/<uuid:public_id>/how-did-it-go/": OWN_PLAN,
    "coaching/plans/<uuid:public_id>/share/": OWN_PLAN,
    "coaching/plans/<uuid:public_id>/stop/": [
        Try("plan", MINE, post=302),
        Try("private_plan", MINE, post=302),
        shut("others_plan"),
    ],
    "coaching/paper/agenda/": [public()],
    "coaching/paper/plan/": [public()],
    "my/learning/": [Try("", PEOPLE, post=302)],
    "my/learning/my-learning.csv": [Try("", PEOPLE, post=405)],
    "my/learning/one-thing/": [Try("", PEOPLE)],
    "my/learning/reminders/<uuid:public_id>/": [Try("reminders", MINE, post=302), shut("others_reminders")],
    # The link of a mail stops reminders, whoever holds it, and shows nobody's name.
    "learn/reminders/<str:key>/stop/": [public("stop_key"), public("no_token", get=404, post=404)],
    "learn/teams/<uuid:public_id>/skills/": [
        Try("skilled_team", {"coordinator"}, post=404, others={"lay_tutor get": 200, "lay_tutor post": 200}),
        Try("skilled_team", {"coordinator", "lay_tutor"}, post=302, data={"tried": "1"}),
    ],
    # Whose progress a coordinator sees: of who has a role, is in a team, or came by a code or list of theirs.
    "learn/reports/": [Try("", COORDINATORS, post=405)],
    "learn/reports/<slug:curriculum>/": [Try("theirs", COORDINATORS, post=302), shut("no_token")],
    "learn/reports/<slug:curriculum>/report.csv": [Try("theirs", COORDINATORS, post=405)],
    "learn/reports/<slug:curriculum>/<uuid:learner>/": [
        Try("theirs about_reached", {"coordinator"}, post=405, others={"other_coordinator post": 405}),
        Try("theirs about_other_reached", {"other_coordinator"}, post=405, others={"coordinator post": 405}),
        shut("theirs about_patient", others=dict.fromkeys((f"{role} post" for role in COORDINATORS), 405)),
    ],
    "learn/reports/<slug:curriculum>/<uuid:learner>/done/<int:lesson>/": [
        Try("theirs about_reached reviewed_lesson", {"coordinator"}),
        Try("theirs about_other_reached reviewed_lesson", {"other_coordinator"}),
        shut("theirs about_patient reviewed_lesson"),
        shut("theirs about_reached 99"),
    ],
    # From paper to the lesson, where it is shown.
    "l/<int:number>/": [public("number_of_try", get=302, post=405), public("no_lesson", get=404, post=405)],
    "handbooks/": [public(post=405)],
    # A manual is there for those who lead, run, write and review; its PDF is printed by the worker, and a page says so meanwhile.
    "handbooks/<slug:slug>/": [
        public("workbook", post=405),
        Try("manual", READ_MANUALS, visitor_get=404, visitor_post=405, others=READ_NO_MANUALS, post=405),
    ],
    "handbooks/<slug:slug>/handbook.pdf": [
        public("workbook", get=202, post=405),
        Try(
            "manual",
            READ_MANUALS,
            get=202,
            visitor_get=404,
            visitor_post=405,
            others=READ_NO_MANUALS,
            post=405,
        ),
    ],
    "learn/": [public()],
    "learn/forget/": [MOVED],
    # A code's link leads on to the page without it, whatever the code.
    "learn/join/": [public()],
    "learn/join/<str:code>/": [public("no_token", get=302, post=302)],
    "learn/offers/": [public()],
    # Only a button leads here: opened, it leads everybody to their own list.
    "learn/offers/<uuid:public_id>/": [
        Try("offer", MINE, post=302, others=LED_AWAY),
        shut("others_offer", others=LED_AWAY),
    ],
    "learn/teams/": [Try("", PEOPLE)],
    "learn/teams/new/": [Try("", COORDINATORS)],
    # A member reads how far the team is, and asks nobody in.
    "learn/teams/<uuid:public_id>/": [
        Try("team", {"coordinator", "professional", "lay_tutor"}, others={"lay_tutor post": 404}),
        Try("others_team", {"other_coordinator"}),
    ],
    "learn/teams/<uuid:public_id>/code/": [
        Try("team", {"coordinator", "professional"}),
        Try("others_team", {"other_coordinator"}),
    ],
    # Who leads a team has codes too. A press that names none finds none.
    "learn/codes/": [Try("", COORDINATORS | {"professional", "lay_tutor"}, post=404)],
    "learn/codes/new/": [Try("", COORDINATORS)],
    # The code itself is shown only to who made it, for an hour.
    "learn/codes/<uuid:public_id>/": [
        Try("code", {"coordinator"}, get=302, post=302),
        Try("others_code", {"other_coordinator"}, get=302, post=302),
    ],
    "learn/codes/<uuid:public_id>/sheet.pdf": [
        Try("code", {"coordinator"}, get=302, post=302),
        Try("others_code", {"other_coordinator"}, get=302, post=302),
    ],
    "learn/lists/": [Try("", COORDINATORS)],
    "learn/lists/<uuid:public_id>/": [
        Try("sent_list", {"coordinator"}),
        Try("others_list", {"other_coordinator"}),
    ],
    "learn/lists/<uuid:public_id>/report.csv": [
        Try("sent_list", {"coordinator"}),
        Try("others_list", {"other_coordinator"}),
    ],
    # A lesson for its two reviewers, each by their own address; without a seat, or without the role, it is not there.
    "learn/review/<uuid:public_id>/": [
        Try("lived_seat", {"lay_reviewer"}),
        Try("clinical_seat", {"clinical_reviewer"}),
        shut("ended_seat"),
    ],
    "cms/lessons/<int:page_id>/review/": [Try("reviewed_lesson", {"author", "administrator"})],
    # Of a translation that there is: tests/lms/test_doors_of_translations.py.
    "cms/localize/translate/<int:translation_id>/pofile/upload/": [
        Try("no_translation", {"author", "administrator"}, get=405, post=302)
    ],
    "cms/snippets/choose/courses/glossaryterm/chosen/<str:pk>/": [
        Try("explained_word", {"author", "administrator"}, post=405),
        Try("no_material", {"author", "administrator"}, get=404, post=405),
    ],
    "cms/snippets/choose/courses/recording/chosen/<str:pk>/": [
        Try("no_material", {"author", "administrator"}, get=404, post=405)
    ],
    "cms/snippets/choose/courses/voicerecord/chosen/<str:pk>/": [
        Try("no_material", {"author", "administrator"}, get=404, post=405)
    ],
    "search/": [public(query="?query=canary")],
    "cms/pairs/<int:pk>/": [Try("pairing", {"author", "administrator"}, post=302)],
    "cms/courses/": [Try("", {"author", "administrator"})],
    "cms/courses/<int:pk>/file/": [Try("patients_course", {"author", "administrator"}, get=302)],
    "cms/courses/<int:pk>/copy/": [Try("patients_course", {"author", "administrator"})],
    "cms/courses/<int:pk>/differences/": [
        shut("patients_course"),
        Try("adapted_course", {"author", "administrator"}),
    ],
    "cms/reports/both-sides/": [Try("", {"author", "administrator"}, post=405)],
    "cms/reports/both-sides/results/": [Try("", {"author", "administrator"}, post=405)],
    "<slug:curriculum>/": [public("theirs", post=302)],
    "<slug:curriculum>/<slug:module>/": [
        public("theirs preparing"),
        public("theirs agreeing", get=404, post=404),
    ],
    "<slug:curriculum>/<slug:module>/other-side/": [
        public("theirs preparing"),
        public("theirs agreeing", get=404, post=404),
    ],
    "<slug:curriculum>/<slug:module>/<slug:lesson>/": [
        public("theirs preparing try", post=302),
        Try("theirs preparing list", PEOPLE, post=302, visitor_get=200),
        public("theirs preparing ask", get=404, post=404),
    ],
    "<slug:curriculum>/<slug:module>/<slug:lesson>/sheets/<uuid:block_id>.pdf": [
        public("theirs preparing try sheet", post=405),
        Try("theirs preparing list closed_sheet", PEOPLE, post=405, visitor_get=302, visitor_post=405),
        public("theirs preparing try closed_sheet", get=404, post=405),
    ],
    # A talk to read is there for whom its lesson is; who needs an account first is led to what says so.
    "<slug:curriculum>/<slug:module>/<slug:lesson>/read/<str:block>/": [
        public("theirs preparing try talk", post=405),
        Try("theirs preparing list closed_talk", PEOPLE, post=405, visitor_get=302, visitor_post=405),
        public("theirs preparing try closed_talk", get=404, post=405),
    ],
}

# Whose eyes the patient's words are for. The name is known to who works with them, and to who gives roles.
MAY_READ = {
    "patient": WORDS,
    "professional": AGENDA | PLAN,
    "lay_tutor": NEEDS,
    "coordinator": REACHED,
    "acts_on_visits": AGENDA | PLAN | UNSHARED,
}
KNOW_THE_NAME = OURS | {"no_longer_trusted", "administrator", "carer", *ACTING} | COORDINATORS
# The name of who asks stands in these, for whom they ask.
ASKS = {"carer_invitation"}


def own_routes(patterns=None, prefix: str = "") -> Iterator[str]:
    """Every address whose view declares a policy of ours; those of packages guard themselves."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from own_routes(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern) and hasattr(entry.callback, "policy"):
            yield prefix + str(entry.pattern)


def path_of(route: str, tried: Try, world: World) -> str:
    named = iter(tried.things.split())
    path = re.sub(r"<[^>]+>", lambda _match: str(world.things[next(named)]), route)
    assert next(named, None) is None, f"{route} takes fewer things than {tried.things!r}"
    return f"/{path}{tried.query.format(**world.things)}"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Nobody asks what a page was drawn from, nor where a page that is not there has moved to."""
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
    monkeypatch.setattr("wagtail.contrib.redirects.middleware.get_redirect", lambda request, path: None)


@pytest.fixture
def world(db, at, monkeypatch, caplog) -> World:
    """Made once for each test. Pages that are not there are not drawn, nor is paper: neither is what is tested."""
    at(doors_world.MONDAY)
    caplog.set_level(logging.CRITICAL, "django.request")
    monkeypatch.setattr(
        "lms.urls.handler404", lambda request, exception: HttpResponseNotFound(), raising=False
    )
    monkeypatch.setattr("lms.certificates.views.certificate_pdf", lambda certificate: b"%PDF-1.7")
    monkeypatch.setattr("lms.people.views.desk.letters_pdf", lambda letters, senders: b"%PDF-1.7")
    return doors_world.build()


def browsers(world: World, roles: set[str]) -> dict[str, Client]:
    found = {role: Client() for role in sorted(roles)}
    for role in roles - {VISITOR}:
        found[role].force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
    for role in roles & set(ACTING):
        session = found[role].session
        session[acting.SESSION_KEY] = str(world.things[role])
        session.save()
    return found


def answer(browser: Client, method: str, path: str, data: dict[str, str]):
    """What the request answers. What it wrote is taken back, so that no try changes the next."""
    with transaction.atomic():
        found = browser.get(path) if method == "get" else browser.post(path, data)
        if found.streaming:
            found = HttpResponse(b"".join(found), status=found.status_code, headers=found.headers)
        transaction.set_rollback(True)
    return found


def wrong(
    world: World, roles: set[str] = COLUMNS, routes: set[str] | None = None
) -> tuple[list[str], dict[str, set]]:
    """Every cell that is not as the table says, and every word read by somebody it is not for; and who read what."""
    faults: list[str] = []
    read: dict[str, set[str]] = {role: set() for role in roles}
    signed_in = browsers(world, roles)
    for route, tries in DOORS.items():
        for tried in tries if routes is None or route in routes else []:
            path = path_of(route, tried, world)
            data = {name: str(world.things.get(value, value)) for name, value in tried.data.items()}
            for role, browser in signed_in.items():
                if tried.is_plain and role not in SOME:
                    continue
                for method in ("get", "post"):
                    said = answer(browser, method, path, data)
                    cell = f"{role} {method.upper()} {route} [{tried.things}{tried.data or ''}]"
                    if said.status_code != (right := expected(route, tried, role, method)):
                        faults.append(f"{cell}: {said.status_code}, not {right}")
                    text = (said.content + str(said.headers).encode()).decode(errors="replace")
                    words = {word for word in WORDS if re.search(rf"{word}(?![-\w])", text)}
                    read[role] |= words
                    if words - MAY_READ.get(role, set()):
                        faults.append(f"{cell}: reads {sorted(words - MAY_READ.get(role, set()))}")
                    if LAST_NAME in text and role not in KNOW_THE_NAME:
                        faults.append(f"{cell}: reads the last name")
                    may_be_cached = "no-store" not in said.headers.get("Cache-Control", "")
                    if role != VISITOR and said.status_code == 200 and may_be_cached:
                        faults.append(f"{cell}: may be kept by a cache")
    return faults, read


def test_the_table_names_every_door_and_no_other():
    routes = set(own_routes())

    assert routes - set(DOORS) == set(), "an address without a line in the table"
    assert set(DOORS) - routes == set(), "a line in the table without an address"


def cells() -> int:
    """How many the table has: what is tried, by whom, opened and sent."""
    tries = [tried for tried_here in DOORS.values() for tried in tried_here]
    return 2 * sum(len(SOME) if tried.is_plain else len(COLUMNS) for tried in tries)


def test_every_door_opens_for_those_it_is_for_and_for_nobody_else(world, figure):
    faults, read = wrong(world)

    assert not faults, "\n".join(faults)
    figure(
        "doors: cells that are not as the table says",
        len(faults),
        "cells",
        bar="= 0",
        note=f"{len(DOORS)} addresses, {len(COLUMNS)} columns, {cells():,} cells",
    )
    # The positive side: the words do stand on the pages of those they are for.
    assert read["patient"] == WORDS - NEEDS - REACHED, (
        "what would help is for the tutors, and is shown to them"
    )
    assert read["professional"] == AGENDA | PLAN
    assert read["lay_tutor"] == NEEDS
    assert read["coordinator"] == REACHED
    assert read["acts_on_visits"] == AGENDA | PLAN | UNSHARED
    assert read["carer"] == read["acts_on_workshops"] == read["acted_until_withdrawn"] == set()


def test_no_mail_holds_a_word_of_it(world):
    patient = world.people["patient"]
    mails = Message.objects.prefetch_related("attachments")

    assert {mail.template for mail in mails} >= {
        "agenda_topic_waiting", "booking_confirmed", "follow_up_reminder", "series_open", "tie_invitation",
    }  # fmt: skip
    for mail in mails:
        whole = "\n".join([mail.subject, mail.text, mail.html, *(a.content for a in mail.attachments.all())])
        assert not [word for word in WORDS if word in whole], mail.template
        assert not re.search("Theirs|Ours|Moving on|Partnership", mail.subject), "a subject names no course"
        if mail.to_id != patient.pk and mail.template not in ASKS:
            assert LAST_NAME not in whole, mail.template


EVERYTHING = {
    "coaching.services.agendas.agendas_visible_to": lambda viewer: Agenda.objects.select_related(
        "tie__patient"
    ),
    "coaching.views.agendas.agendas_visible_to": lambda viewer: Agenda.objects.select_related("tie__patient"),
    "coaching.services.plans.plans_visible_to": lambda viewer: with_state(ActionPlan.objects.all()),
    "coaching.views.agendas._ties_to_start_on": lambda person: list(CareTie.objects.in_force()),
    "lms.people.views.privacy.ties_of": lambda person: CareTie.objects.in_force(),
    "lms.people.views.carers.carer_tie_visible_to": lambda person, public_id: CarerTie.objects.get(
        public_id=public_id
    ),
    "lms.certificates.views.certificates_visible_to": lambda user: Certificate.objects.all(),
    "workshops.views.register.series_led_by": lambda person: Series.objects.all(),
    "workshops.views.tutor.tutor_series_visible_to": lambda person: Series.objects.all(),
    "workshops.views.coordinate.series_coordinated_by": lambda person: Series.objects.all(),
    "workshops.views.public.series_visible_to": lambda person: Series.objects.all(),
    "lms.people.policies.role_kinds_of": lambda person: set(Role.Kind.values),
    "lms.people.views.coordinate.people_known_to": lambda person, found: User.objects.all(),
    "lms.people.views.invitation.printed_invitation_of": lambda person, public_id: (
        PrintedInvitation.objects.get(public_id=public_id)
    ),
    "lms.people.views.organisation.organisations_visible_to": lambda person: Organisation.objects.all(),
    "lms.people.views.desk.message_worked_by": lambda worker: Message.objects.all(),
    "lms.people.views.needs.people_helped_by": lambda coordinator: User.objects.all(),
    "courses.views.reviewing.seats_visible_to": lambda person: Seat.objects.all(),
    "courses.views.own_words.journal_of": lambda person: [
        entry for learner in User.objects.all() for entry in journal_of(learner)
    ],
    "courses.views.teams.teams_visible_to": lambda person: _teams(),
    "courses.views.codes.teams_run_by": lambda person: _teams(),
    "courses.views.codes.codes_run_by": lambda person: JoiningCode.objects.all(),
    "courses.views.lists.lists_visible_to": lambda coordinator: EnrolmentList.objects.all(),
    "courses.views.joining.offers_to": lambda person: Offer.objects.open(),
}


def with_state(plans):
    from coaching.queries.plans import _with_state

    return _with_state(plans)


@pytest.fixture
def guards():
    """The routes each guard stands before."""
    return {
        "coaching.services.agendas.agendas_visible_to": "coaching/agendas/<uuid:public_id>/",
        "coaching.views.agendas.agendas_visible_to": "coaching/agendas/<uuid:public_id>/topics/new/",
        "coaching.services.plans.plans_visible_to": "coaching/plans/<uuid:public_id>/",
        "coaching.views.agendas._ties_to_start_on": "coaching/agendas/new/<uuid:tie_id>/",
        "lms.people.views.privacy.ties_of": "privacy/people/<uuid:public_id>/",
        "lms.people.views.carers.carer_tie_visible_to": "privacy/carers/<uuid:public_id>/",
        "lms.certificates.views.certificates_visible_to": "certificates/<uuid:public_id>/certificate.pdf",
        "workshops.views.register.series_led_by": "workshops/tutor/<uuid:public_id>/sessions/<int:number>/",
        "workshops.views.tutor.tutor_series_visible_to": "workshops/tutor/<uuid:public_id>/",
        "workshops.views.coordinate.series_coordinated_by": "workshops/coordinate/<uuid:public_id>/",
        "workshops.views.public.series_visible_to": "workshops/<uuid:public_id>/",
        "lms.people.policies.role_kinds_of": "people/",
        "lms.people.views.coordinate.people_known_to": "people/<uuid:public_id>/",
        "lms.people.views.invitation.printed_invitation_of": "people/invite-on-paper/<uuid:public_id>/",
        "lms.people.views.organisation.organisations_visible_to": "people/organisations/<uuid:public_id>/",
        "lms.people.views.desk.message_worked_by": "people/letters-and-calls/<uuid:public_id>/",
        "lms.people.views.needs.people_helped_by": "people/<uuid:public_id>/needs/",
        "courses.views.reviewing.seats_visible_to": "learn/review/<uuid:public_id>/",
        "courses.views.own_words.journal_of": "my/journal/",
        "courses.views.teams.teams_visible_to": "learn/teams/<uuid:public_id>/",
        "courses.views.codes.teams_run_by": "learn/teams/<uuid:public_id>/code/",
        "courses.views.codes.codes_run_by": "learn/codes/<uuid:public_id>/",
        "courses.views.lists.lists_visible_to": "learn/lists/<uuid:public_id>/",
        "courses.views.joining.offers_to": "learn/offers/<uuid:public_id>/",
    }


def test_a_guard_that_is_taken_away_turns_the_table_red(world, guards, monkeypatch):
    """The control: each guard alone; the same cells are all right before and after."""
    strangers = {"outsider", "other_tutor", "other_coordinator", "lay_reviewer", "clinical_reviewer"}
    blind = []
    for guard, route in guards.items():
        with monkeypatch.context() as without:
            without.setattr(guard, EVERYTHING[guard])
            faults, _read = wrong(world, strangers, {route})
        if not faults:
            blind.append(guard)

    assert blind == []
    assert wrong(world, strangers, set(guards.values()))[0] == []
