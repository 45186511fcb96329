"""The pages of a curriculum: the curriculum, its modules, their lessons."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.rich_text import RichText
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from courses.blocks import LESSON_BLOCKS
from lms.people.models import Audience, User
from lms.ui.safe_html import clean_to_keep

from .guarded import ShownWhenSigned

PREVIEW_MODES = [
    ("", _("As it is")),
    ("patient", _("As a patient")),
    ("professional", _("As a professional")),
    ("print", _("On paper")),
]


# A course has the same addresses in every language; the language's own sign stands before them.
SAME_ADDRESS = SynchronizedField("slug", overridable=False)


class ShownByView(Page):
    """A page that a view of this app shows, whichever way it was asked for: by its address or in a preview."""

    show: ClassVar[Callable | None] = None  # courses.views says which, so that no arrow runs up from here
    override_translatable_fields: ClassVar[list[SynchronizedField]] = [SAME_ADDRESS]

    class Meta:
        abstract = True

    def serve(self, request, *args, **kwargs):
        return type(self).show(request, self)

    @property
    def preview_modes(self):
        return PREVIEW_MODES

    @property
    def preview_sizes(self):
        return [{"name": "phone", "icon": "mobile-alt", "device_width": 320, "label": _("As on a phone")}] + [
            size for size in Page.DEFAULT_PREVIEW_SIZES if size["name"] != "mobile"
        ]

    def serve_preview(self, request, mode_name):
        """As a learner of one audience sees it, who has done nothing yet; or as it is printed."""
        request.is_preview = True
        request.is_print = mode_name == "print"
        if mode_name in Audience.values:
            request.user = User(pk=0, audience=mode_name)  # nobody: they hold no role and have done nothing
        with translation.override(self.locale.language_code):
            return self.serve(request)


def rich_texts_in(value: Any) -> Iterator[RichText]:
    """Every rich text in a stream's value, however deep."""
    if isinstance(value, RichText):
        yield value
    elif isinstance(value, blocks.StreamValue):
        for child in value:
            yield from rich_texts_in(child.value)
    elif hasattr(value, "values"):
        for part in value.values():
            yield from rich_texts_in(part)
    elif isinstance(value, blocks.list_block.ListValue):
        for part in value:
            yield from rich_texts_in(part)


def lines() -> blocks.StreamBlock:
    return blocks.StreamBlock([("line", blocks.CharBlock(max_length=250))], required=False)


class CurriculumPage(ShownByView):
    """A whole programme for one of the two sides."""

    audience = models.CharField(_("for"), max_length=20, choices=Audience.choices)
    strapline = models.CharField(max_length=255, blank=True)
    who_for = models.TextField(_("who it is for"), max_length=1000, blank=True)
    how_long = models.CharField(max_length=255, blank=True)
    what_you_do = StreamField(lines(), blank=True)
    hours = models.DecimalField(
        _("hours of learning"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(500)],
        help_text=_("What a certificate says of the time spent learning by oneself, without breaks."),
    )  # fmt: skip
    needed_modules = models.PositiveSmallIntegerField(
        _("modules that are needed"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Any so many of those that are not optional. Empty: all of them."),
    )  # fmt: skip
    opens_in_order = models.BooleanField(
        default=False, help_text=_("A module opens when the one before it is done. Unticked: in any order.")
    )
    adapted_from = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="adaptations"
    )
    start_here = models.ForeignKey(
        "courses.LessonPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text=_("The lesson that a new person is offered first."),
    )  # fmt: skip

    parent_page_types = ["home.HomePage"]
    subpage_types = ["courses.ModulePage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("audience"),
        FieldPanel("strapline"),
        FieldPanel("who_for"),
        FieldPanel("how_long"),
        FieldPanel("what_you_do"),
        FieldPanel("start_here"),
        MultiFieldPanel(
            [FieldPanel("hours"), FieldPanel("needed_modules"), FieldPanel("opens_in_order")],
            heading=_("When it counts as done"),
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("strapline"),
        index.SearchField("who_for"),
        index.FilterField("audience"),
    ]

    class Meta:
        verbose_name = _("curriculum")
        verbose_name_plural = _("curricula")


class ModulePage(ShownByView):
    """One of the eight steps of a curriculum; it shares one moment with a module of the other side."""

    class Status(models.TextChoices):
        READY = "ready", _("Ready")
        IN_PREPARATION = "in_preparation", _("In preparation")

    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(99)])
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.IN_PREPARATION)
    purpose = models.TextField(max_length=600)
    outcomes = StreamField(lines(), blank=True)
    optional = models.BooleanField(default=False, help_text=_("Nobody needs it to be done."))
    needed_lessons = models.PositiveSmallIntegerField(
        _("lessons that are needed"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Any so many of those that are not optional. Empty: all of them."),
    )  # fmt: skip
    adapted_from = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="adaptations"
    )
    shared_moment = models.TextField(_("what happens in the shared moment"), max_length=600, blank=True)

    parent_page_types = ["courses.CurriculumPage"]
    subpage_types = ["courses.LessonPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("number"),
        FieldPanel("status"),
        FieldPanel("purpose"),
        FieldPanel("outcomes"),
        HelpPanel(template="courses/cms/drift_panel.html", heading=_("The other side")),
        FieldPanel("shared_moment"),
        MultiFieldPanel(
            [FieldPanel("optional"), FieldPanel("needed_lessons")], heading=_("When it counts as done")
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("purpose"), index.SearchField("shared_moment")]

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPage(ShownWhenSigned, ShownByView):
    """One small step. Progress is kept by its `translation_key`, so that a translation is the same lesson."""

    class Rule(models.TextChoices):
        DONE = "done", _("The learner says it is done")
        ANSWERS = "answers", _("What is asked for has been answered")
        PASS = "pass", _("Enough of the questions got the answers that help most")

    class Change(models.TextChoices):
        MINOR = "minor", _("A small mend: nobody need read it again")
        AGAIN = "again", _("Worth reading again")

    minutes = models.PositiveSmallIntegerField(
        help_text=_("About how long it takes."), validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    open_to_visitors = models.BooleanField(default=False, help_text=_("Can be done without an account."))
    completion = models.CharField(
        _("counts as done when"), max_length=20, choices=Rule.choices, default=Rule.DONE
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("how many of a hundred questions"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Only for the last of these rules. There are as many tries as anybody likes."),
    )  # fmt: skip
    optional = models.BooleanField(default=False, help_text=_("Nobody needs it to be done."))
    change = models.CharField(
        _("what changed since it was published"), max_length=20, choices=Change.choices, default=Change.MINOR,
        help_text=_("Who had done the lesson keeps the tick, and is told when it is worth reading again."),
    )  # fmt: skip
    fixed = models.BooleanField(
        _("part of the fixed core"), default=False,
        help_text=_("A copy of the course follows this lesson instead of adapting it."),
    )  # fmt: skip
    adapted_from = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="adaptations"
    )
    adaptation = models.TextField(
        _("why it was adapted"), max_length=600, blank=True,
        help_text=_("Only in a copy of a course: what differs here from the original, and why."),
    )  # fmt: skip
    body = StreamField(LESSON_BLOCKS, blank=True)

    # Said from author to author, and of a copy.
    override_translatable_fields = [SAME_ADDRESS, SynchronizedField("adaptation", overridable=False)]
    parent_page_types = ["courses.ModulePage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("minutes"),
        FieldPanel("open_to_visitors"),
        FieldPanel("change"),
        FieldPanel("body"),
        HelpPanel(template="courses/cms/review_panel.html", heading=_("Its review, and how it reads")),
        MultiFieldPanel(
            [FieldPanel("completion"), FieldPanel("pass_mark"), FieldPanel("optional")],
            heading=_("When it counts as done"),
        ),
        MultiFieldPanel(
            [FieldPanel("fixed"), FieldPanel("adaptation")], heading=_("In copies of the course")
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("body")]

    def clean(self) -> None:
        """However the words came, what is kept of them is what the editor offers."""
        super().clean()
        if self.completion == self.Rule.PASS and self.pass_mark is None:
            raise ValidationError({"pass_mark": _("Say how many of a hundred questions are enough.")})
        if self.completion != self.Rule.PASS:
            self.pass_mark = None
        self.clean_words()

    def get_latest_revision_as_object(self):
        """As the editor opens it: what was said of the last publication is no longer true of the next."""
        lesson = super().get_latest_revision_as_object()
        if self.live and self.latest_revision_id == self.live_revision_id:
            lesson.change = self.Change.MINOR
        return lesson

    def clean_words(self) -> None:
        for text in rich_texts_in(self.body):
            text.source = clean_to_keep(text.source)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(completion="pass") ^ models.Q(pass_mark=None),
                name="a_pass_mark_goes_with_its_rule",
            ),
        ]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
