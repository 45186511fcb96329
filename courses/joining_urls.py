"""Addresses of the ways onto a course; part of courses.urls."""

from django.urls import path

from courses.views import codes, joining, lists, teams

urlpatterns = [
    path("learn/join/", joining.join, name="join"),
    path("learn/join/<str:code>/", joining.join_link, name="join_link"),
    path("learn/offers/", joining.offers, name="offers"),
    path("learn/offers/<uuid:public_id>/", joining.answer_offer, name="answer_offer"),
    path("learn/teams/", teams.teams, name="teams"),
    path("learn/teams/new/", teams.new_team, name="new_team"),
    path("learn/teams/<uuid:public_id>/", teams.team, name="team"),
    path("learn/teams/<uuid:public_id>/code/", codes.new_team_code, name="new_team_code"),
    path("learn/codes/", codes.codes, name="codes"),
    path("learn/codes/new/", codes.new_code, name="new_code"),
    path("learn/codes/<uuid:public_id>/", codes.code_paper, name="code_paper"),
    path("learn/codes/<uuid:public_id>/sheet.pdf", codes.code_pdf, name="code_pdf"),
    path("learn/lists/", lists.lists, name="lists"),
    path("learn/lists/<uuid:public_id>/", lists.one_list, name="list"),
    path("learn/lists/<uuid:public_id>/report.csv", lists.list_csv, name="list_csv"),
]
