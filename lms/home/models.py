"""The front page, as the CMS knows it."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from lms.home.doors import doors


class HomePage(Page):
    """Which door is mine? Two doors side by side, equal, and one sentence on why both."""

    why_both = models.TextField(max_length=400, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("why_both")]
    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = 1
    template = "home/home_page.html"

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["doors"] = doors()
        return context
