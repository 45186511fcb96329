from django.urls import path

from courses import joining_urls, keeping_urls, views
from courses.views import reviewing, sheets

app_name = "courses"
# A page that is not found here is looked for in the CMS's tree (courses.views.pages.elsewhere).
urlpatterns = [
    path("learn/forget/", views.forget_what_i_tried, name="forget"),
    *joining_urls.urlpatterns,
    *keeping_urls.urlpatterns,
    path("learn/review/<uuid:public_id>/", reviewing.review, name="review"),
    path("<slug:curriculum>/", views.curriculum, name="curriculum"),
    path("<slug:curriculum>/<slug:module>/", views.module, name="module"),
    path("<slug:curriculum>/<slug:module>/other-side/", views.other_side, name="other_side"),
    path("<slug:curriculum>/<slug:module>/<slug:lesson>/", views.lesson, name="lesson"),
    path(
        "<slug:curriculum>/<slug:module>/<slug:lesson>/sheets/<uuid:block_id>.pdf",
        sheets.sheet,
        name="sheet",
    ),
    path(
        "<slug:curriculum>/<slug:module>/<slug:lesson>/read/<str:block>/", views.read_talk, name="read_talk"
    ),
]
