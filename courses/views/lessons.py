"""A lesson: read, try, be done, or stop and come back to the very place."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from courses import visitors
from courses.bodies import Prepared, kept_body, practice_blocks, prepared_body
from courses.exercises import Exercise, Pressed, exercise_for
from courses.models import CurriculumPage, LessonPage
from courses.queries import Outline, OutlineLesson, Progress, is_signed, outline_at, outline_of
from courses.queries.outlines import CURRICULUM_PATH
from courses.views.pages import elsewhere, progress_of
from courses.work import LearnerWork, Work, work_of
from lms.core import kept
from lms.core.errors import RuleBroken
from lms.core.policy import PUBLIC, policy


@policy(PUBLIC)
def lesson(request: HttpRequest, curriculum: str, module: str, lesson: str) -> HttpResponse:
    outline = outline_at(curriculum)
    entry = outline.lesson(module, lesson) if outline else None
    if outline is None or entry is None:
        return elsewhere(request, curriculum, module, lesson)
    return _open(request, outline, entry)


def show_lesson(request: HttpRequest, page: LessonPage) -> HttpResponse:
    """The lesson as Wagtail asks for it: a preview shows the words as they stand, with nothing kept."""
    above = (
        CurriculumPage.objects.filter(path=page.path[:CURRICULUM_PATH])
        .select_related("outline_stamp")
        .first()
    )
    if above is None:
        raise Http404
    outline = outline_of(above)
    entry = next((entry for entry in outline.lessons if entry.pk == page.pk), None)
    if getattr(request, "is_preview", False):
        blocks = prepared_body(page)
        exercises = [exercise_for(block) for block in practice_blocks(blocks)]
        return _render(request, page, page.live_revision_id, outline, entry, blocks, exercises, progress=None)
    if entry is None or not above.live:
        raise Http404
    return _open(request, outline, entry)


def _open(request: HttpRequest, outline: Outline, entry: OutlineLesson) -> HttpResponse:
    if not request.user.is_authenticated:
        # A learner whose session has ended is no visitor: their words wait for them, and for nobody else.
        has_ended = request.method == "POST" and kept.is_of_somebody_else(request)
        if has_ended or (request.method == "POST" and not entry.open_to_visitors):
            kept.keep(request)
            return redirect_to_login(request.path)
        if not entry.open_to_visitors:
            return _needs_account(request, outline, entry)
    blocks = kept_body(entry.pk, entry.revision, outline.stamp)
    if blocks is None or request.method == "POST":
        page = LessonPage.objects.defer("body").filter(pk=entry.pk, live=True).first()
        if page is None:
            raise Http404
        blocks = prepared_body(page, stamp=outline.stamp)
        if request.method == "POST":
            return _take(request, outline, entry, blocks, work_of(request, entry, outline, page))
    exercises = _exercises(blocks, work_of(request, entry, outline), kept.take(request))
    progress = progress_of(request, outline)
    return _render(request, entry, entry.revision, outline, entry, blocks, exercises, progress=progress)


def _needs_account(request: HttpRequest, outline: Outline, entry: OutlineLesson) -> HttpResponse:
    """What the lesson is, and how to get to it: a page of its own and no dead end."""
    back = urlencode({"next": request.path})
    return render(
        request,
        "courses/lesson_needs_account.html",
        {
            "lesson": entry,
            "outline": outline,
            "signup_url": f"{reverse('account_signup')}?{back}",
            "login_url": f"{reverse('account_login')}?{back}",
            "has_tried": visitors.has_tried(request),
            "try_lesson": next((one for one in outline.lessons if one.open_to_visitors), None),
        },
    )


def _exercises(blocks: list[Prepared], work: Work, sent: QueryDict | None) -> list[Exercise]:
    """The practice blocks at work; what was sent is read into them, and kept by nobody yet."""
    answers = work.answers()
    exercises = []
    for block in practice_blocks(blocks):
        number, value = answers.get(block["id"], (None, None))
        exercise = exercise_for(block, value, sent, number=number)
        if sent is not None:
            exercise.read(Pressed.of(sent))
        exercises.append(exercise)
    return exercises


def _take(
    request: HttpRequest,
    outline: Outline,
    entry: OutlineLesson,
    blocks: list[Prepared],
    work: Work,
) -> HttpResponse:
    """Keep every answer that was sent, then do what the pressed button says."""
    pressed = Pressed.of(request.POST)
    at = next(
        (block["id"] for block in blocks if block["id"] == (pressed.block_id or request.POST.get("at"))), ""
    )
    if request.POST.get("place"):
        work.remember_place(at, only_if_enrolled=True)
        return HttpResponse(status=204)
    exercises = _exercises(blocks, work, request.POST)
    refused: list[tuple[str, Any]] = []
    with transaction.atomic():
        for exercise in exercises:
            if exercise.is_new:
                work.save_answer(exercise.id, exercise.value)
        errors = [error for exercise in exercises for error in exercise.errors]
        if not errors:
            try:
                return _go_on(request, outline, entry, work, pressed, at)
            except RuleBroken as error:
                refused = [(f"b-{error.field}" if error.field else "buttons", error.message)]
        work.remember_place(at)
    return _render(
        request,
        entry,
        entry.revision,
        outline,
        entry,
        blocks,
        exercises,
        progress=progress_of(request, outline),
        errors=errors + refused,
    )


def _go_on(
    request: HttpRequest, outline: Outline, entry: OutlineLesson, work: Work, pressed: Pressed, at: str
) -> HttpResponse:
    if pressed.action == "done":
        work.complete()
        following = outline.after(entry)
        messages.success(request, _("That lesson is done."))
        if following is None:
            return redirect(outline.url)
        work.go_to(following)
        return redirect(following.url)
    work.remember_place(at)
    if pressed.action == "stop":
        is_learner = isinstance(work, LearnerWork)
        messages.success(
            request,
            _("Your place is kept. Come back when it suits you, on this device or another.")
            if is_learner
            else _("Your place is kept on this device. With an account it is kept for good."),
        )
        return redirect("dashboard" if is_learner else "learn")
    if not at:
        return redirect(request.path)
    # A talk goes on at its last line, below its scene.
    within = "-now" if pressed.action in ("say", "back") else ""
    return redirect(f"{request.path}#b-{at}{within}")


def _render(
    request: HttpRequest,
    page: LessonPage | OutlineLesson,
    revision: int | None,
    outline: Outline,
    entry: OutlineLesson | None,
    blocks: list[Prepared],
    exercises: list[Exercise],
    *,
    progress: Progress | None,
    errors: list[tuple[str, Any]] | None = None,
) -> HttpResponse:
    by_id = {exercise.id: exercise for exercise in exercises}
    response = render(
        request,
        "courses/lesson_page.html",
        {
            "page": page,
            "outline": outline,
            "lesson": entry,
            "module_url": reverse("courses:module", args=entry.where[:2]) if entry else "",
            "parts": [(block, by_id.get(block["id"])) for block in blocks],
            "has_practice": bool(exercises),
            "tools": {tool for exercise in exercises if (tool := getattr(exercise, "practice", None))},
            "not_yet_reviewed": not is_signed(revision),
            "progress": progress,
            "is_done": bool(progress and entry and progress.is_done(entry)),
            "following": outline.after(entry) if entry else None,
            "errors": errors or [],
            "has_errors": bool(errors),
        },
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
