"""What lessons show of what is kept once for all of them: recordings, people's own words, and words explained."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from courses.recording_form import RecordingForm
from lms.core import clock


def content_languages() -> list[tuple[str, str]]:
    return settings.LANGUAGES


class Material(models.Model):
    """Its number is the same on every installation that it is carried to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(
        _("language"), max_length=10, choices=content_languages, default=settings.LANGUAGE_CODE
    )

    class Meta:
        abstract = True


class Recording(Material):
    """A sound or a film of our own, with captions and with all that is said in it to read."""

    class Kind(models.TextChoices):
        AUDIO = "audio", _("Sound")
        VIDEO = "video", _("Film")

    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices, editable=False)
    seconds = models.PositiveIntegerField(editable=False)
    file = models.FileField(_("recording"), upload_to="recordings", max_length=120)
    captions = models.FileField(
        _("captions"), upload_to="recordings", max_length=120,
        help_text=_("A WebVTT file: what is said, and when. For sounds that matter, say what is heard."),
    )  # fmt: skip
    transcript = models.TextField(
        _("transcript"), max_length=60_000,
        help_text=_("All that is said, and what a film shows without words. Leave an empty line between parts."),
    )  # fmt: skip

    base_form_class = RecordingForm
    panels = [
        FieldPanel("title"),
        FieldPanel("language"),
        FieldPanel("file"),
        FieldPanel("captions"),
        FieldPanel("transcript"),
    ]

    class Meta:
        ordering = ["title"]
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")

    def __str__(self) -> str:
        return self.title

    @property
    def words_to_sign(self) -> list[str]:
        return [self.title, self.file.name, self.captions.name, self.transcript]


class VoiceRecord(Material):
    """Words of somebody who took part, and their consent to showing them. Without it they are shown to nobody."""

    class How(models.TextChoices):
        WRITTEN = "written", _("In writing")
        RECORDED = "recorded", _("Said, and recorded")

    who = models.CharField(
        _("who, as it is shown"), max_length=120,
        help_text=_("The name that they chose, and what they live with if they want that said."),
    )  # fmt: skip
    words = models.TextField(_("their words"), max_length=2000)
    given_on = models.DateField(_("consent given on"))
    how = models.CharField(_("how it was given"), max_length=20, choices=How.choices)
    shown_until = models.DateField(
        _("shown until"), null=True, blank=True, help_text=_("The last day, if they named one.")
    )
    withdrawn_on = models.DateField(
        _("consent withdrawn on"), null=True, blank=True,
        help_text=_("Once a day stands here, nobody sees the words any more. Delete the record to lose them for good."),
    )  # fmt: skip

    panels = [
        FieldPanel("who"),
        FieldPanel("words"),
        FieldPanel("language"),
        MultiFieldPanel(
            [
                FieldPanel("given_on"),
                FieldPanel("how"),
                FieldPanel("shown_until"),
                FieldPanel("withdrawn_on"),
            ],
            heading=_("Their consent"),
        ),
    ]

    class Meta:
        ordering = ["who"]
        verbose_name = _("voice of somebody who took part")
        verbose_name_plural = _("voices of people who took part")

    def __str__(self) -> str:
        return f"{self.who}, {self.given_on}"

    @property
    def words_to_sign(self) -> list[str]:
        return [self.who, self.words]

    def clean(self) -> None:
        super().clean()
        today = clock.today()
        if self.given_on and self.given_on > today:
            raise ValidationError({"given_on": _("This day has not come yet. Say when consent was given.")})
        if self.shown_until and self.given_on and self.shown_until < self.given_on:
            raise ValidationError({"shown_until": _("This day is before consent was given.")})


class GlossaryTerm(Material):
    """A word that not everybody knows, in plain words."""

    term = models.CharField(_("word"), max_length=80)
    explanation = models.TextField(
        _("what it means"), max_length=400, help_text=_("In words that a ten-year-old knows.")
    )

    panels = [FieldPanel("term"), FieldPanel("explanation"), FieldPanel("language")]

    class Meta:
        ordering = ["term"]
        constraints = [
            models.UniqueConstraint(fields=["term", "language"], name="a_word_is_explained_once"),
        ]
        verbose_name = _("explained word")
        verbose_name_plural = _("explained words")

    def __str__(self) -> str:
        return self.term

    @property
    def words_to_sign(self) -> list[str]:
        return [self.term, self.explanation]
