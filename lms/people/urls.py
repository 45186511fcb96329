from django.urls import path

from lms.core.once import once_by_page
from lms.people.views import account, coordinate, desk, devices, emergency, invitation, needs, organisation

app_name = "people"
urlpatterns = [
    path("", coordinate.find, name="coordinate"),
    path("account/", account.account, name="account"),
    path("account/second-step/", account.second_step, name="second_step"),
    path("account/devices/", devices.devices, name="devices"),
    path("letters-and-calls/", desk.desk, name="desk"),
    path("letters-and-calls/letters.pdf", desk.all_letters, name="letters"),
    path("letters-and-calls/<uuid:public_id>/", desk.message, name="message"),
    path("letters-and-calls/<uuid:public_id>/letter.pdf", desk.letter, name="letter"),
    path("start/", once_by_page(invitation.start, answer="dashboard"), name="start"),
    path("invite-on-paper/", invitation.invite, name="invite_on_paper"),
    path("invite-on-paper/<uuid:public_id>/", invitation.paper, name="paper"),
    path("invite-on-paper/<uuid:public_id>/invitation.pdf", invitation.paper_pdf, name="paper_pdf"),
    path("confirm/", coordinate.proposals, name="proposals"),
    path("organisations/", organisation.organisations, name="organisations"),
    path("organisations/new/", organisation.new, name="organisation_new"),
    path("organisations/new-locality/", organisation.locality, name="locality_new"),
    path("organisations/<uuid:public_id>/", organisation.organisation, name="organisation"),
    path(
        "organisations/<uuid:public_id>/coordinator/",
        organisation.coordinator,
        name="organisation_coordinator",
    ),
    path("emergencies/", emergency.emergencies, name="emergencies"),
    path("<uuid:public_id>/emergency/", emergency.emergency, name="emergency"),
    path("<uuid:public_id>/", coordinate.person, name="person"),
    path("<uuid:public_id>/vetting/", coordinate.vetting, name="vetting"),
    path("<uuid:public_id>/help-in/", invitation.help_in, name="help_in"),
    path("<uuid:public_id>/second-step/", invitation.reset_step, name="reset_step"),
    path("<uuid:public_id>/contact/", needs.contact_for_them, name="contact"),
    path("<uuid:public_id>/needs/", needs.needs_for_them, name="needs"),
]
