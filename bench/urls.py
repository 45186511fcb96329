"""The site's addresses, and one below which Wagtail's own view answers with nothing of ours before it."""

from django.urls import include, path
from wagtail import urls as wagtail_urls

from lms.urls import urlpatterns as of_the_site

urlpatterns = [path("unit/", include(wagtail_urls)), *of_the_site]
