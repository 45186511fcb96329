"""A lesson: read, try, be done, or stop and come back to the very place."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from courses import visitors
from courses.bodies import Prepared, kept_body, practice_blocks, prepared_body
from courses.exercises import Exercise, Pressed, exercise_for
from courses.models import CurriculumPage, LessonPage
from courses.queries import Outline, OutlineLesson, Progress, outline_at, outline_of
from courses.queries.outlines import CURRICULUM_PATH
from courses.queries.review import reviewed_as_it_stands
from courses.services.learning import Sent
from courses.views.pages import elsewhere, progress_of
from courses.views.waiting import page_that_waits
from courses.work import LearnerWork, Work, work_of
from lms.core import kept
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
        return _render(request, page, outline, entry, blocks, exercises, progress=None)
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
    progress = progress_of(request, outline) if outline.opens_in_order else None
    waits = page_that_waits(request, outline, entry, progress)
    if waits is not None:
        return waits
    blocks = kept_body(entry.pk, entry.revision, outline.stamp)
    if blocks is None:
        page = LessonPage.objects.filter(pk=entry.pk, live=True).first()
        if page is None:
            raise Http404
        blocks = prepared_body(page, stamp=outline.stamp)
    if request.method == "POST":
        return _take(request, outline, entry, blocks, work_of(request, entry, outline))
    exercises = _exercises(blocks, work_of(request, entry, outline), kept.take(request))
    progress = progress or progress_of(request, outline)
    return _render(request, entry, outline, entry, blocks, exercises, progress=progress)


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
    practices = practice_blocks(blocks)
    answers = work.answers() if practices else {}
    exercises = []
    for block in practices:
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
        work.move_place(at)
        return HttpResponse(status=204)
    exercises = _exercises(blocks, work, request.POST)
    errors = [error for exercise in exercises for error in exercise.errors]
    following = outline.after(entry)
    refused = work.take(
        blocks,
        Sent(
            answers={exercise.id: exercise.value for exercise in exercises},
            changed=[exercise.id for exercise in exercises if exercise.is_new],
            is_done=pressed.action == "done" and not errors,
            place=(entry.key, at),
            place_after=(following.key, "") if following else None,
        ),
    )
    if refused is not None:
        errors.append((f"b-{refused.field}" if refused.field else "buttons", refused.message))
    if not errors:
        return _go_on(request, outline, following, work, pressed, at)
    return _render(
        request,
        entry,
        outline,
        entry,
        blocks,
        exercises,
        progress=progress_of(request, outline),
        errors=errors,
    )


def _go_on(
    request: HttpRequest,
    outline: Outline,
    following: OutlineLesson | None,
    work: Work,
    pressed: Pressed,
    at: str,
) -> HttpResponse:
    if pressed.action == "done":
        messages.success(request, _("That lesson is done."))
        return redirect(following.url if following else outline.url)
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
    return redirect(f"{request.path}#b-{at}{pressed.within}")


def _render(
    request: HttpRequest,
    page: LessonPage | OutlineLesson,
    outline: Outline,
    entry: OutlineLesson | None,
    blocks: list[Prepared],
    exercises: list[Exercise],
    *,
    progress: Progress | None,
    errors: list[tuple[str, Any]] | None = None,
) -> HttpResponse:
    by_id = {exercise.id: exercise for exercise in exercises}
    reviewed = reviewed_as_it_stands(page) if isinstance(page, LessonPage) else page.reviewed
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
            "has_lines": any(exercise.block["type"] in ("sort", "order") for exercise in exercises),
            "tools": {tool for exercise in exercises if (tool := getattr(exercise, "practice", None))},
            "reviewed": reviewed,
            "not_yet_reviewed": reviewed is None,
            "progress": progress,
            "is_done": bool(progress and entry and progress.is_done(entry)),
            "state": progress.state_of(entry) if progress and entry else None,
            "following": outline.after(entry) if entry else None,
            "errors": errors or [],
            "has_errors": bool(errors),
        },
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
