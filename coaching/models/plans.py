"""An action plan in the owner's words, every rating of how sure they are, and how it went."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.core.models import Dated, WithPublicId
from lms.people.models import CareTie


def _zero_to_ten(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{field: None}) | Q(**{f"{field}__range": (0, 10)}), name=name)


class ActionPlan(WithPublicId, Dated):
    """One small step somebody means to take. Owned by that person; shown to one other at most, by `tie`.

    `follow_up_on` is the day of the next "How did it go?"; none when nobody will ask.
    """

    # What the owner can word anew when they make the plan easier.
    WORDING = ["what", "how_much", "when", "how_often", "where_with", "support"]

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="action_plans")
    tie = models.ForeignKey(
        CareTie, null=True, blank=True, on_delete=models.SET_NULL, related_name="action_plans"
    )
    goal = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=300, blank=True)
    importance = models.PositiveSmallIntegerField(null=True, blank=True)
    what = models.CharField(max_length=200)
    how_much = models.CharField(max_length=100, blank=True)
    when = models.CharField(max_length=100, blank=True)
    how_often = models.CharField(max_length=100, blank=True)
    where_with = models.CharField(max_length=150, blank=True)
    barrier = models.CharField(max_length=300, blank=True)
    if_then = models.CharField(max_length=300, blank=True)
    support = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    follow_up_on = models.DateField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="a_plan_has_an_action"),
            _zero_to_ten("importance", "importance_is_0_to_10"),
            models.CheckConstraint(
                condition=Q(follow_up_on=None) | Q(follow_up_on__gte=F("starts_on")),
                name="follow_up_is_not_before_the_start",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(follow_up_on=None), name="a_stopped_plan_is_not_followed_up"
            ),
        ]
        indexes = [
            models.Index(
                fields=["follow_up_on"],
                name="plans_due",
                condition=Q(stopped_at=None, follow_up_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Plan {self.pk}"


class ConfidenceRating(Dated):
    """How sure somebody was, 0 to 10 or in words. Each rating is kept; the last one counts."""

    LOW_BELOW = 7

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="ratings")
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [_zero_to_ten("value", "confidence_is_0_to_10")]

    def __str__(self) -> str:
        return f"Rating {self.pk}"


class PlanRevision(Dated):
    """The plan's wording before it was made easier."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="revisions")
    wording = models.JSONField()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"Revision {self.pk}"


class FollowUp(Dated):
    """How it went, as the owner tells it. Every answer leads on; none is a failure."""

    class Done(models.TextChoices):
        ALL = "all", _("I did it")
        SOME = "some", _("I did some of it")
        NONE = "none", _("Not this time")
        MORE = "more", _("I did more")

    class Decision(models.TextChoices):
        CONTINUE = "continue", _("Carry on with this plan")
        ADAPT = "adapt", _("Change this plan a little")
        NEW = "new", _("Make a new plan")
        PAUSE = "pause", _("Pause for now")
        STOP = "stop", _("Stop here")

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="follow_ups")
    on = models.DateField()
    done = models.CharField(max_length=4, choices=Done.choices)
    helped = models.CharField(max_length=500, blank=True)
    got_in_way = models.CharField(max_length=500, blank=True)
    learned = models.CharField(max_length=500, blank=True)
    confidence_now = models.PositiveSmallIntegerField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    next_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done__in=["all", "some", "none", "more"]), name="how_it_went_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["continue", "adapt", "new", "pause", "stop"]),
                name="decision_is_known",
            ),
            _zero_to_ten("confidence_now", "confidence_now_is_0_to_10"),
            models.CheckConstraint(
                condition=Q(next_on=None) | Q(next_on__gt=F("on")), name="next_follow_up_is_later"
            ),
        ]

    def __str__(self) -> str:
        return f"Follow-up {self.pk}"


class PlanReminder(Dated):
    """We reminded the owner of this follow-up day: once for each plan and day."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "due_on"], name="one_reminder_for_each_plan_and_day"),
        ]

    def __str__(self) -> str:
        return f"Reminder {self.pk}"
