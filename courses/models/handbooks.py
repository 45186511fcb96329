"""Workbooks, handbooks and manuals: read on the page, and printed as a book."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from courses.blocks.handbooks import HANDBOOK_BLOCKS
from lms.core import clock
from lms.ui.safe_html import clean_to_keep

from .guarded import ShownWhenSigned
from .pages import PREVIEW_MODES, ShownByView, rich_texts_in


class HandbookPage(ShownWhenSigned, ShownByView):
    """A book beside a course. It is live only with both signatures, as a lesson is."""

    class Readers(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody")
        TUTORS = "tutors", _("Those who lead, run, write and review courses")

    class Audience(models.TextChoices):
        PATIENT = "patient", _("Patients")
        PROFESSIONAL = "professional", _("Professionals")
        BOTH = "both", _("Both sides")

    SIGNED_FIELDS = ("title", "seo_title", "search_description", "readers", "audience", "purpose", "body")

    readers = models.CharField(_("who may read it"), max_length=20, choices=Readers.choices)
    audience = models.CharField(_("beside which course"), max_length=20, choices=Audience.choices)
    purpose = models.TextField(_("what it is for"), max_length=400)
    body = StreamField(HANDBOOK_BLOCKS, blank=True)

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("readers"),
        FieldPanel("audience"),
        FieldPanel("purpose"),
        FieldPanel("body"),
        HelpPanel(template="courses/cms/review_panel.html", heading=_("Its review, and how it reads")),
    ]
    search_fields = [*Page.search_fields, index.SearchField("purpose"), index.FilterField("audience")]

    class Meta:
        verbose_name = _("handbook")
        verbose_name_plural = _("handbooks")

    @property
    def preview_modes(self):
        return [mode for mode in PREVIEW_MODES if mode[0] in ("", "print")]

    @property
    def path_on_site(self) -> str:
        """Its address below the handbooks."""
        return reverse("handbook", args=[self.slug])

    def get_url_parts(self, request=None):
        """Links from the CMS lead to its address below the handbooks, in the language that is read."""
        parts = super().get_url_parts(request=request)
        if parts is None or parts[2] is None:
            return parts
        return parts[0], parts[1], self.path_on_site

    def clean(self) -> None:
        super().clean()
        self.clean_words()

    def clean_words(self) -> None:
        for text in rich_texts_in(self.body):
            text.source = clean_to_keep(text.source)

    @property
    def is_for_everybody(self) -> bool:
        return self.readers == self.Readers.EVERYBODY


class HandbookFile(models.Model):
    """The PDF of a handbook's published words, made once for them. `digest` names all that is printed."""

    page = models.OneToOneField(HandbookPage, on_delete=models.CASCADE, related_name="file")
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.digest
