from django.urls import path

from lms.home import views

app_name = "pages"
urlpatterns = [
    path("accessibility/", views.about, {"page": "accessibility"}, name="accessibility"),
    path("privacy/", views.about, {"page": "privacy"}, name="privacy"),
    path("contact/", views.about, {"page": "contact"}, name="contact"),
    path("who-reads/", views.about, {"page": "who-reads"}, name="who-reads"),
]
