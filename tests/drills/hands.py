"""`python -m tests.drills.hands WORKLOAD KILLS SEED`: hands that work inside a site and are killed while they do.

The process makes what there is to do and then, as often as was asked, forks a pair of hands that works until it is killed with
SIGKILL in the midst of it. After each kill it looks for what is half done; at the end it lets one pair of hands finish the work,
and prints as JSON what was lost, partial or twice. Each workload has a careless twin, which does the same without the care that
the site takes: the negative control.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

BEGINS = datetime(2027, 2, 2, 10, tzinfo=UTC)
WITHIN = 1.3  # a kill comes within this many times the time that one piece of work takes
SERIES_OF_A_PAIR = 10
MEASURED_EVERY = 100  # kills: other programs may slow the machine down or leave it


class PartialError(Exception):
    """Something is half done."""


class Workload:
    """`prepare` makes the work; `work` does it, piece by piece, in a process that will be killed."""

    def __init__(self, kills: int, said: Path) -> None:
        self.kills, self.said = kills, said

    def prepare(self) -> None: ...
    def work(self) -> None: ...
    def faults_now(self) -> list[str]:
        return []

    def faults_at_end(self) -> list[str]:
        return []

    def say(self, words: str) -> None:
        """Written at once, as an answer that has gone out: what comes before it must be safe."""
        os.write(self._out, f"{words}\n".encode())

    def begin(self) -> None:
        self._out = os.open(self.said, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def heard(self) -> list[list[str]]:
        return [line.split() for line in self.said.read_text().splitlines()] if self.said.exists() else []


class Register(Workload):
    """Tutors mark a register of eight, over and over: each time all eight have the same mark."""

    MARKS = ["present", "partly", "absent"]

    def prepare(self) -> None:
        self.series, self.lay, _clinical = a_series(people=8)
        self.session = self.series.sessions.order_by("number").first()
        self.bookings = list(self.series.bookings.values_list("pk", flat=True))
        after(self.session)

    def work(self) -> None:
        number = sum(words[0] == "try" for words in self.heard())
        known, _number = self.state() or ("", 0)
        while True:
            number += 1
            known = self.MARKS[(self.MARKS.index(known) + 1) % 3] if known else self.MARKS[0]
            self.say(f"try {number}")
            self.keep(dict.fromkeys(self.bookings, known), number)
            self.say(f"safe {number}")

    def keep(self, marks: dict[int, str], number: int) -> None:
        from workshops.services.attendance import record_attendance

        # The number of the try is told by when the marks were made.
        when = self.session.starts_at + timedelta(seconds=number)
        record_attendance(session=self.session, marks=marks, by=self.lay, marked_at=when)

    def state(self) -> tuple[str, int] | None:
        """The one mark that all have, and the number of its try; None before the first. Raises PartialError on anything else."""
        from workshops.models import Attendance

        rows = list(Attendance.objects.filter(session=self.session).values_list("mark", "marked_at"))
        if len(set(rows)) > 1 or len(rows) not in (0, 8):
            raise PartialError(f"{len(rows)} marks of {len(set(rows))} tries")
        if not rows:
            return None
        return rows[0][0], int((rows[0][1] - self.session.starts_at).total_seconds())

    def faults_now(self) -> list[str]:
        try:
            found = self.state()
        except PartialError as error:
            return [f"partial: {error}"]
        safe = max((int(words[1]) for words in self.heard() if words[0] == "safe"), default=0)
        tried = max((int(words[1]) for words in self.heard() if words[0] == "try"), default=0)
        number = found[1] if found else 0
        return [] if safe <= number <= tried else [f"lost: {safe} was safe, and {number} is there"]

    def faults_at_end(self) -> list[str]:
        from lms.audit.models import Entry

        # Each act has its line in the audit: no more than were tried, no fewer than were said to be safe.
        acts = Entry.objects.filter(act="marked register").count()
        tried = sum(words[0] == "try" for words in self.heard())
        safe = sum(words[0] == "safe" for words in self.heard())
        return [] if safe <= acts <= tried else [f"lost: {acts} lines of audit, {safe} safe, {tried} tried"]


class CarelessRegister(Register):
    def keep(self, marks: dict[int, str], number: int) -> None:
        for booking, mark in marks.items():  # one by one, each safe by itself
            super().keep({booking: mark}, number)

    def state(self) -> tuple[str, int] | None:
        """Hands that work carelessly go on from whatever they find."""
        if getattr(self, "_out", None) is not None:
            return None
        return super().state()

    def faults_at_end(self) -> list[str]:
        return []


class Certificates(Workload):
    """The second tutor confirms, which closes the series: completions, certificates and mails for all of it, or nothing."""

    PEOPLE = 4

    def prepare(self) -> None:
        from workshops.services.attendance import record_attendance
        from workshops.services.completion import confirm_delivery

        self.all = []
        for _each in range(max(6, self.kills // 2)):
            series, lay, clinical = a_series(people=self.PEOPLE)
            marks = dict.fromkeys(series.bookings.values_list("pk", flat=True), "present")
            for session in series.sessions.order_by("number"):
                after(session)
                record_attendance(session=session, marks=marks, by=lay)
            confirm_delivery(series=series, tutor=lay)
            self.all.append((series.pk, clinical.pk))

    def work(self) -> None:
        from lms.people.models import User
        from workshops.models import Series

        for series, clinical in self.all:
            series = Series.objects.get(pk=series)
            if series.state != Series.State.CLOSED:
                self.close(series, User.objects.get(pk=clinical))
                self.say(f"safe {series.pk}")

    def close(self, series, clinical) -> None:
        from workshops.services.completion import confirm_delivery

        confirm_delivery(series=series, tutor=clinical)

    def faults_now(self) -> list[str]:
        from lms.certificates.models import Certificate
        from workshops.models import Series, SeriesCompletion

        closed = set(Series.objects.filter(state="closed").values_list("pk", flat=True))
        certificates = [
            int(key.split(":")[1]) for key in Certificate.objects.values_list("source_key", flat=True)
        ]
        completed = list(SeriesCompletion.objects.values_list("booking__series", flat=True))
        safe = {int(words[1]) for words in self.heard()}
        faults = [f"lost: series {series} was safe and is not closed" for series in safe - closed]
        for series, _clinical in self.all:
            found = (certificates.count(series), completed.count(series))
            whole = (self.PEOPLE + 2, self.PEOPLE) if series in closed else (0, 0)
            if found != whole:
                kind = "twice" if found > whole and series in closed else "partial"
                faults.append(f"{kind}: series {series} has {found}, not {whole}")
        return faults

    def faults_at_end(self) -> list[str]:
        from django_q.models import OrmQ

        from lms.notifications.models import Message

        told = Message.objects.filter(template__contains="certificate").count()
        wanted = len(self.all) * (self.PEOPLE + 2)
        faults = [] if told == wanted else [f"lost: {told} mails about certificates, not {wanted}"]
        if OrmQ.objects.count() < told:
            faults.append("lost: a mail that nobody was asked to send")
        return faults


class CarelessCertificates(Certificates):
    def close(self, series, clinical) -> None:
        """Closes first, then issues one by one, each safe by itself."""
        from workshops.models import Booking, DeliveryConfirmation, SeriesCompletion, SeriesTutor
        from workshops.services import completion

        tutor = SeriesTutor.objects.get(series=series, person=clinical)
        DeliveryConfirmation.objects.get_or_create(series=series, tutor=tutor)
        series.state = "closed"
        series.save(update_fields=["state"])
        team = list(SeriesTutor.objects.filter(series=series).select_related("person"))
        facts = completion._common_facts(series, [])
        for booking in Booking.objects.filter(series=series, state="booked").select_related("person"):
            SeriesCompletion.objects.get_or_create(
                booking=booking, defaults={"attended": 3, "planned": 3, "rule": ""}
            )
            completion._issue(series, booking.person, "completed", facts, 3, 3)
        for place in team:
            completion._issue(series, place.person, "delivered", facts, 3, 3)


class Mails(Workload):
    """The worker sends what waits in the outbox, over real SMTP."""

    def prepare(self) -> None:
        from lms.notifications.services import queue_message
        from tests.factories import UserFactory

        people = [UserFactory() for _each in range(10)]
        for number in range(self.kills * 4):
            queue_message(
                template="role_given",
                to=people[number % 10],
                context={"role": "Lay tutor", "organisation": "Riverside", "url": f"http://x/{number}"},
            )

    def work(self) -> None:
        from lms.notifications.models import Message

        for pk in Message.objects.unsent().order_by("pk").values_list("pk", flat=True):
            self.send(pk)
            self.say(f"safe {pk}")

    def send(self, pk: int) -> None:
        from lms.notifications.services import send_message

        send_message(message_id=pk)

    def faults_now(self) -> list[str]:
        from django.utils import timezone

        from lms.notifications.models import Message

        # As if two minutes had passed: the lease of the hands that were killed runs out.
        long_ago = timezone.now() - timedelta(minutes=3)
        Message.objects.unsent().exclude(leased_until=None).update(leased_until=long_ago, attempts=0)
        return []

    def faults_at_end(self) -> list[str]:
        from lms.notifications.models import Message

        left = Message.objects.filter(sent_at=None).count()
        return [f"lost: {left} mails were never sent"] if left else []


class CarelessMails(Mails):
    def send(self, pk: int) -> None:
        """Ticks the mail off first and sends it then."""
        from django.utils import timezone

        from lms.notifications import services
        from lms.notifications.models import Message

        message = Message.objects.get(pk=pk)
        Message.objects.filter(pk=pk).update(sent_at=timezone.now())
        services._as_mail(message).send()


WORKLOADS = {
    "register": Register,
    "careless-register": CarelessRegister,
    "certificates": Certificates,
    "careless-certificates": CarelessCertificates,
    "mails": Mails,
    "careless-mails": CarelessMails,
}


def a_series(*, people: int):
    """A series of professionals that is open, with so many places booked; and its two tutors."""
    from lms.core import clock
    from lms.people.models import Audience, Role
    from tests.factories import OrganisationFactory, RoleFactory, UserFactory
    from tests.factories.workshops import open_series
    from workshops.services.booking import book_place

    clock.set_now(BEGINS - timedelta(days=30))
    known = a_series.__dict__
    if "people" not in known:
        known["organisation"] = OrganisationFactory()
        known["people"] = [UserFactory(audience=Audience.PROFESSIONAL) for _each in range(people)]
    # Nobody is in two places at once, and nothing is planned further ahead than two years.
    if known.get("led", SERIES_OF_A_PAIR) == SERIES_OF_A_PAIR:
        known["pair"] = (UserFactory(), UserFactory(audience=Audience.PROFESSIONAL))
        for person, kind in zip(known["pair"], (Role.Kind.LAY_TUTOR, Role.Kind.CLINICAL_TUTOR), strict=True):
            RoleFactory(person=person, kind=kind, organisation=known["organisation"])
        known["led"] = 0
    lay, clinical = known["pair"]
    start = BEGINS + timedelta(days=60) * known["led"]
    known["led"] += 1
    series = open_series(
        lay=lay,
        clinical=clinical,
        organisation=known["organisation"],
        audience=Audience.PROFESSIONAL,
        start=start.strftime("%Y-%m-%dT%H:%M"),
    )
    for person in known["people"][:people]:
        book_place(series=series, person=person)
    return series, lay, clinical


def after(session) -> None:
    from lms.core import clock

    clock.set_now(session.ends_at + timedelta(days=1))


def fork(workload: Workload) -> int:
    """A pair of hands with connections of its own, as a process that was started anew would have. They have begun."""
    from django.db import connections

    connections.close_all()
    heard, said = os.pipe()
    child = os.fork()
    if child:
        os.close(said)
        os.read(heard, 1)
        os.close(heard)
        return child
    try:
        workload.begin()
        os.write(said, b".")
        workload.work()
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)
    os._exit(0)


def pace(workload: Workload) -> float:
    """How many seconds a pair of hands needs for its first piece of work, as the machine is now."""
    before = len(workload.heard())
    child = fork(workload)
    began = time.monotonic()
    while time.monotonic() - began < 10:
        if any(words[0] == "safe" for words in workload.heard()[before:]):
            break
        time.sleep(0.002)
    taken = time.monotonic() - began
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return taken


def main(name: str, kills: int, seed: int) -> None:
    django.setup()
    from django.conf import settings
    from django.db import connections

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    chance = random.Random(seed)
    workload = WORKLOADS[name](kills, Path(settings.VAR_DIR) / f"{name}.said")
    workload.prepare()
    done, stopped_early, errors, faults = 0, 0, 0, []
    while done < kills:
        if done % MEASURED_EVERY == 0:
            seconds = pace(workload)
            faults += workload.faults_now()
        child = fork(workload)
        time.sleep(chance.uniform(0, seconds * WITHIN))
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            done += 1
        elif os.waitstatus_to_exitcode(status) == 0:
            stopped_early += 1  # all the work is done
            if stopped_early > 2:
                break
        else:
            errors += 1
            if errors > 3:
                break
        faults += workload.faults_now()
        connections.close_all()
    if not isinstance(workload, Register):  # its work has no end
        finisher = fork(workload)
        os.waitpid(finisher, 0)
        faults += workload.faults_now()
    faults += workload.faults_at_end()
    kinds = {kind: sum(fault.startswith(kind) for fault in faults) for kind in ("lost", "partial", "twice")}
    print(json.dumps({"kills": done, "errors": errors, "faults": sorted(set(faults))[:20]} | kinds))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
