from django.urls import path

from lms.rights.views import own

app_name = "rights"
urlpatterns = [
    path("", own.your_data, name="your_data"),
    path("<uuid:public_id>/your-data.zip", own.copy, name="copy"),
    path("erase/", own.erase, name="erase"),
    path("erase/call-back/", own.call_back, name="call_back"),
]
