"""What helps somebody to read, hear, speak and take part; and whether it was there when it mattered.

Follows the six steps of the Accessible Information Standard (DAPB1605): identify, record, flag, share, meet, review.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.core import clock


class NeedKind(models.TextChoices):
    """What people ask for most, so that it can be arranged without guessing."""

    LARGE_PRINT = "large_print", _("Large print")
    EASY_READ = "easy_read", _("Easy read: short words with pictures")
    BRAILLE = "braille", _("Braille")
    AUDIO = "audio", _("Things to listen to instead of reading")
    BSL = "bsl", _("A British Sign Language interpreter")
    LANGUAGE = "language", _("An interpreter for another language")
    HEARING_LOOP = "hearing_loop", _("A hearing loop")
    LIPREADING = "lipreading", _("To see faces, so that I can lipread")
    TEXT_RELAY = "text_relay", _("Calls by text relay")
    MORE_TIME = "more_time", _("More time")
    WITH_ME = "with_me", _("Somebody with me")
    STEP_FREE = "step_free", _("A way in without steps")


class Needs(models.Model):
    """One person's needs, as they or a coordinator wrote them down. No kind and no words means: asked, and none.

    When to ask again is `User.ask_needs_on`.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="needs")
    kinds = models.JSONField(default=list)
    language = models.CharField(max_length=60, blank=True)
    words = models.TextField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)
    # Another than the person only with the person's say-so.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name_plural = "needs"

    def __str__(self) -> str:
        return f"needs #{self.pk}"

    @property
    def flag(self) -> str:
        """The short line for those who deliver; empty when nothing is needed."""
        known = dict(NeedKind.choices)
        said = [
            gettext("Interpreter: %(language)s") % {"language": self.language}
            if kind == NeedKind.LANGUAGE and self.language
            else str(known[kind])
            for kind in self.kinds
            if kind in known
        ]
        return " · ".join([*said, *([self.words] if self.words else [])])


class NeedsMet(models.Model):
    """Whether somebody's needs were met at one session or by one message, and what was done."""

    class Outcome(models.TextChoices):
        MET = "met", _("Yes")
        PARTLY = "partly", _("Partly")
        NOT = "not", _("No")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="needs_met")
    # What it was, for code ("workshops.session:12") and for people ("Session 2, 12 January 2027").
    occasion = models.CharField(max_length=80)
    occasion_words = models.CharField(max_length=200)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    words = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name_plural = "needs met"
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "occasion"], name="one_answer_for_each_occasion"),
            models.CheckConstraint(
                condition=Q(outcome__in=["met", "partly", "not"]), name="needs_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion}: {self.outcome}"
