"""The agenda of one visit. Moves are only ever added; where a topic stands is read from its last move."""

from typing import cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.models import Dated, WithPublicId
from lms.people.models import CareTie, User


class Side(models.TextChoices):
    """Whose chair somebody sits in at the visit."""

    PERSON = "person", _("Patient")
    PROFESSIONAL = "professional", _("Professional")


class AppendOnly(models.QuerySet):
    """Rows that are history: nothing changes them, and they go only when their agenda goes."""

    def update(self, **kwargs):
        raise TypeError("Moves and voices are history: add a new one.")


class Agenda(WithPublicId, Dated):
    """What two people mean to talk about at one visit. It belongs to the patient of the tie."""

    FEWEST_MINUTES, MOST_MINUTES = 5, 240

    tie = models.ForeignKey(CareTie, on_delete=models.PROTECT, related_name="agendas")
    visit_on = models.DateField()
    visit_at = models.TimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    what_matters = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["visit_on", "visit_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__range=(5, 240)), name="a_visit_takes_5_to_240_minutes"
            ),
        ]
        indexes = [models.Index(fields=["tie", "visit_on"], name="agenda_by_tie_and_day")]

    @property
    def patient(self) -> User:
        """Whose agenda it is. A tie that was accepted has both its people (a constraint says so)."""
        return cast(User, self.tie.patient)

    def __str__(self) -> str:
        return f"Agenda {self.pk} for {self.visit_on}"


class AgendaItem(Dated):
    """One topic, in the words of whoever raised it. The first three of a side are ranked; others follow."""

    MOST_CHARACTERS = 200
    MOST_MINUTES = 120

    agenda = models.ForeignKey(Agenda, on_delete=models.CASCADE, related_name="items")
    raised_by_side = models.CharField(max_length=12, choices=Side.choices)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=MOST_CHARACTERS)
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_asked = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(raised_by_side__in=Side.values), name="topic_side_is_known"),
            models.CheckConstraint(condition=~Q(words=""), name="a_topic_has_words"),
            models.CheckConstraint(
                condition=Q(priority=None) | Q(priority__range=(1, 3)), name="topics_are_ranked_1_to_3"
            ),
            models.CheckConstraint(
                condition=Q(minutes_asked=None) | Q(minutes_asked__range=(1, 120)),
                name="a_topic_asks_for_1_to_120_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"Topic {self.pk}"


class AgendaMove(Dated):
    """One thing one of the two did with one topic. `seq` counts all moves of the agenda, from 1."""

    class Kind(models.TextChoices):
        PROPOSE = "propose", _("put it on the table")
        AGREE = "agree", _("said yes")
        PARK = "park", _("said later")
        LEAVE_OUT = "leave_out", _("left it out")
        WITHDRAW = "withdraw", _("took it back")
        BRING_BACK = "bring_back", _("brought it back")

    agenda = models.ForeignKey(Agenda, on_delete=models.CASCADE, related_name="moves")
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="moves")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    seq = models.PositiveIntegerField()

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["agenda", "seq"], name="moves_of_an_agenda_are_counted"),
            models.CheckConstraint(
                condition=Q(kind__in=["propose", "agree", "park", "leave_out", "withdraw", "bring_back"]),
                name="kind_of_move_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="park", until__isnull=False) | (~Q(kind="park") & Q(until=None)),
                name="a_parked_topic_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(kind="leave_out") | ~Q(reason=""), name="leaving_out_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["item", "-seq"], name="moves_of_an_item_newest_first")]

    def __str__(self) -> str:
        return f"{self.seq}: {self.kind}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("Moves are history: add a new one.")
        super().save(*args, **kwargs)


class AgendaVoice(Dated):
    """One of the two said "I agree this list", of the list as it stood after move `on_seq`."""

    agenda = models.ForeignKey(Agenda, on_delete=models.CASCADE, related_name="voices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_seq = models.PositiveIntegerField()

    objects = AppendOnly.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agenda", "person", "on_seq"], name="one_voice_for_each_list"),
        ]

    def __str__(self) -> str:
        return f"Voice on {self.on_seq}"


class AgendaTold(Dated):
    """One of the two asked us to tell the other that the list has news: once for each state of the list."""

    agenda = models.ForeignKey(Agenda, on_delete=models.CASCADE, related_name="tellings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_seq = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agenda", "by", "on_seq"], name="told_once_for_each_list"),
        ]

    def __str__(self) -> str:
        return f"Told of {self.on_seq}"
