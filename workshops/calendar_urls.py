"""Private calendar addresses. They stand outside the languages: calendars keep them for years."""

from django.urls import path

from workshops.views import calendar

app_name = "calendar"
urlpatterns = [path("<str:token>.ics", calendar.feed, name="feed")]
