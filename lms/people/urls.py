from django.urls import path

from lms.people.views import account, coordinate

app_name = "people"
urlpatterns = [
    path("", coordinate.find, name="coordinate"),
    path("account/", account.account, name="account"),
    path("<uuid:public_id>/", coordinate.person, name="person"),
]
