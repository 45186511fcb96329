"""Practice that sticks: reminders that somebody chooses, and one thing to use in the next visit. Safe to repeat."""

import hashlib
import secrets
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Commitment, Enrolment, ModuleCompletion, Prompt, PromptSeries
from courses.queries.keeping import commitments_due, prompts_due
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import User

KEY_BYTES = 24
FURTHEST_VISIT = timedelta(days=366)


@transaction.atomic
def choose_prompts(*, learner: User, curriculum_key: str, module_key: str | None = None) -> PromptSeries:
    """Remind the learner 1, 2, 4 and 8 weeks from today of a module they did, or of a whole course.

    Twice changes nothing while it runs. Refuses what they have not finished.
    """
    enrolment = (
        Enrolment.objects.select_for_update().filter(learner=learner, curriculum_key=curriculum_key).first()
    )
    if enrolment is None or not _has_finished(enrolment, module_key):
        raise RuleBroken(_("You can choose reminders once this is done."))
    if enrolment.left_at is not None:
        raise RuleBroken(_("You have left this course. Take it up again first."))
    running = PromptSeries.objects.filter(enrolment=enrolment, module_key=module_key, stopped_at=None).first()
    if running is not None:
        over = running.begins_on + timedelta(weeks=PromptSeries.WEEKS[-1]) < clock.today()
        if not over:
            return running
        _stop(running)
    series = PromptSeries.objects.create(enrolment=enrolment, module_key=module_key)
    record_act(actor=learner, act="chose reminders", subject=learner, obj=series)
    return series


def _has_finished(enrolment: Enrolment, module_key: str | None) -> bool:
    if module_key is None:
        return enrolment.completed_at is not None
    return ModuleCompletion.objects.filter(enrolment=enrolment, module_key=module_key).exists()


@transaction.atomic
def stop_prompts(*, series: PromptSeries, by: User) -> None:
    """No more reminders of this. Stopping twice changes nothing."""
    if series.enrolment.learner_id != by.pk:
        raise RuleBroken(_("Only the person whose reminders they are can stop them."))
    if _stop(series):
        record_act(actor=by, act="stopped reminders", subject=by, obj=series)


@transaction.atomic
def stop_prompts_by_key(*, key: str) -> bool:
    """As `stop_prompts`, for whoever holds the link of a mail; whether the key is one. It can do nothing else."""
    series = series_of_key(key)
    if series is None:
        return False
    if _stop(series):
        learner = series.enrolment.learner
        record_act(actor=None, act="stopped reminders", subject=learner, obj=series, purpose="link in a mail")
    return True


def series_of_key(key: str) -> PromptSeries | None:
    """The reminders that a link of a mail is about."""
    prompt = (
        Prompt.objects.filter(stop_hash=_hash_of(key)).select_related("series__enrolment__learner").first()
    )
    return prompt.series if prompt else None


def _stop(series: PromptSeries) -> int:
    return PromptSeries.objects.filter(pk=series.pk, stopped_at=None).update(stopped_at=clock.now())


def _hash_of(key: str) -> str:
    """What is kept of a key. It is random enough that a plain hash cannot be turned back."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def queue_prompts() -> int:
    """Queue one message for each reminder that is due; returns how many. Safe to run at any time, twice too: a week of
    a series is sent once. It names no course and holds no word of anybody's.
    """
    queued = 0
    for series, week in list(prompts_due()):
        key = secrets.token_urlsafe(KEY_BYTES)
        try:
            with transaction.atomic():
                Prompt.objects.create(series=series, week=week, stop_hash=_hash_of(key))
                queue_message(
                    to=series.enrolment.learner,
                    template="look_back",
                    context={
                        "url": absolute(reverse("courses:prompt", args=[series.public_id])),
                        "stop_url": absolute(reverse("courses:stop_prompts", args=[key])),
                    },
                )
        except IntegrityError:
            continue  # another worker has just sent it
        queued += 1
    return queued


# ---------------------------------------------------------------- one thing for the next visit


@transaction.atomic
def keep_commitment(
    *, learner: User, words: str, visit_on: date | None = None, enrolment: Enrolment | None = None
) -> Commitment:
    """Keep the one thing that the learner wants to use in their next visit; a new wording takes the place of the old.

    Refuses empty words, more than 200 characters, and a day that is over or more than a year off.
    """
    words = " ".join(words.split())
    if not words:
        raise RuleBroken(_("Write the one thing you want to use."), field="words")
    if len(words) > Commitment.LONGEST:
        raise RuleBroken(_("Use 200 characters or fewer."), field="words")
    if visit_on is not None and visit_on < clock.today():
        raise RuleBroken(_("This day is over. Choose today or a later day."), field="visit_on")
    if visit_on is not None and visit_on > clock.today() + FURTHEST_VISIT:
        raise RuleBroken(_("Choose a day within the next year."), field="visit_on")
    # Two tabs at once write one commitment, not two.
    list(User.objects.select_for_update(no_key=True).filter(pk=learner.pk).values_list("pk"))
    kept = Commitment.objects.filter(learner=learner, ended_at=None).first()
    if kept is None:
        kept = Commitment.objects.create(learner=learner, words=words, visit_on=visit_on, enrolment=enrolment)
        record_act(actor=learner, act="made commitment", subject=learner, obj=kept)
    elif (kept.words, kept.visit_on) != (words, visit_on):
        if kept.visit_on != visit_on:
            kept.asked_at = None
        kept.words, kept.visit_on = words, visit_on
        kept.save(update_fields=["words", "visit_on", "asked_at"])
    return kept


@transaction.atomic
def answer_commitment(*, commitment: Commitment, by: User, used: str) -> None:
    """Note whether it was used: all, some, or not yet. It ends with that; answering twice keeps the first answer."""
    if used not in Commitment.Used.values:
        raise RuleBroken(_("Choose how it went."), field="used")
    own = Commitment.objects.filter(pk=commitment.pk, learner=by, ended_at=None)
    if own.update(used=used, ended_at=clock.now()):
        record_act(actor=by, act="answered commitment", subject=by, obj=commitment)


@transaction.atomic
def let_go_of_commitment(*, commitment: Commitment, by: User) -> None:
    """End it without an answer. Twice changes nothing."""
    if Commitment.objects.filter(pk=commitment.pk, learner=by, ended_at=None).update(ended_at=clock.now()):
        record_act(actor=by, act="let go of commitment", subject=by, obj=commitment)


def queue_questions() -> int:
    """Queue one message for each commitment whose visit is over; returns how many. Each is asked about once, and the
    message holds no word of it.
    """
    queued = 0
    for commitment in list(commitments_due()):
        with transaction.atomic():
            mine = Commitment.objects.filter(pk=commitment.pk, asked_at=None, ended_at=None)
            if not mine.update(asked_at=clock.now()):
                continue  # another worker has just asked
            queue_message(
                to=commitment.learner,
                template="did_you_use_it",
                context={"url": absolute(reverse("courses:commitment"))},
            )
        queued += 1
    return queued
