"""Addresses of what is done and what keeps it alive, and of the reports on it. Part of courses.urls."""

from django.urls import path

from courses.views import keeping, reports, skills

urlpatterns = [
    path("my/learning/", keeping.my_learning, name="my_learning"),
    path("my/learning/my-learning.csv", keeping.my_learning_file, name="my_learning_file"),
    path("my/learning/one-thing/", keeping.commitment, name="commitment"),
    path("my/learning/reminders/<uuid:public_id>/", keeping.prompt, name="prompt"),
    path("learn/reminders/<str:key>/stop/", keeping.stop_prompts, name="stop_prompts"),
    path("learn/teams/<uuid:public_id>/skills/", skills.team_skills, name="team_skills"),
    path("learn/reports/", reports.reports, name="reports"),
    path("learn/reports/<slug:curriculum>/", reports.report, name="report"),
    path("learn/reports/<slug:curriculum>/report.csv", reports.report_file, name="report_file"),
    path("learn/reports/<slug:curriculum>/<uuid:learner>/", reports.learner, name="report_learner"),
    path(
        "learn/reports/<slug:curriculum>/<uuid:learner>/done/<int:lesson>/",
        reports.mark_done,
        name="report_mark_done",
    ),
]
