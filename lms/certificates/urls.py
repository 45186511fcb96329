from django.urls import path

from lms.certificates import views

app_name = "certificates"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<uuid:public_id>/certificate.pdf", views.pdf, name="pdf"),
    path("verify/<str:token>/", views.verify, name="verify"),
]
