"""The rows: what is asked for, by whom, and what the answer must be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse

from bench.stage import Stage, anonymous, place_of, signed_in
from lms.certificates.models import CertificateFile
from lms.core import clock
from workshops.models import Session


@dataclass(frozen=True)
class Row:
    """`act` does the `number`th of its kind and is measured; `before` prepares it and is not."""

    name: str
    act: Callable[[int], HttpResponse]
    expect: int = 200
    before: Callable[[int], None] = lambda number: None
    after: Callable[[], None] = lambda: None


def unit_row(stage: Stage) -> Row:
    reader = signed_in(stage.reader)
    return Row("unit", lambda number: reader.get(stage.unit))


def rows(stage: Stage) -> list[Row]:
    visitor, reader, tutor = anonymous(), signed_in(stage.reader), signed_in(stage.tutor)
    verify = reverse("certificates:verify", args=[stage.certificate.token])
    pdf = reverse("certificates:pdf", args=[stage.certificate.public_id])
    return [
        Row("home_anonymous", lambda number: visitor.get("/")),
        Row("curriculum", lambda number: reader.get(stage.outline.url)),
        Row("lesson", lambda number: reader.get(stage.lesson.url)),
        Row("dashboard", lambda number: reader.get(reverse("dashboard"))),
        Row("answer", _answer(stage, reader), expect=302),
        _fresh("complete_lesson", stage.learners, lambda number: (stage.easy_lesson.url, {"done": ""})),
        Row("workshop_list", lambda number: reader.get(reverse("workshops:find"))),
        _fresh(
            "book_place", stage.bookers, lambda number: (place_of(stage, number), {"do": "book", "needs": ""})
        ),
        Row("register", lambda number: tutor.get(stage.register)),
        _register_save(stage, tutor),
        Row("agenda", lambda number: reader.get(stage.agenda)),
        Row("verify_certificate", lambda number: visitor.get(verify)),
        Row(
            "certificate_pdf",
            lambda number: reader.get(pdf),
            before=lambda number: CertificateFile.objects.all().delete() and None,
        ),
    ]


def _answer(stage: Stage, reader) -> Callable[[int], HttpResponse]:
    """Another text each time, so that there is something to keep."""

    def act(number: int) -> HttpResponse:
        words = {
            f"{stage.reflection}-answer": f"What I thought of it, the {number}th time.",
            "save": stage.reflection,
        }
        return reader.post(stage.practice_lesson.url, words)

    return act


def _fresh(name: str, people: list, what: Callable[[int], tuple[str, dict]]) -> Row:
    """Somebody else does it each time, for the first time."""
    browsers = {}

    def before(number: int) -> None:
        browsers.clear()
        browsers[number] = signed_in(people[number])

    def act(number: int) -> HttpResponse:
        address, content = what(number)
        return browsers[number].post(address, content)

    return Row(name, act, expect=302, before=before)


def _register_save(stage: Stage, tutor) -> Row:
    """The whole room marked at once, each time otherwise than before, while the session is on."""
    begins = Session.objects.get(series__public_id=stage.register.split("/")[-4], number=1).starts_at

    def before(number: int) -> None:
        clock.set_now(begins + timedelta(minutes=5 + number))

    def act(number: int) -> HttpResponse:
        mark = ["present", "absent"][number % 2]
        return tutor.post(stage.register, dict.fromkeys(stage.marks, mark))

    return Row("register_save", act, expect=302, before=before, after=lambda: clock.set_now(None))
