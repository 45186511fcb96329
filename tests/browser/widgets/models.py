"""A page that shows what its editor was asked to put on it."""

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel, MultipleChooserPanel
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import Orderable, Page
from wagtail.snippets.blocks import SnippetChooserBlock

PICTURE, DOCUMENT, PAIRING = "wagtailimages.Image", "wagtaildocs.Document", "courses.Pairing"
RICH = ["h2", "bold", "link", "document-link", "image", "ul"]


def chosen(model: str) -> models.ForeignKey:
    return models.ForeignKey(model, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")


class WidgetTag(TaggedItemBase):
    content_object = ParentalKey("WidgetPage", on_delete=models.CASCADE, related_name="tagged_items")


class WidgetPage(Page):
    day = models.DateField(null=True, blank=True)
    time = models.TimeField(null=True, blank=True)
    moment = models.DateTimeField(null=True, blank=True)
    picture = chosen(PICTURE)
    paper = chosen(DOCUMENT)
    linked = chosen("wagtailcore.Page")
    pairing = chosen(PAIRING)
    words = RichTextField(blank=True, features=RICH)
    tags = ClusterTaggableManager(through=WidgetTag, blank=True)
    body = StreamField(
        [
            ("picture", ImageChooserBlock()),
            ("described_picture", ImageBlock()),
            ("page", blocks.PageChooserBlock()),
            ("paper", DocumentChooserBlock()),
            ("pairing", SnippetChooserBlock(PAIRING)),
            ("day", blocks.DateBlock()),
            ("time", blocks.TimeBlock()),
            ("moment", blocks.DateTimeBlock()),
            ("words", blocks.RichTextBlock(features=RICH)),
            ("lines", blocks.ListBlock(blocks.CharBlock())),
        ],
        blank=True,
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("day"),
        FieldPanel("time"),
        FieldPanel("moment"),
        FieldPanel("picture"),
        FieldPanel("paper"),
        FieldPanel("linked"),
        FieldPanel("pairing"),
        FieldPanel("words"),
        FieldPanel("tags"),
        InlinePanel("rows", heading="Rows", label="Row"),
        MultipleChooserPanel("shots", heading="Shots", label="Shot", chooser_field_name="picture"),
        FieldPanel("body"),
    ]


class Row(Orderable):
    page = ParentalKey(WidgetPage, on_delete=models.CASCADE, related_name="rows")
    name = models.CharField(max_length=60)
    day = models.DateField(null=True, blank=True)
    linked = chosen("wagtailcore.Page")
    picture = chosen(PICTURE)


class Shot(Orderable):
    page = ParentalKey(WidgetPage, on_delete=models.CASCADE, related_name="shots")
    picture = models.ForeignKey(PICTURE, on_delete=models.CASCADE, related_name="+")
