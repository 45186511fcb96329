"""Addresses of the whole site that courses answer for; their names have no prefix."""

from django.urls import path

from courses import views
from courses.views import sheets

urlpatterns = [
    path("my/journal/", views.journal, name="journal"),
    path("my/journal/my-journal.html", views.journal_file, name="journal_file"),
    path("l/<int:number>/", sheets.short_lesson, name="short_lesson"),
    path("learn/", views.learn, name="learn"),
    path("search/", views.search, name="search"),
]
