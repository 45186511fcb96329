"""Addresses of the whole site that courses answer for; their names have no prefix."""

from django.urls import path

from courses import views
from courses.views import handbooks, sheets

urlpatterns = [
    path("my/journal/", views.journal, name="journal"),
    path("my/journal/my-journal.html", views.journal_file, name="journal_file"),
    path("l/<int:number>/", sheets.short_lesson, name="short_lesson"),
    path("handbooks/", handbooks.handbooks, name="handbooks"),
    path("handbooks/<slug:slug>/", handbooks.handbook, name="handbook"),
    path("handbooks/<slug:slug>/handbook.pdf", handbooks.handbook_file, name="handbook_pdf"),
    path("learn/", views.learn, name="learn"),
    path("search/", views.search, name="search"),
]
