"""The review of a lesson for its authors: how far it is, whom to ask, what was said, and publishing once both have signed."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.checks import check_lesson
from courses.models import HandbookPage, ReviewComment
from courses.models.guarded import ShownWhenSigned
from courses.policies import EDITS
from courses.queries.review import comments_on, review_state, reviewers_for, signatures_on, writers_of
from courses.reviewing_forms import AnswerForm, AskForm
from courses.services import signing
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy


@policy(EDITS)
def lesson_review(request: HttpRequest, page_id: int) -> HttpResponse:
    lesson = get_object_or_404(Page, pk=page_id, alias_of=None).specific
    if not isinstance(lesson, ShownWhenSigned):
        raise Http404
    may = lesson.permissions_for_user(request.user)
    if not may.can_edit():
        raise Http404
    draft = lesson.get_latest_revision_as_object()
    state = review_state(draft)
    do = request.POST.get("do", "")
    asked = {seat.reviewer_id for seat in state.review.seats.all()} if state.review else set()
    ask_form = AskForm(
        request.POST if do == "ask" else None,
        reviewers=reviewers_for(request.user, lesson),
        asked=asked,
        initial={"publish_when_signed": bool(state.review and state.review.publish_when_signed)},
    )
    answer_form = AnswerForm(request.POST if do == "answer" else None)
    refused = ""
    try:
        if do == "ask" and ask_form.is_valid():
            return once(request, lambda: _ask(request, lesson, ask_form))
        if do == "answer" and answer_form.is_valid():
            return once(request, lambda: _answer(request, lesson, answer_form))
        if do == "publish" and may.can_publish():
            return once(request, lambda: _publish(request, lesson))
    except RuleBroken as error:
        refused = error.message
    return render(
        request,
        "courses/cms/lesson_review.html",
        {
            "lesson": draft,
            "state": state,
            "signatures": signatures_on(lesson),
            "ask_form": ask_form,
            "answer_form": answer_form,
            "comments": comments_on(lesson),
            "checks": check_lesson(draft),
            "writers": len(writers_of(lesson)),
            "may_publish": may.can_publish() and (state.is_signed or settings.SHOW_UNREVIEWED),
            "is_published": lesson.live and not lesson.has_unpublished_changes,
            "refused": refused,
            "header_title": _("Review: %(title)s") % {"title": draft.title},
            "header_icon": "group",
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                {"url": reverse("wagtailadmin_explore", args=[lesson.get_parent().pk]), "label": _("Pages")},
                {"url": reverse("wagtailadmin_pages:edit", args=[lesson.pk]), "label": draft.title},
                {"url": "", "label": _("Review")},
            ],
        },
    )


def _here(lesson: Page) -> str:
    return reverse("lesson_review", args=[lesson.pk])


def _ask(request: HttpRequest, lesson: Page, form: AskForm) -> str:
    signing.ask_for_review(
        lesson=lesson,
        asked_by=request.user,
        reviewers=form.chosen,
        publish_when_signed=form.cleaned_data["publish_when_signed"],
    )
    messages.success(request, _("They are asked. You get a message when they have answered."))
    return _here(lesson)


def _answer(request: HttpRequest, lesson: Page, form: AnswerForm) -> str:
    comment = get_object_or_404(ReviewComment, lesson=lesson, pk=form.cleaned_data["comment"])
    signing.answer_comment(comment=comment, by=request.user, text=form.cleaned_data["text"])
    messages.success(request, _("Your answer is kept beside the comment."))
    return _here(lesson)


def _publish(request: HttpRequest, lesson: Page) -> str:
    lesson.get_latest_revision().publish(user=request.user)
    messages.success(
        request,
        _("The handbook is published.")
        if isinstance(lesson, HandbookPage)
        else _("The lesson is published."),
    )
    return _here(lesson)
