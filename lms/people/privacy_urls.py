from django.urls import path

from lms.people.views import privacy

app_name = "privacy"
urlpatterns = [
    path("", privacy.index, name="index"),
    path("people/", privacy.people, name="people"),
    path("people/invite/", privacy.invite, name="invite"),
    path("people/<uuid:public_id>/", privacy.tie, name="tie"),
    path("people/<uuid:public_id>/answer/", privacy.answer_invitation, name="answer"),
    path("looked/", privacy.looked, name="looked"),
]
