"""What I have done, what is left, and what keeps it alive. One's own alone, but for the link in a mail that stops reminders."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.forms.keeping import CommitmentForm, UsedForm
from courses.models import Commitment, ModulePage, PromptSeries
from courses.queries import Outline, OutlineModule, outlines
from courses.queries.keeping import (
    commitment_of,
    is_to_be_asked,
    prompt_series_of,
    prompts_of,
    weeks_to_come,
)
from courses.services import keeping
from courses.shown import shown_courses_of
from courses.visits import next_visit_of
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.limits import limited_door
from lms.core.once import once
from lms.core.policy import PUBLIC, SIGNED_IN, policy
from lms.interop.spreadsheet_kit import safe_csv
from lms.ui.forms import form_for


@policy(SIGNED_IN)
def my_learning(request: HttpRequest) -> HttpResponse:
    """What I have done, and what is left; choose to be reminded of what is done, or stop that."""
    if request.method == "POST":
        return _pressed(request)
    reminded = {
        (str(one.enrolment.curriculum_key), str(one.module_key or "")): one for one in _running(request)
    }
    return render(
        request,
        "courses/my_learning.html",
        {
            "courses": [course.with_reminders(reminded) for course in shown_courses_of(request.user)],
            "commitment": commitment_of(request.user),
        },
    )


def _running(request: HttpRequest) -> list[PromptSeries]:
    return [series for series in prompts_of(request.user) if weeks_to_come(series)]


def _pressed(request: HttpRequest) -> HttpResponse:
    """Be reminded of a module or a course, or stop it."""
    here = reverse("courses:my_learning")

    def act() -> str:
        course, module = _key(request.POST.get("course")), _key(request.POST.get("module"))
        if request.POST.get("do") == "stop":
            series = prompt_series_of(request.user, _key(request.POST.get("series")) or UUID(int=0))
            if series is not None:
                keeping.stop_prompts(series=series, by=request.user)
                messages.success(request, _("Stopped. No more reminders of this come."))
        elif course is not None:
            keeping.choose_prompts(learner=request.user, curriculum_key=course, module_key=module)
            messages.success(request, _("We remind you in 1, 2, 4 and 8 weeks. You can stop at any time."))
        return here

    try:
        return once(request, act)
    except RuleBroken as error:
        messages.error(request, str(error.message))
        return redirect(here)


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@policy(SIGNED_IN)
@require_safe
def my_learning_file(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    rows: list[tuple] = [
        (_("Course"), _("Module"), _("Lesson"), _("Done on"), _("How"), _("Version"), _("Why it was marked"))
    ]
    for course in shown_courses_of(request.user):
        for module in course.modules:
            rows += [
                (
                    course.title,
                    module.title,
                    lesson.title,
                    lesson.done_on,
                    lesson.how if lesson.done_on else lesson.missing,
                    lesson.version,
                    lesson.reason,
                )
                for lesson in module.lessons
            ]
    return HttpResponse(
        safe_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="my-learning-{clock.today().isoformat()}.csv"'
        },
    )


# ---------------------------------------------------------------- reminders


@policy(SIGNED_IN)
def prompt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where a reminder leads: try to remember first, then look. Stopping is one press."""
    series = prompt_series_of(request.user, public_id)
    if series is None:
        raise Http404
    if request.method == "POST":
        keeping.stop_prompts(series=series, by=request.user)
        messages.success(request, _("Stopped. No more reminders of this come."))
        return redirect("courses:my_learning")
    outline, module = _what(series)
    words = ModulePage.objects.get(pk=module.pk) if module else None
    return render(
        request,
        "courses/prompt.html",
        {
            "series": series,
            "outline": outline,
            "module": module,
            "outcomes": [line.value for line in words.outcomes] if words else [],
            "to_come": weeks_to_come(series),
        },
    )


def _what(series: PromptSeries) -> tuple[Outline | None, OutlineModule | None]:
    """What the reminders are of; None where it is not published any more. Of a whole course, a module a time."""
    key = str(series.enrolment.curriculum_key)
    outline = next((one for one in outlines() if one.key == key), None)
    if outline is None:
        return None, None
    ready = [module for module in outline.modules if module.is_ready]
    if series.module_key is not None:
        return outline, next((one for one in ready if one.key == str(series.module_key)), None)
    weeks_gone = (clock.today() - series.begins_on).days // 7
    turn = sum(week <= weeks_gone for week in PromptSeries.WEEKS)
    return outline, ready[turn % len(ready)] if ready else None


@policy(PUBLIC)
@limited_door("stop_prompts")
def stop_prompts(request: HttpRequest, key: str) -> HttpResponse:
    """The link of a mail: a page with a button, for programs open links too. Nobody need sign in to be left in peace."""
    series = keeping.series_of_key(key)
    if series is None:
        raise Http404
    if request.method == "POST":
        keeping.stop_prompts_by_key(key=key)
        series.refresh_from_db()
    return render(request, "courses/stop_prompts.html", {"is_stopped": series.stopped_at is not None})


# ---------------------------------------------------------------- one thing for the next visit


@policy(SIGNED_IN)
def commitment(request: HttpRequest) -> HttpResponse:
    """The one thing I want to use in my next visit; after it, how it went."""
    kept = commitment_of(request.user)
    if request.method == "POST" and request.POST.get("do") == "let_go" and kept is not None:
        return once(request, lambda: _let_go(request, kept))
    if kept is not None and is_to_be_asked(kept) and "change" not in request.GET:
        return _how_it_went(request, kept)
    # Asked for only where it is not known: whoever wrote a day means it.
    planned = kept.visit_on if kept else next_visit_of(request.user)
    initial = {"words": kept.words if kept else _words_to_keep(request), "visit_on": planned}
    form = form_for(request, CommitmentForm, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _keep(request, form.cleaned_data))
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "courses/commitment.html", {"form": form, "commitment": kept})


def _words_to_keep(request: HttpRequest) -> str:
    """What was not used yet, offered again for the next visit."""
    if "again" not in request.GET:
        return ""
    last = Commitment.objects.filter(learner=request.user, used=Commitment.Used.NOT_YET).first()
    return last.words if last else ""


def _keep(request: HttpRequest, said: dict) -> str:
    keeping.keep_commitment(learner=request.user, words=said["words"], visit_on=said["visit_on"])
    messages.success(request, _("Kept. It stands on your page until your visit."))
    return reverse("dashboard")


def _let_go(request: HttpRequest, kept: Commitment) -> str:
    keeping.let_go_of_commitment(commitment=kept, by=request.user)
    messages.success(request, _("It is off your page."))
    return reverse("courses:my_learning")


def _how_it_went(request: HttpRequest, kept: Commitment) -> HttpResponse:
    form = form_for(request, UsedForm)
    if request.method == "POST" and form.is_valid():
        return once(request, lambda: _answer(request, kept, form.cleaned_data["used"]))
    return render(request, "courses/commitment_used.html", {"form": form, "commitment": kept})


def _answer(request: HttpRequest, kept: Commitment, used: str) -> str:
    keeping.answer_commitment(commitment=kept, by=request.user, used=used)
    if used == Commitment.Used.NOT_YET:
        messages.success(request, _("Thank you. There will be another visit. You can keep it for then."))
        return f"{reverse('courses:commitment')}?again=1"
    messages.success(request, _("Thank you. Using one thing is how it becomes easy."))
    return reverse("courses:my_learning")
