"""A word of its own in every personal field of one person, and a walk through every door that looks for each of them.

What is planted comes from the privacy registry: whatever says who somebody is, how to reach them or how they are, what opens
something, and the texts of what happened. The person has all that others may see of somebody: a role, letters and calls,
needs that coordinators may see, a place in a workshop, a carer, agendas and plans that are shared, and some that are not.
"""

import io
import logging
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client

from lms.notifications.models import Message
from lms.notifications.services import queue_message
from lms.people.models import Organisation, Role, User
from lms.people.services import give_consent
from lms.people.services.contact import change_contact
from lms.people.services.needs import record_needs
from lms.rights.registry import Classified, Kind, own_fields, personal
from tests.factories import RoleFactory
from tests.lms import doors_world
from tests.lms.doors_world import ACTING, World
from tests.lms.planted import MADE, WORD, Planter, is_text
from tests.lms.test_doors import DOORS, SOME, browsers, path_of

TOLD = (Kind.IDENTITY, Kind.CONTACT, Kind.HEALTH)
SOUGHT = (*TOLD, Kind.RECORD, Kind.SEALED)
UNSHARED = " of what is not shared"


def fields_sought() -> Iterator[tuple[Classified, models.Field]]:
    """Every field that could hold a word to look for: all that tell of somebody, and the texts among the others."""
    for one in personal():
        for field in own_fields(one.model_class):
            kind = one.kinds[field.name]
            if kind in TOLD or (kind in SOUGHT and is_text(field)):
                yield one, field


class Canaries(Planter):
    """Plants in every field that is sought and not named in `left_out`; a row of every model, whatever an erasure does with it."""

    def __init__(self, person: User, left_out: Iterable[str], unshared: dict[str, set[int]]) -> None:
        super().__init__(person)
        self.left_out = set(left_out)
        self.unshared = unshared
        self._fields: dict[str, list[str]] = {}
        for one, field in fields_sought():
            if f"{one.model}.{field.name}" not in self.left_out:
                self._fields.setdefault(one.model, []).append(field.name)

    def is_planted(self, one: Classified) -> bool:
        return one.model in self._fields or one.model in MADE

    def rows(self, one: Classified) -> models.QuerySet:
        return one.rows_of(self.person)

    def texts(self, one: Classified) -> list[str]:
        return [] if one.model in MADE else self._fields[one.model]

    def name(self, one: Classified, field: str, key: Any) -> str:
        """With what makes a difference to who may read it: whether it is shared, and which way a message goes."""
        row = one.model_class._base_manager.get(pk=key)
        name = f"{one.model}.{field}"
        for label, keys in self.unshared.items():
            column = (
                "pk" if one.model == f"coaching.{label}" else f"{label.removeprefix('Action').lower()}_id"
            )
            if one.model.startswith("coaching.") and getattr(row, column, None) in keys:
                return name + UNSHARED
        if one.model == "notifications.Message":
            return f"{name} by {row.channel}"
        return name


def planted(left_out: Iterable[str]) -> tuple[World, Canaries]:
    """The two organisations, and the patient with everything that others may see of somebody."""
    world = doors_world.build()
    patient = world.people["patient"]
    here = Organisation.objects.get(name="Riverside Clinic")
    role = RoleFactory(person=patient, kind=Role.Kind.PATIENT, organisation=here)
    long_ago = doors_world.MONDAY - timedelta(days=30)  # a new role does not let anybody help them in yet
    Role.objects.filter(pk=role.pk).update(created_at=long_ago, starts_on=long_ago.date())
    record_needs(person=patient, by=patient, words="x")
    give_consent(person=patient, what="needs_with_coordinators")
    ways = {"phone": "01632 960 001", "best_time": "Mornings", "address": "1 Road"}
    change_contact(person=patient, by=patient, way="call", **ways)
    queue_message(template="agenda_agreed", to=patient, context={"url": "https://x.example/"})
    change_contact(person=patient, by=patient, way="letter", **ways)
    letter = queue_message(template="agenda_agreed", to=patient, context={"url": "https://x.example/"})
    world.things |= {"about_reached": patient.public_id, "letter_to_reached": letter.public_id}
    unshared = {
        "ActionPlan": {world.things["private_plan"], world.things["withdrawn_plan"]},
        "Agenda": {world.things["withdrawn_agenda"]},
    }
    planter = Canaries(
        patient,
        left_out,
        {
            label: set(
                apps.get_model("coaching", label)
                .objects.filter(public_id__in=ids)
                .values_list("pk", flat=True)
            )
            for label, ids in unshared.items()
        },
    )
    planter.plant()
    return world, planter


def text_of(answer: HttpResponse) -> str:
    """All that an answer says, its headers and cookies included; what is packed or printed as its words."""
    body = b"".join(answer) if answer.streaming else answer.content
    if body.startswith(b"%PDF"):
        words = subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=True).stdout
    elif body.startswith(b"PK"):
        words = text_of_zip(body)
    else:
        words = body
    return "\n".join([words.decode(errors="replace"), str(answer.headers), answer.cookies.output()])


def text_of_zip(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def text_of_message(message: Message) -> str:
    files = [f"{one.filename}\n{one.content}" for one in message.attachments.all()]
    return "\n".join([message.address, message.subject, message.text, message.html, message.words, *files])


# Whoever acts for somebody reads on every page for whom.
ANYWHERE, FRAMED = "anywhere", {"people.User.first_name", "people.User.last_name"}
Cell = tuple[str, str, str]  # the field, the address or the mail, the person


def walk(world: World, planter: Canaries, roles: set[str], routes: set[str] | None = None) -> set[Cell]:
    """Which planted word was read where, and by whom: in an answer, or in a mail that it sent to somebody else."""
    found: set[Cell] = set()
    last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    signed_in = browsers(world, roles)
    for route, tries in DOORS.items():
        for tried in tries if routes is None or route in routes else []:
            path = path_of(route, tried, world)
            data = {name: str(world.things.get(value, value)) for name, value in tried.data.items()}
            for role, browser in signed_in.items():
                if tried.is_plain and role not in SOME:
                    continue
                for method in ("get", "post"):
                    for where, text in _said(browser, method, path, data, planter.person, last):
                        for word in words_in(text, planter):
                            name = planter.where[word]
                            is_framed = role in ACTING and name in FRAMED
                            found.add((name, ANYWHERE if is_framed else where or route, role))
    return found


def words_in(text: str, planter: Canaries) -> set[str]:
    return {word for word in WORD.findall(text) if word in planter.where}


def _said(
    browser: Client, method: str, path: str, data: dict, person: User, last: int
) -> list[tuple[str, str]]:
    """All words of the answer, and those of each mail to somebody else. What was written is taken back."""
    browser.raise_request_exception = False  # a broken page is an answer too; the table of doors sees it
    with transaction.atomic():
        answer = browser.get(path) if method == "get" else browser.post(path, data)
        said = [("", text_of(answer)), *(mails_to_others(person, last) if method == "post" else [])]
        transaction.set_rollback(True)
    return said


def mails_to_others(person: User, last: int) -> list[tuple[str, str]]:
    """(what it is called, all its words) of every message since then that is not to the person."""
    new = Message.objects.filter(pk__gt=last).exclude(to=person).prefetch_related("attachments")
    return [(one.template, text_of_message(one)) for one in new]


class Log(logging.Handler):
    """Every line as the formatter makes it."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def listening(formatter: logging.Formatter) -> Iterator[Log]:
    """Whatever is logged meanwhile."""
    log, root = Log(formatter), logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.INFO)
    try:
        yield log
    finally:
        root.removeHandler(log)
        root.setLevel(level)
