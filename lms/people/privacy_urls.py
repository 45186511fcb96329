from django.urls import path

from lms.people.views import carers, consents, needs, privacy

app_name = "privacy"
urlpatterns = [
    path("", privacy.index, name="index"),
    path("people/", privacy.people, name="people"),
    path("people/invite/", privacy.invite, name="invite"),
    path("people/<uuid:public_id>/", privacy.tie, name="tie"),
    path("people/<uuid:public_id>/answer/", privacy.answer_invitation, name="answer"),
    path("consents/", consents.consents, name="consents"),
    path("lived-with/", consents.lived_with, name="lived_with"),
    path("carers/", carers.carers, name="carers"),
    path("carers/invite/", carers.invite, name="carer_invite"),
    path("carers/stop/", carers.stop, name="stop_acting"),
    path("carers/<uuid:public_id>/", carers.carer, name="carer"),
    path("carers/<uuid:public_id>/answer/", carers.answer, name="carer_answer"),
    path("carers/<uuid:public_id>/act/", carers.act, name="act"),
    path("needs/", needs.overview, name="needs"),
    path("needs/edit/", needs.edit, name="needs_edit"),
    path("needs/contact/", needs.contact, name="contact"),
    path("looked/", privacy.looked, name="looked"),
]
