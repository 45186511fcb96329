"""The rows: what is asked for, by whom, and what the answer must be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse

from bench.stage import Stage, anonymous, place_of, signed_in
from courses.models import CurriculumPage
from courses.queries import Outline
from courses.services import enrol
from lms.certificates.models import CertificateFile
from lms.core import clock
from workshops.models import Session


@dataclass(frozen=True)
class Row:
    """`act` does the `number`th of its kind and is measured; `before` prepares it and is not.

    One that takes seconds is done once in `every` so many rounds.
    """

    name: str
    act: Callable[[int], HttpResponse]
    expect: int = 200
    before: Callable[[int], None] = lambda number: None
    after: Callable[[], None] = lambda: None
    every: int = 1


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
        Row("curriculum_12", lambda number: reader.get(stage.short.url)),
        Row("curriculum_120", lambda number: reader.get(stage.long.url)),
        Row("lesson", lambda number: reader.get(stage.lesson.url)),
        Row("lesson_30_blocks", lambda number: reader.get(stage.long.lessons[2].url)),
        Row("dashboard", lambda number: reader.get(reverse("dashboard"))),
        Row("answer", _answer(stage, reader), expect=302),
        _fresh(
            "complete_lesson",
            stage.learners,
            lambda number: (stage.easy_lesson.url, {"done": ""}),
            stage.outline,
        ),
        _fresh(
            "complete_lesson_120",
            stage.learners,
            lambda number: (stage.long.lessons[2].url, {"done": ""}),
            stage.long,
        ),
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
        *_reports(stage),
    ]


def _reports(stage: Stage) -> list[Row]:
    """The first page of who has done what, and all of it as a file, read to its end."""
    slug = [stage.outline.slug]
    page, file = reverse("courses:report", args=slug), reverse("courses:report_file", args=slug)
    made = []
    for size, coordinator in stage.coordinators.items():
        browser = signed_in(coordinator)
        made += [
            Row(f"report_first_page_{size}", lambda number, browser=browser: browser.get(page)),
            Row(
                f"report_csv_{size}",
                lambda number, browser=browser: _whole(browser.get(file)),
                every={"1k": 5, "10k": 50}[size],
            ),
        ]
    return made


def _whole(answer) -> HttpResponse:
    return HttpResponse(b"".join(answer), status=answer.status_code)


def _answer(stage: Stage, reader) -> Callable[[int], HttpResponse]:
    """Another text each time, so that there is something to keep."""

    def act(number: int) -> HttpResponse:
        words = {
            f"{stage.reflection}-answer": f"What I thought of it, the {number}th time.",
            "save": stage.reflection,
        }
        return reader.post(stage.practice_lesson.url, words)

    return act


def _fresh(
    name: str,
    people: list,
    what: Callable[[int], tuple[str, dict]],
    course: Outline | None = None,
) -> Row:
    """Somebody else does it each time, for the first time; on this course already, where it is about one."""
    browsers = {}

    def before(number: int) -> None:
        browsers.clear()
        if course is not None:
            enrol(learner=people[number], curriculum=CurriculumPage.objects.get(pk=course.pk))
        browsers[number] = signed_in(people[number])
        browsers[number].handler.load_middleware()  # what a process does once is no part of an act

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
