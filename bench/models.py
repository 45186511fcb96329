"""The unit that everything is compared with: a page of Wagtail's with one rich-text field and nothing else."""

from wagtail.fields import RichTextField
from wagtail.models import Page


class BarePage(Page):
    """Served by Wagtail's own view, through the same middleware as every page of the site."""

    body = RichTextField()
    template = "bench/bare_page.html"
