from django.urls import path

from workshops.views import calendar, coordinate, public, register, tutor

app_name = "workshops"
urlpatterns = [
    path("", public.find, name="find"),
    path("mine/", public.mine, name="mine"),
    path("calendar/", calendar.address, name="calendar"),
    path("tutor/", tutor.my_workshops, name="tutor"),
    path("tutor/schedule/", tutor.schedule, name="schedule"),
    path("tutor/<uuid:public_id>/", tutor.series, name="tutor_series"),
    path("tutor/<uuid:public_id>/sessions/<int:number>/", register.register, name="register"),
    path("coordinate/", coordinate.overview, name="coordinate"),
    path("coordinate/want/", coordinate.want, name="want"),
    path("coordinate/<uuid:public_id>/", coordinate.series, name="coordinate_series"),
    path("<uuid:public_id>/", public.series, name="series"),
]
