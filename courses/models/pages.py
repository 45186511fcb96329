"""The pages of a curriculum: the curriculum, its modules, their lessons."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.rich_text import RichText
from wagtail.search import index

from courses.blocks import LESSON_BLOCKS
from lms.people.models import Audience
from lms.ui.safe_html import clean_to_keep


class ShownByView(Page):
    """A page that a view of this app shows, whichever way it was asked for: by its address or in a preview."""

    show: ClassVar[Callable | None] = None  # courses.views says which, so that no arrow runs up from here

    class Meta:
        abstract = True

    def serve(self, request, *args, **kwargs):
        return type(self).show(request, self)

    def serve_preview(self, request, mode_name):
        request.is_preview = True
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
    shared_moment = models.TextField(_("what happens in the shared moment"), max_length=600, blank=True)

    parent_page_types = ["courses.CurriculumPage"]
    subpage_types = ["courses.LessonPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("number"),
        FieldPanel("status"),
        FieldPanel("purpose"),
        FieldPanel("outcomes"),
        FieldPanel("shared_moment"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("purpose"), index.SearchField("shared_moment")]

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPage(ShownByView):
    """One small step. Progress is kept by its `translation_key`, so that a translation is the same lesson."""

    class Rule(models.TextChoices):
        DONE = "done", _("The learner says it is done")
        ANSWERS = "answers", _("What is asked for has been answered")

    minutes = models.PositiveSmallIntegerField(
        help_text=_("About how long it takes."), validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    open_to_visitors = models.BooleanField(default=False, help_text=_("Can be done without an account."))
    completion = models.CharField(
        _("counts as done when"), max_length=20, choices=Rule.choices, default=Rule.DONE
    )
    body = StreamField(LESSON_BLOCKS, blank=True)

    parent_page_types = ["courses.ModulePage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("minutes"),
        FieldPanel("open_to_visitors"),
        FieldPanel("completion"),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("body")]

    def clean(self) -> None:
        """However the words came, what is kept of them is what the editor offers."""
        super().clean()
        for text in rich_texts_in(self.body):
            text.source = clean_to_keep(text.source)

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
