"""What visitors can do with what they tried."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from courses import visitors
from lms.core.policy import PUBLIC, policy


@policy(PUBLIC)
def forget_what_i_tried(request: HttpRequest) -> HttpResponse:
    """On a shared computer: nothing of it stays."""
    if request.method == "POST":
        visitors.forget(request)
        messages.success(request, _("What you tried here is forgotten."))
    return redirect("learn")
