"""Would you stand behind this? The lesson as learners see it, comments beside it, *I sign* and *please change*."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.bodies import PRACTICES, Prepared, practice_blocks, prepared_body
from courses.checks import texts_in
from courses.exercises import Exercise, Pressed, exercise_for
from courses.models import CurriculumPage, HandbookPage, ReviewComment, Seat, Signature
from courses.queries.outlines import CURRICULUM_PATH
from courses.queries.review import comments_on, is_stale, seats_visible_to, standing_of
from courses.reviewing_forms import ChangeForm, CommentForm, SignForm
from courses.services import signing
from lms.core import kept
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import Policy, policy
from lms.people.models import Role
from lms.people.queries import role_kinds_of
from lms.ui.forms import PlainForm

REVIEWER = Policy(
    "reviewer",
    lambda request: bool({Role.Kind.LAY_REVIEWER, Role.Kind.CLINICAL_REVIEWER} & role_kinds_of(request.user)),
)


@dataclass
class Part:
    """A block of the lesson with what stands beside it."""

    block: Prepared
    exercise: Exercise | None
    words: list[str]
    form: PlainForm
    comments: list[ReviewComment] = field(default_factory=list)


@policy(REVIEWER)
def review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    seat = get_object_or_404(seats_visible_to(request.user), public_id=public_id)
    lesson = seat.review.lesson.specific
    is_handbook = isinstance(lesson, HandbookPage)
    page = seat.review.revision.as_object() if seat.review.revision else None
    blocks = prepared_body(page) if page else []
    typed = kept.take(request) if request.method == "GET" else None
    do = request.POST.get("do", "")
    pressed = Pressed.of(request.POST if do not in DOES else {})
    exercises = {one.id: one for one in _tried(request, seat, blocks, pressed, typed)}
    errors = [error for one in exercises.values() for error in one.errors]
    if pressed.block_id in exercises and not errors:
        return redirect(f"{request.path}#b-{pressed.block_id}{pressed.within}")
    forms = _forms(request, seat, [block["id"] for block in blocks], typed)
    refused = ""
    if request.method == "POST" and do in DOES:
        form = forms.get((do, _block_of(request)))
        if form is not None and form.is_valid():
            try:
                return once(request, lambda: DOES[do](request, seat, form))
            except RuleBroken as error:
                form.add_rule_broken(error)
                refused = error.message
    stale = is_stale(seat.review)
    said = standing_of(lesson.pk, seat.review.digest).get(request.user.pk)
    comments = comments_on(lesson)
    known = {block["id"] for block in blocks}
    written = {one["id"]: one["value"] for one in page.body.get_prep_value()} if page else {}
    parts = [
        Part(
            block,
            exercises.get(block["id"]),
            texts_in(written.get(block["id"])) if block["type"] in PRACTICES else [],
            forms["comment", block["id"]],
            [one for one in comments if one.block_id == block["id"]],
        )
        for block in blocks
    ]
    return render(
        request,
        "courses/review.html",
        {
            "seat": seat,
            "page": page,
            "title": page.title if page else lesson.title,
            "language": lesson.locale.language_code,
            "audience": lesson.audience if is_handbook else _audience(lesson.path),
            "is_handbook": is_handbook,
            "parts": parts,
            "tools": {tool for one in exercises.values() if (tool := getattr(one, "practice", None))},
            "comments": [one for one in comments if one.block_id not in known],
            "comment_form": forms["comment", ""],
            "sign_form": forms["sign", ""],
            "change_form": forms["change", ""],
            "said": said,
            "refused": refused if stale else "",  # its form is no longer there to say it
            "errors": errors,
            "has_signed": said is not None and said.verdict == Signature.Verdict.SIGNED,
            "is_stale": stale,
            "is_shown": lesson.live and lesson.words_digest == seat.review.digest,
        },
    )


def _audience(path: str) -> str:
    page = CurriculumPage.objects.filter(path=path[:CURRICULUM_PATH]).only("audience").first()
    return page.audience if page else ""


def _block_of(request: HttpRequest) -> str:
    return request.POST.get("block_id", "") if request.POST.get("do") == "comment" else ""


def _forms(
    request: HttpRequest, seat: Seat, block_ids: list[str], typed: QueryDict | None
) -> dict[tuple[str, str], PlainForm]:
    """Every form of the page; bound is only the one that was sent."""
    sent = request.POST if request.method == "POST" else None

    def make(kind: type[PlainForm], do: str, block_id: str = "", **more: Any) -> PlainForm:
        is_it = (do, block_id) == (
            (request.POST.get("do"), _block_of(request))
            if sent is not None
            else ((typed or {}).get("do"), (typed or {}).get("block_id", ""))
        )
        initial = {"do": do} | ({"block_id": block_id} if do == "comment" else {})
        if is_it and typed is not None:
            initial |= {
                name: typed[name] for name in ("text", "words", "months", "profession") if name in typed
            }
        return kind(
            data=sent if is_it else None, initial=initial, auto_id=f"{do}-{block_id or 'all'}-%s", **more
        )

    forms = {("comment", one): make(CommentForm, "comment", one) for one in ["", *block_ids]}
    forms["sign", ""] = make(SignForm, "sign", side=seat.side)
    forms["change", ""] = make(ChangeForm, "change")
    return forms


def _sign(request: HttpRequest, seat: Seat, form: SignForm) -> str:
    signing.sign_lesson(
        seat=seat,
        by=request.user,
        months=int(form.cleaned_data["months"]),
        profession=form.cleaned_data.get("profession", ""),
    )
    if seat.review.lesson.specific_class is HandbookPage:
        messages.success(request, _("You signed this handbook. Thank you."))
    else:
        messages.success(request, _("You signed this lesson. Thank you."))
    return reverse("courses:review", args=[seat.public_id])


def _change(request: HttpRequest, seat: Seat, form: ChangeForm) -> str:
    signing.ask_for_change(seat=seat, by=request.user, words=form.cleaned_data["words"])
    messages.success(request, _("The author gets your words. You are asked again when they are changed."))
    return reverse("courses:review", args=[seat.public_id])


def _comment(request: HttpRequest, seat: Seat, form: CommentForm) -> str:
    block_id = form.cleaned_data["block_id"]
    signing.comment_on_lesson(seat=seat, by=request.user, text=form.cleaned_data["text"], block_id=block_id)
    messages.success(request, _("Your comment is kept. The author reads it."))
    where = f"#b-{block_id}" if block_id else "#comments"
    return reverse("courses:review", args=[seat.public_id]) + where


DOES = {"sign": _sign, "change": _change, "comment": _comment}


def _tried(
    request: HttpRequest, seat: Seat, blocks: list[Prepared], pressed: Pressed, typed: QueryDict | None
) -> list[Exercise]:
    """The practice blocks at work. What a reviewer tries is kept in their session, and is nobody's progress."""
    key = f"review:{seat.pk}"
    tried = dict(request.session.get(key, {}))
    again = Pressed.of(typed) if typed is not None else Pressed()
    found = []
    for block in practice_blocks(blocks):
        is_pressed, was_typed = pressed.block_id == block["id"], again.block_id == block["id"]
        sent = request.POST if is_pressed else typed if was_typed else None
        exercise = exercise_for(block, tried.get(block["id"]), sent)
        if sent is not None:
            exercise.read(pressed if is_pressed else again)
        if is_pressed and exercise.is_new:
            request.session[key] = tried | {block["id"]: exercise.value}
        found.append(exercise)
    return found
