from django.urls import path

from courses import views

app_name = "courses"
# A page that is not found here is looked for in the CMS's tree (courses.views.pages.elsewhere).
urlpatterns = [
    path("learn/forget/", views.forget_what_i_tried, name="forget"),
    path("<slug:curriculum>/", views.curriculum, name="curriculum"),
    path("<slug:curriculum>/<slug:module>/", views.module, name="module"),
    path("<slug:curriculum>/<slug:module>/other-side/", views.other_side, name="other_side"),
    path("<slug:curriculum>/<slug:module>/<slug:lesson>/", views.lesson, name="lesson"),
]
