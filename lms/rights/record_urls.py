from django.urls import path

from lms.rights.views import records

app_name = "records"
urlpatterns = [
    path("", records.retention, name="retention"),
    path("holds/", records.holds, name="holds"),
    path("people/<uuid:public_id>/erase/", records.erase_for_them, name="erase"),
]
