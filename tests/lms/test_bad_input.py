"""Every form of every role, sent with what people and machines really send: never a broken page, never a lost word.

The forms are found by walking the demonstration's pages by their links. FORMS names them all, so that a new one is
noticed and a failure names its page. Every press is undone before the next.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from urllib.parse import urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from courses.queries import curricula
from courses.services.codes import make_code
from lms.audit.models import Entry
from lms.core import clock
from lms.core.policy import PUBLIC, policy
from lms.demo.management.commands.demo import accounts, code_of
from lms.notifications.models import Message
from lms.notifications.services import queue_message
from lms.people.models import Organisation, Role, User
from lms.people.services import invite_carer, invite_on_paper, invite_to_tie, propose_role
from lms.people.services.contact import change_contact
from tests.factories import OrganisationFactory
from tests.found_forms import (
    AFile,
    Asked,
    FoundForm,
    Payload,
    filled,
    forms_on,
    kind_of,
    nameless,
    pages,
    said_above,
    said_beside,
)
from workshops.models import Series
from workshops.services.feeds import make_calendar_feed
from workshops.services.scheduling import Dates, Venue, want_series

ROLES = [
    "visitor", "patient", "patient2", "patient4", "patient5", "professional", "lay_tutor2", "lay_tutor",
    "clinical_tutor", "clinical_tutor2", "coordinator", "administrator", "carer", "lay_reviewer", "clinical_reviewer",
]  # fmt: skip
EACH_KIND = 4  # pages of one kind opened for each role

# Forms of one press: there is nothing to type, and what is refused is said in a message on the page one comes back to.
PRESSES = [
    "/learn/review/<id>/ practice=order move=<id>",
    "/learn/review/<id>/ practice=order save=<id>",
    "/<curriculum>/",
    "/<curriculum>/ do=again",
    "/<curriculum>/ do=leave",
    "/<curriculum>/ do=pause",
    "/accounts/2fa/webauthn/login/ credential=",
    "/accounts/email/ action_primary",
    "/accounts/email/ action_remove",
    "/accounts/email/ action_send",
    "/accounts/logout/",
    "/coaching/agendas/<id>/ move=agree item=<n>",
    "/coaching/agendas/<id>/ move=bring_back item=<n>",
    "/coaching/agendas/<id>/ move=tell",
    "/coaching/agendas/<id>/ move=voice on_seq=<n>",
    "/coaching/agendas/<id>/ move=withdraw item=<n>",
    "/coaching/plans/<id>/stop/",
    "/learn/codes/ call_back=<n>",
    "/learn/forget/",
    "/learn/offers/<id>/ answer=no",
    "/learn/offers/<id>/ answer=yes",
    "/learn/teams/<id>/ do=join",
    "/learn/teams/<id>/ do=leave",
    "/learn/teams/<id>/ do=take_out member=<n>",
    "/learn/teams/<id>/skills/ tried=<n>",
    "/my/learning/ do=remind course=<id> module=<id>",
    "/my/learning/ do=stop series=<id>",
    "/my/learning/one-thing/ do=let_go",
    "/my/learning/reminders/<id>/",
    "/people/<id>/ call_back=<n>",
    "/people/<id>/ end=<n>",
    "/people/account/devices/ end=all",
    "/people/confirm/ proposal=<id> answer=no",
    "/people/confirm/ proposal=<id> answer=yes",
    "/privacy/your-data/",
    "/privacy/carers/<id>/ do=end",
    "/privacy/carers/<id>/ do=stop what=carer_visits",
    "/privacy/carers/<id>/ do=stop what=carer_workshops",
    "/privacy/carers/<id>/act/",
    "/privacy/carers/<id>/answer/ accept=<n>",
    "/privacy/carers/<id>/answer/ decline=<n>",
    "/privacy/consents/ do=give what=lived_with_shown",
    "/privacy/consents/ do=give what=name_shown_as_tutor",
    "/privacy/consents/ do=give what=needs_with_coordinators",
    "/privacy/consents/ do=give what=needs_with_tutors",
    "/privacy/consents/ do=stop what=lived_with_shown",
    "/privacy/consents/ do=stop what=name_shown_as_tutor",
    "/privacy/consents/ do=stop what=needs_with_coordinators",
    "/privacy/consents/ do=stop what=needs_with_tutors",
    "/privacy/people/<id>/ do=end",
    "/privacy/people/<id>/ do=share what=agenda",
    "/privacy/people/<id>/ do=stop what=agenda",
    "/privacy/people/<id>/ do=stop what=plan",
    "/privacy/people/<id>/answer/ accept",
    "/privacy/people/<id>/answer/ decline",
    "/privacy/people/<id>/answer/ decline=<n>",
    "/workshops/<id>/ do=cancel",
    "/people/letters-and-calls/<id>/ do=again",
    "/people/letters-and-calls/<id>/ do=call",
    "/people/letters-and-calls/<id>/ do=letter",
    "/people/letters-and-calls/<id>/ do=posted",
    "/people/letters-and-calls/<id>/ do=settle",
    "/privacy/needs/ do=forget",
    "/privacy/needs/ do=review",
    "/privacy/needs/ do=share what=needs_with_coordinators",
    "/privacy/needs/ do=share what=needs_with_tutors",
    "/privacy/needs/ do=stop what=needs_with_coordinators",
    "/privacy/needs/ do=stop what=needs_with_tutors",
    "/workshops/<id>/ do=hide",
    "/workshops/<id>/ do=show",
    "/workshops/calendar/ do=end",
    "/workshops/calendar/ do=make",
    "/workshops/coordinate/<id>/ do=cancel",
    "/workshops/tutor/<id>/ do=accept",
    "/workshops/tutor/<id>/ do=cancel",
    "/workshops/tutor/<id>/ do=confirm",
    "/workshops/tutor/<id>/ do=decline",
    "/workshops/tutor/<id>/ do=offer place=clinical",
    "/workshops/tutor/<id>/ do=offer place=lay",
    "/workshops/tutor/<id>/ do=withdraw",
]
# Forms in which something is typed or chosen.
TYPED = [
    "/<lesson>/ done",
    "/<lesson>/ move=<id>",
    "/<lesson>/ save=<id>",
    "/<lesson>/ say=<id>",
    "/<lesson>/ stop",
    "/accounts/email/ action_add",
    "/learn/review/<id>/ do=change",
    "/learn/review/<id>/ do=comment block_id=",
    "/learn/review/<id>/ do=comment block_id=<id>",
    "/learn/review/<id>/ do=sign",
    "/learn/review/<id>/ practice=choice save=<id>",
    "/learn/review/<id>/ practice=reflection save=<id>",
    "/learn/review/<id>/ practice=rewrite save=<id>",
    "/accounts/login/",
    "/accounts/password/change/",
    "/accounts/password/reset/",
    "/accounts/reauthenticate/",
    "/accounts/signup/",
    "/coaching/agendas/<id>/topics/<n>/later/",
    "/coaching/agendas/<id>/topics/<n>/leave-out/",
    "/coaching/agendas/<id>/topics/new/",
    "/coaching/agendas/new/<id>/",
    "/coaching/plans/<id>/confidence/",
    "/coaching/plans/<id>/easier/",
    "/coaching/plans/<id>/how-did-it-go/",
    "/coaching/plans/<id>/share/",
    "/coaching/plans/new/",
    "/learn/codes/new/",
    "/learn/join/",
    "/learn/lists/",
    "/learn/teams/<id>/",
    "/learn/teams/<id>/code/",
    "/learn/reports/<course>/",
    "/learn/reports/<course>/<id>/done/<n>/",
    "/learn/teams/<id>/skills/",
    "/learn/teams/new/",
    "/my/learning/one-thing/",
    "/people/",
    "/people/<id>/",
    "/people/<id>/help-in/",
    "/people/<id>/second-step/",
    "/people/<id>/vetting/",
    "/people/account/",
    "/people/invite-on-paper/",
    "/people/organisations/<id>/",
    "/people/organisations/<id>/coordinator/",
    "/people/organisations/new-locality/",
    "/people/organisations/new/",
    "/people/start/",
    "/privacy/people/invite/",
    "/privacy/your-data/erase/",
    "/records/",
    "/records/holds/",
    "/people/<id>/contact/",
    "/people/<id>/needs/",
    "/people/letters-and-calls/",
    "/people/letters-and-calls/<id>/",
    "/privacy/needs/contact/",
    "/privacy/needs/edit/",
    "/people/emergencies/",
    "/privacy/carers/invite/",
    "/privacy/lived-with/",
    "/records/people/<id>/erase/",
    "/workshops/<id>/ do=book",
    "/workshops/<id>/ do=wait",
    "/workshops/coordinate/<id>/ do=invite",
    "/workshops/coordinate/want/",
    "/workshops/tutor/<id>/ do=invite",
    "/workshops/tutor/<id>/sessions/<n>/",
    "/workshops/tutor/schedule/",
    "/workshops/tutor/schedule/ wanted",
]
SEARCHES = ["/learn/reports/<course>/ GET", "/people/ GET", "/search/ GET", "/workshops/ GET"]
FORMS = sorted(PRESSES + TYPED + SEARCHES)


LONG = "x" * 10_000
HOSTILE = """'"><i data-hostile="1">x</i><script>hostile()</script><img src=x onerror="hostile()">"""
RIGHT_TO_LEFT = "ألم في الليل"
EMOJI = "👩🏽‍⚕️🙂"
HUGE = "9" * 30
UNWELCOME = {  # refused wherever something is typed
    "too long": LONG,
    "NUL": "pain\x00at night",
    "control character": "\x1b[31mred",
    "overridden direction": "pain\u202eat night",
}
WELCOME = {"hostile HTML": HOSTILE, "right to left and emoji": f"{RIGHT_TO_LEFT} {EMOJI}"}
NO_NUMBERS = {
    "words": "twelve",
    "huge": HUGE,
    "minus": "-1",
    "with an exponent": "1e9",
    "long": LONG,
    "NUL": "1\x00",
}
NO_DAYS = {
    "31 February": ("31", "2", "2026"),
    "year 0": ("1", "1", "0"),
    "year 0000": ("1", "1", "0000"),
    "year 99999": ("1", "1", "99999"),
    "no month": ("1", "", "2026"),
    "words": ("soon", "x" * 500, "\x00"),
}
ODD_DAYS = {
    "past": ("3", "3", "2020"),
    "last of all": ("31", "12", "9999"),
    "first of all": ("1", "1", "0001"),
}
IDS = ["", "-1", HUGE, "²", "\x00", "11111111-1111-4111-8111-111111111111"]
KEYS = [None, "", "no-key", "\x00", "1" * 5000, "11111111-1111-4111-8111-11111111111"]


# ---------------------------------------------------------------- the demonstration, walked once


class Walked:
    """What a walk through the demonstration found."""

    def __init__(self) -> None:
        self.accounts = {account["role"]: account for account in accounts()}
        self.people = {
            role: User.objects.get(email=account["email"])
            if account["email"]
            else User.objects.get(username=account["sign_in_name"])
            for role, account in self.accounts.items()
        }
        # What fits where a short walk does not.
        patient, partner = self.accounts["patient"], self.people["clinical_tutor2"]
        self.words = {
            "/accounts/login/": {"login": patient["email"], "password": patient["password"]},
            "/accounts/password/change/": {"oldpassword": patient["password"]},
            "/accounts/reauthenticate/": {"password": patient["password"]},
            "/coaching/agendas/new/<id>/": {"visit_at": "14:00"},
            "/people/": {"who": patient["email"]},
            "/people/<id>/contact/": {"phone": "01632 960 003"},
            "/privacy/needs/contact/": {"phone": "01632 960 003"},
            "/people/<id>/": {"kind": Role.Kind.PROFESSIONAL},
            "/privacy/people/invite/": {"email": "somebody.new@example.org"},
            "/people/organisations/<id>/coordinator/": {"who": self.accounts["professional2"]["email"]},
            "/people/emergencies/": {"who": patient["email"]},
            "/privacy/your-data/erase/": {"word": "erase"},
            "/records/holds/": {"email": patient["email"]},
            "/privacy/carers/invite/": {"invited_as": "somebody@example.org"},
            "/learn/teams/new/": {"lead": self.people["professional"].email},
            "/workshops/coordinate/<id>/ do=invite": {"co_tutor": str(self.people["lay_tutor2"].public_id)},
            "/workshops/coordinate/want/": {"start_time": "20:00"},
            "/workshops/tutor/schedule/": {"start_time": "20:00", "co_tutor": str(partner.public_id)},
            "/workshops/tutor/schedule/ wanted": {"start_time": "20:00"},
        }
        self.forms: dict[str, list[FoundForm]] = {}
        self.pages: dict[str, tuple[str, str]] = {}
        self.poor: list[str] = []

    def browser(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        if role != "visitor":
            client.force_login(self.people[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    def filled(self, form: FoundForm) -> Payload:
        """The form in order: what a person might send."""
        return filled(form, self.words.get(form.key))

    def walk(self, role: str) -> None:
        browser = self.browser(role)
        if role == "visitor":  # has tried a lesson, so that there is something to forget
            browser.post("/moving-on-together/preparing-for-a-visit/what-matters-most/", {"stop": "1"})
        start = ["/", "/learn/", "/workshops/", *(["/my/"] if role != "visitor" else [])]
        start += [f"/workshops/tutor/{one.public_id}/" for one in Series.objects.filter(state="wanted")]
        for page, status, soup in pages(browser, start, each=EACH_KIND, whole=role == "patient"):
            if status not in (200, 302) and page not in start:
                self.poor.append(f"{role} {page}: {status}")
            if status == 200:
                self.pages.setdefault(kind_of(page), (role, page))
            for form in forms_on(soup, page):
                form.role = role
                known = self.forms.setdefault(form.key, [])
                if not any(one.variant == form.variant for one in known):
                    known.append(form)


@pytest.fixture(scope="module")
def walked(django_db_setup, django_db_blocker):
    """The demonstration, and what else it takes to see each form; gone when the module is over."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", stdout=StringIO())
        found = Walked()
        people = found.people
        invite_to_tie(inviter=people["professional"], email=people["patient5"].email, as_professional=True)
        invite_carer(person=people["patient2"], invited_as=people["patient5"].email)
        make_calendar_feed(person=people["patient4"])
        for who in ("coordinator", "lay_tutor"):
            want(people[who], days=90 if who == "lay_tutor" else 60)
        for kind in ("administrator", "coordinator"):
            propose_role(
                person=people["professional2"],
                kind=kind,
                organisation=Organisation.objects.get(),
                proposed_by=people["coordinator"],
                starts_on=clock.today(),
            )
        printed, code = invite_on_paper(
            first_name="Aaron",
            last_name="Able",
            audience="patient",
            organisation=Organisation.objects.get(),
            made_by=people["coordinator"],
        )
        found.words["/people/start/"] = {"sign_in_name": printed.person.username, "secret_code": code}
        _code, words = make_code(
            curriculum=curricula().first(),
            organisation=Organisation.objects.get(),
            made_by=people["coordinator"],
            last_day=clock.today(),
            most_uses=9,
        )
        found.words["/learn/join/"] = {"secret_code": words}
        one_of_each_on_the_desk(did_not_arrive=people["patient2"])
        User.objects.filter(pk=people["patient4"].pk).update(ask_needs_on=clock.today())
        for role in ROLES:
            found.walk(role)
        yield found
        transaction.set_rollback(True)
    for cache in ("default", "process"):
        caches[cache].clear()


def one_of_each_on_the_desk(*, did_not_arrive: User) -> None:
    """A walk opens only a few pages of one kind."""
    for channel in ("letter", "call"):
        _first, *others = Message.objects.to_work().filter(channel=channel)
        Message.objects.filter(pk__in=[one.pk for one in others]).delete()
    reached = {"way": "mail", "phone": "01632 960 002", "address": "2 Mill Street"}
    change_contact(person=did_not_arrive, by=did_not_arrive, **reached)
    mail = queue_message(template="agenda_agreed", to=did_not_arrive, context={})
    Message.objects.filter(pk=mail.pk).update(given_up_at=clock.now())


def want(person: User, *, days: int) -> None:
    like = Series.objects.order_by("pk").first()
    start = clock.now().replace(tzinfo=None, hour=6, minute=0) + timedelta(days=days)
    want_series(
        wanted_by=person,
        curriculum=like.curriculum,
        format=like.format,
        organisation=like.organisation,
        dates=Dates([start]),
        venue=Venue("A hall", "1 Mill Street"),
        capacity=8,
    )


def form_at(walked: Walked, key: str) -> list[FoundForm]:
    assert key in walked.forms, f"{key} is in the list, and no page has it."
    return walked.forms[key]


# ---------------------------------------------------------------- what is asked of every answer


def rows() -> dict[str, int]:
    """How many rows each of our models has. Looks are left out: a page that is shown again was looked at again."""
    ours = [
        model
        for model in apps.get_models()
        if model.__module__.startswith(("lms.", "courses.", "workshops.", "coaching."))
    ]
    counts = [
        f"SELECT '{model._meta.label}', COUNT(*) FROM {model._meta.db_table}"
        for model in ours
        if model != Entry
    ]
    counts.append(f"SELECT 'acts', COUNT(*) FROM {Entry._meta.db_table} WHERE verb = 'did'")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts))
        return dict(cursor.fetchall())


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def send(browser: Client, form: FoundForm, sent: Payload) -> HttpResponse:
    return (browser.get if form.method == "get" else browser.post)(form.action, sent)


def with_answer(sent: Payload, one: Asked, *values: str) -> Payload:
    return sent | {box: [value] for box, value in zip(one.boxes, values, strict=True)}


def broken(answer: HttpResponse) -> list[str]:
    """An answer that no person should ever see: an error of ours, a strange site, markup of somebody else's."""
    if answer.status_code >= 500:
        error = getattr(answer, "exc_info", None)
        return [f"{answer.status_code}: {error[1]!r}" if error else str(answer.status_code)]
    where = answer.headers.get("Location", "")
    if urlsplit(where).netloc:
        return [f"leads to {where}"]
    if b"data-hostile" in answer.content and BeautifulSoup(answer.content, "lxml").select("[data-hostile]"):
        return ["somebody's markup is in the page"]
    return []


def not_refused_well(
    answer: HttpResponse, form: FoundForm, sent: Payload, bad: Asked, *, must: bool = False
) -> list[str]:
    """What is amiss in an answer to a bad form. `must`: it may not be taken, and its sentence stands beside the field."""
    if wrong := broken(answer):
        return wrong
    if answer.status_code != 200:
        return [f"taken ({answer.status_code} {answer.headers.get('Location', '')})"] if must else []
    soup = BeautifulSoup(answer.content, "lxml")
    wrong = []
    said, above = said_beside(soup, bad), said_above(soup)
    if not said and (must or not above):
        wrong.append(f"no sentence beside {bad.name}; above: {above}")
    if said and not said.rstrip("”").endswith((".", "?")):
        wrong.append(f"no sentence: {said!r}")
    if any(len(one) > 400 for one in [said, *above]):
        wrong.append("a sentence as long as what was typed")
    return wrong + not_kept(soup, form, sent, but=bad)


def not_kept(soup: BeautifulSoup, form: FoundForm, sent: Payload, *, but: Asked | None = None) -> list[str]:
    """What was typed into the other fields, and is not in the form on this page."""
    again = next((one for one in forms_on(soup, form.page) if one.key == form.key), None)
    if again is None:
        return ["the form is not on the page that came back"]
    lost = []
    for one in form.visible():
        # No browser puts a password, or a file, back into its box.
        if one.kind in ("password", "file") or (but is not None and one.name == but.name):
            continue
        for box in one.boxes:
            before, after = sent.get(box, []), again.typed.get(box, [])
            if [tidy(value) for value in before if value] != [tidy(value) for value in after if value]:
                lost.append(f"{box} was {before}, is {after}"[:300])
    return lost


def tidy(text: str) -> str:
    return " ".join(text.split())


def report(wrong: list[str]) -> None:
    assert not wrong, "\n".join(sorted(set(wrong)))


# ---------------------------------------------------------------- the forms


def test_the_walk_found_every_form(walked, db):
    assert walked.poor == []
    assert set(walked.forms) ^ set(FORMS) == set(), "a form without a name here, or a name without a form"


@pytest.mark.parametrize("key", [*TYPED, *PRESSES])
def test_a_form_in_order_is_taken_and_twice_is_once(walked, db, key):
    """The ground for all that follows: what is sent is refused for the one bad thing in it, and for nothing else."""
    wrong, taken = [], 0
    for form in form_at(walked, key):
        browser, sent = walked.browser(form.role), walked.filled(form)
        with undone():
            first = send(browser, form, sent)
            wrong += broken(first)
            taken += first.status_code == 302
            soup = BeautifulSoup(first.content, "lxml")
            # A talk is held line by line: one form cannot bring it to its end.
            if first.status_code != 302 and not (is_lesson(key) and soup.select("button[name=say]")):
                wrong.append(f"{form.role} {form.page}: {first.status_code} {said_above(soup)}")
            after = rows()
            again = send(browser, form, sent)
            wrong += broken(again)
            changed = {name for name, count in rows().items() if count != after[name]} - {"core.TakenForm"}
            if changed:
                wrong.append(f"twice made more of {changed}")
    report(wrong)
    assert taken > 0, "nobody could send it as it should be"


@pytest.mark.parametrize("key", TYPED)
def test_bad_answers_are_refused_in_a_sentence(walked, db, key):
    wrong, known = [], set()
    for form in form_at(walked, key):
        browser, sent = walked.browser(form.role), walked.filled(form)
        before = rows()
        for one in form.visible():
            like = (nameless(one.name), one.kind, form.is_of_button(one))
            is_first = one.kind not in {kind for _name, kind, _own in known}
            # A lesson keeps half a practice as a draft; what is amiss in it is said once its own button is pressed.
            is_draft = is_lesson(key) and not one.name.endswith("-answer") and not form.is_of_button(one)
            if like in known or (is_draft and not is_first):
                continue
            known.add(like)
            for name, values, must in bad_answers(one, whole=is_first):
                bad = with_answer(sent, one, *values)
                with undone():
                    answer = send(browser, form, bad)
                    found = not_refused_well(answer, form, bad, one, must=must and not is_draft)
                    if answer.status_code == 200 and not is_lesson(key) and rows() != before:
                        found.append("refused, and yet something was written")
                wrong += [f"{one.name}, {name}: {each}" for each in found]
    report(wrong)


def is_lesson(key: str) -> bool:
    """A lesson keeps each answer that is right, whatever is amiss with another: nothing there is half written."""
    return key.startswith("/<lesson>/")


def bad_answers(one: Asked, *, whole: bool) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """(what it is, the values, whether it has to be refused) of one thing that is asked.

    `whole`: everything there is; else the few that find a field that was made carelessly.
    """
    if one.kind == "date":
        yield "empty", ("", "", ""), False
        for name, parts in (NO_DAYS if whole else {"31 February": NO_DAYS["31 February"]}).items():
            yield name, parts, True
        for name, parts in ODD_DAYS.items():
            yield name, parts, False
        return
    yield "empty", ("",), False
    if one.kind in ("choice", "boxes"):
        is_yes = one.choices == ("on",)
        for value in [*IDS[1:], LONG] if whole else ["-1", "\x00"]:
            if value not in one.choices:
                yield f"the answer {value[:40]!r}", (value,), not is_yes
    elif one.kind == "file":
        wrong = {"words": "x", "no table": AFile(b"\x00\xff"), "nobody": AFile(b"email\n")}
        for name, value in wrong.items():
            yield name, (value,), True
    elif one.kind == "number":
        for name, value in (NO_NUMBERS if whole else {"huge": HUGE}).items():
            yield name, (value,), True
    else:
        for name, value in (UNWELCOME if whole else {"too long": LONG, "NUL": UNWELCOME["NUL"]}).items():
            yield name, (value,), one.kind != "password" or name == "too long"


@pytest.mark.parametrize("key", TYPED)
def test_every_script_and_sign_is_taken_and_shown_as_it_is(walked, db, key):
    wrong = []
    for form in form_at(walked, key)[:2]:
        browser = walked.browser(form.role)
        lines = [one for one in form.visible() if one.kind == "text"]
        for name, value in WELCOME.items():
            sent = walked.filled(form) | {
                one.name: [value] for one in lines if one.name not in walked.words.get(key, {})
            }
            with undone():
                answer = send(browser, form, sent)
                wrong += [f"{name}: {each}" for each in broken(answer)]
                if answer.status_code == 302:
                    shown = browser.get(answer.headers["Location"])
                    wrong += [f"{name}, on the next page: {each}" for each in broken(shown)]
            # The same beside something that is amiss: the form comes back, with the words as they were typed.
            one = form.visible()[-1]
            bad = with_answer(sent, one, *(("31", "2", "2026") if one.kind == "date" else (LONG,)))
            with undone():
                answer = send(browser, form, bad)
                wrong += [f"{name}: {each}" for each in not_refused_well(answer, form, bad, one)]
    report(wrong)


@pytest.mark.parametrize("kind", sorted({key.partition(" ")[0] for key in PRESSES + TYPED}))
def test_odd_posts_never_break_a_page(walked, db, kind):
    """What no page of ours sends: keys and numbers of nobody or of others, bytes that are no text, far too much."""
    wrong = []
    forms = [one for key, all_ in walked.forms.items() for one in all_ if key.partition(" ")[0] == kind]
    browser, known = walked.browser(forms[0].role), set()
    for form in forms:
        browser, sent = walked.browser(form.role), walked.filled(form)
        hidden = {name for name, one in form.asked.items() if one.kind == "hidden"} - {"csrfmiddlewaretoken"}
        for name in hidden - known:
            known.add(name)
            for value in KEYS if name in ("once", "whose") else [*IDS, *foreign_ids(walked)]:
                odd = {box: values for box, values in sent.items() if box != name}
                odd |= {} if value is None else {name: [value]}
                with undone():
                    found = broken(send(browser, form, odd))
                wrong += [f"{name}={str(value)[:40]!r}: {each}" for each in found]
    for name in {"do", "move", "end", "place", "say", "back", "decline", "save"} - known:
        for value in ("\x00", "a/b/c"):
            with undone():
                found = broken(send(browser, form, sent | {name: [value]}))
            wrong += [f"{name}={value!r}: {each}" for each in found]
    half = urlencode(sent, doseq=True).encode()
    for one in form.visible():
        half += f"&{one.name}=".encode() + b"%ED%A0%80%FF" if one.kind == "text" else b""
    for body in (half, b"", b"%00=%00", b"%ED%A0%80=%ED%A0%80", b"&".join(b"x=1" for _ in range(2100))):
        with undone():
            answer = browser.post(form.action, body, content_type="application/x-www-form-urlencoded")
            wrong += [f"{body[:30]!r}: {each}" for each in broken(answer)]
    report(wrong)


def foreign_ids(walked: Walked) -> list[str]:
    """Real identifiers of other people's things."""
    person = walked.people["author"]
    role = Role.objects.filter(person=person).first()
    return [str(person.public_id), str(person.pk), str(role.pk), str(Organisation.objects.first().public_id)]


@pytest.mark.parametrize("key", [*TYPED, *PRESSES])
def test_signed_out_in_the_middle_nothing_typed_is_lost(walked, db, key):
    wrong = []
    for form in form_at(walked, key):
        if form.role == "visitor":
            continue
        account = walked.accounts[form.role]
        sent = walked.filled(form)
        browser = Client(raise_request_exception=False)
        with undone():
            before = rows()
            answer = send(browser, form, sent)
            if key in ("/accounts/logout/", "/learn/forget/") or key.startswith("/accounts/"):
                wrong += broken(answer)
                continue
            if not answer.headers.get("Location", "").startswith("/accounts/login/?next=/"):
                wrong.append(f"signed out: {answer.status_code} {answer.headers.get('Location')}")
                continue
            if rows() != before:
                wrong.append("signed out, and yet something was written")
            login = {"login": account["email"], "password": account["password"]}
            back = browser.post(answer.headers["Location"], login)
            if account["totp_secret"]:
                caches["default"].clear()  # the same digits were used a moment ago, for another form
                back = browser.post(back.headers["Location"], {"code": code_of(account["email"])})
            page = browser.get(back.headers.get("Location", "/nowhere/"), follow=True)
            wrong += broken(page)
            if page.status_code != 200:
                wrong.append(f"after signing in: {page.status_code}")
            elif key in TYPED:
                wrong += not_kept(BeautifulSoup(page.content, "lxml"), form, sent)
    report(wrong)


@pytest.mark.parametrize("key", SEARCHES)
def test_searches_take_anything(walked, db, key):
    wrong = []
    for form in form_at(walked, key):
        browser, sent = walked.browser(form.role), walked.filled(form)
        for one in form.visible():
            values = [*UNWELCOME.values(), *WELCOME.values(), *IDS]
            for value in values:
                answer = send(browser, form, with_answer(sent, one, value))
                wrong += [f"{one.name}={value[:40]!r}: {each}" for each in broken(answer)]
                if answer.status_code != 200:
                    wrong.append(f"{one.name}={value[:40]!r}: {answer.status_code}")
    report(wrong)


# ---------------------------------------------------------------- addresses

WORDS = ("done", "from", "programme", "format", "query", "as", "email", "next", "page")
QUERIES = [
    {"page": "-1", "from": "-1", "done": "-1", "next": "//evil.example/"},
    dict.fromkeys(WORDS, "\x00"),
    dict.fromkeys(WORDS, HUGE),
    dict.fromkeys(WORDS, HOSTILE),
]


@pytest.mark.parametrize("query", QUERIES, ids=["minus", "NUL", "huge", "hostile"])
def test_odd_queries_never_break_a_page(walked, db, query):
    wrong = []
    for kind, (role, page) in sorted(walked.pages.items()):
        answer = walked.browser(role).get(page, query)
        found = broken(answer)
        if answer.status_code not in (200, 302):
            found.append(str(answer.status_code))
        wrong += [f"{kind}: {each}" for each in found]
    report(wrong)


def test_nobody_is_led_away_after_signing_in_or_up(walked, db):
    account = walked.accounts["patient"]
    login = {"login": account["email"], "password": account["password"]}
    led = set()
    for away in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\x00"):
        for where in ("/accounts/login/", "/accounts/logout/"):
            for sent in ({"next": away}, {}):
                with undone():
                    browser = Client(raise_request_exception=False)
                    answer = browser.post(f"{where}?{urlencode({'next': away})}", login | sent)
                    led.add((answer.status_code, answer.headers.get("Location")))

    assert led == {(302, "/my/"), (302, "/")}


ODD_PLACES = ["11111111-1111-4111-8111-111111111111", "0", HUGE, "9" * 18, "%00%ED%A0%80"]


def test_odd_addresses_are_only_not_there(walked, db):
    """Each identifier in each kind of address, in turn, is one that nobody has."""
    wrong, tried = [], 0
    for kind, (role, page) in sorted(walked.pages.items()):
        browser = walked.browser(role)
        parts = page.strip("/").split("/")
        for place, part in enumerate(parts):
            if not re.fullmatch(r"\d+|[0-9a-f-]{36}", part) and kind not in ("/<lesson>/", "/<module>/"):
                continue
            for odd in ODD_PLACES:
                address = "/".join(["", *parts[:place], odd, *parts[place + 1 :], ""])
                for answer in (browser.get(address), browser.post(address)):
                    tried += 1
                    wrong += [f"{address[:90]}: {each}" for each in broken(answer)]
                    to_sign_in = answer.headers.get("Location", "").startswith("/accounts/login/")
                    if answer.status_code not in (404, 405) and not (role == "visitor" and to_sign_in):
                        wrong.append(f"{address[:90]}: {answer.status_code}")
    report(wrong)
    assert tried > 150


@pytest.mark.parametrize(
    "address",
    [
        "/%00/",
        "/certificates/verify/%00/",
        "/calendar/%00.ics",
        "/about/%00/",
        "/learn/%00/",
        "/media/%00",
        "/static/%00",
    ],
)
def test_addresses_with_nothing_in_them(walked, db, address):
    assert Client(raise_request_exception=False).get(address).status_code == 404


# ---------------------------------------------------------------- the controls: careless pages would be found


def _page(words: str, more: str, above: str = "", beside: str = "") -> HttpResponse:
    return HttpResponse(
        format_html(
            '<div class="nhsuk-error-summary__body"><p>{}</p></div><form method="post">'
            '<p id="e"><span class="nhsuk-error-message">{}</span></p>'
            '<input name="words" aria-describedby="e" value="{}"><input name="more" value="{}"><button>Send</button>'
            "</form>",
            above, beside, words, more,
        )
    )  # fmt: skip


@policy(PUBLIC)
def careless(request: HttpRequest, how: str) -> HttpResponse:
    """A page that does one thing wrong with words that are too long; `well` does none."""
    words, more = request.POST.get("words", ""), request.POST.get("more", "")
    if request.method != "POST":
        return _page("", "")
    if how == "writes":
        OrganisationFactory()
    said = "Use 20 characters or fewer."
    return {
        "well": lambda: _page(words, more, said, said),
        "writes": lambda: _page(words, more, said, said),
        "takes": lambda: HttpResponseRedirect("/"),
        "breaks": lambda: HttpResponse(1 / 0),
        "says nothing": lambda: _page(words, more),
        "says it above only": lambda: _page(words, more, said),
        "says no sentence": lambda: _page(words, more, said, "invalid"),
        "loses": lambda: _page(words, "", said, said),
        "leads away": lambda: HttpResponseRedirect("//evil.example/"),
        "trusts": lambda: HttpResponse(mark_safe(words)),
    }[how]()


urlpatterns = [path("careless/<str:how>/", careless)]

FINDS = {
    "well": "",
    "takes": "taken",
    "breaks": "ZeroDivisionError",
    "says nothing": "no sentence beside words",
    "says it above only": "no sentence beside words",
    "says no sentence": "no sentence: 'invalid'",
    "loses": "more was",
    "leads away": "leads to //evil.example/",
    "trusts": "somebody's markup",
}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("how", FINDS)
def test_a_careless_page_would_be_found(db, how):
    browser = Client(raise_request_exception=False)
    page = f"/careless/{how}/"
    form = next(forms_on(BeautifulSoup(browser.get(page).content, "lxml"), page))
    sent = filled(form) | {"words": [HOSTILE if how == "trusts" else "x" * 30]}

    found = not_refused_well(send(browser, form, sent), form, sent, form.asked["words"], must=True)

    assert len(found) == (how != "well")
    assert FINDS[how] in "".join(found)


@pytest.mark.urls(__name__)
def test_a_page_that_writes_before_it_refuses_would_be_found(db):
    before = rows()
    with undone():
        Client().post("/careless/writes/", {"words": "x" * 30, "more": "y"})
        written = {name for name, count in rows().items() if count != before[name]}

    assert written == {"people.Organisation"}
    assert rows() == before, "and it was undone"


def test_a_page_that_acts_twice_would_be_found(walked, db):
    """The same form with another key is another form: only the key stands between two presses and two rows."""
    form = form_at(walked, "/coaching/agendas/<id>/topics/new/")[0]
    browser, sent = walked.browser(form.role), walked.filled(form)

    def items_after(again: Payload) -> int:
        with undone():
            send(browser, form, sent)
            send(browser, form, again)
            return rows()["coaching.AgendaItem"]

    assert items_after(sent | {"once": [str(uuid.uuid4())]}) == items_after(sent) + 1
