"""Addresses of the whole site that courses answer for; their names have no prefix."""

from django.urls import path

from courses import views

urlpatterns = [
    path("learn/", views.learn, name="learn"),
    path("search/", views.search, name="search"),
]
