"""Writing a plan, making it easier, and saying how it went."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coaching.board import called
from coaching.forms import ConfidenceForm, EasierForm, FollowUpForm, PlanForm, ShareForm
from coaching.models import ActionPlan, ConfidenceRating, FollowUp
from coaching.privacy import PLAN
from coaching.queries import plans_visible_to
from coaching.sentence import plan_sentence
from coaching.services import (
    make_it_easier,
    make_plan,
    open_plan,
    rate_confidence,
    record_follow_up,
    share_plan,
    stop_plan,
)
from coaching.services.plans import MOST, HowItWent
from coaching.views.shown import shown_plan
from courses.queries import own_answer
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import SIGNED_IN, policy
from lms.people.models import CareTie
from lms.people.queries import consents_of, ties_of
from lms.ui.forms import form_for

FIRST_FOLLOW_UP_AFTER = timedelta(days=10)
NEXT_FOLLOW_UP_AFTER = timedelta(days=7)


@policy(SIGNED_IN)
def plan_new(request: HttpRequest) -> HttpResponse:
    return _new(request, {})


@policy(SIGNED_IN)
def plan_from_practice(request: HttpRequest) -> HttpResponse:
    """The real form with the words of one's own practice in it (`?from=` its number); kept only when it is sent."""
    answer = own_answer(request.user, request.GET.get("from", ""))
    if answer is None or "what" not in answer:
        raise Http404
    return _new(request, {name: answer[name] for name in MOST if answer.get(name)})


def _new(request: HttpRequest, words: dict[str, str]) -> HttpResponse:
    ties = _people_of(request.user)
    today = clock.today()
    initial = {**words, "starts_on": today, "follow_up_on": today + FIRST_FOLLOW_UP_AFTER}
    form = form_for(request, PlanForm, initial=initial, people=_named(ties, request.user))
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _make(form, request.user, ties))
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "coaching/plan_new.html", {"form": form, "from_practice": bool(words)})


def _make(form: PlanForm, owner, ties: dict[str, CareTie]) -> str:
    data = form.cleaned_data
    made = make_plan(
        owner=owner,
        words=form.words(),
        starts_on=data["starts_on"],
        follow_up_on=data["follow_up_on"],
        confidence=data["confidence"],
        confidence_words=data["confidence_words"],
        importance=data["importance"],
        tie=ties.get(data.get("share_with", "")),
    )
    return _after_rating(made, data["confidence"])


def _after_rating(plan: ActionPlan, confidence: int | None) -> str:
    """A low number leads to help that can be passed by; any other to the plan."""
    is_low = confidence is not None and confidence < ConfidenceRating.LOW_BELOW
    return reverse("coaching:plan_sure" if is_low else "coaching:plan", args=[plan.public_id])


def _people_of(owner) -> dict[str, CareTie]:
    """Ties over which this person, as a patient, could show a plan."""
    return {str(tie.public_id): tie for tie in ties_of(owner) if tie.patient_id == owner.pk}


def _named(ties: dict[str, CareTie], owner) -> list[tuple[str, str]]:
    return [(key, called(tie.other(owner))) for key, tie in ties.items()]


@policy(SIGNED_IN)
def plan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = open_plan(viewer=request.user, public_id=public_id)
    if found is None:
        raise Http404
    return render(
        request,
        "coaching/plan.html",
        {
            "plan": found,
            "shown": shown_plan(found),
            "is_owner": found.owner_id == request.user.pk,
            "ratings": list(found.ratings.all()),
            "follow_ups": list(reversed(found.follow_ups.all())),
            "revisions": [plan_sentence(revision.wording) for revision in found.revisions.all()],
            "answers": FollowUp.Done.choices,
            "is_shared": found.tie is not None and PLAN.key in _shared_over(found),
        },
    )


def _shared_over(found: ActionPlan) -> set[str]:
    tie = found.tie
    return consents_of(tie) if tie and tie.accepted_at and tie.ended_at is None else set()


def _own_or_404(request: HttpRequest, public_id: UUID) -> ActionPlan:
    """Only the owner changes a plan; to anybody else these pages are not there."""
    return get_object_or_404(plans_visible_to(request.user).filter(owner=request.user), public_id=public_id)


@policy(SIGNED_IN)
def plan_sure(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """After a number below 7: make it easier, beside keep it as it is."""
    own = _own_or_404(request, public_id)
    return render(request, "coaching/plan_sure.html", {"plan": own, "shown": shown_plan(own)})


@policy(SIGNED_IN)
def plan_easier(request: HttpRequest, public_id: UUID) -> HttpResponse:
    own = _own_or_404(request, public_id)
    form = form_for(request, EasierForm, initial={name: getattr(own, name) for name in ActionPlan.WORDING})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            return once(
                request,
                lambda: _after_rating(
                    make_it_easier(
                        plan=own,
                        by=request.user,
                        words=form.words(),
                        confidence=data["confidence"],
                        confidence_words=data["confidence_words"],
                    ),
                    data["confidence"],
                ),
            )
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "coaching/plan_easier.html", {"form": form, "plan": own, "shown": shown_plan(own)})


@policy(SIGNED_IN)
def plan_confidence(request: HttpRequest, public_id: UUID) -> HttpResponse:
    own = _own_or_404(request, public_id)
    form = form_for(request, ConfidenceForm)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            return once(
                request,
                lambda: _after_rating(
                    rate_confidence(
                        plan=own, by=request.user, value=data["confidence"], words=data["confidence_words"]
                    ).plan,
                    data["confidence"],
                ),
            )
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(
        request, "coaching/plan_confidence.html", {"form": form, "plan": own, "shown": shown_plan(own)}
    )


@policy(SIGNED_IN)
def plan_follow_up(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How did it go? The answer may have been pressed on the page before (`?done=some`)."""
    own = _own_or_404(request, public_id)
    pressed = request.GET.get("done", "")
    form = form_for(
        request,
        FollowUpForm,
        initial={
            "done": pressed if pressed in FollowUp.Done.values else None,
            "decision": FollowUp.Decision.CONTINUE,
            "next_on": clock.today() + NEXT_FOLLOW_UP_AFTER,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _follow_up(form, own, request))
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(
        request, "coaching/plan_follow_up.html", {"form": form, "plan": own, "shown": shown_plan(own)}
    )


def _follow_up(form: FollowUpForm, own: ActionPlan, request: HttpRequest) -> str:
    """Keep it, and lead on to what they chose."""
    answers = {name: value for name, value in form.cleaned_data.items() if name != "once"}
    kept = record_follow_up(plan=own, by=request.user, went=HowItWent(**answers))
    messages.success(request, _("Thank you. We have kept how it went."))
    if kept.decision == FollowUp.Decision.NEW:
        return reverse("coaching:plan_new")
    page = "plan_easier" if kept.decision == FollowUp.Decision.ADAPT else "plan"
    return reverse(f"coaching:{page}", args=[own.public_id])


@policy(SIGNED_IN)
def plan_share(request: HttpRequest, public_id: UUID) -> HttpResponse:
    own = _own_or_404(request, public_id)
    ties = _people_of(request.user)
    shared_with = str(own.tie.public_id) if own.tie and str(own.tie.public_id) in ties else PlanForm.ONLY_ME
    form = form_for(
        request, ShareForm, initial={"share_with": shared_with}, people=_named(ties, request.user)
    )
    if request.method == "POST" and form.is_valid():
        try:
            return once(
                request,
                lambda: _page(
                    share_plan(plan=own, by=request.user, tie=ties.get(form.cleaned_data["share_with"]))
                ),
            )
        except RuleBroken as error:
            form.add_rule_broken(error)
    return render(request, "coaching/plan_share.html", {"form": form, "plan": own, "has_people": bool(ties)})


@policy(SIGNED_IN)
def plan_stop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    own = _own_or_404(request, public_id)
    if request.method == "POST":
        return once(request, lambda: _page(stop_plan(plan=own, by=request.user)))
    return render(request, "coaching/plan_stop.html", {"plan": own, "shown": shown_plan(own)})


def _page(plan: ActionPlan) -> str:
    return reverse("coaching:plan", args=[plan.public_id])
